// A to L or 1 to 9 choose an answer, Enter sends it, and after the feedback Enter goes on. The
// reading tools can switch this off, as people who speak to their computer may need.

import { shortcutsAreOn } from "./shortcuts.js";

const TYPING = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])";
const CONTROLS = "a, button, input, select, textarea, summary, [contenteditable]";

export function start(document) {
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || !shortcutsAreOn()) return;
    const acted = event.key === "Enter" ? goOn(event.target) : choose(event);
    if (acted) event.preventDefault();
  });
}

function choose({ key, target }) {
  if (target.closest(TYPING)) return false;
  const choice = document.querySelectorAll("main input[name=choice]")[placeOf(key)];
  if (!choice) return false;
  choice.focus();
  choice.click();
  return true;
}

function placeOf(key) {
  if (/^[1-9]$/.test(key)) return Number(key) - 1;
  return /^[a-l]$/i.test(key) ? key.toLowerCase().charCodeAt(0) - "a".charCodeAt(0) : -1;
}

function goOn(target) {
  if (target.closest(CONTROLS)) return false;
  const next = document.querySelector("[data-next]");
  const asked = document.querySelector("main input[name=choice]");
  if (next) next.click();
  else asked?.form.requestSubmit();
  return Boolean(next ?? asked);
}
