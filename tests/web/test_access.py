"""Who may ask for what: every route, every method, seven people.

The rows are in `tests/web/access`, one file a room; a route without a row fails.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, table

from quizapp.app import create_app
from quizapp.config import Settings
from tests.support import bank, cast, world
from tests.support.apps import disconnect, forget
from tests.support.browsing import Browser
from tests.support.cast import sessions
from tests.support.databases import content_of, engine_of, put_back
from tests.support.world import ADA, MALLORY, VISITOR
from tests.web import access

ROOMS = [
    import_module(f"{access.__name__}.{m.name}") for m in pkgutil.iter_modules(access.__path__)
]
MATRIX = {route: row for room in ROOMS for route, row in room.ROUTES.items()}
PLACES = {place: value for room in ROOMS for place, value in room.PLACES.items()}

READS = sorted(route for route in MATRIX if route.startswith("GET"))
WRITES = sorted(route for route in MATRIX if route.startswith("POST"))
ONLY_WRITES = [route for route in WRITES if route.replace("POST", "GET") not in MATRIX]

FORGED = {
    "id": "1", "account": "1", "account_id": "1", "owner_id": "1", "class_id": "1", "role": "admin",
    "is_admin": "1", "credit": "1", "worth": "9", "marks": "rrrr", "ended_at": "2030-01-01",
    "deadline": "2030-01-01", "number": "7", "is_key": "1", "released_at": "2030-01-01",
}  # fmt: skip
"""Fields that no form has, named as columns are."""


class Site:
    """A filled site and its seven browsers."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        with sessions(url) as session:
            cast.load(session, bank.FILES)
            self.world = world.build(session, cast.everyone(session))
        settings = Settings(folder, folder, url, "a secret that only tests know, long enough")
        self.app = create_app(settings)
        self.browsers = self.world.browsers(self.app)

    def address(self, route: str) -> str:
        return self.world.address(route, PLACES)

    def rows(self) -> dict[str, list[str]]:
        """All that is kept, but for how often something was tried."""
        with engine_of(self.url).connect() as connection:
            tables = set(inspect(connection).get_table_names()) - {"throttle"}
            return {
                name: sorted(map(str, connection.execute(select("*").select_from(table(name)))))
                for name in tables
            }

    def as_it_was(self, database: bytes) -> "Site":
        """The same site with the same people on this database."""
        put_back(self.url, database)
        forget(self.app)
        self.browsers = self.world.browsers(self.app)
        return self

    def close(self) -> None:
        disconnect(self.app)


@pytest.fixture(scope="module")
def still(databases, tmp_path_factory) -> Iterator[Site]:
    """A site for what changes nothing."""
    with databases.fresh() as url:
        site = Site(url, tmp_path_factory.mktemp("still"))
        yield site
        site.close()


@pytest.fixture(scope="module")
def new_site(sqlite_databases, tmp_path_factory) -> Iterator[tuple[Site, bytes]]:
    """A site, which takes long to make, and what its database holds before anybody writes."""
    with sqlite_databases.fresh() as url:
        site = Site(url, tmp_path_factory.mktemp("site"))
        site.close()
        yield site, content_of(url)


@pytest.fixture
def site(new_site) -> Iterator[Site]:
    """A site to write to."""
    site, database = new_site
    yield site.as_it_was(database)
    site.close()


def routes_of(app) -> set[str]:
    """Every method and address the app answers, as the matrix writes them."""
    found = set()
    for rule in app.url_map.iter_rules():
        parts = [data if dynamic is False else f"<{data}>" for dynamic, data in rule._trace]  # noqa: SLF001  # the rule in parts
        address = "".join(parts).lstrip("|")
        found |= {f"{method} {address}" for method in rule.methods - {"HEAD", "OPTIONS"}}
    return found


def answers(site: Site, route: str, people: list[int], form: dict[str, Any]) -> dict[int, int]:
    """The status that each of these people gets for a form."""
    address = site.address(route)
    return {who: site.browsers[who].post(address, form).status_code for who in people}


def test_every_route_has_a_row_in_the_matrix(still):
    assert sorted(routes_of(still.app)) == sorted(MATRIX)


def test_no_route_has_two_rows():
    rows = [route for room in ROOMS for route in room.ROUTES]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("route", READS)
def test_everyone_sees_what_is_theirs(still, route):
    address = still.address(route)
    assert tuple(b.get(address).status_code for b in still.browsers) == MATRIX[route]


# On SQLite alone: that PostgreSQL lets in the same people, reading shows.
@pytest.mark.parametrize("route", WRITES)
def test_everyone_does_what_is_theirs_and_the_others_change_nothing(site, route):
    expected = dict(enumerate(MATRIX[route]))
    refused = [who for who, status in expected.items() if status >= 400]
    allowed = [who for who in expected if who not in refused]
    before = site.rows()
    assert answers(site, route, refused, FORGED) == {who: expected[who] for who in refused}
    assert site.rows() == before
    assert answers(site, route, allowed, {}) == {who: expected[who] for who in allowed}


@pytest.mark.parametrize("route", WRITES)
def test_no_form_is_taken_without_the_token_of_its_own_session(still, route):
    address = still.address(route)
    for form in ({}, {"csrf_token": ""}, {"csrf_token": Browser(still.app).token()}):
        for browser in still.browsers:
            response = browser.client.post(address, data=form)
            assert response.status_code == 400
            assert "That form had gone stale" in response.text


@pytest.mark.parametrize("route", ONLY_WRITES)
def test_what_writes_cannot_be_asked_for_by_a_link(still, route):
    response = still.browsers[ADA].get(still.address(route))
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_are_refused_with_a_page(still, method):
    address = still.address("GET /attempts/<public_id>")
    response = still.browsers[ADA].client.open(address, method=method)
    assert response.status_code in {400, 405}
    assert "<h1" in response.text


def test_what_is_for_accounts_leads_to_signing_in_and_back(still):
    response = still.browsers[VISITOR].get("/teach/library?x=1")
    assert response.location == "/sign-in?next=/teach/library?x%3D1"


def test_the_attempt_of_another_is_told_apart_from_none_by_nothing(still):
    address = still.address("GET /attempts/<public_id>")
    nobodys = "/attempts/" + "x" * (len(address) - len("/attempts/"))
    page = still.browsers[MALLORY].get(address).text
    assert page.replace(address, nobodys) == still.browsers[MALLORY].get(nobodys).text
