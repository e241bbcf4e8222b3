"""The page of a trajectory: small multiples with reference bands, and the flux diagram of the organs."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from fetuin.knowledge.analyte import analytes
from fetuin.physiology.trajectory import Trajectory
from fetuin.reports.chart import Chart
from fetuin.reports.page import Html, page, table

PANELS = ("calcium", "calcium_ionised", "phosphate", "magnesium", "bicarbonate", "pth", "calcitriol", "calcidiol", "fgf23",
          "egfr", "urine_calcium", "urine_phosphate", "bone_resorption", "bone_formation", "bmd_spine", "si_ocp", "t50", "coronary_agatston",
          "aorta_mass", "deposits_mass", "pwv", "pulse_pressure")  # fmt: skip
WORDS = {
    "calcium": "Calcium, total", "calcium_ionised": "Calcium, ionised", "phosphate": "Phosphate", "magnesium": "Magnesium",
    "bicarbonate": "Bicarbonate", "pth": "PTH", "calcitriol": "Calcitriol", "calcidiol": "25-hydroxyvitamin D",
    "fgf23": "FGF23, intact", "egfr": "Filtration", "urine_calcium": "Calcium in urine", "urine_phosphate": "Phosphate in urine",
    "bone_resorption": "Bone resorption", "bone_formation": "Bone formation", "bmd_spine": "Spine density, relative",
    "si_ocp": "Saturation, octacalcium phosphate", "t50": "T50 of the serum", "coronary_agatston": "Coronary calcium, Agatston",
    "aorta_mass": "Mineral of the aorta", "deposits_mass": "Mineral of all deposits", "pwv": "Pulse wave velocity",
    "pulse_pressure": "Pulse pressure",
}  # fmt: skip


def band(name: str) -> tuple[float, float] | None:
    """The adult reference interval of a curve, where knowledge has one."""
    known = analytes().get({"fgf23": "fgf23_intact"}.get(name, name))
    interval = known.interval() if known else None
    if interval is None or interval.low is None or interval.high is None:
        return None
    return interval.low, interval.high


def panel(t: Trajectory, name: str, scale: float, unit: str, width: int = 320, height: int = 190) -> str:
    """One small chart: the reference band, the middle curve, and for several people the 5th to 95th percentile."""
    rows = t.rows(name)
    keep = np.unique(np.linspace(0, len(t.times) - 1, 500).astype(int))
    x, low, high = (
        t.times[keep] / scale,
        np.percentile(rows[:, keep], 5, axis=0),
        np.percentile(rows[:, keep], 95, axis=0),
    )
    reference = band(name)
    edges = [float(low.min()), float(high.max()), *(reference or ())]
    pad = max(0.06 * (max(edges) - min(edges)), 0.02 * abs(max(edges)), 1e-6)
    chart = Chart(
        f"{WORDS.get(name, name)}", x=(float(x[0]), float(x[-1])), y=(min(edges) - pad, max(edges) + pad),
        xlabel=f"time, {unit}", ylabel=t.unit(name), width=width, height=height,
    )  # fmt: skip
    if reference:
        chart.rect(float(x[0]), float(x[-1]), *reference, colour="good", opacity=0.12)
    if len(rows) > 1:
        chart.band(x.tolist(), low.tolist(), high.tolist(), "c1")
    chart.line(x.tolist(), np.median(rows[:, keep], axis=0).tolist(), "c1")
    return chart.svg()


BOXES = {
    "gut": (18, 55),
    "plasma": (50, 55),
    "kidney": (86, 80),
    "bone": (50, 14),
    "dialysate": (86, 26),
    "stool": (18, 14),
}


def fluxes(t: Trajectory) -> str:
    """A diagram of the organs with the calcium and phosphate that moved between them, as means per day."""
    chart = Chart(
        "Calcium and phosphate between the organs, mmol/d",
        x=(0, 100),
        y=(0, 100),
        axes=False,
        height=380,
        width=680,
        left=14,
    )
    for name, (x, y) in BOXES.items():
        chart.rect(x - 9, x + 9, y - 7, y + 7, colour="c1", opacity=0.16)
        chart.text(x, y, name, anchor="middle")
    eaten, moved = _moved(t)
    for (source, target), (ca, p) in moved.items():
        _arrow(chart, source, target, ca, p)
    chart.text(18, 68, f"eaten and infused: Ca {eaten[0]:.1f}, P {eaten[1]:.1f}", anchor="middle", dy=-10)
    return chart.svg(
        "Mean of the simulated time, in the direction of the words: gut to plasma, plasma to kidney, bone or dialysate; a negative figure flows back."
    )


def _moved(t: Trajectory) -> tuple[tuple[float, float], Mapping[tuple[str, str], tuple[float, float]]]:
    """(calcium, phosphate) [mmol/d] eaten and infused, and of each way from organ to organ."""
    days = float(t.times[-1] - t.times[0]) or 1.0

    def mean(name: str) -> float:
        rows = np.atleast_2d(t[name])
        return float(np.median(rows[:, -1] - rows[:, 0])) / days

    def rate(name: str) -> float:
        rows = np.atleast_2d(t[name])
        return float(np.median((rows[:, 1:] + rows[:, :-1]) @ np.diff(t.times)) / (2 * days))

    return (mean("calcium_in"), mean("phosphate_in")), {
        ("gut", "plasma"): (rate("absorbed_calcium"), rate("absorbed_phosphate")),
        ("plasma", "kidney"): (mean("calcium_urine"), mean("phosphate_urine")),
        ("gut", "stool"): (mean("calcium_faeces"), mean("phosphate_faeces")),
        ("plasma", "dialysate"): (mean("calcium_dialysate"), mean("phosphate_dialysate")),
        ("plasma", "bone"): (rate("bone_calcium_uptake"), 0.6 * rate("bone_calcium_uptake")),
    }


def _arrow(chart: Chart, source: str, target: str, ca: float, p: float) -> None:
    """A line from box to box, as thick as what flows, with its two figures."""
    a, b = BOXES[source], BOXES[target]
    dx, dy = b[0] - a[0], b[1] - a[1]
    near, far = (0.0, 8.0) if dx == 0 else (9.5, 0.0)  # leave the box by its side, or by its top
    start = (a[0] + near, a[1] + (far if dy > 0 else -far))
    end = (b[0] - near, b[1] + (-far if dy > 0 else far))
    chart.line([start[0], end[0]], [start[1], end[1]], "c2", width=1 + min(5.0, (abs(ca) + abs(p)) / 8))
    place, shift = ("middle", 0.0) if dy == 0 else ("start", 8.0 if dx == 0 else 14.0)
    lift = 4.0 if dx == 0 else -12.0 if dy == 0 else 16.0 if dy > 0 else -4.0
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    chart.text(*middle, f"Ca {ca:.1f}, P {p:.1f}", anchor=place, dx=shift, dy=lift, css="mute")


def trajectory_page(t: Trajectory) -> str:
    """The whole page as HTML."""
    scale, unit = (365.25, "a") if t.times[-1] > 1500 else (1.0, "d")
    grid = "".join(f"<div>{panel(t, n, scale, unit)}</div>" for n in PANELS if n in t.curves)
    multiples = (
        f'<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:.4rem">{grid}</div>'
    )
    rows = [
        (WORDS.get(n, n), *(f"{v:.4g}" for v in _summary(t, n)), t.units.get(n, "1")) for n in PANELS if n in t.curves
    ]
    people = (
        f"{len(t.labels)} virtual persons: median and 5th to 95th percentile" if len(t.labels) > 1 else "one person"
    )
    lost = "".join(f"<li>{Html(f)}</li>" for f in t.failures)
    said = "".join(f"<li>{escape(n)}: {escape(c)}</li>" for n, c in t.provenance.get("cautions", {}).items())
    cautions = [("Cautions", f"<ul>{said}</ul>")] if said else []
    return page(
        f"Trajectory: {t.title}",
        [
            ("Curves", f"<p class=mute>{people}; the band is the adult reference interval.</p>{multiples}"),
            ("Between the organs", fluxes(t)),
            ("Figures", table(("", "day 0", "lowest", "highest", "end", "unit"), rows, numeric=(1, 2, 3, 4))
             + (f"<p>Not simulated:</p><ul>{lost}</ul>" if lost else "")),
            *cautions,
        ],
        subtitle=f"{t.times[-1]:g} days of the mineral economy, by equations whose parameters have a source each",
    )  # fmt: skip


def _summary(t: Trajectory, name: str) -> tuple[float, float, float, float]:
    middle = np.median(np.atleast_2d(t[name]), axis=0)
    return float(middle[0]), float(middle.min()), float(middle.max()), float(middle[-1])
