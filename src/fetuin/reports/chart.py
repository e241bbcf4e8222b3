"""Small SVG charts that follow the page's colours (light, dark, print): axes, lines, bands, points, bars, text.

`c = Chart(title, x=(0, 10), y=(0, 1), xlabel="time, min", ylabel="signal")`, then `c.line(xs, ys)`, `c.svg()`.
Colours are CSS classes c1 to c6, good, bad, mute. Every chart has a title and a description for screen readers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

LEFT, RIGHT, TOP, BOTTOM = 62, 14, 14, 44


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers between two bounds, at most about `most` of them."""
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return [low]
    raw = span / most
    size = 10 ** math.floor(math.log10(raw))
    step = next(m * size for m in (1, 2, 2.5, 5, 10) if m * size >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(k * step, 12) for k in range(first, math.floor(high / step + 1e-9) + 1)]


class Chart:
    """One pair of axes. `x` and `y` are (low, high) in data units; `log` names log axes: "x", "y" or "xy"."""

    def __init__(
        self, title: str, *, x: tuple[float, float], y: tuple[float, float], xlabel: str = "", ylabel: str = "",
        width: int = 640, height: int = 300, log: str = "", axes: bool = True, left: int = LEFT,
        xticks: Sequence[tuple[float, str]] | None = None, yticks: bool = True,
    ) -> None:  # fmt: skip
        """`xticks` replaces the round numbers of the x axis by (place, words); without `yticks` lines carry a `label` instead."""
        self.xticks, self.yticks = xticks, yticks
        self.title, self.x, self.y, self.xlabel, self.ylabel = title, x, y, xlabel, ylabel
        self.width, self.height, self.log, self.axes, self.left = width, height, log, axes, left
        self.parts: list[str] = []

    def _unit(self, v: float, axis: str) -> float:
        low, high = self.x if axis == "x" else self.y
        if axis in self.log:
            v, low, high = (math.log10(max(k, 1e-300)) for k in (v, low, high))
        return (v - low) / ((high - low) or 1.0)

    def px(self, x: float) -> float:
        """Data x to pixels."""
        return round(self.left + self._unit(x, "x") * (self.width - self.left - RIGHT), 2)

    def py(self, y: float) -> float:
        """Data y to pixels."""
        return round(self.height - BOTTOM - self._unit(y, "y") * (self.height - TOP - BOTTOM), 2)

    def _path(self, xs: Sequence[float], ys: Sequence[float]) -> str:
        out, pen = [], "M"
        for x, y in zip(xs, ys):
            if not (math.isfinite(x) and math.isfinite(y)):
                pen = "M"
                continue
            out.append(f"{pen}{self.px(x):g} {self.py(y):g}")
            pen = "L"
        return "".join(out)

    def line(
        self, xs: Sequence[float], ys: Sequence[float], colour: str = "c1", *, width: float = 2, dash: str = ""
    ) -> Chart:
        """A curve; a gap where a value is not finite."""
        style = f"fill:none;stroke:var(--{colour});stroke-width:{width}" + (f";stroke-dasharray:{dash}" if dash else "")
        self.parts.append(f'<path d="{self._path(xs, ys)}" style="{style}"/>')
        return self

    def band(self, xs: Sequence[float], low: Sequence[float], high: Sequence[float], colour: str = "c1") -> Chart:
        """A shaded interval along x."""
        d = self._path([*xs, *reversed(xs)], [*low, *reversed(high)])
        self.parts.append(f'<path d="{d}Z" style="fill:var(--{colour});opacity:.18"/>')
        return self

    def points(
        self, xs: Sequence[float], ys: Sequence[float], colour: str = "c1", *, r: float = 3, tips: Sequence[str] = ()
    ) -> Chart:
        """Dots, each with an optional text on hover."""
        for i, (x, y) in enumerate(zip(xs, ys)):
            if math.isfinite(x) and math.isfinite(y):
                tip = f"<title>{escape(tips[i])}</title>" if tips else ""
                self.parts.append(
                    f'<circle cx="{self.px(x)}" cy="{self.py(y)}" r="{r}" style="fill:var(--{colour})">{tip}</circle>'
                )
        return self

    def rect(
        self, x0: float, x1: float, y0: float, y1: float, colour: str = "c1", *, opacity: float = 1.0, tip: str = ""
    ) -> Chart:
        """A rectangle between data coordinates."""
        a, b, c, d = self.px(min(x0, x1)), self.px(max(x0, x1)), self.py(max(y0, y1)), self.py(min(y0, y1))
        title = f"<title>{escape(tip)}</title>" if tip else ""
        self.parts.append(
            f'<rect x="{a}" y="{c}" width="{max(b - a, 0):g}" height="{max(d - c, 0):g}" '
            f'style="fill:var(--{colour});opacity:{opacity}">{title}</rect>'
        )
        return self

    def text(
        self, x: float, y: float, words: str, *, anchor: str = "start", css: str = "", dx: float = 0, dy: float = 4
    ) -> Chart:
        """Words at a data coordinate, moved by (dx, dy) pixels."""
        self.parts.append(
            f'<text x="{self.px(x) + dx:g}" y="{self.py(y) + dy:g}" text-anchor="{anchor}" class="{css}">{escape(words)}</text>'
        )
        return self

    def label(self, y: float, words: str) -> Chart:
        """Words left of the y axis at a data y: the name of a line in a forest plot."""
        self.parts.append(f'<text x="{self.left - 8}" y="{self.py(y) + 4:g}" text-anchor=end>{escape(words)}</text>')
        return self

    def _frame(self) -> str:
        bottom, right = self.height - BOTTOM, self.width - RIGHT
        grid = [f'<path d="M{self.left} {TOP}V{bottom}H{right}" style="fill:none;stroke:var(--line)"/>']
        for t, words in self.xticks if self.xticks is not None else [(t, f"{t:g}") for t in self._ticks("x")]:
            x = self.px(t)
            anchor = "end" if x + 3.3 * len(words) > self.width - 2 else "middle"
            grid.append(f'<path d="M{x:g} {bottom}v4" style="stroke:var(--line)"/>')
            grid.append(f'<text class=mute x="{x:g}" y="{bottom + 16}" text-anchor={anchor}>{escape(words)}</text>')
        for t in self._ticks("y") if self.yticks else ():
            y = self.py(t)
            grid.append(f'<path d="M{self.left} {y}H{right}" style="stroke:var(--line);opacity:.5"/>')
            grid.append(f'<text class=mute x="{self.left - 6}" y="{y + 4:g}" text-anchor=end>{t:g}</text>')
        mid = (self.left + right) / 2
        grid.append(f'<text x="{mid}" y="{self.height - 8}" text-anchor=middle>{escape(self.xlabel)}</text>')
        grid.append(
            f'<text transform="translate(14 {(TOP + bottom) / 2}) rotate(-90)" text-anchor=middle>{escape(self.ylabel)}</text>'
        )
        return "".join(grid)

    def _ticks(self, axis: str) -> list[float]:
        low, high = self.x if axis == "x" else self.y
        if axis in self.log:
            return [10.0**k for k in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
        return ticks(low, high, 8 if axis == "x" else 5)

    def svg(self, caption: str = "") -> str:
        """The chart as a figure with its caption."""
        frame = self._frame() if self.axes else ""
        body = (
            f'<svg viewBox="0 0 {self.width} {self.height}" width="{self.width}" role=img aria-label="{escape(self.title)}">'
            f"<title>{escape(self.title)}</title>{frame}{''.join(self.parts)}</svg>"
        )
        return f"<figure tabindex=0>{body}<figcaption>{escape(caption or self.title)}</figcaption></figure>"
