"""The arms of a trial: regimens of therapies (and a dialysate) for virtual patients, or means and SDs without mechanism."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fetuin.errors import InputError
from fetuin.trials.words import Words

WORDS = ("name", "group", "reference", "share", "regimen", "dialysate", "diet", "mean", "sd", "hazard_ratio")
DIALYSATE = {"calcium": (0.5, 2.5), "magnesium": (0.0, 2.0), "bicarbonate": (15.0, 45.0)}  # mmol/L
MOST = 8


@dataclass(frozen=True)
class Arm:
    """One arm. `regimen` {therapy: dose}; `dialysate` {solute: mmol/L}; `mean`, `sd` at each visit.

    Arms of one `group` are analysed together (two doses against placebo). `share` is its part of the allocation.
    """

    name: str
    group: str
    reference: bool = False
    share: int = 1
    regimen: Mapping[str, float | str] = field(default_factory=dict)
    dialysate: Mapping[str, float] = field(default_factory=dict)
    mean: tuple[float, ...] = ()
    sd: tuple[float, ...] = ()
    hazard_ratio: float = 1.0


def read_arms(entries: Any, visits: tuple[float, ...]) -> tuple[Arm, ...]:
    """The `[[arms]]`: at least two, of different names, none without patients."""
    if not isinstance(entries, list) or not 2 <= len(entries) <= MOST:
        raise InputError("a trial needs arms to compare.", where="arms", why=f"found {len(entries) if isinstance(entries, list) else 'no list'}",
                         fix=f"2 to {MOST} tables [[arms]]")  # fmt: skip
    arms = tuple(_arm(Words.of(e, f"arms[{i}]", WORDS), visits) for i, e in enumerate(entries))
    names = [a.name for a in arms]
    if len(set(names)) < len(names):
        raise InputError(
            "two arms have one name.", where="arms", why=", ".join(names), fix="a name of its own for each arm"
        )
    if sum(a.reference for a in arms) > 1 and len({a.group for a in arms if a.reference}) > 1:
        raise InputError(
            "two arms are the reference.",
            where="arms",
            why="a difference has one reference",
            fix="reference = true once",
        )
    if len({a.group for a in arms}) < 2:
        raise InputError(
            "all arms are of one group.", where="arms", why="nothing is left to compare", fix="two groups at least"
        )
    return arms


def _arm(w: Words, visits: tuple[float, ...]) -> Arm:
    name = w.text("name", most=40)
    share = w.whole("share", 0, 20, 1)
    if share == 0:
        raise InputError(f"the arm {name!r} is empty.", where=w.at("share"), why="a share of 0 randomises nobody to it",
                         fix="a share of 1 or more, or drop the arm")  # fmt: skip
    return Arm(
        name, w.text("group", name, most=40), w.yes("reference", False), share, read_regimen(w), _dialysate(w),
        _each(w, "mean", visits, -1e6, 1e6), _each(w, "sd", visits, 0.0, 1e6), w.number("hazard_ratio", 0.02, 50.0, 1.0),
    )  # fmt: skip


def _each(w: Words, name: str, visits: tuple[float, ...], low: float, high: float) -> tuple[float, ...]:
    """One number for every visit; one alone holds for all."""
    if name not in w:
        return ()
    found = w.numbers(name, low, high)
    if len(found) not in (1, len(visits)):
        raise InputError(f"{name} has {len(found)} numbers for {len(visits)} visits.", where=w.at(name),
                         why="one number for each visit, or one for all", fix=f"{len(visits)} numbers")  # fmt: skip
    return found * len(visits) if len(found) == 1 else found


def read_regimen(w: Words) -> dict[str, float | str]:
    """{therapy: dose}, a number in the therapy's unit or as it is written ("800 mg three times a day")."""
    from fetuin.simulation.regimen import therapy
    from fetuin.therapies.dose import dose_of

    table = w.table.get("regimen", {})
    if not isinstance(table, Mapping):
        raise InputError("a regimen is a table of doses.", where=w.at("regimen"), why=f"found {str(table)[:60]}",
                         fix='{ sevelamer = "4.8 g/d" }')  # fmt: skip
    found: dict[str, float | str] = {}
    for name, dose in table.items():
        place = w.at(f"regimen.{name}")
        given = dose if isinstance(dose, str) else Words.checked(dose, place, 0.0, 1e6)
        try:
            dose_of(therapy(name), given, place)
        except InputError as error:
            raise InputError(
                error.what,
                where=place,
                why=error.why or "arms are regimens of known therapies",
                fix=error.fix or "as it is written: 4.8 g/d",
            ) from error
        found[name] = given
    return found


def _dialysate(w: Words) -> dict[str, float]:
    part = w.sub("dialysate", (*DIALYSATE, "unit"))
    part.choice("unit", ["mmol/L"], "mmol/L")
    return {k: part.number(k, *DIALYSATE[k]) for k in DIALYSATE if k in part}
