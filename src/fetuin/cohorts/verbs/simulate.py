"""Every person of a cohort through time: what the record says sets the body, as `simulation.from_record` does for one.

One row a person with the values at the end. A person whose values set no body, or who could not be simulated, has the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.cohorts.contract import Verb
from fetuin.cohorts.people import People, load
from fetuin.cohorts.said import Listener
from fetuin.cohorts.sources.contract import quoted
from fetuin.cohorts.staging import connect
from fetuin.cohorts.verbs.assess import listener_of, prepare, staged_of
from fetuin.errors import FetuinError
from fetuin.simulation.from_record import OWN, from_values
from fetuin.simulation.person import Person
from fetuin.simulation.scenario import Scenario
from fetuin.simulation.simulate import simulate_many

BLOCK = 2048  # people simulated together
RTOL = 1e-4
SHOWN = ("calcium", "calcium_ionised", "phosphate", "magnesium", "bicarbonate", "pth", "calcitriol", "calcidiol", "fgf23",
         "egfr", "urine_calcium", "urine_phosphate", "si_ocp", "bmd_spine", "bmd_hip")  # fmt: skip


def bodies(p: People, listener: Listener) -> list[Person | str]:
    """The Person of each row, or why there is none."""
    said, which = listener.hear(p)
    on_dialysis = np.array([s.fails for s in said])[which]
    names = (*OWN, "egfr")
    values = np.stack([p.of(a) for a in names], 1)
    out: list[Person | str] = []
    for k in range(len(p)):
        known = {a: float(v) for a, v in zip(names, values[k]) if not np.isnan(v)}
        try:
            out.append(from_values(str(p.ids[k]), known, bool(on_dialysis[k])))
        except FetuinError as error:
            out.append(error.what)
    return out


def work(parameters: Mapping[str, Any], chunk: Mapping[str, Any], path: Path) -> None:
    """One part: simulate its people in lanes and write their last values."""
    import pandas as pd

    con = connect(1, "400MB")
    listener = listener_of(parameters)
    p = load(staged_of(parameters), chunk["part"], listener.phrases, con)
    found = bodies(p, listener)
    ends, why = np.full((len(p), len(SHOWN)), np.nan), [x if isinstance(x, str) else "" for x in found]
    able = [k for k, x in enumerate(found) if isinstance(x, Person)]
    for a in range(0, len(able), BLOCK):
        rows = able[a : a + BLOCK]
        _simulated([found[k] for k in rows], rows, parameters, ends, why)  # type: ignore[misc]
    frame = pd.DataFrame({"id": p.ids} | {n: ends[:, j] for j, n in enumerate(SHOWN)} | {"why_not": why})
    con.register("frame", frame)
    con.execute(f"COPY (SELECT * FROM frame) TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd)")
    con.close()


def _simulated(
    people: list[Person], rows: list[int], parameters: Mapping[str, Any], ends: np.ndarray, why: list[str]
) -> None:
    days = float(parameters["days"])
    plan = Scenario(regimen=dict(parameters.get("regimen") or {}))
    t = simulate_many(people, plan, days, times=[0.0, days], rtol=RTOL, failures="collect")
    index = dict(zip((x.name for x in people), rows, strict=True))
    for j, label in enumerate(t.labels):
        ends[index[label]] = [np.atleast_2d(t[n])[j, -1] for n in SHOWN]
    for lost in t.failures:
        label, _, reason = str(lost).partition(": ")
        why[index[label]] = reason[:200]


VERB = Verb("simulate", "person", prepare, work)
