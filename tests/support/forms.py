"""What a browser would send: the controls of a page's form with the values they came with."""

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict


class Controls(HTMLParser):
    """Collects names and values of what is filled in and not disabled, buttons aside."""

    def __init__(self) -> None:
        super().__init__()
        self.values: MultiDict[str, str] = MultiDict()
        self._disabled = 0
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "fieldset" and (self._disabled or "disabled" in given):
            self._disabled += 1
        name = given.get("name") or ""
        if self._disabled or "disabled" in given:
            return
        if tag == "input" and name:
            self._take_input(name, given)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.values.add(self._select, given.get("value") or "")
        elif tag == "textarea":
            self._textarea = name
            self.values[name] = ""

    def _take_input(self, name: str, given: dict[str, str | None]) -> None:
        boxes = {"checkbox": "y", "radio": ""}
        kind = given.get("type") or "text"
        if kind not in boxes or "checked" in given:
            self.values.add(name, given.get("value") or boxes.get(kind, ""))

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "fieldset" and self._disabled:
            self._disabled -= 1
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""


def filled_in(page: str, marker: str) -> MultiDict[str, str]:
    """What the form whose opening tag contains `marker` sends as it stands."""
    start = page.rindex("<form", 0, page.index(marker) + len(marker))
    controls = Controls()
    controls.feed(page[start : page.index("</form>", start)])
    return controls.values
