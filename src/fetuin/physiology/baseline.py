"""Baselines are solved, once, from the healthy values: the start of a simulation never moves a set-point.

Each line answers one balance at rest: what the lumen holds, what the kidney must then excrete, and the threshold at
which it does so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from fetuin.engine.maths import PLAIN
from fetuin.engine.model import namespace
from fetuin.errors import InputError
from fetuin.physiology import deposit, gut, phosphate_shift
from fetuin.physiology.plasma import plasma


def _root(f: Callable[[float], float], low: float, high: float) -> float:
    """The zero of a rising function between two bounds, to rounding (Brent)."""
    from scipy.optimize import brentq

    return float(brentq(f, low, high, xtol=1e-14, rtol=1e-14, maxiter=200))


def _threshold(concentration: float, per_filtrate: float, splay: float, what: str) -> float:
    """The threshold at which `per_filtrate` [mmol/L] is excreted at `concentration`."""
    if per_filtrate <= 0:
        raise InputError(f"no healthy steady state: net absorption of {what} is not positive.",
                         why=f"{per_filtrate:.3g} mmol per litre of filtrate", fix="a richer diet or better absorption")  # fmt: skip
    return concentration - splay * math.log(math.expm1(per_filtrate / splay))


def _lumens(p: Any) -> tuple[float, float, float]:
    """Steady contents of the gut at the reference diet: calcium, phosphate, magnesium [mmol]."""
    g, h = p.gut, p.healthy

    def phosphate_at(ca: float) -> float:
        return _root(
            lambda x: g.transit * x + gut.phosphate_absorption(PLAIN, x, 1.0, g, 1.0, 1.0)
            + gut.precipitated(ca, x, g) - h.phosphate_diet, 0.0, 200.0,
        )  # fmt: skip

    calcium = _root(
        lambda x: g.transit * x + gut.calcium_absorption(PLAIN, x, 1.0, g, 1.0) + gut.precipitated(x, phosphate_at(x), g)
        - h.calcium_diet - g.calcium_secretion, 0.0, 200.0,
    )  # fmt: skip
    magnesium = _root(
        lambda x: g.transit * x + gut.magnesium_absorption(PLAIN, x, g, 1.0) - h.magnesium_diet, 0.0, 200.0
    )
    return calcium, phosphate_at(calcium), magnesium


def solve(parameters: Mapping[str, float]) -> dict[str, float]:
    """The same parameters with every `solved.*` found. Raises InputError where no healthy steady state exists."""
    p = namespace(parameters)
    h, g, k, v = p.healthy, p.gut, p.kidney, p.plasma.volume
    ca, ph, mg = _lumens(p)
    rest = SimpleNamespace(
        calcium=h.calcium * v, phosphate=h.phosphate * v, magnesium=h.magnesium * v, volume=v, bicarbonate=h.bicarbonate
    )
    s = plasma(PLAIN, rest, p)
    urine_ca = gut.calcium_absorption(PLAIN, ca, 1.0, g, 1.0) - g.calcium_secretion
    urine_p = gut.phosphate_absorption(PLAIN, ph, 1.0, g, 1.0, 1.0)
    urine_mg = gut.magnesium_absorption(PLAIN, mg, g, 1.0)
    filtered_mg = k.magnesium_filtered * h.magnesium
    b = p.bone
    found = {
        "gut_calcium": ca,
        "gut_phosphate": ph,
        "gut_magnesium": mg,
        "ionised": s.ionised,
        "calcium_threshold": _threshold(s.ultrafiltrable, urine_ca / h.gfr, k.calcium_splay, "calcium"),
        "phosphate_threshold": _threshold(h.phosphate, urine_p / h.gfr, k.phosphate_splay, "phosphate"),
        "magnesium_threshold": _threshold(filtered_mg, urine_mg / h.gfr, k.magnesium_splay, "magnesium"),
        "phosphate_load": urine_p / h.gfr,
        "resorption": b.trabecular_turnover * b.trabecular + b.cortical_turnover * b.cortical,
    }
    return dict(parameters) | {f"solved.{name}": value for name, value in found.items()}


def _mobilised_at_rest(p: Mapping[str, float]) -> float:
    """The rounded corner of the mobilisation of phosphate, at rest."""
    q, healthy = namespace(p).phosphate_shift, p["healthy.phosphate"]
    return float(phosphate_shift.mobilisation_target(PLAIN, healthy, q.store, healthy, q))


def rest(p: Mapping[str, float]) -> dict[str, float]:
    """The healthy steady state of solved parameters: a start, not a set-point."""
    v, r = p["plasma.volume"], p["solved.resorption"]
    share = p["bone.trabecular_turnover"] * p["bone.trabecular"] / r
    osteoid = r / p["bone.mineralisation"]
    amounts = {
        "gut_calcium": p["solved.gut_calcium"], "gut_phosphate": p["solved.gut_phosphate"],
        "gut_magnesium": p["solved.gut_magnesium"], "binder": 0.0,
        "calcium": p["healthy.calcium"] * v, "phosphate": p["healthy.phosphate"] * v,
        "magnesium": p["healthy.magnesium"] * v, "cell_phosphate": p["phosphate_shift.store"],
        "cell_magnesium": p["magnesium.store"], "surface": p["bone.surface"], "trabecular": p["bone.trabecular"],
        "cortical": p["bone.cortical"], "bp_surface": 0.0, "bp_recent": 0.0, "bp_old": 0.0, "osteoid_trabecular": osteoid * share,
        "osteoid_cortical": osteoid * (1.0 - share),
    }  # fmt: skip
    hormones = {
        "volume": v, "bicarbonate": p["healthy.bicarbonate"], "mobilisation": _mobilised_at_rest(p), "gfr": p["healthy.gfr"],
        "store": p["healthy.pth"] * p["parathyroid.clearance"] / p["parathyroid.release"], "pth": p["healthy.pth"],
        "fgf23": p["healthy.fgf23"], "storage": p["healthy.storage"], "calcitriol": p["healthy.calcitriol"],
    }  # fmt: skip
    ones = ("synthesis", "receptor", "gland", "klotho", "cyp27b1", "cyp24a1", "gut_transport", "transporter",
            "adaptation", "calcium_transport", "rankl", "osteoclast_precursors", "osteoclasts", "sclerostin", "precursors", "osteoblasts")  # fmt: skip
    ledgers = {
        f"{m}_{w}": 0.0 for m in ("calcium", "phosphate", "magnesium") for w in ("in", "faeces", "urine", "dialysate")
    }
    q = namespace(p)
    deposits = deposit.at_rest(PLAIN, q, plasma(PLAIN, SimpleNamespace(**amounts, **hormones), q))
    return amounts | hormones | dict.fromkeys(ones, 1.0) | ledgers | deposits
