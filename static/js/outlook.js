// A form[data-outlook] says beside itself what it comes to. The server works that out from the
// form as it stands; without an answer the button for it comes back.

const PAUSE_MS = 400;
const PATIENCE_MS = 10_000;

export function start(document) {
  for (const form of document.querySelectorAll("form[data-outlook]")) watch(form);
}

function watch(form) {
  const button = form.querySelector("[data-without-script]");
  let timer = 0;
  let latest = 0;
  button.hidden = true;

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE_MS);
  });

  async function refresh() {
    const mine = ++latest;
    const part = await fetched(form);
    if (mine !== latest) return;
    button.hidden = part !== null;
    if (part) show(form, part);
  }
}

async function fetched(form) {
  try {
    const response = await fetch(form.dataset.outlook, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html").body;
  } catch {
    return null;
  }
}

function show(form, part) {
  const target = form.querySelector("[data-outlook-target]");
  const before = target.querySelector("[data-outlook-said]")?.textContent;
  target.replaceChildren(...part.childNodes);
  const now = target.querySelector("[data-outlook-said]")?.textContent ?? "";
  if (now !== before) form.querySelector("[data-outlook-status]").textContent = now;
}
