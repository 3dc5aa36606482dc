// Listens on the page's socket and tells htmx fragments to fetch themselves anew.
(() => {
  const page = document.body.dataset.live;
  const banner = document.querySelector(".offline");
  let pending = 0;
  if (banner) {
    window.addEventListener("offline", () => { banner.hidden = false; });
    window.addEventListener("online", () => {  // what was missed is fetched, also where the socket outlived it
      if (page) changed({});
      if (!page || document.body.dataset.connected) banner.hidden = true;
    });
    document.addEventListener("submit", (event) => {  // what was typed stays on the page and on this machine
      if (navigator.onLine) return;
      event.preventDefault(); event.stopImmediatePropagation(); banner.hidden = false; banner.scrollIntoView({ block: "nearest" });
    }, true);
  }
  if (!page || !("WebSocket" in window)) return;
  const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/?${page}`;
  document.body.addEventListener("htmx:sendError", () => { if (banner) banner.hidden = false; });
  document.body.addEventListener("htmx:afterOnLoad", () => { if (banner && document.body.dataset.connected) banner.hidden = true; });
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
      if (banner && opened) banner.hidden = false;
      setTimeout(connect, wait + Math.random() * 300);
      wait = Math.min(wait * 2, 10000);
    };
  }
  connect();
})();
