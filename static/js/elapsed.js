// Forms with a field elapsed_ms are sent with the time the page was in view since it came.

let seenMs = 0;
let since = 0;

export function start(document) {
  restart();
  document.addEventListener("page:replaced", restart);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) seenMs += performance.now() - since;
    else since = performance.now();
  });
  document.addEventListener("formdata", ({ formData }) => {
    if (formData.has("elapsed_ms")) formData.set("elapsed_ms", Math.round(inView()));
  });
}

function restart() {
  seenMs = 0;
  since = performance.now();
}

export function inView() {
  return document.hidden ? seenMs : seenMs + performance.now() - since;
}
