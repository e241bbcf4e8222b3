"""Every rise is half way at T50; the compiled curve and its derivatives are those of the plain one."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.assays import curves
from fetuin.assays import kernels as K

T = np.linspace(0.5, 600.0, 241)
P = np.array([4e3, 9e3, np.log(8.0), 1.2e5, 290.0, np.log(12.0), np.log(0.7), 3.0, 13.0, 9e3, 150.0, np.log(10.0)])
CASES = [(s, e) for s in range(3) for e in range(4)]


def parameters(shape):
    p = P.copy()
    p[6] = np.log(2.7) if shape == 1 else p[6]
    p[5] = np.log(60.0) if shape == 1 else p[5]
    return p


@pytest.mark.parametrize("g", [0.3, 1.0, 3.0])
@pytest.mark.req("t50-richards-identity")
def test_half_time_of_a_richards_curve(g):
    m, w = 250.0, 14.0
    t50 = m - w * np.log(2.0 ** (1.0 / g) - 1.0)
    assert (1.0 + np.exp(-(t50 - m) / w)) ** -g == pytest.approx(0.5, abs=1e-12)
    assert curves.richards_place(t50, w, g) == pytest.approx(m, abs=1e-9)
    assert curves.five_parameter(np.array([t50]), t50, w, g)[0] == pytest.approx(0.5, abs=1e-12)


def test_every_rise_is_half_at_t50():
    t = np.array([290.0])
    rises = (
        curves.four_parameter(t, 290.0, 12.0), curves.five_parameter(t, 290.0, 12.0, 0.3), curves.jmak(t, 290.0, 80.0, 3.0),
        curves.finke_watzky(t, 290.0, 12.0),
    )  # fmt: skip
    assert np.ravel(rises) == pytest.approx([0.5] * 4, abs=1e-9)


def test_finke_watzky_is_the_solution_of_its_equations():
    from scipy.integrate import solve_ivp

    k, t50 = 1 / 12.0, 290.0
    r = np.exp(k * t50) - 2.0
    k1, k2 = k / (1 + r), k * r / (1 + r)  # [A]0 = 1
    run = solve_ivp(lambda t, b: (k1 + k2 * b) * (1 - b), (0, 600), [0.0], t_eval=T, rtol=1e-10, atol=1e-20)
    assert run.y[0] == pytest.approx(curves.finke_watzky(T, t50, 12.0), abs=1e-6)


def test_jmak_is_avrami():
    w, n = 80.0, 2.5
    t0 = 290.0 - w * np.log(2.0) ** (1 / n)
    expected = 1 - np.exp(-((np.maximum(T - t0, 0) / w) ** n))
    assert curves.jmak(T, 290.0, w, n) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("shape", [0, 1, 2])
@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.9])
def test_time_at_inverts_the_rise(shape, fraction):
    p = parameters(shape)
    t = curves.time_at(fraction, shape, p)
    assert curves.rise(np.array([t]), shape, p)[0] == pytest.approx(fraction, abs=1e-9)


@pytest.mark.parametrize(("shape", "extra"), CASES)
def test_compiled_curve_equals_plain(shape, extra):
    p, out = parameters(shape), np.empty(T.size)
    K.curve(shape, extra, p, T, out)
    assert out == pytest.approx(curves.total(T, shape, extra, p), rel=1e-10)


@pytest.mark.parametrize(("shape", "extra"), CASES)
def test_derivatives(shape, extra):
    p = parameters(shape)
    held = {10, 11} if extra == 3 else set()
    for t in (20.0, 151.0, 262.0, 291.0, 333.3, 555.0):
        g, d, rates = np.zeros(12), np.zeros(3), np.zeros(7)
        K.prepare(shape, extra, p, rates)
        K.point(shape, extra, p, rates, t, g, d)
        for j in range(12 if extra else 9):
            if j in held:
                continue
            h = 1e-6 * max(1.0, abs(p[j]))
            up, down = p.copy(), p.copy()
            up[j] += h
            down[j] -= h
            a, b = (curves.total(np.array([t]), shape, extra, q)[0] for q in (up, down))
            assert g[j] == pytest.approx((a - b) / (2 * h), rel=2e-4, abs=2e-2), (t, j)


def test_early_step_does_not_move_t50():
    y = curves.double_sigmoid(np.array([290.0]), 290.0, 12.0, 1.0, 0.1, 140.0, 6.0)
    assert y[0] == pytest.approx(0.6, abs=1e-6)  # half of the CPP2 rise and the whole step
