"""Facts that need no trajectory: a law of the model asked directly, `identity = "..."` with its arguments in units.

[[readout]]
identity = "distensibility"
with = { pwv = "10 m/s" }
expected = 1.2578e-3
tolerance = 1e-6
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from fetuin.chemistry import crystal
from fetuin.engine.maths import PLAIN
from fetuin.errors import InputError, UnitError
from fetuin.physiology import artery, plaque, scan, turnover_class, vessel_wall
from fetuin.therapies.bisphosphonates import atypical_fracture
from fetuin.therapies.hexasodium_phytate import inhibition
from fetuin.validation.amounts import parts

FACTORS = {
    ("mmHg", "mm[Hg]"): 1.0, ("kPa", "mm[Hg]"): 7.50062, ("y", "a"): 1.0, ("years", "a"): 1.0, ("uM", "umol/L"): 1.0,
    ("mM", "mmol/L"): 1.0, ("nmol/L", "umol/L"): 1e-3, ("MPa", "kPa"): 1000.0, ("nm", "um"): 1e-3, ("mm", "um"): 1000.0,
    ("%", "1"): 0.01, ("bpm", "/min"): 1.0, ("cm/s", "m/s"): 0.01, ("g/mL", "kg/m3"): 1000.0, ("g/dL", "g/L"): 10.0,
    ("mo", "a"): 1 / 12, ("pg/mL", "ng/L"): 1.0, ("U/L", "ug/L"): 1.0, ("months", "a"): 1 / 12,
}  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """A law: what it is called with {argument: unit, or "text"}, what it answers in, and which arguments may be left out."""

    law: Callable[..., float]
    arguments: Mapping[str, str]
    unit: str
    optional: frozenset[str] = frozenset()


def _heart(of: str) -> Callable[..., float]:
    place = ("systolic_pressure", "diastolic_pressure", "pulse_pressure").index(of)

    def law(pwv: float, **own: float) -> float:
        return float(artery.pressures(pwv, replace(artery.Artery(), **own))[place])

    return law


def _metaplasia(phosphate: float, calcium_ionised: float = 1.2, injury: float = 0.0) -> float:
    w = vessel_wall.VesselWall()
    return vessel_wall.steady(vessel_wall.drive(PLAIN, phosphate, calcium_ionised, w), injury, w)


def _t50(**serum: float) -> float:
    from fetuin.chemistry.ripening import published
    from fetuin.chemistry.ripening_serum import Serum

    return published().predict(Serum(**serum)).t50_min


def _saturating_phosphate(phase: str = "Brushite_DCPD", constants: str = "plasma37", **serum: float) -> float:
    from fetuin.chemistry.saturation import saturating_phosphate

    healthy = {"pH": 7.4, "HCO3": 24.0, "Na": 140.0, "K": 4.2, "Ca_tot": 2.35, "Mg_tot": 0.85, "SO4": 0.33, "citrate": 0.12,
               "lactate": 1.0, "albumin_gL": 43.0, "globulin_gL": 28.0}  # fmt: skip
    names = {"calcium": "Ca_tot", "magnesium": "Mg_tot", "ph": "pH", "bicarbonate": "HCO3", "albumin": "albumin_gL",
             "citrate": "citrate"}  # fmt: skip
    sera = healthy | {names[k]: v for k, v in serum.items()}
    return float(saturating_phosphate({k: [v] for k, v in sera.items()}, constants, phase=phase)[0])  # type: ignore[misc]


def _growth(coverage: float, saturation: float = crystal.Crystal().saturation) -> float:
    c = crystal.Crystal()
    return float(crystal.step_speed(PLAIN, coverage, crystal.critical_coverage(saturation, c), c))


def _valve(calcium: str, density: str) -> float:
    return plaque.valve_hazard(calcium == "severe", density == "severe")[0]


HEART = {"stroke_volume": "mL", "heart_rate": "/min", "mean_pressure": "mm[Hg]", "aortic_volume": "mL",
         "peripheral_compliance": "mL/mm[Hg]", "root_area": "cm2"}  # fmt: skip
SERUM = {"phosphate": "mmol/L", "calcium": "mmol/L", "magnesium": "mmol/L", "fetuin_a": "g/L", "albumin": "g/L",
         "bicarbonate": "mmol/L", "citrate": "mmol/L"}  # fmt: skip


@cache
def identities() -> dict[str, Identity]:
    """{name: Identity} of every law that can be asked."""
    beat = {of: Identity(_heart(of), {"pwv": "m/s", **HEART}, "mm[Hg]", frozenset(HEART))
            for of in ("systolic_pressure", "diastolic_pressure", "pulse_pressure")}  # fmt: skip
    blood = {k: v for k, v in SERUM.items() if k not in ("fetuin_a", "phosphate")} | {"ph": "1"}
    return beat | {
        "distensibility": Identity(lambda pwv, density=artery.DENSITY: artery.distensibility(pwv, density),
                                   {"pwv": "m/s", "density": "kg/m3"}, "1/mm[Hg]", frozenset({"density"})),
        "arterial_compliance": Identity(lambda pwv, **own: float(artery.compliance(pwv, replace(artery.Artery(), **own))),
                                        {"pwv": "m/s", **HEART}, "mL/mm[Hg]", frozenset(HEART)),
        "reference_pwv": Identity(lambda age, pressure_class: float(artery.reference_speed(age, pressure_class)),
                                  {"age": "a", "pressure_class": "text"}, "m/s"),
        "pwv_at_pressure": Identity(lambda pwv, pressure, other: float(artery.speed_at_pressure(pwv, pressure, other)),
                                    {"pwv": "m/s", "pressure": "mm[Hg]", "other": "mm[Hg]"}, "m/s"),
        "mineral_pwv": Identity(lambda arc, path=1.0: float(vessel_wall.mineral_speed(arc, path)),
                                {"arc": "1", "path": "1"}, "1", frozenset({"path"})),
        "series_stiffness": Identity(lambda arc, hard_over_soft=1e9: vessel_wall.series_stiffness(1.0, hard_over_soft, arc),
                                     {"arc": "1", "hard_over_soft": "1"}, "1", frozenset({"hard_over_soft"})),
        "metaplasia": Identity(_metaplasia, {"phosphate": "mmol/L", "calcium_ionised": "mmol/L", "injury": "1"}, "1",
                               frozenset({"calcium_ionised", "injury"})),
        "pwv_hazard": Identity(artery.hazard_ratio, {"per": "1", "change": "m/s"}, "1"),
        "coronary_hazard": Identity(lambda volume_ratio=1.0, density_change=0.0, outcome="chd":
                                    plaque.coronary_hazard(volume_ratio, density_change, outcome)[0],
                                    {"volume_ratio": "1", "density_change": "1", "outcome": "text"}, "1",
                                    frozenset({"volume_ratio", "density_change", "outcome"})),
        "valve_hazard": Identity(_valve, {"calcium": "text", "density": "text"}, "1"),
        "stenosis_hazard": Identity(lambda agatston: plaque.stenosis_hazard(agatston)[0], {"agatston": "AU"}, "1"),
        "stress_concentration": Identity(plaque.concentration, {"diameter": "um", "gap_ratio": "1"}, "1",
                                         frozenset({"gap_ratio"})),
        "cap_stress": Identity(lambda background, diameter, gap_ratio=None: plaque.cap_stress(background, diameter, gap_ratio)[0],
                               {"background": "kPa", "diameter": "um", "gap_ratio": "1"}, "kPa", frozenset({"gap_ratio"})),
        "coverage": Identity(lambda concentration, affinity: crystal.coverage(concentration * affinity),
                             {"concentration": "umol/L", "affinity": "L/umol"}, "1"),
        "crystal_growth": Identity(_growth, {"coverage": "1", "saturation": "1"}, "1", frozenset({"saturation"})),
        "nucleation": Identity(lambda saturation, barrier: float(crystal.nucleation(PLAIN, saturation, barrier)),
                               {"saturation": "1", "barrier": "1"}, "1"),
        "phytate_inhibition": Identity(inhibition, {"concentration": "umol/L"}, "%"),
        "atypical_fracture": Identity(atypical_fracture, {"years_on": "a", "years_off": "a"}, "1", frozenset({"years_off"})),
        "low_turnover": Identity(turnover_class.low_turnover, {"pth": "ng/L", "prior": "1", "bone_alp": "ug/L"}, "1",
                                 frozenset({"prior", "bone_alp"})),
        "turnover_sensitivity": Identity(lambda turnover: turnover_class.accuracy(turnover)[0], {"turnover": "text"}, "1"),
        "turnover_specificity": Identity(lambda turnover: turnover_class.accuracy(turnover)[1], {"turnover": "text"}, "1"),
        "turnover_auc": Identity(lambda turnover: turnover_class.accuracy(turnover)[2], {"turnover": "text"}, "1"),
        "t50": Identity(_t50, SERUM, "min", frozenset(SERUM)),
        "saturating_phosphate": Identity(_saturating_phosphate, {"phase": "text", "constants": "text", **blood}, "mmol/L",
                                         frozenset({"phase", "constants", *blood})),
        "agatston_of_mass": Identity(lambda mass: float(scan.agatston(0.0, mass / crystal.APATITE_MASS)), {"mass": "mg"}, "AU"),
        "volume_of_mass": Identity(lambda mass: float(scan.volume(0.0, mass / crystal.APATITE_MASS)), {"mass": "mg"}, "mm3"),
    }  # fmt: skip


def ask(name: str, given: Mapping[str, Any], where: str) -> tuple[float, str]:
    """(value, unit) of a law at its arguments."""
    known = identities()
    if name not in known:
        raise InputError(f"no identity '{name}'.", where=where, fix=f"one of: {', '.join(sorted(known))}")
    one = known[name]
    if strange := sorted(set(given) - set(one.arguments)):
        raise InputError(
            f"{name} has no argument '{strange[0]}'.", where=where, fix=f"one of: {', '.join(one.arguments)}"
        )
    if missing := sorted(set(one.arguments) - one.optional - set(given)):
        raise InputError(f"{name} needs {', '.join(missing)}.", where=where)
    values = {k: _number(v, one.arguments[k], f"{where}, {name}.{k}") for k, v in given.items()}
    return float(one.law(**values)), one.unit


def _number(text: Any, unit: str, where: str) -> Any:
    if unit == "text":
        return str(text)
    _, value, said = parts(text, where)
    if said == unit or (unit == "1" and said == "") or unit == "AU" == said:
        return value
    if (said, unit) not in FACTORS:
        raise UnitError(
            f"'{text}' is not in {unit}.",
            where=where,
            why=f"its unit is '{said or 'missing'}'",
            fix=f"give it in {unit}",
        )
    return value * FACTORS[said, unit]


def reading(readout: Mapping[str, Any], where: str) -> tuple[float, str]:
    """The value of a readout that names an identity: absolute, or compared with the same law at `against`."""
    name, given = str(readout["identity"]), dict(readout.get("with", {}))
    value, unit = ask(name, given, where)
    form = str(readout.get("as", "absolute"))
    if form == "absolute":
        return (100.0 * value, "%") if readout.get("unit") == "%" and unit == "1" else (value, unit)
    other = readout.get("against")
    if not isinstance(other, Mapping):
        raise InputError(f"'as = {form}' needs `against` with other arguments.", where=where)
    base, _ = ask(name, {**given, **other}, where)
    if form == "slope":
        moved = [k for k in other if other[k] != given.get(k)]
        if len(moved) != 1:
            raise InputError("a slope needs one argument that differs.", where=where)
        kind = identities()[name].arguments[moved[0]]
        step = _number(given[moved[0]], kind, where) - _number(other[moved[0]], kind, where)
        return (value - base) / step, f"{unit} per {kind}"
    found = {
        "change": (value - base, unit),
        "ratio": (value / base, "1"),
        "percent": (100.0 * (value / base - 1.0), "%"),
    }
    if form not in found:
        raise InputError(f"'as = {form}' is not known.", where=where, fix="absolute, change, ratio, percent, slope")
    return found[form]
