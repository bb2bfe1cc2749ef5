// The page for studying offline: what is kept, practice and review of it, and what waits.

import { inView } from "../elapsed.js";
import { giveUp, isPossible, isUnsure, keptDecks, owner, register, renew } from "./decks.js";
import { CHANNEL, deliver } from "./delivery.js";
import { bar, choice, fill, fillHtml, part, settledChoice } from "./parts.js";
import * as sessions from "./sessions.js";
import { one, put, waiting } from "./store.js";

const WHY = {
  network: "Kept in this browser, and sent when there is a connection.",
  busy: "The server does not answer just now. Kept in this browser, and sent later.",
  "signed-out": "You are signed out here. Kept in this browser, and sent when you sign in.",
};
const KEPT_BACK = "In use for a graded assignment. It comes back here by itself when that is over.";
const STEPS = { right: "Right", partly: "Partly right", missed: "Not quite" };

let session = null;
let trouble = "";
let deeds = 0; // what is pressed meanwhile goes before what was being looked up
let isUnderWay = false;

export async function start(document) {
  if (!isPossible()) {
    show("Offline", part("impossible"));
    return;
  }
  new BroadcastChannel(CHANNEL).addEventListener("message", ({ data }) => {
    trouble = data.why;
    saySync();
  });
  document.addEventListener("click", pressed);
  document.addEventListener("submit", submitted);
  await register();
  await saySync();
  if (!isUnsure()) await list();
  const before = deeds;
  try {
    await renew({ always: true });
  } catch {
    trouble = "network";
  }
  await saySync();
  if (deeds === before || (session && !(await sessions.isWholeStill(session)))) await list();
}

async function saySync() {
  const count = (await waiting(await owner())).length;
  const state = document.querySelector("[data-sync]");
  state.dataset.sync = count > 0 ? "waiting" : "saved";
  const words = count > 0 ? `Waiting to send (${count}).` : "Saved. Nothing waits to be sent.";
  const text = count > 0 && WHY[trouble] ? `${words} ${WHY[trouble]}` : words;
  const place = state.querySelector("[data-sync-words]");
  if (place.textContent !== text) place.textContent = text;
  state.querySelector("[data-sync-sign-in]").hidden = !(count > 0 && trouble === "signed-out");
  const refused = (await one("about", [(await owner()) ?? "", "refused"]))?.words ?? [];
  const lost = document.querySelector("[data-refused]");
  lost.hidden = refused.length === 0;
  if (refused.length === 0) return;
  const what = refused.length === 1 ? "1 answer was" : `${refused.length} answers were`;
  lost.querySelector("[data-refused-words]").textContent =
    `${what} not taken: ${[...new Set(refused)].join("; ")}. The others were.`;
}

function show(title, ...nodes) {
  document.querySelector("[data-view]").replaceChildren(...nodes);
  document.title = `${title} · quizapp`;
  document.dispatchEvent(new CustomEvent("page:replaced"));
}

