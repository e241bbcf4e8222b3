"""The logic of treatment: take away the raw material, and the deposit stays but stops.

    python examples/04_the_story.py [folder]

A dialysis patient with mineral in the coronary arteries and the aorta. Nothing for a year; then sevelamer. The binder lowers
what comes in, phosphate settles at a new steady state, saturation falls below the threshold of growth, growth stops,
and what is there leaves slowly, by cells. With a folder, draws the picture of docs/tutorials/the-story.md.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fetuin.physiology.trajectory import Trajectory
from fetuin.simulation import Person, Scenario, simulate
from fetuin.simulation.regimen import therapy
from fetuin.therapies.dialysis_prescription import Prescription

YEAR = 364.0
PATIENT = Person(gfr=4.0, dialysis=Prescription(calcium=1.5), deposits={"coronary": 1.4, "aorta": 8.0}, before=728.0)


@dataclass(frozen=True)
class Lesson:
    """What the figures of the lesson are read from."""

    before: Trajectory
    untreated: Trajectory
    treated: Trajectory


def lesson(dose: float = 9.6, years: int = 4) -> Lesson:
    """A year of nothing, then the rest with and without sevelamer [g/d]."""
    days = years * YEAR
    grid = np.arange(0.0, days + 1.0, 7.0)
    acts = tuple(therapy("sevelamer").given(dose, start=YEAR, horizon=days))
    nothing = simulate(PATIENT, Scenario("nothing"), days, times=grid)
    binder = simulate(PATIENT, Scenario("sevelamer", acts=acts), days, times=grid)
    return Lesson(nothing, nothing, binder)


def per_year(t: Trajectory, name: str, begin: float, end: float) -> float:
    """Growth between two days, per cent a year."""
    a, b = (float(t.at(name, day)[0]) for day in (begin, end))
    return 100.0 * ((b / a) ** (YEAR / (end - begin)) - 1.0)


def main(folder: Path | None) -> None:
    """Tell it, and draw it where a folder is given."""
    found = lesson()
    t, u, end = found.treated, found.untreated, found.treated.times[-1]
    print(f"absorbed phosphate   {t['absorbed_phosphate'][50]:5.1f} -> {t['absorbed_phosphate'][-1]:5.1f} mmol/d")
    print(f"phosphate            {t['phosphate'][50]:5.2f} -> {t['phosphate'][-1]:5.2f} mmol/L")
    print(f"T50                  {t['t50'][50]:5.0f} -> {t['t50'][-1]:5.0f} min")
    for name, site in (("coronary", "coronary_volume"), ("aorta", "aorta_volume")):
        print(f"{name:9} first year {per_year(t, site, 0.0, YEAR):+5.1f} % a year; last year with the binder "
              f"{per_year(t, site, end - YEAR, end):+5.1f}, without {per_year(u, site, end - YEAR, end):+5.1f}")  # fmt: skip
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        draw(found, folder / "the_story.png")


def draw(found: Lesson, path: Path) -> None:
    """Input, serum, saturation, deposit: one above the other, with and without the binder."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    shown = (("absorbed_phosphate", "absorbed\nphosphate, mmol/d"), ("phosphate", "phosphate\nbefore dialysis, mmol/L"),
             ("t50", "T50, min"), ("coronary_volume", "coronary\nvolume, mm3"), ("coronary_media_metaplasia", "bone-like part\nof the wall"))  # fmt: skip
    figure, rows = plt.subplots(len(shown), 1, figsize=(7.5, 8.2), sharex=True, layout="constrained")
    for axes, (name, label) in zip(rows, shown, strict=True):
        for t, colour, text in ((found.untreated, "#a3333d", "nothing"), (found.treated, "#2a7f9e", "sevelamer")):
            axes.plot(t.times / YEAR, t[name], color=colour, lw=1.6)
            axes.annotate(
                text,
                (t.times[-1] / YEAR, t[name][-1]),
                xytext=(4, 0),
                textcoords="offset points",
                color=colour,
                fontsize=8,
            )
        axes.axvline(1.0, color="#999999", lw=0.8, ls=":")
        axes.set_ylabel(label, fontsize=8)
        axes.set_xlim(0, found.treated.times[-1] / YEAR * 1.14)
        axes.spines[["top", "right"]].set_visible(False)
    rows[0].text(1.03, 17.5, "binder from here", fontsize=8, color="#666666")
    rows[-1].set_xlabel("years")
    figure.savefig(path, dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
