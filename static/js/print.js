// Buttons with data-print open the print dialogue; without scripts the browser's menu does.

export function start(document) {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