function showAndFocus(title, ...nodes) {
  show(title, ...nodes);
  scrollTo(0, 0);
  const target = document.querySelector("[data-view] [data-focus]");
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// What is kept

async function list() {
  const before = deeds;
  const node = isUnsure() ? part("unsure") : await keptNow();
  if (deeds !== before) return;
  session = null;
  const fresh = document.createElement("div");
  fresh.append(node);
  // Nothing that has the focus is replaced by its like.
  const isNews = fresh.innerHTML !== document.querySelector("[data-view]").innerHTML;
  if (isNews) show("Offline", ...fresh.childNodes);
}

async function keptNow() {
  const decks = await keptDecks();
  if (decks.length === 0) return part("nothing");
  const node = part("list");
  fillDue(node, await sessions.dueNow());
  const open = await sessions.openSessions();
  node.querySelector("[data-open]").append(...open.map(openRow));
  node.querySelector("[data-open-part]").hidden = open.length === 0;
  node.querySelector("[data-decks]").append(...decks.map(deckRow));
  return node;
}

function fillDue(node, due) {
  fill(node, {
    due: due.length ? String(due.length) : "",
    "due-words": due.length ? "due now" : "Nothing is due now",
    "due-hint": due.length
      ? "From the decks that you keep here, the most urgent first."
      : "Of the decks that you keep here, as far as was known when there was a connection.",
  });
  const button = node.querySelector("[data-do=review]");
  button.textContent = `Review ${due.length} now`;
  button.hidden = due.length === 0;
}

function openRow({ key, title, items, given }) {
  const node = fill(part("open"), {
    title,
    about: `${Object.keys(given).length} of ${items.length} answered`,
  });
  node.querySelector("[data-do]").value = key;
  return node;
}

function deckRow({ slug, title, questions, kept_at, is_kept_back: isKeptBack }) {
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium" });
  const size = questions.length === 1 ? "1 question" : `${questions.length} questions`;
  const node = fill(part("deck"), {
    title,
    about: isKeptBack ? KEPT_BACK : `${size}, as of ${day.format(kept_at)}`,
  });
  node.querySelector("[data-do=practise]").hidden = Boolean(isKeptBack);
  for (const button of node.querySelectorAll("[data-do]")) {
    button.value = slug;
    button.querySelector(".sr-only").textContent = ` ${title}`;
  }
  return node;
}

// What is pressed

const DEEDS = {
  practise: async (slug) => {
    const deck = (await keptDecks()).find((each) => each.slug === slug);
    session = await sessions.practise(deck);
    await ask(1);
  },
  review: async () => {
    session = await sessions.review();
    await ask(1);
  },
  "go-on": async (key) => {
    session = (await sessions.openSessions()).find((each) => each.key === key);
    await ask(sessions.nextPosition(session, 0) || firstSkipped());
  },
  remove: async (slug) => {
    await giveUp(slug);
    await list();
    document.querySelector("[data-view] [data-focus]")?.focus();
  },
  skip: async (position) => {
    session = await sessions.skip(session, Number(position));
    await goOn(Number(position));
  },
  next: (position) => goOn(Number(position)),
  list: async () => {
    await list();
    document.querySelector("[data-view] [data-focus]")?.focus();
  },
  "skipped-again": () => ask(firstSkipped()),
  understood: async () => {
    await put("about", { tag: await owner(), name: "refused", words: [] });
    await saySync();
  },
};

async function pressed(event) {
  const control = event.target.closest("[data-do]");
  if (!control || isUnderWay) return;
  deeds += 1;
  isUnderWay = true;
  try {
    await DEEDS[control.dataset.do](control.value);
  } finally {
    isUnderWay = false;
  }
}

function firstSkipped() {
  const positions = session.items.map((_, index) => index + 1);
  return positions.find((position) => !session.given[position]);
}

function goOn(after) {
  const position = sessions.nextPosition(session, after);
  return position ? ask(position) : result();
}

// Asking

async function ask(position) {
  const { question, order } = session.items[position - 1];
  const several = sessions.takesSeveral(question);
  const node = part("asking");
  head(node, position, position);
  fillHtml(node, "stem", question.stem);
  fillHtml(node, "context", question.context);
  node.querySelector("[data-several]").hidden = !several;
  node
    .querySelector(".choices")
    .append(...order.map((each, place) => choice(place, question.choices[each].text, several)));
  const asksCertainty = await sessions.asksCertainty();
  for (const each of node.querySelectorAll(".certainty, [data-sure]")) each.hidden = !asksCertainty;
  node.querySelector("form").dataset.answer = position;
  node.querySelector("[data-do=skip]").value = position;
  showAndFocus(`Question ${position} of ${session.items.length} · ${session.title}`, node);
}

function head(node, position, now) {
  fill(node, { title: session.title, number: `Question ${position} of ${session.items.length}` });
  const states = session.items.map((_, index) => sessions.stateAt(session, index + 1));
  bar(node, states, now);
}

async function submitted(event) {
  const form = event.target.closest("form[data-answer]");
  if (!form) return;
  event.preventDefault();
  const sent = new FormData(form);
  const places = sent.getAll("choice").map(Number);
  if (places.length === 0) {
    complain(form);
    return;
  }
  const position = Number(form.dataset.answer);
  const certainty = Number(sent.get("certainty")) || null;
  const elapsed_ms = Math.round(inView());
  try {
    session = await sessions.answer(session, position, { places, certainty, elapsed_ms });
  } catch {
    document.querySelector("[data-status]").textContent =
      "Not kept: this browser has no room or was told to forget. Your answer is still here.";
    return;
  }
  if (sessions.isWhole(session)) explain(position);
  else await DEEDS.list();
  await saySync();
  askForSync();
  deliver();
}

function complain(form) {
  form.querySelector("[data-problem]").replaceChildren(part("problem"));
  form.querySelector("[role=alert]").focus();
}

// The browser sends by itself when there is a network, even after this page is closed.
async function askForSync() {
  const { sync } = await navigator.serviceWorker.ready;
  await sync?.register("answers").catch(() => {}); // refused: this page and the next ones send
}

// Explaining

function explain(position) {
  const { question, order } = session.items[position - 1];
  const { places, certainty } = session.given[position];
  const several = sessions.takesSeveral(question);
  const state = sessions.stateAt(session, position);
  const node = part("feedback");
  head(node, position, null);
  node.querySelector("[data-verdict]").replaceWith(part(`verdict-${state}`));
  fillHtml(node, "stem", question.stem);
  fillHtml(node, "context", question.context);
  fillHtml(node, "explanation", question.explanation);
  node.querySelector(".because").hidden = question.explanation === "";
  const choices = node.querySelector(".choices");
  choices.classList.toggle("several", several);
  choices.append(...order.map((each, place) => settled(question.choices[each], place)));
  fill(node, { certainty: certainty ? `You said: ${SURE[certainty]}.` : "" });
  fill(node, { "as-of": question.as_of ? `As of ${question.as_of}; things may have changed since.` : "" });
  const next = node.querySelector("[data-do=next]");
  next.value = position;
  next.textContent = sessions.nextPosition(session, position) ? "Next question" : "See the result";
  const passages = sessions.passagesFor(session, question);
  const aside = node.querySelector(".passage");
  if (passages.length > 0) aside.append(...passages.map(passageNote));
  else aside.remove();
  showAndFocus(`${STEPS[state]} · Question ${position} · ${session.title}`, node);

  function settled(each, place) {
    const isChosen = places.includes(place);
    return settledChoice(place, each, isChosen, isChosen || (several && each.is_key));
  }
}

const SURE = { 1: "a guess", 2: "fairly sure", 3: "certain" };

function passageNote({ ordinal, heading, note, article, url }) {
  const node = fill(part("passage"), { ordinal: `Where it stands · passage ${ordinal}` });
  fillHtml(node, "heading", heading);
  fillHtml(node, "note", note);
  const link = node.querySelector("a");
  link.textContent = article;
  if (url) link.href = url;
  else link.removeAttribute("href");
  return node;
}

// The result

async function result() {
  const node = part("result");
  const states = session.items.map((_, index) => sessions.stateAt(session, index + 1));
  const right = states.filter((state) => state === "right").length;
  const answered = Object.keys(session.given).length;
  bar(node, states, null);
  fill(node, { title: session.title, right: String(right), answered: `of ${answered} right` });
  const skipped = states.length - answered;
  const again = node.querySelector("[data-do=skipped-again]");
  again.hidden = skipped === 0;
  node.querySelector(".answers").append(...states.map(answerLine));
  showAndFocus(`Result · ${session.title}`, node);
}

function answerLine(state, index) {
  const { question } = session.items[index];
  const node = part("answer");
  node.querySelector("[data-state]").replaceWith(part(`state-${state === "open" ? "skipped" : state}`));
  fillHtml(node, "stem", question.stem);
  const isMissed = state === "missed" || state === "partly";
  node.querySelector("dl").hidden = !isMissed;
  const keys = question.choices.filter((each) => each.is_key).map((each) => each.text);
  if (isMissed) fillHtml(node, "key", keys.join("; "));
  return node;
}
