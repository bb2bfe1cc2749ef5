"""95 % intervals of the figures."""

from math import atanh, sqrt, tanh

from quizapp.domain.analysis.quantiles import Z_95, f_quantile


def wilson(share: float, n: int) -> tuple[float, float]:
    """Score interval of a share of n (Wilson 1927; Newcombe 1998, method 3), n at least 1.

    For a mean of credits between 0 and 1 it is wider than need be, never narrower: no such
    credits spread more than right and wrong answers with the same mean.
    """
    squared = Z_95 * Z_95
    centre = share + squared / (2 * n)
    half = Z_95 * sqrt(share * (1 - share) / n + squared / (4 * n * n))
    scale = 1 + squared / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def fisher(r: float, n: int) -> tuple[float, float]:
    """Interval of a correlation over n pairs by Fisher's z (1921), n at least 4."""
    if abs(r) >= 1:
        return r, r
    half = Z_95 / sqrt(n - 3)
    return tanh(atanh(r) - half), tanh(atanh(r) + half)


def feldt(alpha: float, n: int, items: int) -> tuple[float, float]:
    """Interval of Cronbach's alpha over n attempts at these many items (Feldt 1965)."""
    df1 = n - 1
    df2 = df1 * (items - 1)
    return (
        1 - (1 - alpha) * f_quantile(0.975, df1, df2),
        1 - (1 - alpha) * f_quantile(0.025, df1, df2),
    )
