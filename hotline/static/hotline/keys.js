// Keys of staff pages: j k Enter o walk a list, "/" searches, "?" shows the keys, data-key="x" marks the rest.
(() => {
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const typing = (element) => element.matches("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");
  const linkOf = (row) => row && (row.querySelector("a[href]") || null);
  const memory = "row:" + location.pathname;

  function select(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.classList.contains("here"));
    const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
    all.forEach((row) => row.classList.toggle("here", row === next));
    next.scrollIntoView({ block: "nearest" });
    sessionStorage.setItem(memory, next.dataset.row);
  }

  function restore() {
    const kept = sessionStorage.getItem(memory);
    rows().forEach((row) => row.classList.toggle("here", row.dataset.row === kept));
  }
  restore();
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") document.querySelector(".here")?.scrollIntoView({ block: "center" });
  document.body.addEventListener("htmx:afterSettle", restore);

  function listKeys() {
    const list = document.querySelector("[data-keys-of-page]");
    list.replaceChildren(...[...document.querySelectorAll("[data-key][data-key-label]")].flatMap((element) => {
      const term = document.createElement("dt"), text = document.createElement("dd"), cap = document.createElement("kbd");
      cap.textContent = element.dataset.key; term.append(cap); text.textContent = element.dataset.keyLabel;
      return [term, text];
    }));
  }

  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) { sessionStorage.setItem(memory, row.dataset.row); restore(); }
    const opener = event.target.closest("[data-opens]");
    if (opener) { listKeys(); document.getElementById(opener.dataset.opens).showModal(); }
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      navigator.clipboard?.writeText(copy.dataset.copy);
      copy.textContent = "已复制";
    }
  });

  const walking = { j: () => select(1), k: () => select(-1), Enter: () => linkOf(document.querySelector(".here"))?.click(), x: () => document.querySelector(".here input[type=checkbox]")?.click(), o: () => { const link = linkOf(document.querySelector(".here")); if (link) window.open(link.href, "_blank"); } };

  function press(target) {
    if (!target.matches("details")) target.closest("details:not([open])")?.setAttribute("open", "");
    if (target.matches("input:not([type=radio],[type=checkbox]), textarea, select")) { target.focus(); target.select?.(); return; }
    if (target.matches("details")) { target.open = true; target.querySelector("input:not([type=hidden]), textarea, select, button")?.focus(); return; }
    target.click();
  }

  // The first question without an answer, where a page asks several: digits answer it.
  const unanswered = () => [...document.querySelectorAll("[data-questions] fieldset")].find((one) => one.querySelector("input[type=radio]") && !one.querySelector(":checked"));

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { document.activeElement.blur(); return; }
    const template = event.ctrlKey && event.key === ";" && document.querySelector("[data-template] select");
    if (template) { event.preventDefault(); press(template); return; }
    if (event.ctrlKey && event.key === "Enter") { event.target.form?.requestSubmit(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    const question = unanswered();
    if (question && /^[1-9]$/.test(event.key)) {
      event.preventDefault();
      question.querySelectorAll("input[type=radio]")[event.key - 1]?.click();
      return;
    }
    const selected = document.querySelector(".here");
    const target = document.querySelector(event.key === "Enter" && !selected ? "[data-enter]" : `[data-key="${CSS.escape(event.key)}"]`);
    const onControl = event.key === "Enter" && event.target.matches("a, button, summary, input");
    if (onControl) return;
    if (target) { event.preventDefault(); press(target); return; }
    if (walking[event.key]) { event.preventDefault(); walking[event.key](); }
  });
})();

// Narrows lists of units by name, pinyin or initials.
document.addEventListener("input", (event) => {
  const list = event.target.dataset.narrows && document.getElementById(event.target.dataset.narrows);
  if (!list) return;
  const typed = event.target.value.trim().toLowerCase();
  const words = (option) => (option.dataset.words || "").split(" ");
  const options = [...list.options].filter((option) => option.value);
  options.forEach((option) => { option.hidden = Boolean(typed) && !words(option).some((word) => word.includes(typed)); });
  const left = options.filter((option) => !option.hidden);
  const best = left.find((option) => words(option).some((word) => word.startsWith(typed))) || left[0];
  if (typed && best) best.selected = true;
});

// Counts down how long a dispatch can still be taken back.
setInterval(() => {
  document.querySelectorAll("[data-undo]").forEach((bar) => {
    bar.dataset.ends ||= Date.now() + Number(bar.dataset.undo) * 1000;
    const left = Math.ceil((bar.dataset.ends - Date.now()) / 1000);
    if (left <= 0) bar.remove(); else bar.querySelector("[data-left]").textContent = `剩 ${left} 秒`;
  });
}, 500);

// What is quoted beside a ticket goes into the reply that is being written there.
document.addEventListener("click", (event) => {
  const words = event.target.closest("[data-quote]")?.dataset.quote;
  const reply = document.querySelector('form[action$="/reply/"] textarea[name=text]');
  if (!words || !reply) return;
  reply.closest("details")?.setAttribute("open", "");
  if (!reply.value.includes(words)) reply.value = reply.value.trim() ? `${reply.value.trim()}\n${words}` : words;
  reply.dispatchEvent(new Event("input", { bubbles: true }));
  reply.focus();
});
