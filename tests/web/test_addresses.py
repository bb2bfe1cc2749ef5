"""Addresses that nobody was given."""

import pytest

from tests.support.classroom import make_class

LARGEST = "2147483647"


@pytest.fixture
def room(session, people) -> str:
    return make_class(session, people.grace).public_id


@pytest.mark.parametrize("number", [LARGEST, "2147483648", "9" * 30, "9" * 5000])
def test_there_is_nothing_at_a_number_that_no_row_has(browser_of, people, room, number):
    grace = browser_of(people.grace)
    assert grace.get(f"/teach/files/{number}").status_code == 404
    assert grace.get(f"/teach/classes/{room}/students/{number}").status_code == 404


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "x"])
def test_what_is_no_place_in_the_audit_leads_to_its_beginning(browser_of, people, room, number):
    page = browser_of(people.grace).get(f"/teach/audit?before={number}")
    assert page.status_code == 200
    assert "Seminar B" in page.text
