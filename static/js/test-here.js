// A form[data-test-here] begins a test of one passage. Its questions are asked, answered and
// explained below the passage; the pages they come from are those of any practice.

const PATIENCE_MS = 20_000;
const PARTS = ".asking .question, .score"; // the note itself stands right above

export function start(document) {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-test-here]")) return;
    event.preventDefault();
    begin(document, event.target);
  });
}

function begin(document, form) {
  for (const other of document.querySelectorAll("[data-test-place]:not([hidden])")) close(other);
  const place = form.closest("[data-passage]").querySelector("[data-test-place]");
  if (!place.dataset.listens) listen(place, form);
  const body = new URLSearchParams(new FormData(form));
  body.set("start_key", `${body.get("start_key")}-${Date.now().toString(36)}`);
  load(place, { url: form.action, body, leave: () => form.submit() });
}

// What happens within the place stays there: the page's own scripts would change the whole page.
function listen(place, form) {
  place.dataset.listens = "yes";
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const { target, submitter } = event;
    const url = submitter?.hasAttribute("formaction") ? submitter.formAction : target.action;
    const body = new URLSearchParams(new FormData(target, submitter));
    load(place, { url, body, leave: () => target.submit() });
  });
  place.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) {
      close(place);
      form.querySelector("button").focus();
    }
    const link = event.target.closest("a[data-in-place]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    load(place, { url: link.href, leave: () => location.assign(link.href) });
  });
}

function close(place) {
  place.replaceChildren();
  place.hidden = true;
}

async function load(place, { url, body, leave }) {
  if (place.ariaBusy === "true") return;
  place.ariaBusy = "true";
  try {
    const method = body ? "POST" : "GET";
    const response = await fetch(url, { method, body, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.status === 429 || response.status >= 500) throw new Error(`${response.status}`);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const parts = page.querySelectorAll(PARTS);
    if (parts.length) show(place, page, parts);
    else leave();
  } catch {
    say(place);
  } finally {
    place.ariaBusy = "false";
  }
}

function show(place, page, parts) {
  const isOver = page.querySelector(".score") !== null;
  place.replaceChildren(head(page), ...[...parts].map(fitted), ...(isOver ? [closing()] : []));
  place.hidden = false;
  if (isOver) bringUpToDate(place.closest("[data-passage]"));
  document.dispatchEvent(new CustomEvent("page:replaced"));
  const target = place.querySelector("[data-focus]") ?? place;
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  place.scrollIntoView({ block: "nearest" });
}

function head(page) {
  const line = document.createElement("p");
  line.className = "crumb quiet";
  line.append(page.querySelector(".attempt-head .nowrap")?.textContent ?? "Test yourself");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button";
  button.dataset.close = "";
  button.textContent = "Close";
  line.append(button);
  return line;
}

function closing() {
  const actions = document.createElement("div");
  actions.className = "actions";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.dataset.close = "";
  button.textContent = "Back to the notes";
  actions.append(button);
  return actions;
}

// What the page says of the passage's answers.
async function bringUpToDate(section) {
  try {
    const response = await fetch(location.pathname, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const said = page.getElementById(section.id)?.querySelector(".standing");
    if (said) section.querySelector(".standing")?.replaceWith(document.adoptNode(said));
    for (const link of document.querySelectorAll(`[data-passage-link="${section.id}"]`)) {
      const fresh = page.querySelector(`[data-passage-link="${section.id}"]`);
      if (fresh) link.replaceChildren(...document.importNode(fresh, true).childNodes);
    }
  } catch {
    return; // no network: it is said when the page is loaded again
  }
}

// A part of another page: its headings go below those of the passage.
function fitted(part) {
  const fit = document.adoptNode(part);
  for (const heading of fit.querySelectorAll("h1, h2")) {
    const lower = document.createElement("h3");
    for (const { name, value } of heading.attributes) lower.setAttribute(name, value);
    lower.append(...heading.childNodes);
    heading.replaceWith(lower);
  }
  if (fit.matches(".score")) fit.querySelector(".actions")?.remove();
  for (const elsewhere of fit.querySelectorAll("p.quiet:has(a), .recall")) elsewhere.remove();
  return fit;
}

function say(place) {
  const status = document.querySelector("[data-status]");
  const text = place.hidden ? "The questions did not come. Try again." : "Not sent. Try again.";
  status.replaceChildren(text);
  setTimeout(() => {
    if (status.textContent === text) status.replaceChildren();
  }, PATIENCE_MS / 2);
}
