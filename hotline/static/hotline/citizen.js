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
  document.querySelectorAll("[data-with-script]").forEach((button) => { button.hidden = false; });

  // Draws the receipt as a picture: what it is, number, code, when, and the code to scan.
  async function picture(button) {
    const receipt = document.querySelector("[data-receipt]"), words = (id) => document.getElementById(id).textContent.trim();
    const canvas = document.createElement("canvas"), draw = canvas.getContext("2d"), font = getComputedStyle(document.body).fontFamily;
    canvas.width = 900; canvas.height = 520;
    draw.fillStyle = "#fff"; draw.fillRect(0, 0, 900, 520);
    const line = (text, size, y, colour = "#1f2328", weight = "") => { draw.font = `${weight} ${size}px ${font}`; draw.fillStyle = colour; draw.fillText(text, 40, y); };
    line(receipt.dataset.receipt, 30, 70, "#1f5fa8", "bold");
    line("工单编号", 24, 140, "#57606a"); line(words("number"), 40, 190, "#1f2328", "bold");
    line("查询码", 24, 260, "#57606a"); line(words("code"), 52, 318, "#1f2328", "bold");
    line(words("sent-at"), 24, 400, "#57606a"); line(`查进度：${location.host}/progress/`, 24, 450, "#57606a");
    const image = new Image(220, 220), svg = receipt.querySelector("svg").cloneNode(true);
    svg.setAttribute("xmlns", "http://www.w3.org/2000/svg"); svg.setAttribute("width", 220); svg.setAttribute("height", 220);
    image.src = `data:image/svg+xml,${encodeURIComponent(svg.outerHTML)}`;
    await image.decode();
    draw.drawImage(image, 640, 250, 220, 220);
    const link = document.createElement("a");
    link.download = button.dataset.picture; link.href = canvas.toDataURL("image/png"); link.click();
  }

  function copied(button) {
    const words = button.textContent;
    button.textContent = "已复制";
    setTimeout(() => { button.textContent = words; }, 2000);
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at("[data-print]")) window.print();
    const copy = at("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => copied(copy));
    if (at("[data-picture]")) picture(at("[data-picture]"));
  });
})();
