"""INZ-701: ENPP1 itself, for those who lack it, under the skin. It makes pyrophosphate in plasma. Milligrams."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.physiology.targets import Targets
from fetuin.quantities import quantity
from fetuin.therapies.contract import Act, Dosing, Therapy
from fetuin.therapies.kinetics import acts, levels


@dataclass(frozen=True)
class Inz701:
    """Kinetics and potency."""

    half_life: float = quantity(5.0, "d", "assumption: an Fc fusion of some days", "half-life", (3.0, 10.0))
    absorption: float = quantity(1.0, "d", "assumption: days", "half-life of absorption", (0.5, 2.0))
    activity: float = quantity(
        0.09, "/mg/d", "assumption: 0.6 mg/kg twice a week bring pyrophosphate to normal in ENPP1 deficiency",
        "synthesis of pyrophosphate added, 1 = that of health, per mg/d", (0.03, 0.3),
    )  # fmt: skip


def course(dosing: Dosing, p: Inz701) -> tuple[Act, ...]:
    """Synthesis of pyrophosphate added to one's own."""
    return acts(levels(dosing, p.half_life, p.absorption), lambda mg: Targets(pyrophosphate_added=p.activity * mg))


THERAPY = Therapy(
    name="inz_701",
    dose_unit="mg",
    maturity="investigational",
    parameters=Inz701(),
    course=course,
    mechanism="ENPP1 in plasma splits ATP into AMP and pyrophosphate, which keeps crystals from growing",
    harms_modelled=(),
    harms_not_modelled=("antibodies against it", "reaction at the injection"),
    interval=3.5,
    usual=40.0,
    routes={"sc": 1.0},
    aliases=("enpp1_fc",),
)
