"""Headers, cookies, hosts, proxies, sizes, redirects, and what errors look like."""

import logging

import pytest
from sqlalchemy import text

from quizapp.db.engine import make_engine
from tests.support import cast
from tests.support.browsing import Browser, title_of
from tests.support.cast import PASSWORD

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TLS = {"base_url": "https://localhost"}


def break_database(url: str) -> None:
    """Take a table away that nearly everything reads."""
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE account RENAME TO lost"))
    engine.dispose()


def mend_database(url: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE lost RENAME TO account"))
    engine.dispose()


@pytest.fixture
def broken(app, people, database_url, caplog):
    """The app with a database that lacks a table."""
    # It would rightly log the error that is asked for.
    caplog.set_level(logging.CRITICAL, logger=app.logger.name)
    break_database(database_url)
    yield app
    mend_database(database_url)


# Headers


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/healthz", 200),
        ("/account/data", 303),
        ("/nowhere", 404),
        ("/sign-out", 405),
        ("/static/0/css/app.css", 200),
        ("/static/0/nothing.css", 404),
        ("/favicon.ico", 200),
    ],
)
def test_every_response_tells_the_browser_what_to_refuse(visitor, address, status):
    response = visitor.get(address)
    assert response.status_code == status
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert all(len(response.headers.getlist(name)) == 1 for name in HEADERS)


def test_a_page_may_use_nothing_but_this_sites_own_files(visitor):
    policy = dict(
        part.split(" ", 1)
        for part in visitor.get("/").headers["Content-Security-Policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert set(policy.values()) == {"'none'", "'self'"}


@pytest.mark.parametrize("address", ["/", "/decks/rivers", "/mix", "/read/notes", "/sign-up"])
def test_no_page_has_a_script_or_a_style_within(visitor, address):
    page = visitor.get(address).text
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert "<script>" not in page


def test_pages_are_not_kept_by_caches(visitor):
    assert visitor.get("/").headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_for_good_under_the_address_the_pages_give(visitor):
    page = visitor.get("/").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    response = visitor.get(address)
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert visitor.get("/static/0/css/app.css").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "address", ["/static/0/../app.py", "/static/0/%2e%2e/app.py", "/static/0//etc/passwd"]
)
def test_nothing_but_the_static_files_is_served_as_one(visitor, address):
    assert visitor.get(address).status_code in {308, 404}


def test_behind_tls_browsers_are_told_to_insist_on_it(make_app):
    response = Browser(make_app(**TLS), https=True).get("/")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in Browser(make_app()).get("/").headers


# Cookies


def cookies_of(browser: Browser) -> dict[str, str]:
    """The cookies that starting an attempt and choosing a display set, by name."""
    form = {"decks": "rivers", "start_key": "a-start-key"}
    responses = [browser.post("/attempts", form), browser.post("/display", {"theme": "dark"})]
    set_ = [line for response in responses for line in response.headers.getlist("Set-Cookie")]
    return {line.partition("=")[0]: line for line in set_}


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor):
    cookie = cookies_of(visitor)["quizapp"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Secure" not in cookie


def test_the_display_cookie_is_not_sent_from_other_sites(visitor):
    assert "SameSite=Lax" in cookies_of(visitor)["display"]


def test_behind_tls_every_cookie_insists_on_it(app, make_app):
    cookies = cookies_of(Browser(make_app(**TLS), https=True))
    assert sorted(cookies) == ["__Host-quizapp", "display"]
    assert all("Secure" in cookie for cookie in cookies.values())


def test_behind_tls_a_form_from_another_site_is_refused_even_with_its_token(app, make_app):
    browser = Browser(make_app(**TLS), https=True)
    token = {"csrf_token": browser.token()}
    response = browser.client.post(
        "/sign-out",
        data=token,
        base_url="https://localhost",
        headers={"Referer": "https://elsewhere.example/"},
    )
    assert response.status_code == 400


def test_a_forged_session_cookie_is_nobodys(app, people):
    browser = Browser(app)
    browser.client.set_cookie("quizapp", "eyJrZXkiOiJ4In0.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert browser.get("/account").status_code == 303


# Hosts, proxies and sizes


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example"]
)
def test_a_host_that_is_not_ours_is_refused(app, host):
    response = app.test_client().get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.text


def test_a_host_that_the_operator_names_is_taken(make_app):
    client = make_app(trusted_hosts=("quiz.example",)).test_client()
    assert client.get("/healthz", headers={"Host": "quiz.example"}).status_code == 200


def tries_from_many_addresses(app) -> list[int]:
    """The statuses of 61 tries to sign up, each claiming to come from elsewhere."""
    visitor = Browser(app)
    claims = [{"X-Forwarded-For": f"10.0.0.{number}"} for number in range(61)]
    return [visitor.post("/sign-up", {}, headers=claim).status_code for claim in claims]


def test_without_a_proxy_nobody_can_claim_another_address(app):
    assert tries_from_many_addresses(app) == [422] * 60 + [429]


def test_behind_a_proxy_each_visitor_is_counted_for_themselves(app, make_app):
    assert tries_from_many_addresses(make_app(proxy_hops=1)) == [422] * 61


def test_what_is_too_large_is_refused_with_a_page(make_app):
    browser = Browser(make_app(max_content_length=2000))
    response = browser.post("/sign-in", {"name": "x" * 3000})
    assert response.status_code == 413
    assert "That is too large" in response.text


# Redirects


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/%09/evil.example\n",
        " //evil.example",
        "evil.example",
    ],
)
def test_next_leads_nowhere_else(app, people, target):
    browser = Browser(app)
    form = {"name": "ada", "password": PASSWORD, "next": target}
    assert browser.post("/sign-in", form).location == "/"
    assert browser.post("/display", {"theme": "dark", "next": target}).location == "/"


