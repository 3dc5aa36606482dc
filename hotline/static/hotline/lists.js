// Lists of work: chosen rows survive a live refresh, steps fit what is chosen, addresses stay short.
(() => {
  const boxes = () => [...document.querySelectorAll("input[name=chosen][form=bulk]")];
  const chosen = () => boxes().filter((box) => box.checked);
  let before = new Set();

  function fit() {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const rows = chosen(), shared = (verb) => rows.every((box) => box.dataset.verbs.split(" ").includes(verb));
    bar.classList.toggle("idle", !rows.length);
    bar.querySelector("[data-count]").textContent = rows.length ? `已勾选 ${rows.length} 件` : "勾选后可批量办理，一次最多 100 件";
    bar.querySelectorAll("[data-verb]").forEach((button) => { button.hidden = !rows.length || !shared(button.dataset.verb); });
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-all], input[name=chosen]")) fit();
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id === "work") before = new Set(chosen().map((box) => box.value));
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "work") return;
    boxes().forEach((box) => { box.checked = before.has(box.value); });
    const lost = before.size - chosen().length;
    fit();
    const count = document.querySelector("[data-count]");
    if (lost > 0 && count) count.textContent += `；勾选过的 ${lost} 件刚有变化，已取消勾选`;
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-brief]")) return;
    [...event.target.elements].forEach((field) => { field.disabled = !field.value; });
  });
  window.addEventListener("pageshow", fit);
  fit();

  // Where there is room a ticket opens beside the list; elsewhere its link leads to its page.
  const bench = document.querySelector(".workbench"), beside = document.getElementById("beside");
  const room = window.matchMedia("(min-width: 1280px)");
  function address(number) {
    const here = new URL(location.href);
    if (number) here.searchParams.set("number", number); else here.searchParams.delete("number");
    history.replaceState(history.state, "", here);
  }
  function open(number) {
    beside.hidden = false; bench.classList.add("open"); address(number);
    htmx.ajax("GET", `/tickets/${encodeURIComponent(number)}/`, { target: "#beside", swap: "innerHTML" }).then(() => { beside.scrollTop = 0; });
  }
  function close() { beside.hidden = true; beside.replaceChildren(); bench.classList.remove("open"); address(""); }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-beside]");
    if (event.target.closest("[data-close-beside]")) { close(); return; }
    if (!bench || !link || !room.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); open(link.dataset.beside);
  });
  const asked = new URL(location.href).searchParams.get("number");
  if (bench && asked && room.matches) open(asked);
})();
