"""The page of two methods on the same sera: the regression, the differences, and what they say in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fetuin.reports.chart import Chart
from fetuin.reports.page import Html, escape, page, table


def report(body: Mapping[str, Any]) -> str:
    """`body` is what `fetuin control compare --json` prints."""
    items = "".join(f"<li>{escape(s)}</li>" for s in body["statements"])
    lead = f"<div class=card><p class=lead>Two methods on {body['n']} sera.</p><ul>{items}</ul></div>"
    sections = [
        ("Regression", regression(body)),
        ("Differences", differences(body)),
        ("Numbers", _numbers(body)),
    ]
    if body["left_out"]:
        rows = [[r["row"], r["sample"], r["reason"]] for r in body["left_out"]]
        sections.append(("Left out", table(("row", "sample", "why"), rows, numeric=(0,))))
    return page("Comparison of two T50 methods", sections, lead=lead)


def _span(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def regression(body: Mapping[str, Any]) -> str:
    """Every serum, the line of identity and the two regression lines."""
    x, y = ([p[k] for p in body["pairs"]] for k in ("x_min", "y_min"))
    both = _span([*x, *y])
    chart = Chart(
        "Passing-Bablok and Deming regression", x=both, y=both, xlabel="method x, T50 min", ylabel="method y, T50 min",
        width=620, height=460,
    )  # fmt: skip
    chart.line(both, both, "mute", width=1, dash="4 4")
    for key, colour, dash in (("passing_bablok", "c2", ""), ("deming", "c3", "7 4")):
        line = body[key]
        ends = [line["intercept"] + line["slope"] * v for v in both]
        chart.line(*_inside(both, ends, both), colour, dash=dash)
    chart.points(x, y, "c1", tips=[f"{p['sample']}: {p['x_min']:g} and {p['y_min']:g} min" for p in body["pairs"]])
    return chart.svg(
        "Dots: sera. Full line: Passing-Bablok. Long dashes: Deming. Short dashes: the same result by both."
    )


def _inside(x: tuple[float, float], y: list[float], bounds: tuple[float, float]) -> tuple[list[float], list[float]]:
    """The part of a line between two points that lies within the bounds of y."""
    (x0, x1), (y0, y1) = x, y
    if y0 == y1:
        return [x0, x1], [y0, y1]
    ends = sorted(x0 + (b - y0) * (x1 - x0) / (y1 - y0) for b in bounds)
    a, b = max(x0, ends[0]), min(x1, ends[1])
    at = [y0 + (v - x0) * (y1 - y0) / (x1 - x0) for v in (a, b)]
    return [a, b], at


def differences(body: Mapping[str, Any]) -> str:
    """Bland-Altman: the difference against the mean, with bias and limits and their intervals."""
    told = body["bland_altman"]
    mean = [(p["x_min"] + p["y_min"]) / 2 for p in body["pairs"]]
    gap = [p["y_min"] - p["x_min"] for p in body["pairs"]]
    x = _span(mean)
    marks = [*gap, *told["low_interval"], *told["high_interval"], 0.0]
    chart = Chart(
        "Bland-Altman: difference against mean", x=x, y=_span(marks), xlabel="mean of both, min", ylabel="y - x, min",
        width=720, height=340,
    )  # fmt: skip
    for key, colour in (("bias", "c2"), ("low", "bad"), ("high", "bad")):
        low, high = told[f"{key}_interval"]
        chart.band(list(x), [low, low], [high, high], colour)
        chart.line(x, [told[key]] * 2, colour, width=1.5, dash="" if key == "bias" else "5 4")
        words = {"bias": "mean", "low": "lower limit", "high": "upper limit"}[key]
        chart.text(x[1], told[key], f"{words} {told[key]:+.1f}", anchor="end", dx=-4, dy=-5)
    chart.line(x, [0, 0], "mute", width=1)
    chart.points(mean, gap, "c1", tips=[f"{p['sample']}: {d:+.1f} min" for p, d in zip(body["pairs"], gap)])
    return chart.svg("Between the dashed lines lie 95 % of differences. Shaded: 95 % intervals of the three lines.")


def _numbers(body: Mapping[str, Any]) -> str:
    rows = []
    for key in ("passing_bablok", "deming"):
        line = body[key]
        for part in ("slope", "intercept"):
            low, high = line[f"{part}_interval"]
            rows.append([line["method"], part, f"{line[part]:.3f}", f"{low:.3f} to {high:.3f}"])
    for key, name in (("bland_altman", "Bland-Altman, min"), ("bland_altman_ratio", "Bland-Altman, ratio y / x")):
        for part, words in (("bias", "mean"), ("low", "lower limit"), ("high", "upper limit")):
            low, high = body[key][f"{part}_interval"]
            rows.append([name, words, f"{body[key][part]:.3f}", f"{low:.3f} to {high:.3f}"])
    linear = body["passing_bablok"]["linear_p"]
    note = f"<p class=mute>Straightness (Passing-Bablok CUSUM): p {linear:.2g}. Difference against level: p "
    note += f"{body['bland_altman']['trend_p']:.2g}.</p>"
    return table(("method", "quantity", "value", "95 % interval"), rows, numeric=(2, 3)) + Html(note)
