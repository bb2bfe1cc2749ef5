// In a table[data-review] a row is shown from its first ticked box on: ticking one ticks those
// after it, clearing one clears those before it.

export function start(document) {
  for (const table of document.querySelectorAll("table[data-review]")) {
    table.addEventListener("change", ({ target }) => follow(target));
  }
}

function follow(box) {
  const row = [...box.closest("tr").querySelectorAll("input[type=checkbox]")];
  const place = row.indexOf(box);
  const others = box.checked ? row.slice(place + 1) : row.slice(0, place);
  for (const other of others) {
    if (!other.disabled) other.checked = box.checked;
  }
}
