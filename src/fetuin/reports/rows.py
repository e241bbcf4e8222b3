"""Rows of label, picture and number: bars with intervals, weights of evidence, values against reference intervals.

The picture of a row is a stretched SVG without text, so that a row reads as well on a phone as on paper; the words and
the number stand beside it as text, and no meaning hangs on colour alone. Positions are per cent of the row's width.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

HEIGHT = 20


def _at(x: float) -> float:
    return round(min(max(x, 0.0), 100.0), 2) + 0.0  # + 0.0: no minus zero in a path


def box(x0: float, x1: float, colour: str, *, top: float = 4, height: float = 12, opacity: float = 1.0) -> str:
    """A bar from x0 to x1, per cent of the width; at least a hair wide."""
    a, b = _at(min(x0, x1)), _at(max(x0, x1))
    fill = f"fill:var(--{colour});opacity:{opacity:g}"
    return f'<rect x="{a}" y="{top:g}" width="{max(b - a, 0.4):g}" height="{height:g}" style="{fill}"/>'


def stroke(path: str, colour: str, width: float = 2, *, round_end: bool = False, dash: str = "") -> str:
    """A line whose width does not stretch with the row."""
    more = ";stroke-linecap:round" if round_end else ""
    more += f";stroke-dasharray:{dash}" if dash else ""
    style = f"fill:none;stroke:var(--{colour});stroke-width:{width:g}{more}"
    return f'<path d="{path}" vector-effect="non-scaling-stroke" style="{style}"/>'


def rule(x: float, colour: str = "mute", *, dash: str = "") -> str:
    """A thin upright line over the whole height."""
    return stroke(f"M{_at(x)} 0V{HEIGHT}", colour, 1, dash=dash)


def whisker(low: float, high: float, colour: str = "ink") -> str:
    """An interval with ends."""
    a, b = _at(low), _at(high)
    return stroke(f"M{a} 10H{b}M{a} 6V14M{b} 6V14", colour, 1.5)


def dot(x: float, colour: str = "ink", size: float = 11) -> str:
    """A round dot that stays round."""
    return stroke(f"M{_at(x)} 10h.001", colour, size, round_end=True)


def arrow(x: float, up: bool, colour: str = "ink") -> str:
    """A chevron that says: further out this way."""
    tip = 1.2 if up else -1.2
    return stroke(f"M{_at(x - tip)} 4L{_at(x + tip)} 10L{_at(x - tip)} 16", colour, 2.5)


def row(label: str, picture: str, number: str, *, note: str = "", says: str = "") -> str:
    """One row: a label with an optional small note, the picture, the number in words. `says` is read to the blind."""
    small = f"<small>{escape(note)}</small>" if note else ""
    alt = f'role=img aria-label="{escape(says)}"' if says else "aria-hidden=true"
    svg = f'<svg viewBox="0 0 100 {HEIGHT}" preserveAspectRatio="none" {alt}>{picture}</svg>'
    return f"<div class=row><div>{escape(label)}{small}</div>{svg}<div class=n>{escape(number)}</div></div>"


def axis(*words: str) -> str:
    """A row of words spread under the pictures."""
    spread = "".join(f"<span>{escape(w)}</span>" for w in words)
    return f'<div class="row axis" aria-hidden=true><span></span><div>{spread}</div><span></span></div>'


def scale(marks: Iterable[tuple[float, str]]) -> str:
    """A row of words each at its place under the pictures, per cent of the width; words too near the last are left out."""
    kept: list[tuple[float, str]] = []
    for x, words in sorted(marks):
        if not kept or x - kept[-1][0] > 11:
            kept.append((x, words))
    spread = "".join(f'<span style="left:{_at(x)}%">{escape(w)}</span>' for x, w in kept)
    return f'<div class="row axis scale" aria-hidden=true><span></span><div>{spread}</div><span></span></div>'


def rows(items: Iterable[str], caption: str) -> str:
    """The rows as one figure with its caption."""
    return f"<figure class=rowfig><div class=rows>{''.join(items)}</div><figcaption>{escape(caption)}</figcaption></figure>"
