// What this browser keeps for studying without a network: decks, sessions, and answers that wait
// to be sent. Everything bears the tag of the account whose it is. Also part of the worker.

const DATABASE = "quizapp-offline";
const STORES = {
  decks: { keyPath: ["tag", "slug"] },
  sessions: { keyPath: "key" },
  answers: { keyPath: "id", autoIncrement: true },
  about: { keyPath: ["tag", "name"] },
};

let opening = null;

function opened() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES)) {
        request.result.createObjectStore(name, options);
      }
    };
    request.onsuccess = () => {
      const forget = () => {
        request.result.close();
        opening = null;
      };
      request.result.onversionchange = forget; // signing out takes the whole database away
      request.result.onclose = forget;
      resolve(request.result);
    };
    request.onerror = () => {
      opening = null;
      reject(request.error);
    };
  });
  return opening;
}

// All that `act` does is kept or none of it, and kept on the disk when this is over.
async function transacted(mode, act) {
  const database = await opened();
  return new Promise((resolve, reject) => {
    const work = database.transaction(Object.keys(STORES), mode, { durability: "strict" });
    let result = null;
    work.oncomplete = () => resolve(result);
    work.onabort = () => reject(work.error);
    act((name) => work.objectStore(name), (value) => (result = value));
  });
}

export function all(name) {
  return transacted("readonly", (store, give) => {
    store(name).getAll().onsuccess = ({ target }) => give(target.result);
  });
}

export function one(name, key) {
  return transacted("readonly", (store, give) => {
    store(name).get(key).onsuccess = ({ target }) => give(target.result ?? null);
  });
}

export function put(name, record) {
  return transacted("readwrite", (store) => store(name).put(record));
}

export function remove(name, keys) {
  return transacted("readwrite", (store) => {
    for (const key of keys) store(name).delete(key);
  });
}

// Emptied first: another tab may hold on to the database for a moment.
export async function destroy() {
  await transacted("readwrite", (store) => {
    for (const name of Object.keys(STORES)) store(name).clear();
  });
  (await opened()).close();
  opening = null;
  await new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(DATABASE);
    request.onsuccess = request.onerror = request.onblocked = resolve;
  });
}

// The answer and the session that it belongs to, together. The first answer to a question stands,
// whichever tab gives it: the session as it then is.
export function keepAnswer(answer, change) {
  return transacted("readwrite", (store, give) => {
    store("sessions").get(answer.session).onsuccess = ({ target }) => {
      const session = target.result;
      give(session);
      if (session.given[answer.position]) return;
      session.given[answer.position] = { places: answer.places, certainty: answer.certainty };
      store("sessions").put(session);
      store("answers").add(answer);
      store("about").get([answer.tag, "reviews"]).onsuccess = (event) => {
        const reviews = event.target.result;
        if (reviews) store("about").put(change(reviews));
      };
    };
  });
}

export async function waiting(tag = null) {
  const answers = await all("answers");
  return tag === null ? answers : answers.filter((answer) => answer.tag === tag);
}
