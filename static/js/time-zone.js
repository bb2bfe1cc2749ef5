// Forms with data-zone-form have times and a select of their zone. Where data-zone-unset says that
// nobody chose one yet, it is the browser's, and times that came with data-utc are shown in it.

export function start(document) {
  for (const form of document.querySelectorAll("form[data-zone-form][data-zone-unset]")) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone || !choose(form.elements.zone, zone)) continue;
    const kept = [...form.querySelectorAll("input[data-utc]")].filter((input) => input.dataset.utc);
    for (const input of kept) input.value = local(new Date(input.dataset.utc));
    if (kept.length > 0) form.dispatchEvent(new Event("input"));
  }
}

function choose(select, zone) {
  select.value = zone;
  return select.value === zone;
}

function local(moment) {
  const [year, month, day, hour, minute] = [
    moment.getFullYear(),
    moment.getMonth() + 1,
    moment.getDate(),
    moment.getHours(),
    moment.getMinutes(),
  ].map((number) => String(number).padStart(2, "0"));
  return `${year}-${month}-${day}T${hour}:${minute}`;
}
