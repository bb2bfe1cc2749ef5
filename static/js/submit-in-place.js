// Forms and links with data-in-place change the page without a reload. The server answers as it
// always does; the parts marked data-swap are taken over from its response.

const PATIENCE_MS = 20_000;
const SLOW_MS = 2000;
const TOLD_MS = 3000;

let underWay = false;
let shownUrl = "";
let forgetting = 0;

export function start(document) {
  shownUrl = withoutHash(location.href);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-in-place][method=post]")) return;
    event.preventDefault();
    submit(event.target, event.submitter);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-in-place]");
    if (!link || event.defaultPrevented || opensElsewhere(event)) return;
    event.preventDefault();
    follow(link);
  });
  window.addEventListener("popstate", () => {
    if (withoutHash(location.href) !== shownUrl) location.reload();
  });
}

function follow(link) {
  send({
    url: link.href,
    options: {},
    trigger: link,
    again: () => follow(link),
    leave: () => location.assign(link.href),
  });
}

function submit(form, submitter) {
  send({
    url: submitter?.hasAttribute("formaction") ? submitter.formAction : form.action,
    options: { method: "POST", body: bodyOf(form, submitter) },
    trigger: submitter ?? form.querySelector("button"),
    again: () => submit(form, submitter),
    leave: () => {
      delete form.dataset.inPlace;
      form.requestSubmit(submitter);
    },
  });
}

function bodyOf(form, submitter) {
  const data = new FormData(form, submitter);
  return form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
}

async function send(request) {
  if (underWay) return;
  underWay = true;
  request.trigger?.setAttribute("aria-disabled", "true");
  const slow = setTimeout(sayThatItTakesTime, SLOW_MS);
  try {
    const response = await fetch(request.url, {
      ...request.options,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (isBusy(response)) throw new Error(`status ${response.status}`);
    show(new DOMParser().parseFromString(await response.text(), "text/html"), response, request);
  } catch {
    offerRetry(request);
  } finally {
    underWay = false;
    clearTimeout(slow);
    request.trigger?.removeAttribute("aria-disabled");
  }
}

function isBusy(response) {
  return response.status === 429 || response.status >= 500;
}

function show(page, response, request) {
  if (!page.querySelector("[data-swap=main]")) {
    request.leave();
    return;
  }
  for (const eager of page.querySelectorAll("[autofocus]")) eager.removeAttribute("autofocus");
  for (const part of document.querySelectorAll("[data-swap]")) {
    const fresh = page.querySelector(`[data-swap=${part.dataset.swap}]`);
    if (fresh) part.replaceWith(document.adoptNode(fresh));
  }
  say("");
  tell(document.querySelectorAll("main > .flash"));
  document.title = page.title;
  remember(response, request);
  document.dispatchEvent(new CustomEvent("page:replaced"));
  scrollTo(0, 0);
  moveFocus();
}

function remember(response, request) {
  const isOwnAddress = response.redirected || !request.options.body;
  if (!isOwnAddress) return;
  const url = withoutHash(response.url);
  if (url !== shownUrl) history.pushState(null, "", url);
  shownUrl = url;
}

function moveFocus() {
  const own = document.querySelector("[data-focus]") ?? document.querySelector("main h1");
  const target = own ?? document.getElementById("main");
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  // On a page of many questions it may be far below.
  if (target.getBoundingClientRect().top > innerHeight / 2) target.scrollIntoView({ block: "center" });
}

function offerRetry(request) {
  const retry = document.createElement("button");
  retry.className = "button small";
  retry.textContent = "Try again";
  retry.addEventListener("click", request.again);
  const isForm = Boolean(request.options.body);
  const hadFocus = statusHasFocus();
  say(isForm ? "Not sent. Your answer is kept here." : "The page did not come.", retry);
  if (hadFocus) retry.focus();
}

function sayThatItTakesTime() {
  if (!statusHasFocus()) say("The connection is slow. Still waiting …");
}

function statusHasFocus() {
  return document.querySelector("[data-status]").contains(document.activeElement);
}

function say(text, ...controls) {
  const status = document.querySelector("[data-status]");
  status.replaceChildren(...(text ? [text] : []), ...controls);
}

// What came with the page is not heard by itself: a region is, when it is there already. It is
// emptied again, so that nobody who reads on meets the same twice.
function tell(flashes) {
  const words = [...flashes].map((flash) => flash.firstElementChild ?? flash);
  const told = document.querySelector("[data-told]");
  told.textContent = words.map((each) => each.textContent).join(" ");
  clearTimeout(forgetting);
  forgetting = setTimeout(() => (told.textContent = ""), TOLD_MS);
}

function opensElsewhere(event) {
  return event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}

function withoutHash(url) {
  return url.split("#")[0];
}
