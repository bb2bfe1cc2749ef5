"""What import contracts cannot say: how views, templates and comments are written."""

import ast
import re
import tokenize
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO

import pytest

from tests.support.tree import ROOT, project_files, shown

LONGEST_VIEW = 15
ROUTES = {"delete", "get", "patch", "post", "put", "route"}
SQL_FUNCTIONS = {"delete", "insert", "select", "text", "update"}
SQL_METHODS = {"commit", "execute", "flush", "query", "rollback", "scalar", "scalars"}

HANDED_ON = ("engine", "session")


def long_views(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef) and any(map(is_route, node.decorator_list)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_VIEW:
                yield f"{node.lineno}: view {node.name} has {length} lines"


def is_route(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in ROUTES
        case _:
            return False


def database_talk(code: str) -> Iterator[str]:
    """Whatever goes past handing `db.session()` or `db.engine` to a query or an operation."""
    tree = ast.parse(code)
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in SQL_FUNCTIONS:
                yield f"{node.lineno}: {name}() builds SQL"
            case ast.Call(func=ast.Attribute(attr=name)) if name in SQL_METHODS:
                yield f"{node.lineno}: .{name}() speaks to the database"
            case ast.Attribute(value=ast.Name(id="db"), attr=name) if name not in HANDED_ON:
                yield f"{node.lineno}: db.{name}, where views only hand on {HANDED_ON}"
            case ast.Attribute(value=ast.Name(id="db"), attr="session") if id(node) not in called:
                yield f"{node.lineno}: db.session without a call"
            case ast.Attribute(value=ast.Call(func=ast.Attribute(value=ast.Name(id="db")))):
                yield f"{node.lineno}: db.session().{node.attr}"
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="db"), attr="engine")):
                yield f"{node.lineno}: db.engine.{node.attr}"
            case _:
                pass


