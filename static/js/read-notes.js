// On a page of notes a passage counts as read when it was in view for half the time that reading
// it takes, to its end. Whoever has no account yet marks passages by hand. A link in the folded
// list of passages folds it again.

const TICK_MS = 1000;
const WORDS_A_SECOND = 4;
const LEAST_S = 4;

export function start(document) {
  const reading = document.querySelector("[data-reading]");
  if (!reading) return;
  const fold = reading.querySelector("[data-fold]");
  fold.addEventListener("click", ({ target }) => {
    if (target.closest("a")) fold.open = false;
  });
  if ("countsReading" in reading.dataset) count(reading);
}

function count(reading) {
  const left = [...reading.querySelectorAll("[data-passage]:not([data-is-read])")].map((section) => ({
    section,
    seconds: needed(section),
    endSeen: false,
  }));
  const timer = setInterval(() => {
    if (document.hidden) return;
    for (const passage of left.filter(({ section }) => isInView(section))) {
      passage.seconds -= 1;
      passage.endSeen ||= endIsInView(passage.section);
      if (passage.seconds <= 0 && passage.endSeen) {
        left.splice(left.indexOf(passage), 1);
        mark(reading, passage.section);
      }
    }
    if (!left.length) clearInterval(timer);
  }, TICK_MS);
}

function needed(section) {
  const words = section.querySelector(".read").textContent.trim().split(/\s+/).length;
  return Math.max(LEAST_S, words / WORDS_A_SECOND / 2);
}

function isInView(section) {
  const { top, bottom } = section.getBoundingClientRect();
  const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
  return seen >= Math.min(bottom - top, innerHeight / 2);
}

function endIsInView(section) {
  return section.querySelector(".read").getBoundingClientRect().bottom <= innerHeight;
}

async function mark(reading, section) {
  const form = section.querySelector("[data-reading-form]");
  if (form.hidden) return;
  try {
    const body = new URLSearchParams(new FormData(form));
    // The answer leads back here: that it does is all there is to know.
    const response = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (response.type === "opaqueredirect") show(reading, section, form);
  } catch {
    return; // no network: the passage stays unread, and its button is still there
  }
}

function show(reading, section, form) {
  const hadFocus = form.contains(document.activeElement);
  form.hidden = true;
  const done = section.querySelector("[data-when-read]");
  done.hidden = false;
  if (hadFocus) done.querySelector("button").focus();
  for (const link of reading.querySelectorAll(`[data-passage-link="${section.id}"]`)) {
    link.querySelector("[data-when-read]").hidden = false;
  }
  for (const bar of reading.querySelectorAll(".how-far")) bar.value += 1;
  for (const read of reading.querySelectorAll("[data-read-count]")) {
    read.textContent = Number(read.textContent) + 1;
  }
}
