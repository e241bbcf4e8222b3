"""The panels of the workbench in a notebook (Jupyter, marimo, VS Code): the same modules, through anywidget.

    from fetuin import notebook
    notebook.assessment(fetuin.assess(record))        # click a finding: its datum and source
    notebook.trajectory({"gfr": 8, "dialysis": True}, [{"sevelamer": 4.8}], days=180)
    notebook.plate("plate.csv")                        # .selected, .action follow the keyboard

Needs the extra `notebook`, and the built workbench (every release has it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fetuin.errors import FetuinError, MissingExtraError
from fetuin.reports.envelope import plain

PANELS = Path(__file__).parent / "service" / "_static" / "panels"


def assessment(found: Any) -> Any:
    """The panel of an `Assessment`: how sure, evidence for and against, what to ask next. Traits: `selected`, `action`."""
    return _panel("assessment", assessment=found.to_dict(), selected="", action={})


def trajectory(
    person: Mapping[str, Any] | None = None, arms: Sequence[Mapping[str, float]] = ({},), days: float = 180.0,
    *, system: str = "si", spread: bool = True,
) -> Any:  # fmt: skip
    """Linked charts of a person (`gfr` mL/min, `dialysis`) under one or two arms, as on the Model screen.

    An arm is {control: value}; `fetuin.screens.model.choices()` lists the controls with their units.
    """
    from fetuin.screens import model, patient

    asked = {"person": dict(person or {}), "arms": [dict(a) for a in arms], "days": days}
    return _panel("trajectory", answer=model.run(asked), spread=model.spread(asked) if spread else None, system=system,
                  charts=model.choices()["charts"], analytes=patient.choices()["analytes"], shown=None,
                  labels=["arm A", "arm B"])  # fmt: skip


def plate(
    file: str | Path, layout: str | Path | None = None, *, model: str = "5pl", exclude: Sequence[Mapping[str, Any]] = ()
) -> Any:
    """A plate measured: heat map, curves, fit. Traits: `selected`, `marked`, `accepted`, `comments`, `view`, `action`."""
    from fetuin.screens import plate as screen

    files = {"file": str(file)} | ({"layout": str(layout)} if layout else {})
    found = screen.result({"model": model, "exclude": list(exclude)}, files)
    return _panel(
        "plate",
        plate=found,
        selected=found["wells"][0]["well"],
        marked=[],
        accepted=[],
        comments={},
        view="map",
        action={},
    )


def _panel(name: str, **values: Any) -> Any:
    """A widget of a built panel; each value is a trait that both sides see."""
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        raise MissingExtraError("anywidget", "notebook") from error
    module = PANELS / f"{name}.js"
    if not module.is_file():
        raise FetuinError(
            "The panels of the workbench are not built.", where=str(module.name), fix="make web", code="FET-U021"
        )
    body: dict[str, Any] = {"_esm": module, "_css": PANELS / f"{name}.css", "__doc__": f"The {name} panel."}
    body |= {key: traitlets.Any(allow_none=True).tag(sync=True) for key in values}
    return type(f"{name.capitalize()}Panel", (anywidget.AnyWidget,), body)(**plain(values))
