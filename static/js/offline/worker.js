// The service worker: keeps the shell of this release, answers with the page for studying offline
// where there is no network, and sends what waits. ABOUT says which release and which files.

import { deliver } from "./delivery.js";

const CACHE = `shell-${ABOUT.release}`;
const [OFFLINE_PAGE, ...SHELL_FILES] = ABOUT.shell;
const PATIENCE_WITH_PAGE_MS = 4000;

// What is graded, taught or private is left alone altogether.
const LEFT_ALONE = /^\/(graded|assignments|teach|account|classes|join|links|sign-)/;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (SHELL_FILES.includes(url.pathname)) event.respondWith(fromShell(request));
  else if (request.mode === "navigate" && !LEFT_ALONE.test(url.pathname)) {
    event.respondWith(url.pathname === OFFLINE_PAGE ? offlinePage(request) : page(request));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "answers") event.waitUntil(deliverOrAskAgain());
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(ABOUT.shell);
  await self.skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function fromShell(request) {
  return (await kept(request)) ?? fetch(request);
}

function kept(request) {
  return caches.match(request, { cacheName: CACHE, ignoreVary: true });
}

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await kept(OFFLINE_PAGE);
    if (!found) throw error;
    return found;
  }
}

async function offlinePage(request) {
  const fresh = freshPage(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_WITH_PAGE_MS));
  const first = await Promise.race([fresh.catch(() => null), late]);
  return first ?? (await kept(OFFLINE_PAGE)) ?? fresh;
}

// Kept only with the files that it asks for: another release brings its own.
async function freshPage(request) {
  const response = await fetch(request);
  const html = await response.clone().text();
  if (response.ok && html.includes(`/static/${ABOUT.release}/`)) {
    await (await caches.open(CACHE)).put(OFFLINE_PAGE, response.clone());
  }
  return response;
}

async function deliverOrAskAgain() {
  const { left, why } = await deliver();
  if (left > 0 && why !== "signed-out") throw new Error(why); // the browser tries again later
}
