"""A trajectory as small multiples in matplotlib: one panel a curve, the reference interval behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fetuin.errors import MissingExtraError
from fetuin.notice import RESEARCH_USE

if TYPE_CHECKING:
    from fetuin.physiology.trajectory import Trajectory

USUAL = (
    "calcium",
    "calcium_ionised",
    "phosphate",
    "pth",
    "calcitriol",
    "fgf23",
    "urine_calcium",
    "urine_phosphate",
    "bmd_spine",
)


def reference_band(name: str) -> tuple[float, float] | None:
    """The adult reference interval of an analyte in its canonical unit, where knowledge has one."""
    from fetuin.knowledge.analyte import analytes

    known = analytes().get({"fgf23": "fgf23_intact"}.get(name, name))
    interval = known.interval() if known else None
    if interval is None or interval.low is None or interval.high is None:
        return None
    return interval.low, interval.high


def small_multiples(trajectory: Trajectory, names: tuple[str, ...] = (), columns: int = 3) -> Any:
    """A Figure. Several people are shown as the median and the band from the 5th to the 95th percentile."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plot") from error
    shown = names or tuple(n for n in USUAL if n in trajectory.curves)
    rows = -(-len(shown) // columns)
    figure = Figure(figsize=(3.6 * columns, 2.4 * rows), layout="constrained")
    scale, unit = (365.25, "a") if trajectory.times[-1] > 1500 else (1.0, "d")
    for k, name in enumerate(shown):
        axes = figure.add_subplot(rows, columns, k + 1)
        curves, x = np.atleast_2d(trajectory[name]), trajectory.times / scale
        if band := reference_band(name):
            axes.axhspan(*band, color="#2e7d4f", alpha=0.10, lw=0)
        if len(curves) > 1:
            axes.fill_between(x, *np.percentile(curves, (5, 95), axis=0), color="#0b6b7a", alpha=0.25, lw=0)
        axes.plot(x, np.median(curves, axis=0), color="#0b6b7a", lw=1.6)
        axes.set_title(name.replace("_", " "), fontsize=9)
        axes.set_ylabel(trajectory.units.get(name, ""), fontsize=8)
        axes.set_xlabel(f"time, {unit}", fontsize=8)
        axes.tick_params(labelsize=7)
    figure.suptitle(f"{trajectory.title}\n{RESEARCH_USE}", fontsize=8)
    return figure
