"""The two pictures of a plate: the heat map of T50, and one small curve with its fit. SVG in the colours of the page."""

from __future__ import annotations

import math
from html import escape

import numpy as np

from fetuin.assays.plate import row_column
from fetuin.assays.t50 import T50Result, Well

CELL, EDGE = 46, 26  # pixels of a well and of the margin with its letters
WIDE, HIGH, PAD = 220, 110, 6


def _look(well: Well) -> bool:
    return any(f.weight != "note" for f in well.flags)


def heat_map(result: T50Result) -> str:
    """The plate with T50 in every well: the shorter, the stronger the colour; flagged wells have a frame and a mark."""
    rows, columns = result.plate.shape
    known = [w.t50_min for w in result.wells if w.t50_min is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    width, height = EDGE + columns * CELL + 4, EDGE + rows * CELL + 4
    parts = [
        f'<text class=mute x="{EDGE + (c + 0.5) * CELL:g}" y="{EDGE - 8}" text-anchor=middle>{c + 1}</text>'
        for c in range(columns)
    ]
    letters = [chr(65 + r) if r < 26 else f"A{chr(65 + r - 26)}" for r in range(rows)]
    parts += [
        f'<text class=mute x="{EDGE - 8}" y="{EDGE + (r + 0.62) * CELL:g}" text-anchor=end>{letters[r]}</text>'
        for r in range(rows)
    ]
    parts += [_cell(w, low, high) for w in result.wells]
    label = f"Plate of {rows} by {columns} wells with T50 in minutes"
    svg = f'<svg viewBox="0 0 {width} {height}" role=img aria-label="{label}"><title>{label}</title>{"".join(parts)}</svg>'
    legend = f"T50 in minutes, {low:.0f} (strongest colour) to {high:.0f}. " if known else "No well has a T50. "
    legend += (
        "&gt;: not turned by that minute. Framed, with !: a flag to look at. –: no result. An empty place: not read."
    )
    return f"<figure><div class=map tabindex=0>{svg}</div><figcaption>{legend}</figcaption></figure>"


def _cell(well: Well, low: float, high: float) -> str:
    r, c = row_column(well.well)
    x, y = EDGE + c * CELL, EDGE + r * CELL
    if well.t50_min is not None:
        text = f"{well.t50_min:.0f}"
        strength = 0.06 + 0.4 * (high - well.t50_min) / ((high - low) or 1.0)
    else:
        text, strength = (f"&gt;{well.ci_low:.0f}" if well.censored and well.ci_low is not None else "–"), 0.0
    tip = escape(f"{well.well} {well.sample}: {well.text}. " + "; ".join(f"{f.kind}: {f.reason}" for f in well.flags))
    frame = "var(--bad)" if _look(well) else "var(--line)"
    mark = (
        f'<text x="{x + CELL - 5}" y="{y + 13}" text-anchor=end style="fill:var(--bad);font-weight:700">!</text>'
        if _look(well)
        else ""
    )
    return (
        f'<a href="#w-{well.well}"><title>{tip}</title>'
        f'<rect x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{CELL - 2}" rx="5" '
        f'style="fill:var(--c2);fill-opacity:{strength:.2f};stroke:{frame};stroke-width:{1.6 if _look(well) else 1}"/>'
        f'<text x="{x + CELL / 2:g}" y="{y + CELL / 2 + 5:g}" text-anchor=middle>{text}</text>{mark}</a>'
    )


def curve(result: T50Result, i: int) -> str:
    """One well: reads, fit, T50 with its interval, what was left out. Its place on the page is `#w-A01`."""
    well, plate = result.wells[i], result.plate
    t, y = plate.minutes[i], plate.reads[i]
    gone = {round(e.minute, 6) for e in result.exclusions if e.well == well.well and e.minute is not None}
    seen = np.isfinite(t) & np.isfinite(y)
    caption = f"<strong>{escape(well.well)}</strong> {escape(well.sample)} {escape(well.text)}"
    if well.flags:
        caption += f" <span class=marks>{escape(', '.join(f.kind for f in well.flags))}</span>"
    if not seen.any():
        return f'<figure id="w-{well.well}"><figcaption>{caption}: no read</figcaption></figure>'
    left = np.array([round(float(v), 6) in gone for v in t])
    grid = np.linspace(float(t[seen].min()), float(t[seen].max()), 70)
    fit = np.asarray(result.curve(well.well, grid), dtype=float)
    draw = _scale(t[seen], y[seen & ~left] if (seen & ~left).any() else y[seen], fit)
    parts = [
        _t50_mark(well, draw),
        _dots(t[seen & ~left], y[seen & ~left], draw),
        _crosses(t[seen & left], y[seen & left], draw),
    ]
    if well.model:
        path = "".join(
            f"{'L' if k else 'M'}{a:g} {b:g}" for k, (a, b) in enumerate(draw(p, q) for p, q in zip(grid, fit))
        )
        parts.append(f'<path d="{path}" style="fill:none;stroke:var(--c1);stroke-width:1.6"/>')
    top = f'<text class=mute x="{PAD}" y="{PAD + 9}" style="font-size:9px">{float(np.nanmax(y[seen])):.4g} {escape(plate.unit)}</text>'
    end = f'<text class=mute x="{WIDE - PAD}" y="{HIGH - 1}" text-anchor=end style="font-size:9px">{grid[-1]:.0f} min</text>'
    label = escape(f"{well.well}: {well.text}")
    svg = f'<svg viewBox="0 0 {WIDE} {HIGH}" role=img aria-label="{label}">{"".join(parts)}{top}{end}</svg>'
    return f'<figure id="w-{well.well}">{svg}<figcaption>{caption}</figcaption></figure>'


def _scale(t, y, fit):  # type: ignore[no-untyped-def]
    """A function from (minute, read) to pixels; reads far outside are drawn at the edge."""
    low = float(min(np.nanmin(y), np.nanmin(fit) if np.isfinite(fit).any() else np.inf))
    high = float(max(np.nanmax(y), np.nanmax(fit) if np.isfinite(fit).any() else -np.inf))
    first, last = float(t.min()), float(t.max())

    def draw(a: float, b: float) -> tuple[float, float]:
        share = min(max((b - low) / ((high - low) or 1.0), 0.0), 1.0) if math.isfinite(b) else 0.0
        return (
            round(PAD + (a - first) / ((last - first) or 1.0) * (WIDE - 2 * PAD), 1),
            round(HIGH - PAD - 8 - share * (HIGH - 2 * PAD - 12), 1),
        )

    return draw


def _dots(t, y, draw) -> str:  # type: ignore[no-untyped-def]
    path = "".join("M{:g} {:g}h0".format(*draw(float(a), float(b))) for a, b in zip(t, y))
    return f'<path d="{path}" style="fill:none;stroke:var(--mute);stroke-width:2.4;stroke-linecap:round;opacity:.75"/>'


def _crosses(t, y, draw) -> str:  # type: ignore[no-untyped-def]
    path = "".join("M{:g} {:g}m-3 -3l6 6m0 -6l-6 6".format(*draw(float(a), float(b))) for a, b in zip(t, y))
    return f'<path d="{path}" style="fill:none;stroke:var(--bad);stroke-width:1.3"/>' if path else ""


def _t50_mark(well: Well, draw) -> str:  # type: ignore[no-untyped-def]
    if well.t50_min is None:
        if not well.censored or well.ci_low is None:
            return ""
        x = draw(well.ci_low, 0.0)[0]
        return (
            f'<path d="M{x:g} {PAD}V{HIGH - PAD - 8}" style="stroke:var(--c2);stroke-width:1.4;stroke-dasharray:3 3"/>'
        )
    x = draw(well.t50_min, 0.0)[0]
    out = f'<path d="M{x:g} {PAD}V{HIGH - PAD - 8}" style="stroke:var(--c2);stroke-width:1.4"/>'
    if well.ci_low is not None and well.ci_high is not None:
        a, b = (min(max(draw(v, 0.0)[0], 0), WIDE) for v in (well.ci_low, well.ci_high))
        out = (
            f'<rect x="{a:g}" y="{PAD}" width="{max(b - a, 0.5):g}" height="{HIGH - 2 * PAD - 8}" style="fill:var(--c2);opacity:.22"/>'
            + out
        )
    return out
