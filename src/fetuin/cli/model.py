"""`fetuin model`: the body as a file for other programs, and its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from cyclopts import App

from fetuin.cli.output import emit, ensure_dir, research_use, written

command = App(name="model", help="The body itself: export it, read its card.")
SUFFIX = {"sbml": "body.xml", "javascript": "body.mjs", "cuda": "body.cu"}


@command.command
def export(
    *, format: Literal["sbml", "javascript", "cuda"] = "sbml", scenario: Path | None = None, out: Path | None = None,
    json: bool = False,
) -> int:  # fmt: skip
    """Write the body in another language, from the same trace as the compiled kernel.

    Parameters
    ----------
    format:
        sbml (Level 3 Version 2), javascript (one module without dependencies) or cuda.
    scenario:
        A TOML file whose events go into the SBML document.
    out:
        A folder; standard output without it.
    json:
        One JSON object with the text, or with the path when --out is given.
    """
    text = _text(format, scenario)
    path = None
    if out is not None:
        path = ensure_dir(out) / SUFFIX[format]
        path.write_text(text, encoding="utf-8")
        written(path)
    if json:
        emit(
            "model-export/1",
            {"format": format, "characters": len(text), **({"path": str(path)} if path else {"text": text})},
        )
    elif path is None:
        print(text)
    research_use()
    return 0


def _text(format: str, scenario: Path | None) -> str:
    from fetuin.errors import UsageError
    from fetuin.physiology.model import body_model

    model = body_model()
    if format == "sbml":
        from fetuin.engine.emit.sbml import document

        return document(model, _schedule(scenario))
    if scenario is not None:
        raise UsageError("events are written into SBML only.", fix="--format sbml, or leave --scenario out")
    from fetuin.engine.program import compile_program

    if format == "javascript":
        from fetuin.engine.emit.javascript import module

        return module(compile_program(model))
    from fetuin.engine.emit import cuda

    return cuda.source(compile_program(model))


def _schedule(path: Path | None) -> Any:
    if path is None:
        return None
    from fetuin.simulation.person import Person
    from fetuin.simulation.simulate import plan
    from fetuin.validation.toml import read_toml
    from fetuin.validation.vocabulary import scenario

    table = read_toml(path)
    found, span = scenario(table.get("scenario", table), Person(), path.name)
    return plan(Person(), Person().solved(), found, span)


@command.command
def card(*, out: Path | None = None, json: bool = False, replay: bool = True) -> int:
    """States, equations, parameters with sources, balance, range of use, credibility.

    Parameters
    ----------
    out:
        A folder for the page.
    json:
        One JSON object on stdout.
    replay:
        Replay the published outcomes for the credibility table (some seconds).
    """
    from fetuin.physiology.model import body_model
    from fetuin.reports.model_card import card as make
    from fetuin.reports.model_card import card_page
    from fetuin.reports.page import write_page
    from fetuin.simulation.person import Person
    from fetuin.simulation.scenario import Scenario
    from fetuin.simulation.simulate import plan
    from fetuin.therapies.dialysis_prescription import Prescription
    from fetuin.validation.balance import closure
    from fetuin.validation.outcome import shipped
    from fetuin.validation.replay import replay as run

    week = plan(Person(), dict(body_model().parameters), Scenario(dialysis=Prescription()), 364.0)
    outcomes = [run(o).to_dict() for o in shipped()] if replay else []
    found = make(closure(week), outcomes)
    if out is not None:
        written(write_page(ensure_dir(out) / "model_card.html", card_page(found)))
    if json:
        emit("model-card/1", found)
    elif out is None:
        print(f"{len(found['states'])} states, {len(found['parameters'])} parameters ({found['assumed']} assumed)")
        print("balance: " + ", ".join(f"{m} {g:.1e}" for m, g in found["balance"].items()))
        for q in found["parameters"]:
            print(f"{q['name']:34}{q['value']:12.5g} {q['unit']:10} {q['source']}")
    research_use()
    return 0
