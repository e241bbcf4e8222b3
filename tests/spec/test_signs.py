"""The sign table: what each disorder does to the blood, against health. One row, one test; a clinician can read it.

`+` rises, `-` falls, `0-` does not rise by more than half a percent, `+0` does not fall by more than half a percent,
`low` is not raised although calcium is low (inappropriate). Read at one year unless a row says a day.
"""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.physiology.trajectory import Trajectory
from fetuin.simulation import Person, Scenario, simulate
from fetuin.simulation.simulate import simulate_many

SIGNS = {
    "phpt": (365, {"calcium": "+", "phosphate": "-", "calcitriol": "+", "urine_calcium": "+", "pth": "+"}),
    "hypoparathyroidism": (365, {"calcium": "-", "phosphate": "+", "pth": "-"}),
    "pseudohypoparathyroidism": (365, {"calcium": "-", "phosphate": "+", "pth": "+"}),
    "cyp27b1_loss": (365, {"calcium": "0-", "phosphate": "-", "pth": "+", "calcitriol": "-"}),
    "calcitriol_excess": (365, {"calcium": "+", "phosphate": "+0", "pth": "-", "urine_calcium": "+"}),
    "cyp24a1_slc34a1": (365, {"calcium": "+", "pth": "-", "urine_calcium": "+", "calcitriol": "+"}),
    "vitamin_d_intoxication": (365, {"calcium": "+", "pth": "-", "urine_calcium": "+", "calcidiol": "+"}),
    "sarcoid_granulomatous": (365, {"calcium": "+", "pth": "-", "calcitriol": "+", "urine_calcium": "+"}),
    "phosphate_load": (5, {"phosphate": "+", "calcium": "-", "pth": "+", "fgf23": "+", "urine_calcium": "-"}),
    "magnesium_deficiency": (60, {"magnesium": "-", "calcium": "-", "pth": "low"}),
    "xlh": (365, {"phosphate": "-", "calcitriol": "-", "fgf23": "+"}),
    "hftc": (365, {"phosphate": "+", "calcitriol": "+"}),
    "klotho_deficiency": (365, {"phosphate": "+", "calcitriol": "+", "fgf23": "+"}),
    "galnt3_deficiency": (365, {"phosphate": "+", "calcitriol": "+", "fgf23": "-"}),
    "milk_alkali": (60, {"calcium": "+", "bicarbonate": "+", "pth": "-"}),
    "malignancy_pthrp": (60, {"calcium": "+", "phosphate": "-", "pth": "-"}),
    "malignancy_osteolytic": (60, {"calcium": "+", "pth": "-", "urine_calcium": "+"}),
    "calcitriol_lymphoma": (60, {"calcium": "+", "calcitriol": "+", "pth": "-"}),
    "lookalike_fhh": (365, {"calcium": "+", "pth": "+"}),
    "tumour_lysis": (2, {"phosphate": "+", "calcium": "-", "pth": "+"}),
    "tertiary_hpt": (365, {"calcium": "+", "pth": "+"}),
    "adynamic_bone": (365, {"bone_formation": "-"}),
}


def fits(sign: str, change: float) -> bool:
    """Does a relative change have the sign?"""
    return {
        "+": change > 0.001,
        "-": change < -0.001,
        "0-": change < 0.005,
        "+0": change > -0.005,
        "low": change < 0.25,
    }[sign]


def relative(t: Trajectory, name: str) -> float:
    """Change from day 0 to the end, relative."""
    return float(t[name][-1] / t[name][0] - 1.0)


@pytest.mark.parametrize("disorder", SIGNS)
def test_sign(disorder: str) -> None:
    days, signs = SIGNS[disorder]
    t = simulate(Person(), Scenario(disorders={disorder: 1.0}), days, times=[0.0, float(days)])
    found = {name: relative(t, name) for name in signs}
    assert all(fits(sign, found[name]) for name, sign in signs.items()), found


def test_ckd() -> None:
    """Phosphate +, calcitriol -, PTH +, FGF23 +, calcium not raised at the end."""
    course = Scenario(gfr=((3650.0, 10.0),))
    t = simulate(Person(), course, 3650, times=[0.0, 3650.0])
    assert relative(t, "phosphate") > 0.1
    assert relative(t, "calcitriol") < -0.3
    assert relative(t, "pth") > 1.0
    assert relative(t, "fgf23") > 1.0
    assert relative(t, "calcium") < 0.01


def test_removal_of_the_glands_on_dialysis_gives_hungry_bone() -> None:
    """Parathyroidectomy in haemodialysis: calcium falls for a week; phosphate falls with it in the first half day."""
    from fetuin.physiology.targets import Targets
    from fetuin.therapies.contract import Act
    from fetuin.therapies.dialysis_prescription import Prescription

    ill = Person(gfr=3.0, dialysis=Prescription(), before=728.0)
    cut = Scenario(acts=(Act(Targets(parathyroid_mass=0.03)),))
    with_glands, without = (simulate(ill, s, 7, times=[0.0, 0.5, 7.0]) for s in (Scenario(), cut))
    assert np.all(without["calcium"][1:] < 0.9 * with_glands["calcium"][1:])
    assert without["phosphate"][1] < 0.99 * with_glands["phosphate"][1]
    assert relative(without, "pth") < -0.8


def test_denosumab_lowers_calcium_raises_pth_then_recovers() -> None:
    """The lesion of RANKL that denosumab makes: a dip, and the way back while it acts."""
    from fetuin.physiology.targets import Targets

    t = simulate_many([Person()], Scenario(acts=_rankl(Targets(rankl=0.12))), 180, times=[0.0, 10.0, 30.0, 180.0])
    calcium, pth = np.array(t["calcium"]), np.array(t["pth"])
    assert calcium[1] < calcium[0]
    assert pth[1] > pth[0]
    assert calcium[3] > calcium[1:3].min()


def _rankl(targets: object) -> tuple:
    from fetuin.therapies.contract import Act

    return (Act(targets),)  # type: ignore[arg-type]
