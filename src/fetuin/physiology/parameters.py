"""The parameters of the body: one group per organ, flat names `group.name` for populations, fits and exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType

from fetuin.chemistry.crystal import Crystal
from fetuin.errors import InputError
from fetuin.physiology.acid_base import AcidBase
from fetuin.physiology.artery import Artery
from fetuin.physiology.bisphosphonate import Bisphosphonate
from fetuin.physiology.bone import Bone
from fetuin.physiology.calciprotein import Calciprotein
from fetuin.physiology.deposit import Deposit
from fetuin.physiology.deposit_site import sites
from fetuin.physiology.dialysis import Dialysis
from fetuin.physiology.fgf23 import Fgf23
from fetuin.physiology.gut import Gut
from fetuin.physiology.healthy import Healthy, Solved
from fetuin.physiology.kidney import Kidney
from fetuin.physiology.magnesium import Magnesium
from fetuin.physiology.parathyroid import Parathyroid
from fetuin.physiology.phosphate_shift import PhosphateShift
from fetuin.physiology.plasma import Plasma
from fetuin.physiology.pyrophosphate import Pyrophosphate
from fetuin.physiology.vessel_wall import VesselWall
from fetuin.physiology.vitamin_d import VitaminD
from fetuin.quantities import Quantity, table

GROUPS: Mapping[str, type] = MappingProxyType(
    {
        "healthy": Healthy, "solved": Solved, "plasma": Plasma, "gut": Gut, "kidney": Kidney, "acid_base": AcidBase,
        "parathyroid": Parathyroid, "fgf23": Fgf23, "vitamin_d": VitaminD, "magnesium": Magnesium,
        "phosphate_shift": PhosphateShift, "bone": Bone, "bisphosphonate": Bisphosphonate, "dialysis": Dialysis,
        "crystal": Crystal, "pyrophosphate": Pyrophosphate, "calciprotein": Calciprotein, "vessel_wall": VesselWall,
        "deposit": Deposit, "artery": Artery, **{f"site.{name}": site.parameters for name, site in sites().items()},
    }
)  # fmt: skip


def defaults() -> dict[str, float]:
    """{`group.name`: value} of the typical adult, before the baseline is solved."""
    return {f"{g}.{f.name}": float(f.default) for g, cls in GROUPS.items() for f in fields(cls)}  # type: ignore[arg-type]


def described() -> dict[str, Quantity]:
    """{`group.name`: value, unit, source, meaning, spread}."""
    return {f"{g}.{q.name}": q for g, cls in GROUPS.items() for q in table(cls)}


def with_changes(changes: Mapping[str, float], where: str) -> dict[str, float]:
    """The defaults with some changed. Unknown names, what is solved, and values that are not positive are refused."""
    values = defaults()
    for name, value in changes.items():
        if name not in values or name.startswith("solved."):
            near = [n for n in values if n.rpartition(".")[2] == name.rpartition(".")[2]] or sorted(GROUPS)
            raise InputError(f"'{name}' is no parameter that can be set.", where=where, fix=f"see: {', '.join(near)}")
        low = -1e6 if values[name] < 0 else 0.0
        if not (isinstance(value, int | float) and low <= value < 1e6):
            raise InputError(f"parameter {name} = {value!r} is impossible.", where=where)
        values[name] = float(value)
    return values
