// Says who else has the ticket open, and tells them of us; who falls silent is forgotten.
(() => {
  const EVERY_MS = 20000, FORGET_MS = 45000, WRITING_MS = 15000, AGAIN_MS = 5000;
  const people = new Map();
  let socket, number = "", wrote = 0, told = 0, doing = "", wait = 1000;
  const place = () => document.querySelector("[data-presence]");

  function show() {
    const line = place();
    if (!line) return;
    const fresh = [...people.values()].filter((one) => Date.now() - one.at < FORGET_MS);
    const names = (doing) => fresh.filter((one) => one.doing === doing).map((one) => one.name).join("、");
    const writing = names("writing"), looking = names("looking");
    line.textContent = [writing && `${writing}正在办理此单`, looking && `${looking}也打开了此单`].filter(Boolean).join("，");
    line.hidden = !line.textContent;
  }
  function tell() {
    if (socket?.readyState !== WebSocket.OPEN) return;
    told = Date.now();
    doing = told - wrote < WRITING_MS ? "writing" : "looking";
    socket.send(JSON.stringify({ doing }));
  }
  function hear(message) {
    let said;
    try { said = JSON.parse(message.data); } catch { return; }
    if (String(said.id) === place()?.dataset.me) return;
    if (said.doing === "gone") people.delete(said.id);
    else people.set(said.id, { name: said.name, doing: said.doing === "writing" ? "writing" : "looking", at: Date.now() });
    show();
  }
  function connect() {
    const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/presence/?number=${encodeURIComponent(number)}`);
    socket = mine;
    mine.onopen = () => { wait = 1000; tell(); };
    mine.onmessage = hear;
    mine.onclose = (event) => {
      if (mine !== socket || event.code === 4403) return;
      people.clear(); show();
      setTimeout(() => { if (mine === socket) connect(); }, wait);
      wait = Math.min(wait * 2, 10000);
    };
  }
  function follow() {
    const now = place()?.dataset.presence || "";
    if (now !== number) {
      const last = socket;
      socket = undefined; number = now; people.clear(); wrote = 0;
      last?.close();
      if (number) connect();
    }
    show();
  }
  if (!("WebSocket" in window)) return;
  follow();
  document.body.addEventListener("htmx:afterSettle", follow);
  document.addEventListener("input", (event) => {
    if (!event.target.closest(".ticket")) return;
    wrote = Date.now();
    if (doing !== "writing" || wrote - told > AGAIN_MS) tell();
  });
  setInterval(() => { follow(); tell(); show(); }, EVERY_MS);
})();
