"""The words of a dialysis prescription."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fetuin.errors import InputError
from fetuin.therapies.dialysis_prescription import Prescription, checked
from fetuin.therapies.haemodiafiltration import PRESCRIPTION as HAEMODIAFILTRATION
from fetuin.validation.amounts import concentration, days, flow, litres, parts
from fetuin.validation.shapes import known, number

SOLUTES = ("phosphate_clearance", "calcium_clearance", "magnesium_clearance", "bicarbonate_clearance")


def _usual(modality: str, where: str) -> Prescription:
    """The usual prescription of a modality."""
    usual = {"haemodialysis": Prescription(), "hemodialysis": Prescription(), "haemodiafiltration": HAEMODIAFILTRATION}
    if modality not in usual:
        raise InputError(f"dialysis modality '{modality}' is not known.", where=where,
                         fix="haemodialysis, haemodiafiltration; or peritoneal = true")  # fmt: skip
    return usual[modality]


def prescription(entry: Any, where: str) -> Prescription | None:
    """A dialysis prescription; `true` is the usual one, `false` none."""
    if entry is True:
        return Prescription()
    if entry is False or entry is None:
        return None
    words = {"modality", "sessions", "hours", "time", "calcium", "magnesium", "bicarbonate", "citrate", "ultrafiltration",
             "substitution", "days", "clearance", *SOLUTES}  # fmt: skip
    known(entry, words, where)
    modality = str(entry.get("modality", "haemodialysis"))
    base, values = _usual(modality, where), dict[str, Any](modality=modality)
    for word in ("sessions", "days"):
        if word in entry:
            values["sessions"] = float(parts(entry[word], f"{where}.{word}")[1])
    for word in ("hours", "time"):
        if word in entry:
            unitless = isinstance(entry[word], int | float) and word == "hours"
            values["hours"] = (
                number(entry[word], f"{where}.{word}") if unitless else days(entry[word], f"{where}.{word}") * 24.0
            )
    for word in SOLUTES:
        if word in entry:
            values[word] = flow(entry[word], f"{where}.{word}")
    if "clearance" in entry:  # one clearance of small solutes scales all
        scale = flow(entry["clearance"], f"{where}.clearance") / 240.0
        values |= {w: getattr(base, w) * scale for w in SOLUTES if w not in entry}
    for word in ("calcium", "magnesium", "bicarbonate"):
        if word in entry:
            values[word] = concentration(entry[word], word, f"{where}.{word}")
    if "citrate" in entry:
        _, value, unit = parts(entry["citrate"], f"{where}.citrate")
        if unit != "mmol/L":
            raise InputError(f"dialysate citrate '{entry['citrate']}' is not in mmol/L.", where=where, fix="mmol/L")
        values["citrate"] = value
    for word in ("ultrafiltration", "substitution"):
        if word in entry:
            values[word] = litres(entry[word], f"{where}.{word}")
    return checked(replace(base, **values), where)
