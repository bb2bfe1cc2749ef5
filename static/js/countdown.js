// The time that is left in a graded attempt. The server says how much; in between the page counts
// by a clock that nobody can set. At the end the server submits what was saved.

const EVERY_MS = 60_000;
const WARNINGS = [
  { below: 60_000, name: "last", words: "Less than 1 minute is left." },
  { below: 300_000, name: "soon", words: "Less than 5 minutes are left." },
];
const HIDDEN = "exam-timer";

let endsAt = null;
let exam = "";
let isAsking = false;

export function start(document) {
  prepare(document);
  document.addEventListener("page:replaced", () => prepare(document));
  document.addEventListener("exam:clock", ({ detail }) => take(document, detail));
  document.addEventListener("visibilitychange", () => document.hidden || ask(document));
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-timer-toggle]")) toggle(document);
  });
  setInterval(() => tick(document), 1000);
  setInterval(() => ask(document), EVERY_MS);
}

function prepare(document) {
  const head = document.querySelector("[data-exam]");
  exam = head?.dataset.exam ?? "";
  endsAt = head?.dataset.remaining ? performance.now() + Number(head.dataset.remaining) : null;
  const button = document.querySelector("[data-timer-toggle]");
  if (button) button.hidden = false;
  tick(document);
}

function take(document, { id, remaining_ms: left, is_over: isOver }) {
  if (id !== exam) return;
  if (isOver) location.assign(`/graded/${exam}`);
  else endsAt = left === null ? null : performance.now() + left;
  tick(document);
}

async function ask(document) {
  const asked = exam;
  if (!asked || isAsking) return;
  isAsking = true;
  try {
    const response = await fetch(`/graded/${asked}/clock`, { redirect: "error" });
    if (response.ok) take(document, { ...(await response.json()), id: asked });
  } catch {
    // offline: the page goes on counting
  } finally {
    isAsking = false;
  }
}

function tick(document) {
  const timer = document.querySelector("[data-timer]");
  if (!exam || !timer) return;
  if (endsAt === null) {
    timer.textContent = "No time limit";
    return;
  }
  const left = Math.max(0, endsAt - performance.now());
  show(document, timer, left);
  warn(document, left);
  if (left === 0) ask(document);
}

function show(document, timer, left) {
  const isHidden = hiding();
  timer.textContent = isHidden ? "Time hidden" : `${inWords(left)} left`;
  timer.closest(".timer").classList.toggle("is-short", left < 300_000);
  const button = document.querySelector("[data-timer-toggle]");
  if (button) button.firstElementChild.textContent = isHidden ? "Show" : "Hide";
}

function inWords(ms) {
  const seconds = Math.ceil(ms / 1000);
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600)];
  const [minutes, rest] = [Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours >= 48) return `${days} days ${hours % 24} h`;
  if (hours >= 3) return `${hours} h ${minutes} min`;
  const twoDigits = (number) => String(number).padStart(2, "0");
  const short = `${minutes}:${twoDigits(rest)}`;
  return hours ? `${hours}:${twoDigits(minutes)}:${twoDigits(rest)}` : short;
}

function warn(document, left) {
  const due = WARNINGS.find(({ below }) => left > 0 && left <= below);
  for (const { name, words } of WARNINGS) write(document, name, name === due?.name ? words : "");
}

function write(document, name, words) {
  const place = document.querySelector(`[data-warning=${name}]`);
  if (place && place.textContent !== words) place.textContent = words;
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
