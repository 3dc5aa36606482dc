// Keeps what is typed into textareas on this machine until the server has taken it.
(() => {
  const prefix = "draft:", sent = "draft-sent";
  const key = (field) => prefix + (field.form.dataset.draft || field.form.getAttribute("action") || location.pathname) + "#" + field.name;
  const fields = () => [...document.querySelectorAll("form[method=post] textarea[name]")];
  let store;
  try { store = window.localStorage; store.getItem(sent); } catch { return; }

  const taken = JSON.parse(store.getItem(sent) || "[]");
  const stillHere = new Set(fields().filter((field) => field.value).map(key));
  for (const name of taken) if (!stillHere.has(name)) store.removeItem(name);
  if (!location.pathname.startsWith("/sign-in/")) store.removeItem(sent);

  function restore(field) {
    const kept = store.getItem(key(field));
    if (!kept || field.value || field.dataset.restored) return;
    field.value = kept; field.dataset.restored = "yes";
    const note = document.createElement("p");
    note.className = "restored";
    note.textContent = "已恢复上次未提交的内容。";
    const clear = document.createElement("button");
    clear.type = "button"; clear.className = "quiet"; clear.textContent = "清空";
    clear.onclick = () => { field.value = ""; store.removeItem(key(field)); note.remove(); };
    note.append(clear); field.after(note);
  }

  const restoreAll = () => fields().forEach(restore);
  restoreAll();
  document.body.addEventListener("htmx:afterSettle", restoreAll);
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches("form[method=post] textarea[name]")) {
      if (field.value) store.setItem(key(field), field.value); else store.removeItem(key(field));
    }
  });
  document.addEventListener("submit", (event) => {
    const names = [...event.target.querySelectorAll("textarea[name]")].map(key);
    if (names.length) store.setItem(sent, JSON.stringify(names));
  });
})();
