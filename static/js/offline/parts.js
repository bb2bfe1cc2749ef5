// Parts of the offline page, from its <template> elements. What comes as HTML was rendered and
// made safe by the server.

const LETTERS = "ABCDEFGHIJKL";

export function part(name) {
  const template = document.querySelector(`template[data-part="${name}"]`);
  return template.content.cloneNode(true);
}

// Text for each [data-slot]; a slot without text is hidden.
export function fill(node, texts) {
  for (const [name, text] of Object.entries(texts)) {
    const slot = node.querySelector(`[data-slot="${name}"]`);
    slot.textContent = text;
    slot.hidden = text === "";
  }
  return node;
}

export function fillHtml(node, name, html) {
  const slot = node.querySelector(`[data-slot="${name}"]`);
  slot.innerHTML = html;
  slot.hidden = html === "";
}

export function choice(place, html, several) {
  const node = part("choice");
  const input = node.querySelector("input");
  input.type = several ? "checkbox" : "radio";
  input.id = `choice-${place}`;
  input.value = place;
  letter(node, place, html);
  return node;
}

export function settledChoice(place, { text, is_key, feedback }, isChosen, withFeedback) {
  const name = `settled${is_key ? "-key" : ""}${isChosen ? "-chosen" : ""}`;
  const node = part(name);
  letter(node, place, text);
  const words = node.querySelector(".feedback");
  if (withFeedback && feedback) words.innerHTML = feedback;
  else words.remove();
  return node;
}

function letter(node, place, html) {
  node.querySelector(".letter").textContent = LETTERS[place];
  node.querySelector(".letter + span").innerHTML = html;
}

export function bar(node, states, now) {
  const steps = states.map((state, index) => {
    const step = document.createElement("i");
    step.className = index + 1 === now ? "now" : state;
    return step;
  });
  const words = { right: "right", partly: "partly right", missed: "missed", skipped: "skipped" };
  const counted = Object.entries({ ...words, open: "to go" })
    .map(([state, word]) => [states.filter((each) => each === state).length, word])
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  const place = node.querySelector(".progress");
  place.classList.toggle("many", states.length > 30);
  place.ariaLabel = counted.join(", ");
  place.replaceChildren(...steps);
}
