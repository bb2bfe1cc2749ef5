import pytest

from quizapp.domain import names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", "ADA"),
        ("Ada  Lovelace", " ada lovelace "),
        ("Straße", "STRASSE"),
        ("Jose\u0301", "Jos\u00e9"),
        ("\uff21da", "ada"),
        ("Айгүл", "АЙГҮЛ"),
    ],
)
def test_names_that_look_the_same_have_one_key(one, other):
    assert names.key(one) == names.key(other)


def test_different_names_keep_different_keys():
    assert names.key("ada") != names.key("adam")


def test_a_tidy_name_keeps_its_letter_case_and_loses_surplus_space():
    assert names.tidy("  Ada \t Lovelace\n") == "Ada Lovelace"


def test_tidying_twice_changes_nothing_more():
    once = names.tidy(" Jose\u0301  García ")
    assert names.tidy(once) == once


@pytest.mark.parametrize("name", ["A", "x" * 60, f"  {'x' * 60}  ", "\ufdfa" * 8])
def test_a_name_fits_as_long_as_it_and_its_key_can_be_kept(name):
    assert names.fits(name)


@pytest.mark.parametrize("name", ["", " \t ", "x" * 61, "\ufdfa" * 9])
def test_no_name_at_all_or_one_too_long_does_not_fit(name):
    assert not names.fits(name)


@pytest.mark.parametrize("name", ["Ada", "Айгүл Ким", "O'Neil-Smith 3", "李"])
def test_names_of_letters_digits_and_signs_are_printable(name):
    assert names.is_printable(name)


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x00", "\x1b", "\ue000"])
def test_a_name_with_a_hidden_character_is_not_printable(hidden):
    assert not names.is_printable(f"ada{hidden}")
