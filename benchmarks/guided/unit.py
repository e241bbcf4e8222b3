"""Units and values: UCUM codes, printed units, doses and arms as people write them. The first byte says which."""

from __future__ import annotations

from pathlib import Path

from guided.contract import Target

UNITS = (
    "mg/dL",
    "mmol/L",
    "ug/L",
    "mEq/L",
    "U/L",
    "{ratio}",
    "10*3/uL",
    "m[Hg]",
    "mL/min/{1.73_m2}",
    "kat/L",
    "pg/mL",
    "[pH]",
    "g.m-2",
    "1",
)
TEXTS = ("sevelamer 4.8 g/d", "stop calcium_carbonate; denosumab 60 mg every 6 months", "diet phosphate -300 mg/d", "magnesium 10 mmol/d",
         "zoledronate 5 mg once iv", "teriparatide 20 ug/d", "alendronate 70 mg weekly", "dialysate calcium 1.25 mmol/L",
         "etidronate 5 mg/kg/d for 2 weeks every 3 months", "as now")  # fmt: skip


def seeds() -> list[bytes]:
    """Units, then arms."""
    return [b"\0" + u.encode() for u in UNITS] + [b"\1" + t.encode() for t in TEXTS] + [b"\2" + b"calcium 2.4 mmol/L"]


def read(data: bytes, _: Path) -> object:
    """A unit of every analyte and as UCUM, an arm of a comparison, or a value with its unit."""
    from fetuin.cli.serum_file import number_with_unit
    from fetuin.errors import UnitError
    from fetuin.knowledge.analyte import analytes
    from fetuin.simulation.regimen_text import arm
    from fetuin.units import accepted, factor

    text = data[1:].decode("utf-8", "replace")
    kind = data[0] % 3 if data else 0
    if kind == 1:
        return arm(text)
    if kind == 2:
        return number_with_unit(text, "Ca_tot", "text")
    for a in analytes().values():
        accepted(text, a)
    try:
        return factor(text, "mmol/L", 40.078, 2)
    except UnitError:
        return factor(text, text)


WORDS = (
    *UNITS,
    *TEXTS,
    "every",
    "days",
    "weeks",
    "once",
    "cycle",
    "iv",
    "sc",
    "/kg",
    "/d",
    "1e308",
    "9999999",
    "-",
    "+",
    "{",
    "}",
    ".",
    "µ",
)
TARGET = Target(seeds, read, ("fractions", "decimal"), WORDS)
