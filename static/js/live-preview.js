// While the text of a form with data-draft is written, it is saved and checked at the address
// that the attribute holds; what comes back takes the place of [data-preview].

const PAUSE_MS = 700;
const RETRY_MS = 3_000;
const PATIENCE_MS = 20_000;

export function start(document) {
  attach(document);
  document.addEventListener("page:replaced", () => attach(document));
}

function attach(document) {
  const form = document.querySelector("form[data-draft]");
  if (form && !form.dataset.attached) {
    form.dataset.attached = "";
    new Editor(form).start();
  }
}

class Editor {
  constructor(form) {
    this.form = form;
    this.text = form.querySelector("textarea");
    this.frame = form.querySelector("[data-editor]");
    this.gutter = form.querySelector("[data-gutter]");
    this.preview = form.querySelector("[data-preview]");
    this.status = form.querySelector("[data-draft-status]");
    this.kept = this.written();
    this.timer = 0;
    this.underWay = false;
    this.leaving = false;
    this.waiting = null;
  }

  start() {
    this.markLines();
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.preview.addEventListener("click", (event) => this.jump(event));
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.written() !== this.kept) event.preventDefault();
    });
  }

  written() {
    return `${this.form.elements.name?.value ?? ""}\n${this.text.value}`;
  }

  changed() {
    this.numberLines();
    if (this.written() === this.kept) return;
    this.say("");
    this.later(PAUSE_MS);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  // A form that is sent while a save is under way would be taken for another tab's: it waits.
  submitted(event) {
    clearTimeout(this.timer);
    if (this.underWay) {
      event.preventDefault();
      this.waiting = event.submitter;
      return;
    }
    this.leaving = true;
  }

  async send() {
    if (this.underWay || this.leaving) return;
    this.underWay = true;
    const sent = this.written();
    try {
      await this.exchange(sent);
    } catch {
      this.say("Not saved, retrying");
      this.later(RETRY_MS);
    } finally {
      this.underWay = false;
    }
    if (this.waiting) this.form.requestSubmit(this.waiting);
    else if (this.written() !== sent) this.later(PAUSE_MS);
  }

  async exchange(sent) {
    const response = await fetch(this.form.dataset.draft, {
      method: "POST",
      body: new FormData(this.form),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.status === 429 || response.status >= 500) throw new Error(`${response.status}`);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!page.querySelector("input[name=seen]")) {
      this.say("Not saved. Copy your text, then load the page again.");
      return;
    }
    if (response.status === 409) {
      this.say("Not saved: the draft was saved elsewhere. Look beside the text.");
    } else if (response.ok) {
      this.kept = sent;
      this.say(`Saved ${timeOfDay()}`);
    } else {
      this.say("Not saved: the file needs a name and a text.");
    }
    this.show(page, response.status === 409);
  }

  // After a conflict the old stamp stays: only the button, pressed knowingly, replaces the other.
  show(page, isConflict) {
    const seen = this.form.elements.seen.value;
    const open = new Map();
    for (const part of this.preview.querySelectorAll("details[data-stays]")) {
      open.set(part.dataset.stays, part.open);
    }
    this.preview.replaceChildren(...page.body.childNodes);
    for (const part of this.preview.querySelectorAll("details[data-stays]")) {
      part.open = open.get(part.dataset.stays) ?? part.open;
    }
    if (isConflict) this.holdBack(seen);
    this.markLines();
  }

  holdBack(seen) {
    const field = this.form.elements.seen;
    const fresh = field.value;
    field.value = seen;
    for (const button of this.form.querySelectorAll("button[type=submit]")) {
      button.addEventListener("click", () => { field.value = fresh; }, { once: true });
    }
  }

  numberLines() {
    const lines = this.text.value.split("\n").length;
    this.text.rows = lines;
    while (this.gutter.children.length > lines) this.gutter.lastElementChild.remove();
    while (this.gutter.children.length < lines) {
      const line = document.createElement("span");
      line.textContent = this.gutter.children.length + 1;
      line.id = `line-${line.textContent}`;
      this.gutter.append(line);
    }
  }

  markLines() {
    for (const line of this.gutter.querySelectorAll("[class]")) line.removeAttribute("class");
    for (const kind of ["warning", "error"]) {
      for (const link of this.preview.querySelectorAll(`.findings > .${kind} [data-line]`)) {
        this.gutter.children[link.dataset.line - 1]?.setAttribute("class", kind);
      }
    }
  }

  jump(event) {
    const link = event.target.closest("a[data-line]");
    if (!link) return;
    event.preventDefault();
    const lines = this.text.value.split("\n");
    const number = Math.min(Number(link.dataset.line), lines.length);
    const start = lines.slice(0, number - 1).reduce((length, line) => length + line.length + 1, 0);
    this.text.focus({ preventScroll: true });
    this.text.setSelectionRange(start, start + lines[number - 1].length);
    this.text.scrollLeft = 0;
    const line = this.gutter.children[number - 1];
    this.frame.scrollTop = line.offsetTop - this.frame.offsetTop - this.frame.clientHeight / 3;
    this.frame.scrollIntoView({ block: "nearest" });
  }

  say(words) {
    this.status.textContent = words;
  }
}

function timeOfDay() {
  const language = document.documentElement.lang;
  return new Date().toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
}
