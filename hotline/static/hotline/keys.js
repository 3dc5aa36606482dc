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
  document.querySelector(".queue .open")?.scrollIntoView({ block: "nearest" });
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") document.querySelector(".here")?.scrollIntoView({ block: "center" });
  document.body.addEventListener("htmx:afterSettle", restore);

  // What the help lists: keys that a page has because of what stands on it, then those written at buttons.
  const ALWAYS = [
    ["j", "[data-row]", "下一条"], ["k", "[data-row]", "上一条"], ["Enter", "[data-row] a[href]", "打开选中的一条"], ["o", "[data-row] a[href]", "在新标签页打开选中的一条"],
    ["x", "[data-row] input[type=checkbox]", "勾选、取消勾选"], ["1–4", "[data-questions]", "逐题回答"], ["Ctrl+;", "[data-template] select", "选答复模板"],
    ["Ctrl+Enter", "main form[method=post] textarea", "提交正在填写的内容"], ["Esc", "body", "离开输入框，关闭窗口"],
  ];
  const said = (button) => button.dataset.keyLabel || [...button.childNodes].filter((node) => !["KBD", "SMALL"].includes(node.nodeName)).map((node) => node.textContent).join(" ").trim().slice(0, 30);

  function listKeys() {
    const written = [...document.querySelectorAll("[data-key][data-key-label], [data-desk-key]")].filter((element) => !element.closest("[hidden]"));
    const found = new Map(ALWAYS.filter(([, selector]) => document.querySelector(selector)).map(([key, , words]) => [key, words]));
    document.querySelectorAll("[data-enter][data-key-label]").forEach((element) => found.set("Enter", `${element.dataset.keyLabel}；已选中一条时打开它`));
    written.forEach((element) => found.set(element.dataset.deskKey || element.dataset.key, said(element)));
    document.querySelector("[data-keys-of-page]").replaceChildren(...[...found].flatMap(([key, words]) => {
      const term = document.createElement("dt"), text = document.createElement("dd"), cap = document.createElement("kbd");
      cap.textContent = key; term.append(cap); text.textContent = words;
      return [term, text];
    }));
  }

  function fold(button) {
    const folded = document.body.classList.toggle("folded");
    button.setAttribute("aria-expanded", String(!folded));
    document.cookie = `rail=${folded ? "folded" : ""}; path=/; max-age=31536000; samesite=lax`;
  }

  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) { sessionStorage.setItem(memory, row.dataset.row); restore(); }
    const opener = event.target.closest("[data-opens]");
    if (opener) { listKeys(); document.getElementById(opener.dataset.opens).showModal(); }
    const folds = event.target.closest("[data-fold]");
    if (folds) fold(folds);
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
    const selected = document.querySelector(".here:not(.open)");  // the case that is open need not be opened
    const target = document.querySelector(event.key === "Enter" && !selected ? "[data-enter]" : `[data-key="${CSS.escape(event.key)}"]`);
    const onControl = event.key === "Enter" && event.target.matches("a, button, summary, input");
    if (onControl) return;
    if (target) { event.preventDefault(); press(target); return; }
    if (walking[event.key]) { event.preventDefault(); walking[event.key](); }
  });
})();

// Narrows lists of units by name, pinyin or initials; of several Enter takes the best, or leaves it out.
(() => {
  const listOf = (field) => field.dataset?.narrows && document.getElementById(field.dataset.narrows);
  const words = (option) => (option.dataset.words || "").split(" ");
  function narrow(list, typed) {
    const options = [...list.options].filter((option) => option.value);
    options.forEach((option) => { option.hidden = Boolean(typed) && !words(option).some((word) => word.includes(typed)); });
    const left = options.filter((option) => !option.hidden);
    return typed && (left.find((option) => words(option).some((word) => word.startsWith(typed))) || left[0]);
  }
  function tell(list) {
    const line = list.parentElement.querySelector("[data-taken]");
    if (line) line.textContent = [...list.selectedOptions].map((option) => option.textContent.trim()).join("、");
  }
  const typedIn = (field) => field.value.trim().toLowerCase();
  document.addEventListener("input", (event) => {
    const list = listOf(event.target), best = list && narrow(list, typedIn(event.target));
    if (!best) return;
    if (list.multiple) best.scrollIntoView({ block: "nearest" }); else best.selected = true;
  });
  document.addEventListener("keydown", (event) => {
    const list = listOf(event.target);
    if (event.key !== "Enter" || event.ctrlKey || !list?.multiple) return;
    event.preventDefault();
    const best = narrow(list, typedIn(event.target));
    if (best) best.selected = !best.selected;
    event.target.value = ""; narrow(list, ""); tell(list);
  });
  const tellAll = () => document.querySelectorAll("select[multiple]").forEach(tell);
  document.addEventListener("change", (event) => { if (event.target.matches("select[multiple]")) tell(event.target); });
  document.body.addEventListener("htmx:afterSettle", tellAll);
  tellAll();
})();

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
