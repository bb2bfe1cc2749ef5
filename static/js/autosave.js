// Each choice in a graded attempt is saved as it is made. What cannot be sent waits in this
// browser (see answer-queue.js) and is sent in order, by whichever tab gets to it.

import * as queue from "./answer-queue.js";
import { inView } from "./elapsed.js";

const PATIENCE_MS = 4000;
const LONGEST_PAUSE_MS = 15_000;
const TOLD_OF_LOSS = "told";

const AT_ONCE = 100;

const pauses = new Map();
const retries = new Map();
let said = "";

export function start(document) {
  noteEarly(document);
  prepare(document);
  document.addEventListener("page:replaced", () => prepare(document));
  document.addEventListener("change", (event) => note(document, event.target));
  document.addEventListener("submit", (event) => beforeLeaving(document, event), true);
  document.addEventListener("visibilitychange", () => document.hidden || deliverAll(document));
  window.addEventListener("online", () => deliverAll(document));
}

function prepare(document) {
  queue.prune();
  const exam = examOf(document);
  if (exam) {
    say(document, said);
    queue.pending(exam.id).forEach((answer) => show(document, answer));
  }
  deliverAll(document);
}

function examOf(document) {
  const head = document.querySelector("[data-exam]");
  return head && { id: head.dataset.exam, head };
}

function note(document, control) {
  const question = control.closest("[data-question]");
  const exam = examOf(document);
  if (!exam || !question) return;
  const checked = [...question.querySelectorAll("input:checked")];
  const isAlone = document.querySelectorAll("[data-question]").length === 1;
  queue.add(exam.id, {
    position: Number(question.dataset.question),
    choices: checked.filter(isChoice).map((input) => Number(input.value)),
    certainty: Number(checked.find((input) => !isChoice(input))?.value) || null,
    elapsed_ms: isAlone ? Math.round(inView()) : null,
  });
  pauses.delete(exam.id);
  deliver(document, exam.id);
}

// What was chosen before this script was there. On a reload the browser may have put back choices
// of its own accord, older than what another device has saved since.
function noteEarly(document) {
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") return;
  for (const question of document.querySelectorAll("[data-question]")) {
    const inputs = [...question.querySelectorAll("input[type=radio], input[type=checkbox]")];
    const changed = inputs.find((input) => input.checked !== input.defaultChecked);
    if (changed) note(document, changed);
  }
}

function isChoice(input) {
  return input.name.startsWith("choice");
}

// The page comes from the server, which does not know yet what waits here.
function show(document, { position, choices, certainty }) {
  const question = document.querySelector(`[data-question="${position}"]`);
  for (const input of question?.querySelectorAll("input[type=radio], input[type=checkbox]") ?? []) {
    const value = Number(input.value);
    input.checked = isChoice(input) ? choices.includes(value) : value === certainty;
  }
}

function deliverAll(document) {
  for (const id of queue.exams()) deliver(document, id);
}

// One tab at a time, so that answers come in order.
async function deliver(document, id) {
  clearTimeout(retries.get(id));
  const send = () => sendAll(document, id);
  try {
    await (navigator.locks ? navigator.locks.request(`answers:${id}`, send) : send());
    pauses.delete(id);
  } catch (error) {
    tell(document, id, error.words ?? "Not saved yet, retrying");
    retryLater(document, id);
  }
}

// On other pages one try is enough: the next page tries again.
function retryLater(document, id) {
  if (examOf(document)?.id !== id) return;
  const pause = Math.min(LONGEST_PAUSE_MS, Math.max(1000, 2 * (pauses.get(id) ?? 0)));
  pauses.set(id, pause);
  retries.set(id, setTimeout(() => deliver(document, id), pause));
}

async function sendAll(document, id) {
  let answers = queue.pending(id).slice(0, AT_ONCE);
  while (answers.length) {
    const told = await post(document, id, answers);
    const done = [...Object.keys(told.outcomes), ...told.refused];
    if (!done.length) throw new Error("no answer was taken");
    queue.remove(id, done);
    for (const answer of answers) settle(document, id, answer, told.outcomes[answer.key]);
    document.dispatchEvent(new CustomEvent("exam:clock", { detail: { ...told, id } }));
    tell(document, id, `Saved ${timeOf(document, told.now)}`);
    answers = queue.pending(id).slice(0, AT_ONCE);
  }
}

