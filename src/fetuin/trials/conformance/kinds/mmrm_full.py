"""SAS: a whole listing: fixed effects, type 3 tests, LS means and differences by visit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.trials.analysis.contrasts import differences, ls_mean, type_tests
from fetuin.trials.analysis.inference import inference
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.mixed import METHODS, fitted
from fetuin.trials.conformance.sas_effects import contrast

PRINTED_F = 0.02  # F is printed to two decimals at the optimum SAS stops at


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Every printed number; m2ll is printed to one decimal."""
    m, o, tol = record["model"], record["expected"], record["tol"]
    f = fitted(m, folder)
    method = inference(METHODS[m["ddfm"]])(f)
    out = [Compared("m2ll", o["m2ll"], f.minus2, 0.06)]
    for e in o["fixed"]:
        out += _rows(
            f"{e['effect']} {e['level']}", e, method.test(contrast(f, e["effect"], e["level"], m["formula"])), tol
        )
    tests = {frozenset(k.split(":")): t for k, t in type_tests(f.design, method).items()}
    for e in o["type3"]:
        t = tests[frozenset(e["effect"].split("*"))]
        out += [
            Compared(f"{e['effect']} F", e["F"], t.F, PRINTED_F),
            Compared(f"{e['effect']} dendf", e["dendf"], t.denominator_df, tol["df"]),
        ]
    for e in o["lsmeans"]:
        out += _rows(
            f"lsmean {e['visit']} {e['arm']}", e, ls_mean(f.design, method, ARMCD=e["arm"], AVISIT=e["visit"]), tol
        )
    by = {d.visit: d.test for d in differences(f.design, method, arm="ARMCD", visit="AVISIT")}
    for e in o["diffs_trt_minus_pbo"]:
        out += _rows(f"difference {e['visit']}", e, by[e["visit"]], tol)
    return out


def _rows(name: str, e: dict[str, Any], t: Any, tol: dict[str, float]) -> list[Compared]:
    out = [
        Compared(f"{name} est", e["est"], t.estimate, tol["est"], True),
        Compared(f"{name} se", e["se"], t.se, tol["se"], True),
        Compared(f"{name} df", e["df"], t.df, tol["df"]),
    ]
    return out + [
        Compared(f"{name} {k}", e[k], float(getattr(t, k)), tol["est"], True) for k in ("lower", "upper") if k in e
    ]
