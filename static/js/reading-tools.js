// Text size, contrast and theme take hold at once and are kept by the server in the background.

import { setShortcuts, shortcutsAreOn } from "./shortcuts.js";

export function start(document) {
  prepare(document);
  document.addEventListener("page:replaced", () => prepare(document));
  document.addEventListener("change", (event) => {
    const tools = event.target.closest("[data-reading-tools]");
    if (!tools) return;
    if (event.target.closest("[data-shortcuts]")) setShortcuts(event.target.checked);
    else apply(event.target);
  });
  document.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-reading-tools]")) close(document);
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") close(document)?.querySelector("summary").focus();
  });
}

function prepare(document) {
  document.querySelector("[data-apply]").hidden = true;
  const keys = document.querySelector("[data-shortcuts]");
  keys.hidden = false;
  keys.querySelector("input").checked = shortcutsAreOn();
}

function apply(control) {
  document.documentElement.dataset[control.name] = control.value;
  const { action, method } = control.form;
  const body = new URLSearchParams(new FormData(control.form));
  // A lost request costs a setting on the next page, no more: nothing to tell the reader now.
  fetch(action, { method, body, redirect: "manual", keepalive: true }).catch(() => {});
}

function close(document) {
  const open = document.querySelector("[data-reading-tools][open]");
  open?.removeAttribute("open");
  return open;
}
