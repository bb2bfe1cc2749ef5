from random import Random

import pytest

from quizapp.domain import join_codes


def test_codes_have_no_letters_that_look_like_others():
    codes = [join_codes.make(Random(seed)) for seed in range(300)]
    assert {len(code) for code in codes} == {8}
    assert not set("".join(codes)) & set("01ILOBSZU")
    assert len(set(codes)) == 300


@pytest.mark.parametrize("typed", ["ACDE-FGHJ", "acde fghj", "  AcDe–fGhJ. ", "A C D E F G H J"])
def test_gaps_signs_and_letter_case_do_not_count(typed):
    assert join_codes.tidy(typed) == "ACDEFGHJ"


def test_what_looks_like_another_sign_is_taken_for_it():
    assert join_codes.tidy("BSZU-2345") == "852V2345"


def test_a_tidied_code_stays_as_it_is():
    for seed in range(100):
        code = join_codes.make(Random(seed))
        assert join_codes.tidy(join_codes.grouped(code)) == code