class InlineCode(HTMLParser):
    """Collects what the content security policy would refuse, as `line: what`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.found.append(f"{line}: inline <{tag}>")
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self.found.append(f"{line}: inline {name}=")
            if (value or "").lstrip().lower().startswith("javascript:"):
                self.found.append(f"{line}: {name} runs a script")


def inline_code(markup: str) -> list[str]:
    """Inline scripts, styles and handlers of a page, an image or a template."""
    parser = InlineCode()
    parser.feed(without_jinja(markup))
    return parser.found


def handlers_from_script(code: str) -> Iterator[str]:
    """Handlers and styles written as attributes, which the policy would refuse as well."""
    for number, line in enumerate(code.splitlines(), 1):
        if re.search(r"""setAttribute\(\s*["'`](on|style)|<[^>]*\s(on\w+|style)=""", line):
            yield f"{number}: an attribute that the policy refuses"


def without_jinja(template: str) -> str:
    def blank(tag: re.Match[str]) -> str:
        return "\n" * tag[0].count("\n")

    return re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", blank, template, flags=re.DOTALL)


def unescaped(template: str) -> Iterator[str]:
    for number, line in enumerate(template.splitlines(), 1):
        if re.search(r"\|\s*safe\b|{%-?\s*autoescape\b", line):
            yield f"{number}: not escaped"


def unreasoned_ignores(code: str) -> Iterator[str]:
    """Comments that silence a tool without naming a rule and a reason: `# noqa: X  # why`."""
    silencing = re.compile(r"\bnoqa\b|\bpyright:|\btype:\s*ignore")
    rules = r"# (ruff: )?noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|# pyright: (ignore\[[\w, ]+\]|\w+)"
    reasoned = re.compile(rf"({rules})(  # | \()\w.{{8,}}")
    for token in tokenize.generate_tokens(StringIO(code).readline):
        silences = token.type == tokenize.COMMENT and silencing.search(token.string)
        if silences and not reasoned.fullmatch(token.string):
            yield f"{token.start[0]}: {token.string}"


def registry_hosts(text: str) -> Iterator[str]:
    """Addresses of package registries, and settings that would point at one."""
    host = r"//[\w.@:-]*\b(artifactory|devpi|mirrors?|nexus|npm\w*|pypi|pythonhosted|registry)\b"
    setting = r"--(extra-)?index[-]url\b|--find[-]links\b|\bindex[-]url *="
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(f"{host}|{setting}", line, flags=re.IGNORECASE):
            yield f"{number}: {line.strip()}"


@pytest.mark.parametrize(
    ("check", "bad", "good"),
    [
        (
            long_views,
            "@bp.get('/')\ndef home():\n" + "    x = 1\n" * 15,
            "@bp.get('/')\ndef home():\n" + "    x = 1\n" * 14,
        ),
        (database_talk, "rows = select(Question)", "rows = due(db.session(), ada)"),
        (database_talk, "db.session().get(Deck, 1)", "form.get('deck')"),
        (database_talk, "session.commit()", "commit = 1"),
        (database_talk, "db.session.add(deck)", "seen.add(deck)"),
        (database_talk, "db.engine.connect()", "answer(db.engine, item)"),
        (database_talk, "db.metadata", "app.metadata"),
        (inline_code, "<p onclick='go()'>", "<p data-on='go'>{{ macro(only='x') }}"),
        (inline_code, "<p style='color: red'>", "<p class='{% if a > b %}style{% endif %}'>"),
        (inline_code, "<script>go()</script>", "<script type='module' src='go.js'></script>"),
        (inline_code, "<a href=' javascript:go()'>", "<a href='/javascript'>"),
        (handlers_from_script, "p.setAttribute('onclick', x)", "p.setAttribute('value', x)"),
        (handlers_from_script, "p.innerHTML = `<p style='x'>`", "if (a < b) style = 1"),
        (unescaped, "{{ note |safe }}", "{{ note }} is safe"),
        (unescaped, "{% autoescape false %}", "autoescape"),
        (unreasoned_ignores, "x = 1  # noqa", "x = 1  # see the docs"),
        (unreasoned_ignores, "x = 1  # noqa: S104", "x = 1  # noqa: S104  # only compared with"),
        (
            unreasoned_ignores,
            "x = 1  # pyright: ignore[reportX]",
            "x = 1  # pyright: ignore[reportX]  # the stub lacks it",
        ),
        (unreasoned_ignores, "x = 1  # type: ignore", "type = 'ignore'"),
        (registry_hosts, "see https:/" + "/registry.example.org/x", "see https://example.org"),
        (registry_hosts, "pip install --index" + "-url X", "pip install flask"),
    ],
)
def test_each_check_sees_what_it_is_for(check, bad, good):
    assert list(check(bad))
    assert not list(check(good))


def complaints(check, files) -> list[str]:
    return [f"{shown(file)}:{found}" for file in files for found in check(file.read_text("utf-8"))]


def test_views_are_short():
    assert complaints(long_views, project_files("quizapp/web", suffix=".py")) == []


def test_the_web_room_hands_the_session_on_and_does_nothing_else_with_it():
    assert complaints(database_talk, project_files("quizapp/web", suffix=".py")) == []


def test_templates_have_no_inline_scripts_styles_or_handlers():
    assert complaints(inline_code, project_files("quizapp/templates")) == []


def test_images_have_no_inline_scripts_or_handlers():
    found = complaints(inline_code, project_files("static", suffix=".svg"))
    # An image may have a style of its own: that is how an icon follows the dark theme.
    assert [line for line in found if not line.endswith("inline <style>")] == []


def test_scripts_set_no_inline_handlers():
    assert complaints(handlers_from_script, project_files("static", suffix=".js")) == []


def test_only_the_markdown_macro_writes_without_escaping():
    the_macro = ROOT / "quizapp/templates/macros/markdown.html"
    others = [file for file in project_files("quizapp/templates") if file != the_macro]
    assert complaints(unescaped, others) == []


def test_each_silenced_warning_has_its_rule_and_its_reason_beside_it():
    assert complaints(unreasoned_ignores, project_files(suffix=".py")) == []


def test_each_rule_switched_off_for_ruff_has_its_reason_beside_it():
    settings = (ROOT / "pyproject.toml").read_text()
    ignores = settings.partition("\nignore = [")[2].partition("[tool.basedpyright]")[0]
    rules = [line for line in ignores.splitlines() if re.match(r' +"[A-Z]+\d*",', line)]
    assert len(rules) > 5
    assert [line for line in rules if not re.search(r"# \w.{8,}", line)] == []


def test_no_file_names_a_package_registry():
    binary = {".avif", ".gif", ".ico", ".jpg", ".png", ".webp", ".woff2", ".zip"}
    texts = [file for file in project_files() if file.suffix not in binary]
    assert complaints(registry_hosts, texts) == []


def test_no_lock_file_that_carries_registry_addresses_is_kept():
    locks = {"package-lock.json", "Pipfile.lock", "poetry.lock", "pylock.toml", "uv.lock"}
    assert [shown(file) for file in project_files() if file.name in locks] == []


def test_pins_are_names_and_versions_and_nothing_else():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_nothing_is_called_utils():
    assert [shown(file) for file in project_files() if file.stem in {"utils", "util"}] == []
