// The desk's keys and comforts: F2 takes and ends calls, Alt+1…3 accept a category, Alt+A an answer.
(() => {
  const by = (id) => document.getElementById(id);
  const changedByHand = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  document.addEventListener("keydown", (event) => {
    const named = event.key.length === 1 ? event.code.replace(/^(Digit|Key|Numpad)/, "") : event.key;
    const combination = (event.ctrlKey ? "Ctrl+" : "") + (event.altKey ? "Alt+" : "") + named;
    const target = document.querySelector("dialog[open]") ? null : document.querySelector(`[data-desk-key="${CSS.escape(combination)}"]`);
    if (!target) return;
    event.preventDefault(); event.stopPropagation();
    if (!event.repeat) target.click();
  }, true);

  function close(name, heard) {
    const call = document.querySelector("[data-number]"), page = by(`closing-${name}`);
    if (!call) { note("现在没有通话可以登记。"); return; }
    page.querySelector("form").action = call.dataset[name];
    const line = page.querySelector("[name=note]");
    page.querySelector("[name=heard]").value = document.querySelector("[name=heard][form=intake]")?.value ?? "";
    if (heard && !line.value) line.value = heard;
    page.showModal();
  }
  function note(text) { const line = document.querySelector("[data-saved]"); if (line) line.textContent = text; }

  function adopt(button) {
    cite(button.dataset.adopt, button.dataset.title);
    say(by(`answer-${button.dataset.adopt}`).textContent.trim());
  }

  function say(words) {
    const answer = by("id_answer_text");
    if (!answer.value.includes(words)) answer.value = answer.value.trim() ? `${answer.value.trim()}\n${words}` : words;
    changedByHand(answer); answer.focus();
  }

  function cite(version, title) {
    const field = by("id_article_version"), line = document.querySelector(".cited");
    field.value = version; changedByHand(field);
    line.hidden = !version; line.querySelector("[data-cited]").textContent = title;
  }

  function press() {
    const chosen = by("id_category")?.value;
    document.querySelectorAll("[data-category]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.category === chosen)));
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at("[data-adopt]")) adopt(at("[data-adopt]"));
    if (at("[data-uncite]")) cite("", "");
    if (at("[data-category]")) { by("id_category").value = at("[data-category]").dataset.category; changedByHand(by("id_category")); press(); }
    if (at("[data-kind]")) by("intake").querySelector(`[name=kind][value="${at("[data-kind]").dataset.kind}"]`)?.click();
    if (at("[data-place]")) { by("id_place").value = at("[data-place]").dataset.place; changedByHand(by("id_place")); }
    if (at("[data-closes]")) close(at("[data-closes]").dataset.closes, at("[data-closes]").dataset.heard);
    if (at("[data-says]")) say(at("[data-says]").dataset.says);
    if (at("[data-dismisses]")) at("dialog").close();
  });

  // The token goes with the draft, so that sending twice, even after a reload, makes one ticket.
  const form = by("intake");
  form?.addEventListener("input", (event) => {
    const token = by("id_token");
    if (event.target !== token) changedByHand(token);
  });

  // Each call has a draft of its own: when another call is in hand, its words take the place of these.
  function follow() {
    const draft = document.querySelector("[data-desk-draft]")?.dataset.deskDraft;
    if (!form || !draft || draft === form.dataset.draft) return;
    if ("returned" in form.dataset) { location.assign("/desk/"); return; }
    form.reset();
    by("id_article_version").value = ""; document.querySelector(".cited").hidden = true;
    form.querySelectorAll(".restored").forEach((line) => line.remove());
    for (const field of form.elements) delete field.dataset.restored;
    by("id_token").value = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    form.dataset.draft = draft; filled = "";
    by("assist").replaceChildren();
    document.body.dispatchEvent(new Event("redraft"));
  }
  const hear = () => { if (by("id_text")?.value) changedByHand(by("id_text")); };
  form?.addEventListener("restored", (event) => { if (event.target === by("id_text")) hear(); });

  // The number of the call in hand fills the phone field, unless something else was written there.
  let filled = "";
  function fill() {
    const call = document.querySelector("[data-number]"), phone = by("id_phone");
    if (!call || !phone || (phone.value && phone.value !== filled)) return;
    filled = phone.value = call.dataset.number;
  }

  function tick() {
    document.querySelectorAll("[data-since]").forEach((clock) => {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.since)) / 1000));
      clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    });
    document.querySelectorAll("[data-wrap-up]").forEach((ring) => {
      ring.dataset.ends ||= Date.now() + Number(ring.dataset.wrapUp) * 1000;
      const left = Math.max(0, Math.round((ring.dataset.ends - Date.now()) / 1000));
      ring.querySelector("text").textContent = left;
      ring.querySelector(".left").style.strokeDashoffset = 100 - (100 * left) / Number(ring.dataset.of);
      ring.classList.toggle("over", !left);
      if (!left && !ring.dataset.over) { ring.dataset.over = "yes"; document.querySelector("[data-completes]")?.click(); }
    });
  }
  setInterval(tick, 1000);
  by("id_text")?.addEventListener("restored", (event) => changedByHand(event.target));  // a draft from another desk is helped with too

  document.body.addEventListener("htmx:afterSettle", () => { follow(); fill(); tick(); press(); });
  window.addEventListener("load", () => { fill(); tick(); hear(); });
})();
