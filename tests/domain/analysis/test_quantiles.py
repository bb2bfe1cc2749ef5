from statistics import NormalDist

import pytest

from quizapp.domain.analysis.quantiles import beta_cdf, f_quantile, t_quantile_95


# R 4.2.2: qf(p, df1, df2); beyond 400 000 degrees of freedom, where R's qf takes the chi-squared
# limit instead, x = qbeta(p, df1/2, df2/2) and df2 x / (df1 (1 - x)).
@pytest.mark.parametrize(
    ("p", "df1", "df2", "quantile"),
    [
        (0.975, 999, 3996, 1.10145123333341211),
        (0.025, 29, 174, 0.53696554252749085),
        (0.5, 1, 1, 1),
        (0.95, 1, 9, 5.11735502919922070),
        (0.975, 4, 7, 5.52259434530854953),
        (0.025, 3, 6, 0.06786692300241537),
        (0.95, 1, 1e6, 3.841468119843161),
        (0.975, 999_999, 82_999_917, 1.002790420344169),
    ],
)
def test_quantiles_of_f_are_those_of_r(p, df1, df2, quantile):
    assert f_quantile(p, df1, df2) == pytest.approx(quantile, rel=1e-10)


# R 4.2.2: pbeta(x, a, b)
@pytest.mark.parametrize(
    ("x", "a", "b", "p"),
    [
        (0.3, 2, 5, 0.5798250000000001),
        (0.5, 0.5, 0.5, 0.5),
        (0.999, 200, 0.7, 0.6709431007292512),
        (0.2, 5e5, 2e6, 0.5001261566343012),
        (0, 2, 3, 0),
        (1, 2, 3, 1),
    ],
)
def test_the_incomplete_beta_function_is_that_of_r(x, a, b, p):
    assert beta_cdf(x, a, b) == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize("p", [0.001, 0.025, 0.3, 0.5, 0.95, 0.9999])
@pytest.mark.parametrize("df2", [2, 7, 50, 3000])
def test_a_quantile_of_f_with_2_degrees_of_freedom_has_a_closed_form(p, df2):
    assert f_quantile(p, 2, df2) == pytest.approx(df2 / 2 * ((1 - p) ** (-2 / df2) - 1), rel=1e-9)


def test_with_many_degrees_of_freedom_student_becomes_normal():
    assert t_quantile_95(9) == pytest.approx(2.262157162798205, rel=1e-11)  # R: qt(0.975, 9)
    assert t_quantile_95(1e8) == pytest.approx(NormalDist().inv_cdf(0.975), rel=1e-7)
