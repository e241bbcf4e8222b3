"""The serum as a picture: every analyte against its reference interval, and over time where it was measured twice.

Inside the interval the place is linear; outside it is compressed (asinh of interval widths), so that a calcium a little
too high and a PTH forty times too high are both readable. An analyte given only in words is drawn as a chevron.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from fetuin.diagnosis.words import rounded
from fetuin.records.record import Observation, Record
from fetuin.reports.chart import Chart
from fetuin.reports.page import escape
from fetuin.reports.rows import arrow, axis, box, dot, row, rows, rule

BAND = (36.0, 64.0)  # where the reference interval is drawn, per cent of the row
WIDEST = 60.0  # interval widths beyond which a value sits at the edge
WORDS = {"H": "high", "L": "low", "N": "normal"}
Interval = tuple[float | None, float | None]
Name = Callable[[str], str]


def place(value: float, low: float | None, high: float | None) -> float | None:
    """Where a value stands in the row, per cent; None where there is no interval to hold it against."""
    a, b = BAND
    if low is None and high is None:
        return None
    bottom = 0.0 if low is None else low
    top = high if high is not None else 2 * bottom
    width = (top - bottom) or 1.0
    scale = a / math.asinh(WIDEST)
    if value < bottom:
        return max(a - scale * math.asinh((bottom - value) / width), 0.5)
    if value > top:
        beyond = 100 - scale * (math.asinh(WIDEST) - math.asinh(min((value - top) / width, WIDEST)))
        return b if high is None else min(beyond, 99.5)
    return a + (b - a) * (value - bottom) / width


def verdict(o: Observation, low: float | None, high: float | None) -> str:
    """`high`, `low`, `normal`, or `no interval`: the source's own flag first."""
    if o.flag:
        return WORDS[o.flag]
    if o.value is None or (low is None and high is None):
        return "no interval"
    if low is not None and o.value < low and o.censor != ">":
        return "low"
    return "high" if high is not None and o.value > high and o.censor != "<" else "normal"


def number(o: Observation) -> str:
    """The value as the source printed it, or the words it gave, with the day."""
    words = rounded(o.printed) or (
        f"{o.censor or ''}{o.value:.4g} {o.unit}" if o.value is not None else "no number given"
    )
    return f"{words}, {o.time:%Y-%m-%d}" if o.time else words


def _interval_words(o: Observation, low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return "no reference interval known"
    if low is None or high is None:
        return f"reference {'below' if low is None else 'above'} {high if low is None else low:.4g} {o.unit}"
    return f"reference {low:.4g} to {high:.4g} {o.unit}"


def _row(o: Observation, low: float | None, high: float | None, name: str) -> str:
    said = verdict(o, low, high)
    colour = {"high": "c2", "low": "c3"}.get(said, "c1")
    shade = box(*BAND, "c1", top=0, height=20, opacity=0.18) + rule(BAND[0]) + rule(BAND[1])
    if said == "no interval":
        shade = ""
    at = place(o.value, low, high) if o.value is not None else None
    if at is not None:
        mark = dot(at, colour)
    elif said in ("high", "low"):
        mark = arrow(BAND[1] + 8 if said == "high" else BAND[0] - 8, said == "high", colour)
    else:
        mark = box(*BAND, "c1", top=8, height=4, opacity=0.6) if said == "normal" else ""
    words = f"{said}: {number(o)}" if said != "no interval" else number(o)
    return row(name, shade + mark, words, note=_interval_words(o, low, high), says=f"{name} {words}")


def serum(record: Record, intervals: Callable[[Observation], Interval], name: Name) -> str:
    """The newest observation of every analyte against its reference interval."""
    newest = [o for a in dict.fromkeys(o.analyte for o in record.observations) if (o := record.latest(a))]
    if not newest:
        return "<p>No laboratory value was reported. That is not the same as normal: nothing was assumed.</p>"
    drawn = [_row(o, *intervals(o), name(o.analyte)) for o in newest]
    caption = (
        "Shaded: the reference interval (of the laboratory where it was printed, otherwise of the analyte's entry). "
        "Outside it the distance is compressed. A chevron or a thin bar: the source gave only a word."
    )
    return rows([*drawn, axis("low", "reference interval", "high")], caption)


def _days(found: Iterable[Observation]) -> list[Observation]:
    return [o for o in found if o.time is not None and o.value is not None]


def _trend(found: list[Observation], interval: Interval, name: str) -> str:
    stamps = [o.time.timestamp() / 86400 for o in found if o.time]
    values = [o.value for o in found if o.value is not None]
    bounds = [v for v in interval if v is not None]
    lowest, highest = min([*values, *bounds]), max([*values, *bounds])
    pad = 0.08 * (highest - lowest or abs(highest) or 1.0)
    first, last = found[0].time, found[-1].time
    ticks = [(stamps[0], f"{first:%Y-%m-%d}"), (stamps[-1], f"{last:%Y-%m-%d}")]
    c = Chart(
        f"{name}, {found[0].unit}", x=(stamps[0], stamps[-1]), y=(lowest - pad, highest + pad),
        width=340, height=180, xticks=ticks, ylabel=found[0].unit,
    )  # fmt: skip
    if len(bounds) == 2:
        c.rect(stamps[0], stamps[-1], bounds[0], bounds[1], "c1", opacity=0.15, tip="reference interval")
    c.line(stamps, values).points(stamps, values, r=3.5, tips=[number(o) for o in found])
    return c.svg(f"{name}: {len(found)} values, shaded: reference interval")


def timeline(record: Record, intervals: Callable[[Observation], Interval], name: Name) -> str:
    """A small chart for every analyte measured at two or more known times; the rest is said in words."""
    charts, once = [], []
    for analyte in dict.fromkeys(o.analyte for o in record.observations):
        found = _days(record.of(analyte))
        if len({o.time for o in found}) > 1:
            charts.append(_trend(found, intervals(found[-1]), name(analyte)))
        elif found:
            once.append(f"{name(analyte)} ({found[0].time:%Y-%m-%d})")
    words = f"<p class=mute>Measured once on a known day: {escape(', '.join(once))}.</p>" if once else ""
    if not charts:
        return words or "<p class=mute>The record gives no dates for its values, so there is no course to draw.</p>"
    return f"<div class='three charts'>{''.join(charts)}</div>{words}"
