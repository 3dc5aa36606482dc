// Prints the sheet at the press of its button.
document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });
