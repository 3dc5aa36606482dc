// Listens on the page's socket and tells htmx fragments to fetch themselves anew.
(() => {
  const page = document.body.dataset.live;
  const banner = document.querySelector(".offline");
  const OFFLINE = banner?.firstElementChild.textContent;
  const AGAIN_MS = 5000;
  let pending = 0;
  function tell(words) { if (banner) { banner.firstElementChild.textContent = words; banner.hidden = false; } }
  banner?.querySelector("[data-again]").addEventListener("click", () => changed({}));
  document.body.addEventListener("htmx:responseError", (event) => {
    const asked = event.detail.requestConfig.verb === "get", fault = event.detail.xhr.status >= 500;
    if (!asked) tell("系统没有办成刚才的操作，请稍后再试；已填写的内容保存在本机。");
    else if (!fault) tell("这一页已有变化，请刷新页面。");
    else { tell("系统暂时没有答复，这一页可能不是最新的，稍后自动再试。"); setTimeout(changed, AGAIN_MS, {}); }
  });
  if (banner) {
    window.addEventListener("offline", () => tell(OFFLINE));
    window.addEventListener("online", () => {  // what was missed is fetched, also where the socket outlived it
      if (page) changed({});
      if (!page || document.body.dataset.connected) banner.hidden = true;
    });
  }
  if (!page || !("WebSocket" in window)) return;
  const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/?${page}`;
  document.body.addEventListener("htmx:sendError", () => tell(OFFLINE));
  document.body.addEventListener("htmx:afterOnLoad", (event) => { if (banner && event.detail.successful && document.body.dataset.connected) banner.hidden = true; });
  let wait = 500, opened = false;

  function changed(detail) {
    clearTimeout(pending);
    pending = setTimeout(() => document.body.dispatchEvent(new CustomEvent("changed", { detail, bubbles: true })), 80);
  }

  function connect() {
    const socket = new WebSocket(address);
    socket.onopen = () => {
      if (opened) changed({});  // what happened while we were away
      opened = true; wait = 500;
      document.body.dataset.connected = "yes";
      if (banner) banner.hidden = true;
    };
    socket.onmessage = (message) => {
      let detail = {};
      try { detail = JSON.parse(message.data); } catch { return; }
      if (detail.topic === "notice") document.body.dispatchEvent(new CustomEvent("noticed", { bubbles: true }));
      else changed(detail);
    };
    socket.onclose = (event) => {
      delete document.body.dataset.connected;
      if (event.code === 4403) return;  // not for this page
      if (opened) tell(OFFLINE);
      setTimeout(connect, wait + Math.random() * 300);
      wait = Math.min(wait * 2, 10000);
    };
  }
  connect();
})();
