import math

import pytest

from fetuin.engine.maths import PLAIN

m = PLAIN


def test_finite_for_every_finite_argument():
    for x in (-1e308, -1e3, -1.0, 0.0, 1e-300, 1.0, 1e3, 1e308):
        for f in (m.exp, m.log, m.sqrt, m.sigmoid, m.positive):
            assert math.isfinite(f(x)), (f, x)


@pytest.mark.parametrize("x", [0.1, 1.0, 2.7])
def test_against_the_library(x):
    assert m.exp(x) == math.exp(x)
    assert m.log(x) == math.log(x)
    assert m.tanh(x) == pytest.approx(math.tanh(x), rel=1e-14)
    assert m.pow(x, 3) == pytest.approx(x**3, rel=1e-15)
    assert m.pow(x, 2.5) == pytest.approx(x**2.5, rel=1e-14)
    assert m.hill(x, 1.3, 4.0) == pytest.approx(x**4 / (1.3**4 + x**4), rel=1e-13)
    assert m.softplus(x, 0.2) == pytest.approx(0.2 * math.log1p(math.exp(x / 0.2)), rel=1e-12)


def test_corners_and_steps():
    assert m.hill(0.0, 1.0, 12.0) < 1e-100
    assert m.softplus(-50.0, 0.1) == pytest.approx(0.0, abs=1e-12)
    assert m.softplus(1e4, 0.1) == pytest.approx(1e4)
    assert m.maximum(2.0, 3.0) == 3.0
    assert m.minimum(2.0, 3.0) == 2.0
    assert m.smooth_max(2.0, 3.0, 1e-6) == pytest.approx(3.0, abs=1e-6)
    assert m.smooth_min(2.0, 3.0, 1e-6) == pytest.approx(2.0, abs=1e-6)
    assert m.smooth_step(0.0, 0.1) == 0.5


def test_an_unknown_function_lists_the_known_ones():
    with pytest.raises(AttributeError, match=r"no function .sin.; .*hill"):
        m.sin(1.0)
