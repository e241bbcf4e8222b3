"""`fetuin evaluate`: ask every published case of a file, and say how often the answer was right and how sure it was."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from fetuin.cli.output import console, emit, ensure_dir, research_use, written

_NAMES = {
    "top1": "mechanism, first",
    "top3": "mechanism, in the first three",
    "macro_f1": "macro F1",
    "brier": "Brier score",
    "ece": "calibration error",
    "cause_top1": "cause group, first",
    "cause_top3": "cause group, in the first three",
}


def _show(body: dict[str, Any]) -> None:
    from rich.table import Table

    answer = console(stderr=False)
    table = Table(
        "figure",
        "value",
        "95 % interval (bootstrap by source)",
        title=f"{body['n']} firm labels of {body['n_cases']} cases",
    )
    for key, name in _NAMES.items():
        low, high = body["intervals"][key]
        table.add_row(name, f"{body[key]:.3f}", f"{low:.3f} to {high:.3f}")
    answer.print(table)
    classes = Table("mechanism", "cases", "right", "answered", "F1", title="By mechanism")
    for m, c in body["per_class"].items():
        classes.add_row(
            m, str(c["n"]), str(c["right"]), str(c["answered"]), "" if c["f1"] is None else f"{c['f1']:.2f}"
        )
    answer.print(classes)
    for r in body["rows"]:
        if r["right"] is False:
            answer.print(f"{r['id']}: {r['mechanism']} was answered {r['answer']}", markup=False)
    for line in body["limits"]:
        answer.print(f"- {line}", markup=False, soft_wrap=True)


def command(
    cases: Path,
    *,
    hide: Literal["tissue"] | None = None,
    setting: Annotated[str, Parameter(name=["--setting", "-s"])] = "general",
    seed: int = 0,
    out: Path | None = None,
    json: bool = False,
) -> int:
    """Ask every labelled case of a file and judge the answers.

    Parameters
    ----------
    cases
        Published cases, JSON Lines (docs/reference/record-formats.md).
    hide
        Leave the state of the tissue out: it often leaks the diagnosis.
    setting
        Where the person is seen, which sets the prior.
    seed
        Seed of the bootstrap.
    out
        Folder for the figures as JSON.
    json
        Print one JSON object (schema fetuin.evaluate/1) on stdout.
    """
    from fetuin.validation.diagnosis import evaluate

    body = evaluate(cases, setting, hide == "tissue", seed)
    if json:
        emit("evaluate/1", body)
    else:
        _show(body)
    if out:
        import json as text

        from fetuin.reports.envelope import envelope

        path = ensure_dir(out) / "evaluate.json"
        path.write_text(text.dumps(envelope("evaluate/1", body), ensure_ascii=False, indent=1), "utf-8")
        written(path)
    research_use()
    return 0
