"""The plan of a trial: how many, how long, with which error rates and looks, at which pace and cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fetuin.trials.words import Words

LOOKS = ("looks", "boundary", "parameter", "futility", "futility_parameter", "binding", "spent")
DESIGN = (
    "kind",
    "randomised",
    "power",
    "alpha",
    "sided",
    "follow_up",
    "block",
    "compare",
    "direction",
    "planned",
    "interim",
)
PLANNED = ("difference", "sd", "correlation", "dropout", "hazard_ratio")
COST = ("per_patient", "per_visit", "per_measurement", "per_month", "currency")


@dataclass(frozen=True)
class Planned:
    """What the size rests on: a difference on the analysed scale, its SD, the correlation with baseline, dropout."""

    difference: float | None = None
    sd: float | None = None
    correlation: float = 0.0
    dropout: float = 0.0
    hazard_ratio: float | None = None


@dataclass(frozen=True)
class Interim:
    """Looks at fractions of the information, the boundary and, one-sided, a futility bound; or what is `spent` by each."""

    looks: tuple[float, ...] = (1.0,)
    boundary: str = "lan_demets_obrien_fleming"
    parameter: float | None = None
    futility: str | None = None
    futility_parameter: float | None = None
    binding: bool = False
    spent: tuple[float, ...] = ()


@dataclass(frozen=True)
class Cost:
    """Money per patient randomised, visit held, endpoint measured and month of the study, in one currency."""

    per_patient: float = 0.0
    per_visit: float = 0.0
    per_measurement: float = 0.0
    per_month: float = 0.0
    currency: str = "EUR"


@dataclass(frozen=True)
class Plan:
    """`randomised` 0: computed from `planned` and `power`. `follow_up` in days; accrual in patients a month."""

    randomised: int
    power: float
    alpha: float
    sided: int
    follow_up: float
    block: int
    compare: str
    direction: str
    planned: Planned
    interim: Interim
    cost: Cost
    per_month: float
    ramp: float


def read_plan(words: Words) -> Plan:
    """`[design]`, `[accrual]` and `[cost]`."""
    d = words.sub("design", DESIGN)
    d.choice("kind", ["parallel"], "parallel")
    accrual = words.sub("accrual", ("per_month", "ramp_months"))
    return Plan(
        d.whole("randomised", 0, 100_000, 0), d.number("power", 0.0, 1.0, 0.9), d.number("alpha", 0.0, 1.0, 0.05),
        d.whole("sided", 1, 2, 2), d.number("follow_up", 1.0, 3650.0), d.whole("block", 1, 64, 4),
        d.text("compare", "") if "compare" in d else "", d.choice("direction", ["higher", "lower"], _better(words)),
        _planned(d), _interim(d), _cost(words),
        accrual.number("per_month", 0.0, 10_000.0, 10.0, above=True), accrual.number("ramp_months", 0.0, 120.0, 0.0),
    )  # fmt: skip


def _better(words: Words) -> str:
    """Which way is better, unless said: a longer T50; less calcium, less phosphate, fewer events."""
    endpoint = words.table.get("endpoint")
    return "higher" if isinstance(endpoint, Mapping) and endpoint.get("kind") == "t50" else "lower"


def _planned(d: Words) -> Planned:
    p = d.sub("planned", PLANNED)
    return Planned(
        p.maybe("difference", -1e6, 1e6), p.maybe("sd", 0.0, 1e6, above=True), p.number("correlation", -0.999, 0.999, 0.0),
        p.number("dropout", 0.0, 0.95, 0.0), p.maybe("hazard_ratio", 0.02, 50.0),
    )  # fmt: skip


def _interim(d: Words) -> Interim:
    from fetuin.catalog import names
    from fetuin.trials.designs import boundaries

    i, known = d.sub("interim", LOOKS), sorted(names(boundaries))
    return Interim(
        i.numbers("looks", 0.0, 1.0, (1.0,), most=20), i.choice("boundary", known, "lan_demets_obrien_fleming"),
        i.maybe("parameter", -50.0, 50.0), i.choice("futility", known) if "futility" in i else None,
        i.maybe("futility_parameter", -50.0, 50.0), i.yes("binding", False), i.numbers("spent", 0.0, 1.0, (), most=20),
    )  # fmt: skip


def _cost(words: Words) -> Cost:
    c = words.sub("cost", COST)
    money = {n: c.number(n, 0.0, 1e9, 0.0) for n in COST[:-1]}
    return Cost(**money, currency=c.text("currency", "EUR", most=8))  # type: ignore[arg-type]
