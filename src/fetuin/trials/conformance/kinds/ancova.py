"""SAS PROC GLM: sequential and partial F tests, LS means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.analysis.ancova import ancova
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.tables import table


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """type1_TERM, type3_TERM (mean squares for type 1 factors as SAS prints sums) and lsmeans."""
    i, o, tol = record["input"], record["expected"], record["tol"]
    fit = ancova(table(folder, i["data"].split()[0]), i["formula"])
    out = []
    for key, value in o.items():
        if key == "lsmeans":
            factor, levels = next(iter(fit.factors.items()))
            # the open copy of the data calls SAS's drugs D and F by other letters: levels are matched in order
            named = dict(zip(value, levels)) if set(value) - set(levels) else {k: k for k in value}
            out += [
                Compared(f"lsmean {k}", v, fit.ls_mean(**{factor: named[k]}).estimate, tol, True)
                for k, v in value.items()
            ]
        else:
            kind, _, term = key.partition("_")
            ss = fit.sequential[term] if kind == "type1" else fit.partial[term]
            out.append(Compared(key, value, ss, tol, True))
    return out
