"""Scenario and person files of `fetuin simulate`, outcome files of `fetuin validate`.

The first byte says which; a table is written as JSON, so that its cells can be moved about and still be a table.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from random import Random

from fuzz_studies import _of_table, _of_text
from guided.contract import ROOT, Target
from guided.study import plain

SCENARIO = """[scenario]
days = 30
regimen = { sevelamer = "4.8 g/d", denosumab = { dose = "60 mg every 6 months", start = "3 d" } }
gfr = [{ at = "0 d", gfr = "60 mL/min" }, { at = "10 d", gfr = "20 mL/min" }]
diet = { phosphate = "+2 g/d", start = "1 d", duration = "5 d", every = "10 d" }
infusion = { of = "calcium", amount = "10 mmol", start = "2 d", duration = "4 h" }
clamp = { phosphate = "2 mmol/L", start = "8 d" }
disorders = { cyp27b1_loss = 0.5 }
dialysis = { sessions = 3, hours = 4, calcium = "1.5 mmol/L", ultrafiltration = "2 L" }
injury = { site = "muscle", start = "1 d" }
"""
PERSON = """[person]
sex = "female"
age = 50
gfr = "15 mL/min"
decline = "5 a"
values = { phosphate = "1.4 mmol/L" }
parameters = { "healthy.calcium" = 2.4 }
diet = { calcium = "20 mmol/d", vitamin_d = 1 }
regimen = { calcium_carbonate = "3 g/d" }
dialysis = true
before = "30 d"
deposits = { muscle = "1 mmol" }
blood_pressure = "140 mmHg"
"""


def seeds() -> list[bytes]:
    """One of each, and outcomes that are shipped, as texts and as tables."""
    outcomes = sorted((ROOT / "src/fetuin/validation/outcomes").glob("*.toml"))
    texts = [(0, SCENARIO), (1, PERSON), *((2, p.read_text("utf-8")) for p in outcomes[::3])]
    tables = [bytes([k + 3]) + json.dumps(tomllib.loads(t)).encode() for k, t in texts]
    return [bytes([k]) + t.encode() for k, t in texts] + tables


def read(data: bytes, folder: Path) -> object:
    """As the commands read them; an outcome's subject and arms as its replay would."""
    from fetuin.records.formats.front_door import load
    from fetuin.simulation.person import Person
    from fetuin.validation.outcome import read_outcome
    from fetuin.validation.toml import read_toml
    from fetuin.validation.vocabulary import person, scenario

    kind = data[0] % 6 if data else 0
    if kind >= 3:
        table = plain(load(data[1:], "a.json"))
    else:
        (folder / "a.toml").write_bytes(data[1:])
        table = read_toml(folder / "a.toml")
    if not isinstance(table, dict):
        return None
    if kind % 3 == 0:
        return scenario(table.get("scenario", table), Person(), "a.toml")
    if kind % 3 == 1:
        return person(table.get("person", table), "a.toml")
    found = read_outcome(table, "a", "a.toml")
    who = person(found.subject, found.where)
    return [scenario({"days": 1, **arm}, who, found.where) for arm in found.arms.values()]


def spoil(data: bytes, draw: Random) -> bytes:
    """Places of a table changed, dropped, doubled or renamed; a text cut, doubled, flipped."""
    if data[0] % 6 >= 3:
        return data[:1] + json.dumps(_of_table(json.loads(data[1:]), draw), default=str).encode()
    return data[:1] + _of_text(data[1:].decode("utf-8", "replace"), draw)


WORDS = ("days", "duration", "regimen", "gfr", "disorders", "dialysis", "diet", "infusion", "clamp", "targets", "injury", "person", "values",
         "parameters", "deposits", "readout", "arms", "subject", "source", "evidence", "nan", "inf", "-1", "1e308", "true", "[]", "{}", "mmol/d",
         "mL/min", "weekly", "start", "every", "until", "rate", "amount", "of")  # fmt: skip
TARGET = Target(seeds, read, ("tomllib", "json"), WORDS, spoil)
