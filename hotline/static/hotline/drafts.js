// Keeps what is typed into textareas on this machine until the server has taken it.
(() => {
  const prefix = "draft:", sent = "draft-sent";
  const key = (field) => prefix + (field.form.dataset.draft || field.form.getAttribute("action") || location.pathname) + "#" + field.name;
  const kept = "form[method=post] textarea[name], form[method=post] [data-keep]";
  const box = (field) => field.matches("[type=checkbox],[type=radio]");
  const held = (field) => (box(field) && !field.checked ? "" : field.value);
  const fields = () => [...document.querySelectorAll(kept)];
  let store;
  try { store = window.localStorage; store.getItem(sent); } catch { return; }

  // What was sent counts as taken once a page of ours follows; pages marked data-refused took nothing.
  const taken = "refused" in document.body.dataset ? [] : JSON.parse(store.getItem(sent) || "[]");
  const stillHere = new Set(fields().filter(held).map(key));
  for (const name of taken) if (!stillHere.has(name)) store.removeItem(name);
  store.removeItem(sent);

  // Forms marked data-draft-kept keep their draft until a page says by data-draft-taken that it is in.
  document.querySelectorAll("[data-draft-taken]").forEach((page) => {
    const start = `${prefix}${page.dataset.draftTaken}#`;
    Object.keys(store).filter((name) => name.startsWith(start)).forEach((name) => store.removeItem(name));
  });

  function restore(field) {
    const words = store.getItem(key(field));
    if (words !== null && box(field)) { if (!("returned" in field.form.dataset)) field.checked = field.value === words; return; }
    const yields = field.dataset.keep === "over" && !("returned" in field.form.dataset);
    if (!words || (field.value && !yields) || field.dataset.restored) return;
    field.value = words; field.dataset.restored = "yes";
    if (!field.matches("textarea")) return;
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
    if (field.matches(kept)) {
      if (field.matches("[type=checkbox]")) store.setItem(key(field), held(field) || "no");
      else if (field.value) store.setItem(key(field), field.value); else store.removeItem(key(field));
    }
  });
  document.addEventListener("submit", (event) => {
    if ("draftKept" in event.target.dataset) return;
    const names = [...event.target.querySelectorAll("textarea[name]")].map(key);
    if (names.length) store.setItem(sent, JSON.stringify(names));
  });
})();
