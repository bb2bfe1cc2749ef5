// Answers that have not reached the server yet, kept in this browser until they have: places of
// choices and nothing else of a question. Each is an item of its own, so that tabs need not agree.

const PREFIX = "answer:";
const LONGEST_KEPT_MS = 60 * 24 * 3600 * 1000; // twice the longest time limit
const inMemory = new Map(); // for browsers that refuse to store: lost with the page, no sooner

let lastMade = 0;

export function add(exam, answer) {
  lastMade = Math.max(lastMade + 1, Date.now());
  const entry = {
    ...answer,
    key: randomKey(),
    made: lastMade,
    origin: performance.timeOrigin,
    at: performance.now(),
  };
  write(`${PREFIX}${exam}:${String(lastMade).padStart(15, "0")}-${entry.key}`, entry);
  return entry;
}

export function pending(exam) {
  return names(`${PREFIX}${exam}:`).map(read).filter(Boolean);
}

export function exams() {
  return [...new Set(names(PREFIX).map((name) => name.split(":")[1]))];
}

export function remove(exam, keys) {
  for (const name of names(`${PREFIX}${exam}:`)) {
    if (keys.some((key) => name.endsWith(`-${key}`))) forget(name);
  }
}

export function clear() {
  names(PREFIX).forEach(forget);
}

export function prune() {
  for (const name of names(PREFIX)) {
    if (Date.now() - (read(name)?.made ?? 0) > LONGEST_KEPT_MS) forget(name);
  }
}

// Within a page the clock that nobody can set; after a reload only the difference is of use.
export function ageOf(entry) {
  const sinceThen =
    entry.origin === performance.timeOrigin
      ? performance.now() - entry.at
      : Date.now() - entry.made;
  return Math.max(0, Math.round(sinceThen));
}

function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function names(prefix) {
  let stored = [];
  try {
    stored = Object.keys(localStorage);
  } catch {
    // storage is refused
  }
  return [...stored, ...inMemory.keys()].filter((name) => name.startsWith(prefix)).sort();
}

function write(name, entry) {
  try {
    localStorage.setItem(name, JSON.stringify(entry));
  } catch {
    inMemory.set(name, entry);
  }
}

function read(name) {
  if (inMemory.has(name)) return inMemory.get(name);
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function forget(name) {
  inMemory.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // storage is refused
  }
}
