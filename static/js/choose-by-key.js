// A to L choose an answer, 1 to 3 say how sure one is, Enter sends it, and after the feedback Enter
// goes on. Where a question does not ask how sure one is, 1 to 9 choose an answer, too. The reading
// tools can switch this off, as people who speak to their computer may need.

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
  const input = meantBy(key);
  if (!input) return false;
  input.focus();
  input.click();
  return true;
}

function meantBy(key) {
  const choices = document.querySelectorAll("main input[name=choice]");
  if (/^[a-l]$/i.test(key)) return choices[key.toLowerCase().charCodeAt(0) - "a".charCodeAt(0)];
  if (!/^[1-9]$/.test(key)) return null;
  const levels = [...document.querySelectorAll("main input[name=certainty]")];
  const inSight = levels.filter((level) => !level.closest("[hidden]"));
  return (inSight.length > 0 ? inSight : choices)[Number(key) - 1];
}

function goOn(target) {
  if (target.closest(CONTROLS)) return false;
  const next = document.querySelector("[data-next]");
  const asked = document.querySelector("main input[name=choice]");
  if (next) next.click();
  else asked?.form.requestSubmit();
  return Boolean(next ?? asked);
}
