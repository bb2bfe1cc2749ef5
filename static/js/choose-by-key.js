// A to L choose an answer, 1 to 3 say how sure one is, Enter sends it, and after the feedback Enter
// goes on. Where a question does not ask how sure one is, 1 to 9 choose an answer, too. The reading
// tools can switch this off, as people who speak to their computer may need. On a page of several
// questions that one is meant in which the focus is.

import { shortcutsAreOn } from "./shortcuts.js";

const TYPING = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])";
const CONTROL = "input:is([type=radio], [type=checkbox])";
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
  const input = meantBy(key, placeOf(target));
  if (!input) return false;
  input.focus();
  input.click();
  return true;
}

function placeOf(target) {
  const isOneOfMany = document.querySelectorAll("main [data-question]").length > 1;
  return isOneOfMany ? target.closest("[data-question]") : document.querySelector("main");
}

function meantBy(key, place) {
  const controls = [...(place?.querySelectorAll(CONTROL) ?? [])];
  const choices = controls.filter(({ name }) => name.startsWith("choice"));
  if (/^[a-l]$/i.test(key)) return choices[key.toLowerCase().charCodeAt(0) - "a".charCodeAt(0)];
  if (!/^[1-9]$/.test(key)) return null;
  const levels = controls.filter(({ name }) => name.startsWith("certainty"));
  const inSight = levels.filter((level) => !level.closest("[hidden]"));
  return (inSight.length > 0 ? inSight : choices)[Number(key) - 1];
}

function goOn(target) {
  if (target.closest(CONTROLS)) return false;
  const next = document.querySelector("[data-next]");
  const asked = placeOf(target)?.querySelector("input[name=choice]");
  if (next) next.click();
  else asked?.form.requestSubmit();
  return Boolean(next ?? asked);
}