async function post(document, id, answers) {
  const url = `/graded/${id}/saves`;
  let response = await request(url, { method: "POST", ...bodyOf(document, answers) });
  if (response.status === 400) {
    await renewToken(document, id);
    response = await request(url, { method: "POST", ...bodyOf(document, answers) });
  }
  if (response.status === 404) throw new Refused();
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

class Refused extends Error {
  words = "Not saved: you are signed out here, or no longer in the class. Sign in again in another tab, or ask your teacher; your answers are kept.";
}

function bodyOf(document, answers) {
  const sent = answers.map((answer) => ({
    position: answer.position,
    choices: answer.choices,
    certainty: answer.certainty,
    elapsed_ms: answer.elapsed_ms,
    key: answer.key,
    age_ms: queue.ageOf(answer),
  }));
  const token = document.querySelector("input[name=csrf_token]")?.value ?? "";
  return {
    body: JSON.stringify({ answers: sent }),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
  };
}

// Signing in again in another tab voids the token of this page, and no answer is lost for that.
async function renewToken(document, id) {
  const response = await request(`/graded/${id}/clock`, {});
  if (response.status === 404) throw new Refused();
  const { token } = await response.json();
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = token;
}

function request(url, options) {
  return fetch(url, { ...options, redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
}

// What is saved need not be sent again with the form, where it might overwrite another tab's.
function settle(document, id, answer, outcome) {
  if (examOf(document)?.id !== id || outcome !== "kept") return;
  const question = document.querySelector(`[data-question="${answer.position}"]`);
  const shown = question?.querySelector("[data-shown]");
  if (shown) shown.value = answer.choices.join("-");
  const certainty = question?.querySelector("[data-certainty-shown]");
  if (certainty) certainty.value = answer.certainty ?? "";
  markStep(document, answer.position, answer.choices.length > 0);
}

function markStep(document, position, isAnswered) {
  const step = document.querySelector(`[data-step="${position}"]`);
  if (!step) return;
  const words = isAnswered ? "answered" : "not answered";
  step.className = `step ${words.replace(" ", "-")}`;
  step.querySelector(".sr-only").textContent = `Question ${position}, ${words}`;
}

function tell(document, id, words) {
  if (examOf(document)?.id !== id) return;
  said = words;
  say(document, words);
}

function say(document, words) {
  const place = document.querySelector("[data-saved]");
  if (!place || place.textContent === words) return;
  place.textContent = words;
  place.classList.toggle("is-trouble", words.startsWith("Not saved"));
}

function timeOf(document, moment) {
  const language = document.documentElement.lang;
  return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(moment));
}

// Nobody submits or signs out over answers that wait here without knowing it.
async function beforeLeaving(document, event) {
  const form = event.target;
  const isSubmission = form.matches("[data-submission]");
  const isSignOut = new URL(form.action).pathname === "/sign-out";
  if (!isSubmission && !isSignOut) return;
  if (waiting().length === 0) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await Promise.all(queue.exams().map((id) => deliver(document, id)));
  const left = waiting().length;
  if (left === 0 || (isSignOut && form.dataset.loss === TOLD_OF_LOSS)) {
    queue.clear();
    form.submit();
    return;
  }
  if (isSignOut) form.dataset.loss = TOLD_OF_LOSS;
  warn(document, left, isSubmission);
}

function waiting() {
  return queue.exams().flatMap((id) => queue.pending(id));
}

function warn(document, left, isSubmission) {
  const what = left === 1 ? "1 answer has" : `${left} answers have`;
  const mend = isSubmission
    ? "Stay on this page and submit when the connection is back."
    : "Sign out again to give them up.";
  document.querySelector("[data-status]").textContent = `${what} not reached the server yet. ${mend}`;
}
