"""What a screen of the workbench may be asked: every word, its type and its bounds. Meaning: `fetuin.screens`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from fetuin.service.body import Body

Word = Annotated[str, Field(max_length=200)]
Positive = Annotated[float, Field(gt=0, le=1e6)]
Values = dict[Annotated[str, Field(max_length=60)], Annotated[float, Field(ge=-1e6, le=1e6)]]


class Value(Body):
    """A value that is assumed."""

    analyte: Word
    value: Annotated[float, Field(ge=0, le=1e6)]
    unit: Word


class Patient(Body):
    """A record (an example here, else a file beside the question) and what is changed of it."""

    example: Word = ""
    name: Word = ""
    person: int = Field(1, ge=1, le=100_000)
    setting: Word = ""
    hide_tissue: bool = False
    hide: list[Word] = Field(default_factory=list, max_length=5000)
    assumed: dict[Word, Word] = Field(default_factory=dict, max_length=200)
    values: list[Value] = Field(default_factory=list, max_length=200)


class Person(Body):
    """Kidneys and dialysis before day 0."""

    gfr: float = Field(90.0, gt=0, le=250)
    dialysis: bool = False


class Model(Body):
    """A person, one or two arms by the keys of the controls, and how long."""

    person: Person = Person(gfr=90.0)
    arms: list[Values] = Field([{}], min_length=1, max_length=2)
    days: float = Field(180.0, ge=1, le=3650)


class Cut(Body):
    """A well (minute null) or a read that is left out, by whom and why."""

    well: Annotated[str, Field(max_length=8)]
    minute: float | None = None
    who: Annotated[str, Field(min_length=1, max_length=200)]
    why: Annotated[str, Field(min_length=1, max_length=1000)]
    at: Word = ""


class Plate(Body):
    """A plate (an example here, else files beside the question), the curve, and what is left out."""

    example: Word = ""
    model: Word = "5pl"
    read: int = Field(0, ge=0, le=1000)
    exclude: list[Cut] = Field(default_factory=list, max_length=20_000)


class Entry(Body):
    """The record so far and one act more."""

    trail: Annotated[str, Field(max_length=4_000_000)] = ""
    who: Word
    what: Word
    subject: Word
    why: Annotated[str, Field(max_length=1000)]
    before: dict[Word, Any] | None = None
    after: dict[Word, Any] | None = None


class Run(Body):
    """A control run: T50 [min] of each level."""

    run: Word
    t50_min: dict[Word, Annotated[float, Field(gt=0, le=1e5)]] = Field(max_length=20)


class Controls(Body):
    """Control runs in the order of time, or the example."""

    example: bool = False
    runs: list[Run] = Field(default_factory=list, max_length=5000)
    baseline: int = Field(20, ge=2, le=1000)


class Ct(Body):
    """A CT (an example here, else files beside the question) and how it is scored."""

    example: Word = ""
    seed: int | None = Field(None, ge=0, le=2**31)
    policy: Word = ""
    policies: list[Word] = Field(default_factory=list, max_length=20)
    thresholds: Word = "standard"
    kvp: float | None = Field(None, gt=0, lt=300)
    allow_contrast: bool = False
    series: Word = ""


class BoneScan(Body):
    """A bone scan (an example here, else a file) and rectangles `row0-row1,column0-column1`."""

    example: Word = ""
    view: int = Field(0, ge=0, le=1000)
    bone: Word
    soft: Word
    regions: list[Word] = Field(default_factory=list, max_length=50)
    gfr: float | None = Field(None, gt=0, le=250)
    reference: float | None = Field(None, gt=0, le=100)


class Score(Body):
    """A score of one scan."""

    agatston: Annotated[float, Field(ge=0, le=1e6)]
    volume_mm3: Annotated[float, Field(ge=0, le=1e7)]


class Two(Body):
    """Two scores of one person."""

    first: Score
    second: Score
    bmi: float = Field(27.0, ge=8, le=100, description="kg/m2")


class Design(Body):
    """A group-sequential design of two means; effect and standard deviation in the unit of the endpoint."""

    boundary: Word = "lan_demets_obrien_fleming"
    looks: int = Field(3, ge=1, le=8)
    alpha: float = Field(0.025, ge=1e-6, lt=0.5)
    power: float = Field(0.9, ge=0.5, le=0.999)
    sided: int = Field(1, ge=1, le=2)
    parameter: float | None = Field(None, ge=-20, le=20)
    delta: Positive = 1.0
    sd: Positive = 1.0


class Grid(Design):
    """The design, and the effects and standard deviations of the grid."""

    deltas: list[Annotated[float, Field(ge=0, le=1e6)]] = Field(min_length=1, max_length=20)
    sds: list[Positive] = Field(min_length=1, max_length=20)


class Mechanism(Body):
    """What a mechanism does to T50 and to CAC, and how variable they are."""

    t50_difference: float = Field(30.0, ge=-1000, le=1000, description="min")
    t50_sd: float = Field(70.0, ge=1, le=1000, description="min")
    cac_control: float = Field(20.0, ge=-50, le=500, description="% a year")
    cac_treated: float = Field(11.0, ge=-50, le=500, description="% a year")
    cac_sd: float = Field(0.23, ge=0.001, le=5, description="SD of the change of log volume in a year")
    hr_per_sd: float = Field(1.15, ge=0.2, le=5, description="hazard ratio per SD lower T50, if causal")
    events_per_100py: float = Field(4.5, ge=0.01, le=200)


OF_SCREEN: Mapping[str, type[Body]] = {
    "patient": Patient, "model": Model, "plate": Plate, "imaging": Ct, "bone-scan": BoneScan, "trial": Design,
}  # fmt: skip
