// On every page of a browser that keeps something: whose it is is checked, what waits is sent, and
// as long as something waits a line below the masthead says so.

import { CHANNEL, deliver } from "./delivery.js";
import { becomeUnsure, forgetEverything, isPossible, owner, renew } from "./decks.js";
import { waiting } from "./store.js";

const TOLD_OF_LOSS = "told";
const LONGEST_PAUSE_MS = 60_000;

let pause = 0;
let retry = 0;

export function start(document) {
  if (!isPossible()) return;
  document.addEventListener("submit", (event) => beforeLeaving(document, event), true);
  document.addEventListener("page:replaced", () => show(document));
  document.addEventListener("visibilitychange", () => document.hidden || deliver());
  window.addEventListener("online", () => deliver());
  new BroadcastChannel(CHANNEL).addEventListener("message", ({ data }) => {
    show(document);
    tryAgainLater(data);
  });
  show(document);
  renew().then(() => show(document), () => show(document));
}

// A server that is away, or a network that is there in name only, comes back without a sign.
function tryAgainLater({ left, why }) {
  clearTimeout(retry);
  pause = left > 0 ? Math.min(LONGEST_PAUSE_MS, Math.max(2000, 2 * pause)) : 0;
  if (left > 0 && why !== "signed-out") retry = setTimeout(deliver, pause);
}

async function show(document) {
  const count = (await waiting(await owner())).length;
  const line = document.querySelector("[data-waiting]") ?? newLine(document);
  line.hidden = count === 0;
  const words = `Waiting to send (${count})`;
  const link = line.querySelector("a");
  if (count > 0 && link.textContent !== words) link.textContent = words;
}

function newLine(document) {
  const line = document.createElement("p");
  line.className = "waiting";
  line.dataset.waiting = "";
  line.setAttribute("role", "status");
  line.hidden = true;
  const link = document.createElement("a");
  link.href = "/offline";
  line.append(link);
  document.querySelector(".masthead").append(line);
  return line;
}

// Nobody signs out over answers that wait here without knowing it.
async function beforeLeaving(document, event) {
  const { pathname } = new URL(event.target.action);
  if (pathname === "/sign-in" || pathname.startsWith("/links/")) becomeUnsure();
  if (pathname !== "/sign-out" || event.defaultPrevented) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const form = event.target;
  await deliver();
  const left = (await waiting(await owner())).length;
  if (left > 0 && form.dataset.loss !== TOLD_OF_LOSS) {
    form.dataset.loss = TOLD_OF_LOSS;
    warn(document, left);
    return;
  }
  await forgetEverything();
  form.submit();
}

function warn(document, left) {
  const what = left === 1 ? "1 answer has" : `${left} answers have`;
  document.querySelector("[data-status]").textContent =
    `${what} not reached the server yet. Sign out again to give up what waits here.`;
}
