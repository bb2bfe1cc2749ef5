import re
from random import Random

import pytest

from quizapp.domain.tokens import token


@pytest.mark.parametrize(("bits", "length"), [(128, 22), (256, 43)])
def test_a_token_is_as_long_as_its_bits_need_and_safe_in_an_address(bits, length):
    assert re.fullmatch(rf"[A-Za-z0-9_-]{{{length}}}", token(Random(1), bits))


def test_tokens_do_not_repeat():
    random = Random(2)
    assert len({token(random, 128) for _ in range(1000)}) == 1000


def test_a_token_depends_on_its_randomness_alone():
    assert token(Random(3), 256) == token(Random(3), 256)
