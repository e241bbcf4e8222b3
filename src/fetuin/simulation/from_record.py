"""A Person from a Record: what its latest values say about kidney function, dialysis and set-points. No fit yet.

Values of a person with normal kidneys and no disorder known to the body are taken as that person's own healthy values
where they lie within the range of health; everything else stays that of the typical adult.
"""

from __future__ import annotations

from collections.abc import Mapping

from fetuin.errors import NotEnoughDataError
from fetuin.physiology.parameters import described
from fetuin.records.record import Record
from fetuin.simulation.person import Person
from fetuin.therapies.dialysis_prescription import Prescription

OWN = {"calcium": "healthy.calcium", "phosphate": "healthy.phosphate", "magnesium": "healthy.magnesium",
       "pth": "healthy.pth", "calcidiol": "healthy.storage", "calcitriol": "healthy.calcitriol", "albumin": "plasma.albumin"}  # fmt: skip
NORMAL_GFR = 75.0  # mL/min
ON_DIALYSIS = 4.0  # mL/min


def person_of(record: Record) -> Person:
    """The Person of a record. NotEnoughDataError where it holds no value that the body knows."""
    values = {a: o.value for a in (*OWN, "egfr") if (o := record.latest(a)) is not None and o.value is not None}
    dialysed = any("dialysis" in text.lower() and said == "present" for text, said, _ in record.texts())
    return from_values(record.id or "record", values, dialysed)


def from_values(name: str, values: Mapping[str, float], dialysed: bool) -> Person:
    """The Person of the latest values {analyte: canonical unit}; `dialysed` is thrice-weekly haemodialysis."""
    if not values:
        raise NotEnoughDataError("the record holds no value that sets a body.", where=name,
                                 fix=f"one of: {', '.join(OWN)}, egfr")  # fmt: skip
    gfr = ON_DIALYSIS if dialysed else values.get("egfr")
    known = described()
    parameters = {}
    if gfr is None or gfr >= NORMAL_GFR:
        for analyte, own in OWN.items():
            low, high = known[own].spread or (0.0, 0.0)
            if analyte in values and low <= values[analyte] <= high:
                parameters[own] = float(values[analyte])
    return Person(
        name=name, parameters=parameters, gfr=float(gfr) if gfr is not None else None,
        dialysis=Prescription() if dialysed else None,
    )  # fmt: skip
