// A form with data-drop takes files that are dropped on it, as if they had been chosen, and sends
// them.

export function start(document) {
  prepare(document);
  document.addEventListener("page:replaced", () => prepare(document));
  document.addEventListener("dragover", (event) => {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    const zone = zoneOf(event);
    if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    zone.classList.remove("over");
    zone.querySelector("input[type=file]").files = event.dataTransfer.files;
    zone.requestSubmit();
  });
}

function prepare(document) {
  for (const hint of document.querySelectorAll("[data-drop-hint]")) hint.hidden = false;
}

function zoneOf(event) {
  const isFiles = event.dataTransfer?.types.includes("Files");
  return isFiles ? event.target.closest?.("form[data-drop]") : null;
}
