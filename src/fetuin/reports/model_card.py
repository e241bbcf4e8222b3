"""The card of the body: what it is for, its states, equations, parameters with sources, balance, credibility."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from fetuin.physiology import (
    acid_base,
    body,
    bone,
    dialysis,
    fgf23,
    gut,
    kidney,
    magnesium,
    parathyroid,
    phosphate_shift,
    plasma,
    vitamin_d,
)
from fetuin.physiology.model import body_model
from fetuin.physiology.parameters import described
from fetuin.physiology.targets import NAMES, Targets
from fetuin.reports.page import Html, escape, page, table

ORGANS: Sequence[ModuleType] = (
    gut,
    plasma,
    kidney,
    parathyroid,
    fgf23,
    vitamin_d,
    bone,
    phosphate_shift,
    magnesium,
    acid_base,
    dialysis,
    body,
)
RANGE = (
    ("people", "adults of 45 to 110 kg; no children, no pregnancy"),
    ("filtration", "0.5 to 250 mL/min; dialysis 1 to 7 sessions a week; peritoneal dialysis"),
    ("time", "minutes (a calcium clamp, a session) to decades"),
    ("calcium, total", "about 1.4 to 3.6 mmol/L; outside it the equations still run and are not credible"),
    ("phosphate", "about 0.4 to 4 mmol/L"),
    ("not modelled", "meals within the day unless given, growth, respiratory acid-base disorders, sex hormones"),
)


def equations() -> list[tuple[str, str, str]]:
    """Every function of the organs: name, words, code."""
    found = []
    for organ in ORGANS:
        short = organ.__name__.rpartition(".")[2]
        for name, f in vars(organ).items():
            if inspect.isfunction(f) and f.__module__ == organ.__name__:
                found.append((f"{short}.{name}", inspect.getdoc(f) or "", inspect.getsource(f)))
    return found


def card(balance: Mapping[str, float], outcomes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The card as one object (for --json)."""
    model, known = body_model(), described()
    return {
        "model": "the mineral economy of one person",
        "states": [{"name": s, "start": v, "unit": model.units.get(s, "1")} for s, v in model.states.items()],
        "equations": [{"name": n, "words": w} for n, w, _ in equations()],
        "parameters": [
            {"name": n, "value": model.parameters[n], "unit": q.unit, "source": q.source, "meaning": q.meaning,
             "spread": list(q.spread) if q.spread else None, "assumed": q.assumed} for n, q in known.items()
        ],
        "targets": [{"name": n, "meaning": Targets.__dataclass_fields__[n].metadata["meaning"]} for n in NAMES],
        "balance": dict(balance),
        "applicability": dict(RANGE),
        "credibility": [{k: o.get(k) for k in ("name", "title", "pass", "reason", "source")} for o in outcomes],
        "assumed": sum(q.assumed for q in known.values()),
    }  # fmt: skip


def card_page(body_card: Mapping[str, Any]) -> str:
    """The card as a page."""
    states = [(s["name"], f"{s['start']:.5g}", s["unit"]) for s in body_card["states"]]
    numbers = [
        (
            q["name"],
            f"{q['value']:.5g}",
            q["unit"],
            q["meaning"],
            " to ".join(f"{v:g}" for v in q["spread"] or ()),
            q["source"],
        )
        for q in body_card["parameters"]
    ]
    code = "".join(
        f"<details><summary><b>{escape(n)}</b> {escape(w.splitlines()[0] if w else '')}</summary><pre>{escape(c)}</pre></details>"
        for n, w, c in equations()
    )
    passed = [o for o in body_card["credibility"] if o["pass"]]
    credible = table(("outcome", "result", "published by"), [
        (o["title"], Html("<span class=good>reproduced</span>") if o["pass"] else o["reason"], o["source"])
        for o in body_card["credibility"]
    ])  # fmt: skip
    closed = table(
        ("mineral", "gap of the balance, relative to throughput"),
        [(m, f"{g:.1e}") for m, g in body_card["balance"].items()],
    )
    return page(
        "Model card: the mineral economy of one person",
        [
            ("Use and range", table(("", ""), body_card["applicability"].items())),
            ("Credibility", f"<p>{len(passed)} of {len(body_card['credibility'])} published outcomes reproduced with one parameter set.</p>" + credible),
            ("Balance", closed),
            (f"States ({len(states)})", table(("state", "healthy", "unit"), states, numeric=(1,))),
            ("Equations", code),
            (f"Parameters ({len(numbers)}, {body_card['assumed']} assumed)",
             table(("name", "value", "unit", "meaning", "range", "source"), numbers, numeric=(1,))),
            ("Targets", table(("where a drug, gene or injury can act", ""), [(t["name"], t["meaning"]) for t in body_card["targets"]])),
        ],
        subtitle="Ordinary differential equations; every number with its unit and its source",
    )  # fmt: skip
