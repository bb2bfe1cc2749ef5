// Studying offline. What it takes is loaded only where something is kept or may be.

export function start(document) {
  if (isUsed()) load("./offline/waiting.js", document);
  if (document.querySelector("[data-keep]")) load("./offline/keeping.js", document);
  if (document.querySelector("[data-offline]")) load("./offline/page.js", document);
}

// Set when a deck is first kept, so that others pay for none of this.
function isUsed() {
  try {
    return localStorage.getItem("offline") !== null;
  } catch {
    return false; // storage is refused
  }
}

async function load(name, document) {
  (await import(name)).start(document);
}
