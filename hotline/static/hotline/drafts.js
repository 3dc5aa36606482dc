// Keeps what is typed until the server has taken it: on this machine at once, and where staff has signed
// in on the server too, so that it is there after a crash, a sign-out or at another desk.
(() => {
  const staff = document.body.classList.contains("staff"), place = "/drafts/";
  const prefix = `draft:${document.body.dataset.user || ""}:`, sent = "draft:sent";
  const formKey = (form) => form.dataset.draft || form.getAttribute("action") || location.pathname;
  const key = (field) => `${prefix}${formKey(field.form)}#${field.name}`;
  const kept = "form[method=post] textarea[name], form[method=post] [data-keep]";
  const box = (field) => field.matches("[type=checkbox],[type=radio]");
  const held = (field) => (box(field) && !field.checked ? "" : field.value);
  const fields = () => [...document.querySelectorAll(kept)];
  let store;
  try { store = window.localStorage; store.getItem(sent); } catch { return; }

  function post(form, said) {
    const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
    const body = new URLSearchParams({ key: form, said: JSON.stringify(said) });
    return fetch(place, { method: "POST", body, headers: { "X-CSRFToken": token }, redirect: "manual", keepalive: body.toString().length < 60000 });
  }
  function drop(names) {
    for (const name of names) store.removeItem(name);
    if (staff) for (const form of new Set(names.map((name) => name.slice(prefix.length).split("#")[0]))) post(form, {}).catch(() => {});
  }

  // What was sent counts as taken once a page of ours follows; pages marked data-refused took nothing,
  // and who comes back to the form was not taken from either.
  const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const taken = back || "refused" in document.body.dataset ? [] : JSON.parse(store.getItem(sent) || "[]");
  const stillHere = new Set(fields().filter(held).map(key));
  drop(taken.filter((name) => !stillHere.has(name)));
  store.removeItem(sent);

  // Forms marked data-draft-kept keep their draft until a page says by data-draft-taken that it is in.
  document.querySelectorAll("[data-draft-taken]").forEach((page) => {
    const start = `${prefix}${page.dataset.draftTaken}#`;
    drop([start, ...Object.keys(store).filter((name) => name.startsWith(start))]);
  });

  function restore(field) {
    const words = store.getItem(key(field));
    if (words !== null && box(field)) { if (!("returned" in field.form.dataset)) field.checked = field.value === words; return; }
    const yields = field.dataset.keep === "over" && !("returned" in field.form.dataset);
    if (!words || (field.value && !yields) || field.dataset.restored) return;
    field.value = words; field.dataset.restored = "yes";
    field.closest("details")?.setAttribute("open", "");
    if (!field.matches("textarea")) return;
    const note = document.createElement("p");
    note.className = "restored";
    note.textContent = "已恢复上次未提交的内容。";
    const clear = document.createElement("button");
    clear.type = "button"; clear.className = "quiet"; clear.textContent = "清空";
    clear.onclick = () => { field.value = ""; store.removeItem(key(field)); save(field.form); note.remove(); };
    note.append(clear); field.after(note);
    field.dispatchEvent(new Event("restored", { bubbles: true }));
  }
  const restoreAll = () => fields().forEach(restore);

  // Forms of which this machine knows nothing are asked for at the server.
  async function fetchAll() {
    const forms = new Set(fields().map((field) => field.form));
    const unknown = [...forms].filter((form) => !fields().some((field) => field.form === form && store.getItem(key(field))));
    if (!staff || !unknown.length) return;
    const question = new URLSearchParams(unknown.map((form) => ["key", formKey(form)]));
    const answer = await fetch(`${place}?${question}`, { redirect: "manual" });
    if (!answer.ok) return;
    for (const [form, said] of Object.entries(await answer.json()))
      for (const [name, words] of Object.entries(said)) store.setItem(`${prefix}${form}#${name}`, words);
    restoreAll();
  }
  restoreAll();
  fetchAll().catch(() => {});
  document.body.addEventListener("htmx:afterSettle", restoreAll);
  document.body.addEventListener("redraft", () => { restoreAll(); fetchAll().catch(() => {}); });

  const late = new Map();
  function say(form, words) { const line = form.querySelector("[data-saved]"); if (line) line.textContent = words; }
  function save(form) {
    say(form, staff ? "草稿已存在本机" : "内容已保存在本机，提交前不会发出。");
    if (!staff) return;
    const name = formKey(form), start = `${prefix}${name}#`;  // the form may be another draft's by then
    clearTimeout(late.get(name));
    late.set(name, setTimeout(async () => {
      const mine = Object.keys(store).filter((each) => each.startsWith(start) && store.getItem(each));
      const said = Object.fromEntries(mine.map((each) => [each.slice(start.length), store.getItem(each)]));
      const answer = await post(name, said).catch(() => null);
      say(form, answer?.ok ? "草稿已保存" : "草稿已存在本机，登录后还在");
    }, 1000));
  }
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches(kept)) return;
    if (field.matches("[type=checkbox]")) store.setItem(key(field), held(field) || "no");
    else if (field.value) store.setItem(key(field), field.value); else store.removeItem(key(field));
    save(field.form);
  });
  document.addEventListener("submit", (event) => {
    clearTimeout(late.get(formKey(event.target)));
    if ("draftKept" in event.target.dataset) return;
    const names = [...event.target.querySelectorAll("textarea[name], [data-keep][name]")].map(key);
    if (names.length) store.setItem(sent, JSON.stringify(names));
  });
})();
