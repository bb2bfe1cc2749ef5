import re

import segno

from quizapp.web.teach.qr import BORDER, qr_code

RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")


def test_the_path_draws_the_dark_modules_of_the_code_and_nothing_else():
    text = "https://quiz.example.org/join/ACDEFGHJ"
    drawn = qr_code(text)
    dark: set[tuple[int, int]] = set()
    for x, y, width, back in RUN.findall(drawn.path):
        assert width == back
        dark |= {(int(x) + step, int(y)) for step in range(int(width))}
    assert RUN.sub("", drawn.path) == ""
    rows = [list(row) for row in segno.make_qr(text, error="m").matrix_iter(border=BORDER)]
    assert dark == {(x, y) for y, row in enumerate(rows) for x, bit in enumerate(row) if bit}
    assert drawn.size == len(rows)
