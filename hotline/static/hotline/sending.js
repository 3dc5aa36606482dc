// A form is sent once: not twice by a double click, and not at all without a line.
(() => {
  const RELEASE_MS = 4000;
  const release = (form) => { delete form.dataset?.busy; };
  const banner = document.querySelector(".offline");

  document.addEventListener("submit", (event) => {
    const form = event.target, stop = () => { event.preventDefault(); event.stopImmediatePropagation(); };
    if (form.method === "dialog") return;
    if (!navigator.onLine) {  // what was typed stays on the page and on this machine
      stop();
      if (banner) { banner.hidden = false; banner.scrollIntoView({ block: "nearest" }); }
      return;
    }
    if (form.method !== "post" || "repeatable" in form.dataset) return;
    if (form.dataset.busy) { stop(); return; }
    form.dataset.busy = "yes";
    setTimeout(release, RELEASE_MS, form);
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => release(event.target));
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });  // back: never yesterday's page
})();
