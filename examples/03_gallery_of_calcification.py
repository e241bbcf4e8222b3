"""Four mechanisms, one model: the same serum with and without injury, the same tissue with and without phosphate.

    python examples/03_gallery_of_calcification.py [folder]

Prints what five years leave in each case and, with a folder, draws the pictures of docs/explanation/deposits.md.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fetuin.physiology.targets import Targets
from fetuin.simulation import Person, Scenario, simulate
from fetuin.therapies.contract import Act
from fetuin.therapies.dialysis_prescription import Prescription

YEARS = 5
DAYS = YEARS * 364.0
SITES = ("coronary", "aorta", "lung", "kidney", "periarticular", "skin", "injured_tissue")


@dataclass(frozen=True)
class Case:
    """One picture of the gallery: who, what happens, and the mechanism it shows."""

    title: str
    mechanism: str
    person: Person = field(default_factory=Person)
    scenario: Scenario = field(default_factory=Scenario)


def scar(grade: float, days: float = DAYS, **more: float) -> Act:
    """An injury of the skin for some days."""
    return Act(Targets(injury_skin=grade, **more), duration=days, name="injury")


KIDNEY = Person(gfr=4.0, dialysis=Prescription(calcium=1.25))
GALLERY = (
    Case("Health", "none"),
    Case("A muscle bruised for two months, normal blood", "dystrophic",
         scenario=Scenario(acts=(Act(Targets(injury_injured_tissue=3.0), duration=60.0),))),
    Case("Inflamed skin, normal blood", "dystrophic", scenario=Scenario(acts=(scar(1.5),))),
    Case("Sound skin, failing kidneys", "metastatic", KIDNEY),
    Case("Inflamed skin and failing kidneys: the perfect storm", "dystrophic and metastatic", KIDNEY,
         Scenario(acts=(scar(1.5),))),
    Case("FGF23 does not act (tumoral calcinosis)", "hereditary", scenario=Scenario(disorders={"hftc": 1.0})),
    Case("No pyrophosphate (ENPP1)", "hereditary", scenario=Scenario(disorders={"enpp1_deficiency": 1.0})),
    Case("Half the pyrophosphate, torn elastin (ABCC6)", "hereditary", scenario=Scenario(disorders={"pxe": 1.0})),
    Case("Phosphatase unchecked (NT5E)", "hereditary", scenario=Scenario(disorders={"nt5e_deficiency": 1.0})),
    Case("No matrix Gla protein", "hereditary", scenario=Scenario(disorders={"mgp_deficiency": 1.0})),
    Case("A leaked calcium infusion, three weeks", "iatrogenic",
         scenario=Scenario(acts=(scar(1.5, 21.0, extravasated_calcium=2.0),))),
    Case("Warfarin in dialysis", "iatrogenic", KIDNEY, Scenario(regimen={"warfarin": 5.0})),
    Case("Calcium carbonate 3 g/d in dialysis", "iatrogenic", KIDNEY, Scenario(regimen={"calcium_carbonate": 3.0})),
    Case("An inhibitor is missing and nobody knows which", "idiopathic",
         scenario=Scenario(acts=(Act(Targets(pyrophosphate_synthesis=0.35, fetuin_a=0.5, injury_skin=0.5)),))),
)  # fmt: skip


def grown(case: Case) -> tuple[object, dict[str, float]]:
    """(trajectory, milligrams of apatite gained by each site)."""
    t = simulate(case.person, case.scenario, DAYS, times=np.arange(0.0, DAYS + 1.0, 28.0))
    return t, {s: float(t[f"{s}_mass"][-1] - t[f"{s}_mass"][0]) for s in SITES}


def main(folder: Path | None) -> None:
    """Simulate the gallery, print it, and draw it where a folder is given."""
    rows = []
    for case in GALLERY:
        t, mg = grown(case)
        rows.append((case, t, mg))
        blood = f"Ca {float(np.mean(t['calcium'])):.2f} P {float(np.mean(t['phosphate'])):.2f} T50 {float(t['t50'][-1]):.0f}"
        seen = (
            ", ".join(f"{s.replace('_', ' ')} {v:.0f}" for s, v in mg.items() if v >= 1.0)
            or "nothing a scan would show"
        )
        print(f"{case.title} [{case.mechanism}]: {blood}; mg in {YEARS} years: {seen}")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        draw_map(rows, folder / "gallery_sites.png")
        draw_storm({c.title: t for c, t, _ in rows}, folder / "gallery_storm.png")


def draw_map(rows: list, path: Path) -> None:
    """Where mineral goes, case by case: one row a case, one column a site, darker for more."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    table = np.array([[max(mg[s], 0.0) for s in SITES] for _, _, mg in rows])
    shown = np.log10(1.0 + table)
    figure, axes = plt.subplots(figsize=(9.0, 6.2), layout="constrained")
    axes.imshow(shown, cmap="Blues", aspect="auto", vmin=0, vmax=3.6)
    for i, row in enumerate(table):
        for j, v in enumerate(row):
            if v >= 0.5:
                axes.text(
                    j,
                    i,
                    f"{v:.0f}",
                    ha="center",
                    va="center",
                    color="white" if shown[i, j] > 2 else "black",
                    fontsize=9,
                )
    axes.set_xticks(range(len(SITES)), [s.replace("_", " ") for s in SITES], fontsize=9, rotation=25, ha="right")
    axes.set_yticks(range(len(rows)), [f"{c.title}  [{c.mechanism}]" for c, _, _ in rows], fontsize=9)
    figure.suptitle(
        f"Apatite gained in {YEARS} years, mg (empty: less than a scan would show)", x=0.01, ha="left", fontsize=11
    )
    for side in axes.spines.values():
        side.set_visible(False)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def draw_storm(curves: dict, path: Path) -> None:
    """The same injury with and without phosphate, the same phosphate with and without injury."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    names = (
        "Inflamed skin, normal blood",
        "Sound skin, failing kidneys",
        "Inflamed skin and failing kidneys: the perfect storm",
    )
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
    for name, colour in zip(names, ("#2a7f9e", "#b98a2f", "#a3333d"), strict=True):
        t = curves[name]
        left.plot(t.times / 364, t["phosphate"], color=colour)
        right.plot(t.times / 364, t["skin_mass"], color=colour, label=name)
    left.text(5, 2.02, "both with failing kidneys", ha="right", fontsize=8, color="#a3333d")
    left.set(xlabel="years", ylabel="phosphate before dialysis, mmol/L", ylim=(0.9, None))
    right.set(xlabel="years", ylabel="apatite in the skin, mg")
    right.legend(frameon=False, fontsize=8, loc="upper left")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
