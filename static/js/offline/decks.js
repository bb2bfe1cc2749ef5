// The decks that this browser keeps, and the reviews that fall due in them: taken, renewed, given
// up; and what happens to them when the account changes.

import { accountHere, deliver } from "./delivery.js";
import { all, destroy, put, remove, waiting } from "./store.js";

const RENEWED_AFTER_MS = 3600 * 1000;
const LONGEST_KEPT_MS = 90 * 24 * 3600 * 1000;
const USED = "offline";
const UNSURE = "unsure";
const LEFT = " left"; // behind the tag of a session that nobody can go on with
const NOTHING_IN_IT = { is_kept_back: true, questions: [], passages: {}, kept_at: 0 };
const KEEPS = "keeps"; // a cookie, so that the server clears this browser where no script does

export function isPossible() {
  return isSecureContext && "serviceWorker" in navigator && "indexedDB" in globalThis;
}

export async function register() {
  if (isPossible()) await navigator.serviceWorker.register("/service-worker.js");
}

// Until it is clear whose browser this is now, nothing that is kept is shown.
export function isUnsure() {
  return localStorage.getItem(USED) === UNSURE;
}

export function becomeUnsure() {
  localStorage.setItem(USED, UNSURE);
}

// Whose data are shown: those of the account that was last seen here.
export async function owner() {
  return (await all("about")).find(({ name }) => name === "owner")?.tag ?? null;
}

export async function keptDecks() {
  const tag = await owner();
  const decks = await all("decks");
  return decks.filter((deck) => deck.tag === tag);
}

// Say who is signed in: what is kept of another account goes, but for answers on their way.
export async function claim(tag) {
  localStorage.setItem(USED, "used");
  document.cookie = `${KEEPS}=1; path=/; samesite=lax; max-age=${LONGEST_KEPT_MS / 1000}`;
  if (tag === null) return; // signed out without meaning to, perhaps: nothing is lost for that
  const [decks, about] = [await all("decks"), await all("about")];
  await remove("decks", keysOf(decks.filter((deck) => deck.tag !== tag), "slug"));
  await remove("about", keysOf(about.filter((each) => each.tag !== tag), "name"));
  await put("about", { tag, name: "owner" });
  await tidy(tag);
}

function keysOf(records, field) {
  return records.map((record) => [record.tag, record[field]]);
}

// Sessions of another account, or long over, stay only as long as answers of theirs wait.
async function tidy(tag) {
  const answers = await waiting();
  const old = answers.filter(({ made }) => Date.now() - made > LONGEST_KEPT_MS);
  await remove("answers", old.map(({ id }) => id));
  const awaited = new Set(answers.map(({ session }) => session));
  const over = (await all("sessions")).filter(
    (session) => !awaited.has(session.key) && (session.tag !== tag || isOver(session)),
  );
  await remove("sessions", over.map(({ key }) => key));
}

export function isOver(session) {
  return Object.keys(session.given).length === session.items.length;
}

export async function keep(slug) {
  await register();
  let account = await accountHere();
  if (account.tag === null) {
    const headers = { "X-CSRFToken": account.token };
    account = await accountHere({ method: "POST", headers });
  }
  await claim(account.tag);
  await take(account.tag, slug);
  await renewReviews(account.tag);
  await navigator.storage?.persist?.();
}

export async function giveUp(slug) {
  const tag = await owner();
  await remove("decks", [[tag, slug]]);
}

// What may not be kept any more goes, keys and all, whoever is signed in now. Of a deck that graded
// work keeps back the name stays, so that it comes again by itself.
async function letGo({ offered, kept_back: keptBack }) {
  for (const deck of await all("decks")) {
    if (keptBack.includes(deck.slug)) await put("decks", { ...deck, ...NOTHING_IN_IT });
    else if (!offered.includes(deck.slug)) await remove("decks", [[deck.tag, deck.slug]]);
  }
  for (const session of await all("sessions")) {
    const decks = session.items.map(({ question }) => question.name.split("/")[0]);
    if (!decks.every((deck) => offered.includes(deck))) await put("sessions", withoutKeys(session));
  }
}

// As much of a session as sending its answers takes; nobody can go on with it.
function withoutKeys(session) {
  const items = session.items.map(({ question: { name, version }, order }) => ({
    question: { name, version },
    order,
  }));
  return { ...leftBehind(session), items, passages: {} };
}

// Out of sight, until its answers are delivered and it goes.
export function leftBehind(session) {
  return { ...session, tag: `${tagOf(session)}${LEFT}` };
}

export function tagOf({ tag }) {
  return tag.endsWith(LEFT) ? tag.slice(0, -LEFT.length) : tag;
}

// False where the deck is not offered any more.
async function take(tag, slug) {
  const response = await fetch(`/decks/${encodeURIComponent(slug)}/offline`);
  if (response.status === 404) return false;
  if (!response.ok) throw new Error(`status ${response.status}`);
  const deck = await response.json();
  await put("decks", { ...deck, tag, kept_at: Date.now() });
  return true;
}

// Check whose browser this is, send what waits, let go what may not be kept, and bring the rest up
// to date: at most once an hour, unless it is asked for.
export async function renew({ always = false } = {}) {
  const account = await accountHere();
  const { tag, offered } = account;
  await claim(tag);
  const { left } = tag === null ? { left: 0 } : await deliver();
  await letGo(account);
  if (tag === null) return;
  const decks = (await keptDecks()).filter(({ slug }) => offered.includes(slug));
  const due = decks.filter((deck) => always || Date.now() - deck.kept_at > RENEWED_AFTER_MS);
  for (const { slug } of due) {
    if (!(await take(tag, slug))) await giveUp(slug);
  }
  if (left === 0 && (due.length > 0 || always)) await renewReviews(tag);
}

export async function renewReviews(tag) {
  const query = new URLSearchParams((await keptDecks()).map(({ slug }) => ["deck", slug]));
  const response = await fetch(`/offline/reviews?${query}`);
  if (!response.ok) throw new Error(`status ${response.status}`);
  await put("about", { tag, name: "reviews", done: [], ...(await response.json()) });
}

// Signing out: nothing stays.
export async function forgetEverything() {
  await destroy();
  for (const name of await caches.keys()) await caches.delete(name);
  const registrations = await navigator.serviceWorker.getRegistrations();
  await Promise.all(registrations.map((registration) => registration.unregister()));
  localStorage.removeItem(USED);
  document.cookie = `${KEEPS}=; path=/; max-age=0`;
}
