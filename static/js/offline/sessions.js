// Practice and review in the browser: drawing questions and orders, grading, what was answered.

import { isOver, keptDecks, leftBehind, owner, tagOf } from "./decks.js";
import { all, keepAnswer, one, put, remove } from "./store.js";

const REVIEW_SIZE = 20;

// Sessions that can be gone on with, the newest first.
export async function openSessions() {
  const tag = await owner();
  const sessions = (await all("sessions")).filter((each) => each.tag === tag && !isOver(each));
  return sessions.sort((one, other) => other.made - one.made);
}

export async function practise(deck) {
  const questions = shuffled(deck.questions);
  return begin({ mode: "practice", title: deck.title, deck: deck.slug }, questions, [deck]);
}

export async function review() {
  const due = await dueNow();
  return begin({ mode: "review", title: "Review", deck: null }, due, await keptDecks());
}

// What is due, in the order that the server worked out for this day, as far as its deck is kept.
export async function dueNow() {
  const now = Date.now();
  const tag = await owner();
  const reviews = tag && (await one("about", [tag, "reviews"]));
  if (!reviews) return [];
  const day = reviews.days.find(({ until }) => Date.parse(until) > now) ?? reviews.days.at(-1);
  const questions = new Map(
    (await keptDecks()).flatMap((deck) => deck.questions).map((each) => [each.name, each]),
  );
  return (day?.questions ?? [])
    .filter(({ name, due }) => Date.parse(due) <= now && !reviews.done.includes(name))
    .map(({ name }) => questions.get(name))
    .filter(Boolean)
    .slice(0, REVIEW_SIZE);
}

export async function asksCertainty() {
  return (await one("about", [await owner(), "reviews"]))?.asks_certainty ?? true;
}

// A session holds all that it asks: the deck may be renewed or removed meanwhile.
async function begin(what, questions, decks) {
  const tag = await owner();
  const earlier = (await openSessions()).filter(
    ({ mode, deck }) => mode === what.mode && deck === what.deck,
  );
  const awaited = new Set((await all("answers")).map(({ session }) => session));
  await remove("sessions", earlier.map(({ key }) => key).filter((key) => !awaited.has(key)));
  for (const session of earlier.filter(({ key }) => awaited.has(key))) {
    await put("sessions", leftBehind(session));
  }
  const session = {
    ...what,
    tag,
    key: `offline-${randomKey()}`,
    ...moment(),
    items: questions.map((question) => ({
      question,
      order: [...shuffled(question.free), ...question.last],
    })),
    passages: passagesOf(questions, decks),
    given: {},
    skipped: [],
  };
  await put("sessions", session);
  return session;
}

function passagesOf(questions, decks) {
  const found = {};
  for (const { name, passages } of questions) {
    const deck = decks.find(({ slug }) => name.startsWith(`${slug}/`));
    for (const slug of passages) found[`${deck.slug}/${slug}`] = deck.passages[slug];
  }
  return found;
}

export function passagesFor(session, question) {
  const [deck] = question.name.split("/");
  return question.passages.map((slug) => session.passages[`${deck}/${slug}`]);
}

// Whether all is there still that it takes to ask and explain: a deck may have been let go since.
export function isWhole({ items }) {
  return items.every(({ question }) => question.choices);
}

export async function isWholeStill({ key }) {
  const session = await one("sessions", key);
  return session !== null && isWhole(session);
}

// The next question nobody has dealt with, else the first that was skipped, else 0.
export function nextPosition(session, after) {
  const positions = session.items.map((_, index) => index + 1);
  const open = positions.filter((each) => !session.given[each]);
  const fresh = open.filter((each) => !session.skipped.includes(each));
  return fresh.find((each) => each > after) ?? fresh[0] ?? 0;
}

export async function answer(session, position, { places, certainty, elapsed_ms }) {
  const given = { session: session.key, position, places, certainty, elapsed_ms };
  const { name } = session.items[position - 1].question;
  return keepAnswer({ tag: tagOf(session), ...given, ...moment() }, (reviews) => ({
    ...reviews,
    done: [...reviews.done, name],
  }));
}

export async function skip(session, position) {
  if (!session.skipped.includes(position)) session.skipped.push(position);
  if (await isWholeStill(session)) await put("sessions", session);
  return session;
}

// As the server grades: (right picked - wrong picked) / number of keys, never below 0.
export function credit({ question, order }, places) {
  const picked = places.map((place) => question.choices[order[place]]);
  const right = picked.filter((choice) => choice.is_key).length;
  const keys = question.choices.filter((choice) => choice.is_key).length;
  return Math.max(0, (right - (picked.length - right)) / keys);
}

export function stateAt(session, position) {
  const given = session.given[position];
  if (!given) return session.skipped.includes(position) ? "skipped" : "open";
  const earned = credit(session.items[position - 1], given.places);
  if (earned === 1) return "right";
  return earned > 0 ? "partly" : "missed";
}

export function takesSeveral(question) {
  return question.choices.filter((choice) => choice.is_key).length > 1;
}

function moment() {
  return { made: Date.now(), origin: performance.timeOrigin, at: performance.now() };
}

function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function shuffled(values) {
  const mixed = [...values];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}
