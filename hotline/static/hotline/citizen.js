// Small comforts of the citizen's form; everything works without them.
(() => {
  document.querySelectorAll("[data-counts]").forEach((counter) => {
    const field = document.getElementById(counter.dataset.counts);
    const show = () => { counter.textContent = field.value.length ? `${[...field.value].length} / 10000 字` : ""; };
    field.addEventListener("input", show); show();
  });
  const danger = document.querySelector("[data-danger]");
  if (danger) {
    const words = danger.dataset.danger.split(" ").filter(Boolean), field = document.getElementById(danger.dataset.watches);
    const look = () => { danger.hidden = !words.some((word) => field.value.includes(word)); };
    field.addEventListener("input", look); look();
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.busy) { event.preventDefault(); return; }
    form.dataset.busy = "yes";
    setTimeout(() => { delete form.dataset.busy; }, 4000);
  });
})();
