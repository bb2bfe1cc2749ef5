// On the page of a deck: keep it for offline use, or remove it from this browser.

import { giveUp, isPossible, keep, keptDecks } from "./decks.js";

export function start(document) {
  const place = document.querySelector("[data-keep]");
  if (!isPossible()) return;
  place.hidden = false;
  place.querySelector("[data-keep-take]").addEventListener("click", () => take(place));
  place.querySelector("[data-keep-remove]").addEventListener("click", () => drop(place));
  show(place).catch(() => (place.hidden = true)); // storage is refused: there is nothing to offer
}

async function show(place) {
  const deck = (await keptDecks()).find(({ slug }) => slug === place.dataset.keep);
  for (const part of place.querySelectorAll("[data-when]")) {
    part.hidden = (part.dataset.when === "kept") !== Boolean(deck);
  }
}

async function take(place) {
  const button = place.querySelector("[data-keep-take]");
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  say(place, "Keeping …");
  try {
    await keep(place.dataset.keep);
    say(place, "Kept in this browser.");
  } catch {
    say(place, "It could not be kept. Check the connection and try again.");
  }
  button.ariaDisabled = "false";
  await show(place);
  if (button.closest("[hidden]")) place.querySelector("[data-when=kept] a").focus();
}

async function drop(place) {
  await giveUp(place.dataset.keep);
  say(place, "Removed from this browser.");
  await show(place);
  place.querySelector("[data-keep-take]").focus();
}

function say(place, words) {
  place.querySelector("[role=status]").textContent = words;
}
