// <time data-local datetime="..."> is written in the viewer's zone; data-local="date" drops the
// hour.

export function start(document) {
  localise(document);
  document.addEventListener("page:replaced", () => localise(document));
}

function localise(document) {
  const language = document.documentElement.lang;
  const day = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  for (const time of document.querySelectorAll("time[data-local]")) {
    const format = time.dataset.local === "date" ? day : moment;
    time.textContent = format.format(new Date(time.dateTime));
  }
}
