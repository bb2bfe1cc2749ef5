// Buttons with data-copy put its value on the clipboard and say so; without a clipboard they stay
// hidden, since the text stands beside them anyway.

export function start(document) {
  if (!navigator.clipboard) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
  }
}

async function copy(button) {
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not copied: select the text and copy it";
  }
  setTimeout(() => (button.textContent = words), 4000);
}
