// A search field in [data-filter] leaves only those [data-filter-row] of its disclosure in view
// that have all of its words, and those that are ticked.

export function start(document) {
  for (const filter of document.querySelectorAll("[data-filter]")) {
    const list = filter.parentElement;
    const search = filter.querySelector("input");
    filter.hidden = false;
    search.addEventListener("input", () => narrow(list, search.value));
    // The field is no part of what is sent, and Enter is no wish to send it.
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }
}

function narrow(list, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const row of list.querySelectorAll("[data-filter-row]")) {
    const content = row.textContent.toLowerCase();
    const fits = words.every((word) => content.includes(word));
    if (fits) found += 1;
    row.hidden = !fits && !row.querySelector("input").checked;
  }
  for (const group of list.querySelectorAll("[data-filter-group]")) {
    group.hidden = !group.querySelector("[data-filter-row]:not([hidden])");
  }
  list.querySelector("[role=status]").textContent =
    words.length === 0 ? "" : found === 1 ? "1 question found" : `${found} questions found`;
}
