// Flashcards one at a time: buttons and arrow keys move, Space turns the card. Without this they
// stand one below the other.

import { shortcutsAreOn } from "./shortcuts.js";

const CONTROLS = "a, button, input, select, textarea, summary, [contenteditable]";
const MOVES = { ArrowLeft: -1, ArrowRight: 1 };

export function start(document) {
  const deck = document.querySelector("[data-flashcards]");
  if (!deck) return;
  const cards = [...deck.querySelectorAll("[data-flashcard]")];
  const named = cards.findIndex(({ id }) => `#${id}` === location.hash);
  const bar = deck.querySelector("[data-flash-bar]");
  bar.hidden = false;
  deck.classList.add("one-by-one");
  let at = Math.max(0, named);

  const show = () => {
    for (const [place, card] of cards.entries()) card.hidden = place !== at;
    bar.querySelector("[data-flash-at]").textContent = `${at + 1} of ${cards.length}`;
    for (const button of bar.querySelectorAll("[data-flash-step]")) {
      button.setAttribute("aria-disabled", String(!cards[at + Number(button.dataset.flashStep)]));
    }
  };

  const move = (step) => {
    if (!cards[at + step]) return;
    at += step;
    for (const opened of cards[at].querySelectorAll("details[open]")) opened.open = false;
    show();
    history.replaceState(null, "", `#${cards[at].id}`);
    cards[at].focus({ preventScroll: true });
    cards[at].scrollIntoView({ block: "nearest" });
  };

  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-flash-step]");
    if (button) move(Number(button.dataset.flashStep));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !shortcutsAreOn()) return;
    if (event.key in MOVES && !event.target.closest("input, select, textarea")) move(MOVES[event.key]);
    else if (event.key === " " && !event.target.closest(CONTROLS)) turn(cards[at]);
    else return;
    event.preventDefault();
  });
  show();
}

function turn(card) {
  const key = card.querySelector("[data-turn]");
  key.open = !key.open;
}
