"""The therapies as a person looks them up: mechanism, dose, maturity, numbers with sources, harms modelled and not."""

from __future__ import annotations

from typing import Any

import fetuin.therapies
from fetuin.catalog import entries
from fetuin.physiology.targets import NAMES, NEUTRAL
from fetuin.quantities import table
from fetuin.simulation.regimen import therapy
from fetuin.therapies.contract import Therapy

HEAD = """# Therapies

Written from the files of `fetuin.therapies` (`fetuin therapies --markdown`). A therapy moves targets of the body, or the
inputs that stand for a machine or a plate; it never touches an equation. Maturity: **established** in clinical use for
what is modelled; **investigational**, in trials; **hypothesis**, a mechanism that is not settled. The numbers with their
units and sources are listed by `fetuin tables --where therapies`, and below.

A dose is written as in a prescription: `"4.8 g/d"`, `"800 mg three times a day"`, `"70 mg weekly"`, `"60 mg every 6 mo"`,
`"5 mg once"`, `"2 ug iv three times a week"`, `"1400 mg/d for 2 wk every 12 wk"`. See
[the words of outcomes](outcome-vocabulary.md#doses).
"""


def moved(t: Therapy) -> tuple[str, ...]:
    """The targets and inputs that the usual dose moves."""
    acts = t.given(t.usual, horizon=400.0)
    targets = {n for a in acts for n in NAMES if getattr(a.targets, n) != getattr(NEUTRAL, n)}
    return (*sorted(targets), *sorted({i for a in acts for i in a.inputs}))


def described(t: Therapy) -> dict[str, Any]:
    """One therapy as a JSON object."""
    return {
        "name": t.name, "aliases": list(t.aliases), "mechanism": t.mechanism, "maturity": t.maturity,
        "dose_unit": t.dose_unit, "example": t.example.strip('"'), "other_units": dict(t.units), "routes": sorted(t.routes),
        "moves": list(moved(t)), "harms_modelled": list(t.harms_modelled),
        "harms_not_modelled": list(t.harms_not_modelled), "caution": t.caution,
        "numbers": [
            {"name": q.name, "value": q.value, "unit": q.unit, "meaning": q.meaning, "source": q.source,
             "low": q.spread[0] if q.spread else None, "high": q.spread[1] if q.spread else None}
            for q in table(type(t.parameters))
        ],
    }  # fmt: skip


def catalogue(name: str = "") -> list[dict[str, Any]]:
    """Every therapy, or the one named; an unknown name lists what there is."""
    if name:
        return [described(therapy(name))]
    return [described(t) for _, t in sorted(entries(fetuin.therapies, "THERAPY").items())]


def _listed(words: list[str]) -> str:
    return "; ".join(words) if words else "none"


def _markdown(d: dict[str, Any]) -> str:
    units = ", ".join(f"1 {k} = {v:g} {d['dose_unit'].removesuffix('/d')}" for k, v in d["other_units"].items())
    lines = [
        f"## {d['name']}", "", f"{d['mechanism'][0].upper()}{d['mechanism'][1:]}.", "",
        f"- maturity: {d['maturity']}",
        f"- dose: `{d['example']}`" + (f"; {units}" if units else "") + (f"; {', '.join(d['routes'])}" if d["routes"] else ""),
        f"- moves: {', '.join(f'`{m}`' for m in d['moves'])}",
        f"- harms modelled: {_listed(d['harms_modelled'])}",
        f"- harms not modelled: {_listed(d['harms_not_modelled'])}",
    ]  # fmt: skip
    if d["aliases"]:
        lines.append(f"- also: {', '.join(f'`{a}`' for a in d['aliases'])}")
    if d["caution"]:
        lines.append(f"- caution: {d['caution']}")
    lines += ["", "| number | value | unit | source |", "| --- | --- | --- | --- |"]
    lines += [f"| {n['meaning']} | {n['value']:g} | {n['unit']} | {n['source']} |" for n in d["numbers"]]
    return "\n".join(lines)


def markdown() -> str:
    """The reference page of all therapies."""
    return HEAD + "\n" + "\n\n".join(_markdown(d) for d in catalogue()) + "\n"
