"""Every therapy of the folder: its numbers have sources, its harms are said, nothing changes nothing, more does more."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from functools import cache

import pytest

import fetuin.therapies
from fetuin.catalog import entries
from fetuin.errors import FetuinError
from fetuin.physiology.targets import FLUXES, NAMES, NEUTRAL
from fetuin.quantities import table
from fetuin.records.medicines import inns
from fetuin.simulation import Person, Scenario, simulate
from fetuin.simulation.regimen import known_therapies, therapy
from fetuin.therapies.contract import Act, Therapy
from fetuin.therapies.dialysis_prescription import Prescription
from fetuin.therapies.dose import dose_of

THERAPIES: dict[str, Therapy] = entries(fetuin.therapies, "THERAPY")
NOT_MEDICINES = {
    "haemodialysis", "haemodiafiltration", "peritoneal_dialysis", "citrate_dialysate", "parathyroidectomy",
    "transplantation", "phosphate_restriction", "bicarbonate", "magnesium", "vitamin_k", "hexasodium_phytate", "inz_701",
    "sucroferric_oxyhydroxide",
}  # fmt: skip


@pytest.mark.parametrize("name", THERAPIES)
def test_what_a_file_says(name: str) -> None:
    t = THERAPIES[name]
    assert t.name == name
    assert t.maturity in ("established", "investigational", "hypothesis")
    assert len(t.mechanism.split()) > 5
    assert t.harms_modelled or t.harms_not_modelled
    assert all(len(h) > 4 for h in (*t.harms_modelled, *t.harms_not_modelled))
    assert sum(x is not None for x in (t.effects, t.acts, t.course)) == 1
    assert t.usual > 0
    assert t.interval > 0
    assert dose_of(t, t.example.strip('"')).amount == pytest.approx(t.usual, rel=1e-5)


@pytest.mark.parametrize("name", THERAPIES)
def test_every_number_has_a_unit_a_source_and_a_meaning(name: str) -> None:
    p = THERAPIES[name].parameters
    assert is_dataclass(p)
    rows = table(type(p))
    assert {r.name for r in rows} >= {f.name for f in fields(p) if isinstance(f.default, float)}
    assert all(r.unit and r.source and r.meaning for r in rows)


@pytest.mark.parametrize("name", THERAPIES)
def test_no_dose_changes_nothing_and_a_wrong_one_is_refused(name: str) -> None:
    t = THERAPIES[name]
    assert t.given(0.0) == ()
    for wrong in (-1.0, math.nan, math.inf, f"1 {t.dose_unit}/lightyear", "much", "3 furlongs"):
        with pytest.raises(FetuinError):
            t.given(wrong)


@pytest.mark.parametrize("name", THERAPIES)
def test_what_is_done_is_possible(name: str) -> None:
    """Finite targets, folds not negative, nothing before the first dose; something is moved."""
    acts = THERAPIES[name].given(THERAPIES[name].usual, 10.0, 60.0, 400.0)
    assert acts
    assert all(a.start >= 10.0 and a.duration > 0 for a in acts)
    assert any(a.targets != NEUTRAL or a.inputs for a in acts)
    for a in acts:
        values = {n: getattr(a.targets, n) for n in NAMES}
        assert all(math.isfinite(v) for v in values.values())
        assert all(v >= 0 for n, v in values.items() if n not in FLUXES)


def _moved(acts: tuple[Act, ...], day: float) -> float:
    """How far all targets are moved on a day, as a distance."""
    here = [a for a in acts if a.start <= day < a.start + a.duration and a.every is None]
    return sum(
        abs(getattr(a.targets, n)) if n in FLUXES else abs(math.log(max(getattr(a.targets, n), 1e-9)))
        for a in here
        for n in NAMES
    )


@pytest.mark.parametrize("name", [n for n in THERAPIES if THERAPIES[n].acts is None])
def test_more_moves_more(name: str) -> None:
    t = THERAPIES[name]
    distances = [_moved(t.given(k * t.usual, horizon=200.0), 0.5) for k in (0.25, 0.5, 1.0)]
    assert 0 < distances[0] < distances[1] < distances[2]


@cache
def _dialysed() -> Person:
    ill = Person(gfr=4.0, dialysis=Prescription(calcium=1.5), before=182.0)
    from dataclasses import replace

    from fetuin.simulation.simulate import day_zero

    (found, _), *_ = day_zero([ill])
    return replace(found)


EFFECT = {
    "sevelamer": ("phosphate", "-"), "lanthanum": ("phosphate", "-"), "calcium_carbonate": ("phosphate", "-"),
    "calcium_acetate": ("phosphate", "-"), "sucroferric_oxyhydroxide": ("phosphate", "-"),
    "ferric_citrate": ("phosphate", "-"), "magnesium_carbonate": ("phosphate", "-"),
    "aluminium_hydroxide": ("phosphate", "-"), "tenapanor": ("phosphate", "-"), "nicotinamide": ("phosphate", "-"),
    "phosphate_restriction": ("phosphate", "-"), "cinacalcet": ("pth", "-"), "etelcalcetide": ("pth", "-"),
    "calcitriol": ("pth", "-"), "alfacalcidol": ("pth", "-"), "paricalcitol": ("pth", "-"),
    "ergocalciferol": ("calcidiol", "+"), "cholecalciferol": ("calcidiol", "+"), "parathyroidectomy": ("pth", "-"),
    "transplantation": ("egfr", "+"), "etidronate": ("osteoid", "+"), "pamidronate": ("bone_resorption", "-"),
    "alendronate": ("bone_resorption", "-"), "ibandronate": ("bone_resorption", "-"),
    "risedronate": ("bone_resorption", "-"), "zoledronate": ("bone_resorption", "-"),
    "denosumab": ("bone_resorption", "-"), "teriparatide": ("bone_formation", "+"),
    "romosozumab": ("bone_formation", "+"), "magnesium": ("t50", "+"), "bicarbonate": ("bicarbonate", "+"),
    "sodium_thiosulfate": ("bicarbonate", "-"), "inz_701": ("pyrophosphate", "+"),
}  # fmt: skip


@pytest.mark.parametrize("name", EFFECT)
def test_the_effect_grows_with_the_dose(name: str) -> None:
    """In dialysis, at four weeks: half the usual dose does something, the usual dose more."""
    analyte, sign = EFFECT[name]
    t = THERAPIES[name]
    read = [
        float(simulate(_dialysed(), {name: k * t.usual} if k else {}, 28, times=[0.0, 28.0])[analyte][-1])
        for k in (0.0, 0.5, 1.0)
    ]
    assert read[0] < read[1] < read[2] if sign == "+" else read[0] > read[1] > read[2], read


def test_burosumab_raises_the_phosphate_of_excess_fgf23() -> None:
    ill = Person(disorders={"xlh": 1.0}, before=200.0)
    t = simulate(ill, {"burosumab": 70.0}, 84, times=[0.0, 84.0])
    assert t["phosphate"][-1] > 1.1 * t["phosphate"][0]


def test_the_catalogue_is_the_folder() -> None:
    assert set(THERAPIES) <= set(known_therapies())
    assert therapy("Calcium Carbonate").name == "calcium_carbonate"


@pytest.mark.parametrize("name", [n for n in THERAPIES if n not in NOT_MEDICINES])
def test_a_medicine_of_a_record_finds_its_therapy(name: str) -> None:
    words = name.replace("_", " ")
    assert words in inns(words), f"{words} is no medicine of knowledge/valuesets/medicines.csv"


def test_a_therapy_of_the_person_goes_on_and_is_replaced_not_added() -> None:
    on = Person(gfr=30.0, regimen={"sevelamer": 4.8}, before=60.0)
    kept, same, more, none = (
        float(simulate(on, Scenario(regimen=r), 28, times=[0.0, 28.0])["phosphate"][-1])
        for r in ({}, {"sevelamer": 4.8}, {"sevelamer": 9.6}, {"sevelamer": 0.0})
    )
    assert kept == pytest.approx(same, rel=1e-6)
    assert more < kept < none
