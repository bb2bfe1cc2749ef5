// The time that is left of a sprint, as the server said it with this page. At its end the form
// around the clock leads to the result; what counts is decided there, by the server's clock.

const HIDDEN = "sprint-timer";
const SOON_MS = 30_000;

let endsAt = null;
let hasSaidSoon = false;

export function start(document) {
  prepare(document);
  document.addEventListener("page:replaced", () => prepare(document));
  document.addEventListener("visibilitychange", () => tick(document));
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-sprint-toggle]")) toggle(document);
  });
  setInterval(() => tick(document), 500);
}

function prepare(document) {
  const clock = document.querySelector("[data-sprint]");
  // A sprint whose time was over when the page came goes on as plain practice.
  const left = Number(clock?.dataset.sprint ?? 0);
  endsAt = left > 0 ? performance.now() + left : null;
  if (!clock) hasSaidSoon = false;
  if (clock && endsAt === null) clock.querySelector("[data-sprint-left]").textContent = "Time is over";
  const button = clock?.querySelector("[data-sprint-toggle]");
  if (button) button.hidden = endsAt === null;
  tick(document);
}

function tick(document) {
  const clock = document.querySelector("[data-sprint]");
  if (!clock || endsAt === null || document.hidden) return;
  const left = Math.max(0, endsAt - performance.now());
  show(clock, left);
  if (left === 0) {
    endsAt = null;
    clock.requestSubmit();
  }
}

function show(clock, left) {
  const isHidden = hiding();
  clock.querySelector("[data-sprint-left]").textContent = isHidden ? "Time hidden" : `${inWords(left)} left`;
  clock.querySelector("[data-sprint-toggle] span").textContent = isHidden ? "Show" : "Hide";
  clock.classList.toggle("is-short", left < SOON_MS);
  if (left < SOON_MS && !hasSaidSoon) {
    hasSaidSoon = true;
    clock.querySelector("[data-sprint-said]").textContent = "Less than 30 seconds are left.";
  }
}

function inWords(ms) {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function hiding() {
  try {
    return localStorage.getItem(HIDDEN) === "hidden";
  } catch {
    return false;
  }
}

function toggle(document) {
  try {
    localStorage.setItem(HIDDEN, hiding() ? "shown" : "hidden");
  } catch {
    return; // storage is refused: nothing to remember it with
  }
  tick(document);
}
