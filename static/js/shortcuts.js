// Whether letters and digits act as shortcuts: a wish about this keyboard, so it stays in this browser.

const NAME = "shortcuts";

export function shortcutsAreOn() {
  try {
    return localStorage.getItem(NAME) !== "off";
  } catch {
    return true; // storage is refused: keep the usual behaviour
  }
}

export function setShortcuts(on) {
  try {
    localStorage.setItem(NAME, on ? "on" : "off");
  } catch {
    return; // storage is refused: nothing to remember it with
  }
}
