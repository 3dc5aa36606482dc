// Names what the administrator's tables leave nameless: fields in rows by their column, lists that can be searched, empty filters.
(() => {
  function columnOf(field) {
    const cell = field.closest("td"), named = cell?.className.match(/field-([\w-]+)/);
    const head = named && cell.closest("table").querySelector(`th.column-${named[1]}`);
    return head?.textContent.trim() || (cell?.matches(".delete") ? "删除这一行" : "");
  }
  const labelOf = (field) => document.querySelector(`label[for="${CSS.escape(field.id)}"]`)?.textContent.trim().replace(/[:：]$/, "");
  function name() {
    document.querySelectorAll(".inline-group td :is(input:not([type=hidden]), select, textarea)").forEach((field) => {
      if (!field.getAttribute("aria-label") && !labelOf(field)) field.setAttribute("aria-label", columnOf(field));
    });
    document.querySelectorAll("select.select2-hidden-accessible").forEach((select) => {
      const words = select.getAttribute("aria-label") || labelOf(select) || columnOf(select), shown = select.nextElementSibling;
      shown?.querySelectorAll("[role=combobox], [role=textbox]").forEach((part) => { part.removeAttribute("aria-labelledby"); part.setAttribute("aria-label", words); });
    });
    document.querySelectorAll("#changelist-filter a:empty").forEach((link) => { link.textContent = "不限"; });
  }
  const ready = window.django?.jQuery || ((act) => act());  // after the lists that can be searched are made
  ready(name);
  document.addEventListener("formset:added", () => setTimeout(name));
})();
