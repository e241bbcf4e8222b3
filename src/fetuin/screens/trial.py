"""The Trial screen: boundaries, power curves and expected sizes of a design, for several effects and spreads at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

import fetuin.trials.designs.boundaries
from fetuin.catalog import names
from fetuin.errors import InputError
from fetuin.trials.designs.group_sequential import GroupSequential, design
from fetuin.trials.designs.means_in_looks import plan
from fetuin.trials.endpoint_comparison import Mechanism, compare_endpoints

MOST_LOOKS, CURVE = 8, 25
PARAMETER = {"wang_tsiatis": 0.25, "hwang_shih_decani": -4.0, "kim_demets": 2.0, "haybittle_peto": 3.0}


def choices() -> dict[str, Any]:
    """The efficacy boundaries of the catalogue, the shipped studies, and the mechanism that endpoints are compared for."""
    from fetuin.examples.studies import shipped
    from fetuin.trials.study import read_study

    studies = [{"name": n, "title": read_study(n).title} for n in shipped()]
    mechanism = [{"key": q.name, "value": q.default, **{k: q.metadata[k] for k in ("unit", "source", "meaning")}}
                 for q in fields(Mechanism)]  # fmt: skip
    return {
        "boundaries": sorted(names(fetuin.trials.designs.boundaries)), "parameter": PARAMETER, "studies": studies,
        "mechanism": mechanism,
    }  # fmt: skip


def endpoints(request: Mapping[str, Any]) -> dict[str, Any]:
    """What a mechanism does ({t50_difference, t50_sd, cac_control, cac_treated, ...}) -> patients and months by endpoint."""
    return compare_endpoints(Mechanism(**{k: float(v) for k, v in request.items()})).to_dict()


def design_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """{boundary, looks, alpha, power, sided, delta, sd} -> boundaries, sizes, power and expected size over effects."""
    d, delta, sd = _design(request), float(request.get("delta") or 1.0), float(request.get("sd") or 1.0)
    if not (delta > 0 and sd > 0):
        raise InputError("effect and standard deviation must be above 0.", where="delta, sd")
    made = plan(d, delta, sd)
    share = np.linspace(0.0, 1.6, CURVE)
    crossing = d.crossing(d.drift())
    return {
        "t": d.t, "critical": d.critical, "futility": d.futility, "alpha_spent": d.alpha_spent, "stage_levels": d.stage_levels,
        "n": np.ceil(made.n), "critical_effect": made.critical_effect, "inflation": d.inflation,
        "stop": {"efficacy": crossing.upper, "futility": crossing.lower},
        "effects": share * delta, "power": [d.power(float(s) * d.drift()) for s in share],
        "expected_n": [made.expected(float(s)) for s in share], "n_fixed": float(made.n[-1] / d.inflation),
        "delta": delta, "sd": sd,
    }  # fmt: skip


def _design(request: Mapping[str, Any]) -> GroupSequential:
    looks = int(request.get("looks") or 3)
    if not 1 <= looks <= MOST_LOOKS:
        raise InputError(f"{looks} looks cannot be planned here.", where="looks", fix=f"1 to {MOST_LOOKS}")
    name = str(request.get("boundary") or "lan_demets_obrien_fleming")
    given = request.get("parameter")
    return design(
        name, looks=list(np.arange(1, looks + 1) / looks), alpha=float(request.get("alpha") or 0.025),
        sided=int(request.get("sided") or 1), beta=1.0 - float(request.get("power") or 0.9),
        parameter=float(given) if given is not None else PARAMETER.get(name),
    )  # fmt: skip


def grid(request: Mapping[str, Any]) -> dict[str, Any]:
    """{deltas, sds, boundary, ...} -> the size and the power of the planned size in every scenario of the grid."""
    deltas, sds = ([float(v) for v in request.get(k) or ()] for k in ("deltas", "sds"))
    if not deltas or not sds or len(deltas) * len(sds) > 100:
        raise InputError("A grid needs effects and standard deviations, at most 100 cells.", where="deltas, sds")
    base = {**request, "delta": float(request.get("delta") or 1.0), "sd": float(request.get("sd") or 1.0)}
    made = plan(_design(base), base["delta"], base["sd"])
    n = float(np.ceil(made.n[-1]))
    cells = []
    for s in sds:
        here = plan(made.design, base["delta"], s)
        for x in deltas:
            power, expected = here.power(x, n)
            cells.append({"delta": x, "sd": s, "power": power, "expected_n": expected})
    return {"n": n, "cells": cells, "deltas": deltas, "sds": sds, "planned": {"delta": base["delta"], "sd": base["sd"]}}
