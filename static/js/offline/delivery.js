// Answers that wait are sent in the order in which they were given, by one tab or the worker at a
// time, and forgotten here when the server has said what became of them. Also part of the worker.

import { all, one, put, remove, waiting } from "./store.js";

const SEND_PATIENCE_MS = 15_000;
const SENT_AT_ONCE = 100;

export const CHANNEL = "quizapp-offline";

// How many answers of the account still wait, and why: "", "network", "signed-out" or "busy".
export async function deliver() {
  const send = () => sendAll();
  return globalThis.navigator.locks ? navigator.locks.request("offline-answers", send) : send();
}

async function sendAll() {
  let why = "";
  let tag = null;
  try {
    if ((await waiting()).length > 0) {
      const account = await accountHere();
      tag = account.tag;
      why = tag === null ? "signed-out" : await sendOwn(account);
    }
  } catch (error) {
    why = error.busy ? "busy" : "network";
  }
  const left = (await waiting(tag)).length;
  tell({ left, why });
  return { left, why };
}

async function sendOwn(account) {
  let { token } = account;
  let answers = (await waiting(account.tag)).slice(0, SENT_AT_ONCE);
  while (answers.length > 0) {
    let response = await post(account.tag, token, answers);
    if (response.status === 400) {
      token = (await accountHere()).token; // signed in or out meanwhile, in another tab
      response = await post(account.tag, token, answers);
    }
    if (response.status === 401 || response.status === 409) return "signed-out";
    if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { busy: true });
    await settle(account.tag, await response.json());
    answers = (await waiting(account.tag)).slice(0, SENT_AT_ONCE);
  }
  return "";
}

async function post(tag, token, answers) {
  const used = new Set(answers.map((answer) => answer.session));
  const sessions = (await all("sessions")).filter((session) => used.has(session.key));
  const body = {
    tag,
    sessions: sessions.map((session) => ({
      key: session.key,
      mode: session.mode,
      age_ms: ageOf(session),
      items: session.items.map(({ question, order }) => ({ version: question.version, order })),
    })),
    answers: answers.map((answer) => ({ ...answer, key: keyOf(answer), age_ms: ageOf(answer) })),
  };
  return fetch("/offline/answers", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    redirect: "error",
    signal: AbortSignal.timeout(SEND_PATIENCE_MS),
  });
}

async function settle(tag, { outcomes, refused }) {
  const done = Object.keys(outcomes).map((key) => Number(key.split("-")[1]));
  if (done.length === 0) throw Object.assign(new Error("nothing was taken"), { busy: true });
  if (Object.keys(refused).length > 0) {
    const known = (await one("about", [tag, "refused"]))?.words ?? [];
    await put("about", { tag, name: "refused", words: [...known, ...Object.values(refused)] });
  }
  await remove("answers", done);
}

function keyOf(answer) {
  return `answer-${answer.id}`;
}

// Within a page the clock that nobody can set; otherwise only the difference is of use.
function ageOf({ made, origin, at }) {
  const since = origin === performance.timeOrigin ? performance.now() - at : Date.now() - made;
  return Math.max(0, Math.round(since));
}

// Whose browser this is now, with a token that is good now.
export async function accountHere(options = {}) {
  const signal = AbortSignal.timeout(SEND_PATIENCE_MS);
  const response = await fetch("/offline/account", { redirect: "error", signal, ...options });
  if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { busy: true });
  return response.json();
}

export function tell(state) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(state);
  channel.close();
}
