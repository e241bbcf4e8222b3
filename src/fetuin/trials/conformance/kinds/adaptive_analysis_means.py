"""rpact getAnalysisResults for two means: group-sequential (GS), inverse normal (IN) and Fisher's combination test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from fetuin.errors import InputError
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.gs import RPACT, looks
from fetuin.trials.designs.final_inference import final
from fetuin.trials.designs.fisher_combination import FisherTest
from fetuin.trials.designs.inverse_normal import SequentialTest
from fetuin.trials.designs.stage_means import StageMeans

Answer = dict[str, list[Any]]

FISHER_P = 2


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """Every stage of every quantity; stages not reached must be empty on both sides."""
    i, o, tol = record["input"], record["output"], record["tol"]
    ours = _analysed(i)
    out = []
    for name, theirs in o.items():
        mine = ours[name]
        for k, e in enumerate(theirs):
            a, same = mine[k], f"{name}[{k}]"
            if name == "test_actions":
                out.append(
                    Compared(f"{same} = {e}", None if e is None else 1.0, None if a is None else float(a == e), 0)
                )
            else:
                out.append(Compared(same, e, None if a is None else float(a), tol))
    return out


def _test(i: dict[str, Any]) -> SequentialTest | FisherTest:
    t = np.array(looks(i.get("information_rates") or i["kMax"]))
    if i["design"] == "Fisher":
        if i["type"] != "equalAlpha":
            raise InputError(f"Fisher bounds {i['type']!r} are not computed", where="type", fix="equalAlpha")
        return FisherTest(t, i["alpha"])
    if i["design"] not in ("GS", "IN"):
        raise InputError(f"no design {i['design']!r}", where="design", fix="GS, IN or Fisher")
    return SequentialTest(RPACT[i["type"]], t, i["alpha"], i.get("param", i.get("gammaA")), i["design"] == "IN")


def _analysed(i: dict[str, Any]) -> Answer:
    test, data, K = _test(i), StageMeans.of(*(i[k] for k in ("n1", "n2", "m1", "m2", "s1", "s2"))), int(i["kMax"])
    seen = data.stages
    at = test.walk(data) if isinstance(test, FisherTest) else test.z(data)
    bound = test.bounds if isinstance(test, FisherTest) else test.design.critical
    names = ("test_actions", "cond_rejection_prob", "conditional_power", "rci_lower", "rci_upper", "repeated_p")
    out: Answer = {n: [None] * K for n in (*names, "final_p", "final_ci_lower", "final_ci_upper", "median_unbiased")}
    for k in range(seen):
        reject, last = at[k] >= bound[k], k == K - 1
        out["test_actions"][k] = (
            ("reject" if last else "reject and stop") if reject else ("accept" if last else "continue")
        )
        out["rci_lower"][k], out["rci_upper"][k] = test.repeated_interval(data, k + 1)
        out["repeated_p"][k] = test.repeated_p(float(at[k]), k + 1)
        if not last:
            out["cond_rejection_prob"][k] = test.conditional_rejection(float(at[k]), k + 1)
    planned = i.get("n_planned")
    if planned is not None and seen < K:
        sizes = np.atleast_1d(np.asarray(planned, float))
        if len(sizes) != K - seen:
            raise InputError("planned sizes and later stages differ in number", where="n_planned", why=f"{planned}")
        shifts = i["theta_h1"] / i["assumed_sd"] * np.sqrt(sizes / 4)  # 1:1
        out["conditional_power"][seen:] = list(test.conditional_power(float(at[-1]), seen, shifts))
    ended = next((k + 1 for k in range(seen) if at[k] >= bound[k]), seen if seen == K else 0)
    if isinstance(test, FisherTest):  # rpact gives a p up to the second stage, and no interval
        if 1 <= ended <= FISHER_P:
            out["final_p"][ended - 1] = test.final_p(float(at[ended - 1]), ended)
    elif ended:
        f = final(test, data, ended)
        values = {"final_p": f.p, "final_ci_lower": f.lower, "final_ci_upper": f.upper, "median_unbiased": f.median}
        for name, v in values.items():
            out[name][ended - 1] = v
    return out