def test_next_leads_back_to_where_someone_was(app, people):
    form = {"name": "ada", "password": PASSWORD, "next": "/attempts/x/result?a=b"}
    assert Browser(app).post("/sign-in", form).location == "/attempts/x/result?a=b"


# Strange requests


@pytest.mark.parametrize(
    ("method", "address", "form"),
    [
        ("GET", "/decks/a%00b", {}),
        ("GET", "/read/a%00b", {}),
        ("GET", "/attempts/a%00b", {}),
        ("GET", "/attempts/a%00b/items/1", {}),
        ("GET", "/sign-in?next=%00", {}),
        ("POST", "/sign-in", {"name": "a\x00da", "password": "x"}),
        ("POST", "/sign-up", {"name": "a\x00da", "password": "a calm reading room"}),
        ("POST", "/attempts", {"decks": "rivers", "start_key": "a\x00start-key"}),
        ("GET", "/attempts/x/items/99999999999999999999999", {}),
        ("POST", "/attempts", {"decks": "rivers", "start_key": "a-start-key", "count": "9" * 30}),
        ("POST", "/attempts", {"decks": "rivers", "start_key": "a-start-key", "count": "two"}),
        ("POST", "/sign-up", {"name": "\ufdfa" * 60, "password": "a calm reading room"}),
        ("POST", "/display", {"size": "9" * 30, "theme": "\x00"}),
    ],
)
def test_no_strange_request_breaks_anything(app, people, browser_of, method, address, form):
    browser = browser_of(people.ada)
    response = browser.get(address) if method == "GET" else browser.post(address, form)
    assert response.status_code < 500
    assert response.status_code >= 300 or address.startswith("/sign-in?")


@pytest.mark.parametrize("choice", [["99"], ["-1"], ["x"], [], ["0", "99"], ["9" * 30]])
def test_a_bad_answer_is_asked_for_again_before_and_ignored_after_the_answer(visitor, choice):
    item = visitor.start("seas") + "/items/1"
    assert visitor.post(f"{item}/response", {"choice": choice}).status_code == 422
    visitor.answer(item, "Minerals")
    assert visitor.post(f"{item}/response", {"choice": choice}).status_code == 303
    assert "You had answered" in visitor.get(item).text


@pytest.mark.parametrize("number", ["0", "4", "-1", "x", "9" * 30])
def test_a_certainty_or_a_time_that_makes_no_sense_costs_nobody_the_answer(visitor, number):
    item = visitor.start("seas") + "/items/1"
    time = "-1" if number == "0" else number
    visitor.answer(item, "Minerals", certainty=number, elapsed_ms=time)
    assert title_of(visitor.get(item)).startswith("Right")
    assert "You said" not in visitor.get(item).text


# Errors


def test_an_address_that_leads_nowhere_gets_a_page_with_a_way_on(visitor):
    response = visitor.get("/nowhere")
    assert response.status_code == 404
    assert title_of(response) == "There is nothing here · quizapp"
    assert 'href="/"' in response.text


@pytest.mark.parametrize("address", ["/sign-in", "/", "/progress"])
def test_a_fault_of_ours_gets_a_page_without_details(broken, people, address):
    broken.config["PROPAGATE_EXCEPTIONS"] = False
    response = Browser(broken, people.ada).get(address)
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert "account" not in response.text.partition("<main")[2]
    assert "Traceback" not in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_that_needs_no_account_is_served_while_the_rest_is_broken(broken):
    assert Browser(broken).get("/healthz").json == {"database": True}


def test_a_404_says_whom_it_speaks_to(app, people, browser_of):
    assert "ada" in browser_of(people.ada).get("/nowhere").text


def test_health_tells_that_the_database_answers(visitor):
    response = visitor.get("/healthz")
    assert (response.status_code, response.json) == (200, {"database": True})


# Compression


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_pages_are_compressed_for_those_who_ask(visitor, encoding):
    response = visitor.get("/decks/rivers", headers={"Accept-Encoding": encoding})
    assert response.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_guest_of_the_database_is_not_needed_to_look_around(app, database_url, visitor):
    for address in ("/", "/decks/rivers", "/mix", "/read/notes", "/progress"):
        visitor.get(address)
    with cast.sessions(database_url) as session:
        assert session.execute(text("SELECT count(*) FROM account")).scalar_one() == 0
