"""R mmrm on the antidepressant trial with three methods of inference; ANCOVA of completers and of last values carried on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.analysis.ancova import ancova
from fetuin.trials.analysis.contrasts import differences
from fetuin.trials.analysis.inference import inference
from fetuin.trials.analysis.mmrm import Fit, fit
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.imputing import ARM, REFERENCE, SUBJECT, VISIT, formula, visits_as_text

METHODS = {
    "mmrm_kr": "kenward_roger_free", "mmrm_satt": "satterthwaite", "mmrm_kr_linear": "kenward_roger_linear",
}  # fmt: skip
NUMBER, DF, DEVIANCE = 1e-4, 0.05, 1e-3  # as for the other MMRM records


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Every number of the record; an unknown part is an error by name."""
    o, t = record["expected"], visits_as_text(folder, record["data"])
    f = fit(t, formula(o["model"]), subject=SUBJECT, visit=VISIT, reference={ARM: REFERENCE})
    wide = t.sort_values([SUBJECT, VISIT])
    last = wide[wide[VISIT] == f.visits[-1]]
    out = []
    for part, value in o.items():
        if part in METHODS:
            out += _visits(part, value, f)
        elif part in ("ancova_completers_v7", "ancova_locf"):
            out += _ancova(part, value, last if part != "ancova_locf" else wide.groupby(SUBJECT).last().reset_index())
        elif part == "deviance":
            out.append(Compared(part, value, f.minus2, DEVIANCE))
        elif part in ("n_patients", "n_obs"):
            out.append(Compared(part, value, t[SUBJECT].nunique() if part == "n_patients" else len(f.design.y), 0))
        elif part != "model":
            raise KeyError(part)
    return out


def _visits(part: str, rows: list[dict[str, Any]], f: Fit) -> list[Compared]:
    by = {d.visit: d.test for d in differences(f.design, inference(METHODS[part])(f), arm=ARM, visit=VISIT)}
    out = []
    for r in rows:
        t, at = by[r["VISIT"]], f"{part} {r['VISIT']}"
        out += [
            Compared(f"{at} estimate", r["estimate"], t.estimate, NUMBER, True),
            Compared(f"{at} SE", r["SE"], t.se, NUMBER, True),
            Compared(f"{at} df", r["df"], t.df, DF),
            Compared(f"{at} lower", r["lower.CL"], float(t.lower), 2 * NUMBER, True),
            Compared(f"{at} upper", r["upper.CL"], float(t.upper), 2 * NUMBER, True),
        ]
    return out


def _ancova(part: str, o: dict[str, float], rows: Any) -> list[Compared]:
    (d,) = ancova(rows, "CHANGE ~ THERAPY + BASVAL", reference={ARM: REFERENCE}).differences(ARM, REFERENCE)
    pairs = {"Estimate": d.test.estimate, "Std. Error": d.test.se, "t value": d.test.t, "Pr(>|t|)": d.test.p}
    return [Compared(f"{part} {k}", o[k], v, NUMBER) for k, v in pairs.items()]
