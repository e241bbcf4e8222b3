"""`fetuin validate`: published outcomes replayed against the body."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.cli.output import emit, ensure_dir, progress, research_use, written


def command(*paths: Path, json: bool = False, out: Path | None = None, name: str | None = None) -> int:
    """Replay published outcomes and say which the model reproduces.

    Parameters
    ----------
    paths:
        TOML files of outcomes, or folders of them; the shipped ones by default.
    json:
        One JSON object on stdout: `outcomes` with name, expected, tolerance, simulated, pass, source.
    out:
        A folder for the page, with a figure for each outcome.
    name:
        Only outcomes whose name contains this text.
    """
    from fetuin.validation.outcome import from_paths, shipped
    from fetuin.validation.replay import replay

    listed = from_paths(list(paths)) if paths else shipped()
    if name is not None:
        listed = [o for o in listed if name in o.name]
    done = [replay(o) for o in progress(listed, "outcomes", len(listed))]
    rows = [r.to_dict() for r in done]
    passed = sum(r.passed for r in done)
    if out is not None:
        from fetuin.reports.page import write_page
        from fetuin.reports.validation import validation_page

        written(write_page(ensure_dir(out) / "validation.html", validation_page(done)))
    if json:
        emit("validate/1", {"outcomes": rows, "passed": passed, "n": len(rows)})
    else:
        _print(done, passed)
    research_use()
    return 0 if passed == len(rows) else 1


def _print(done: list[Any], passed: int) -> None:
    for r in done:
        mark = "pass" if r.passed else "not yet" if r.reason.startswith("not yet") else "MISS"
        print(f"{mark:8}{r.outcome.name}: {r.outcome.title}")
        for x in r.readings:
            value = "-" if x.simulated is None else f"{x.simulated:.4g} {x.unit}"
            print(f"          {'ok  ' if x.passed else 'miss'} {x.name}: expected {x.expected}; simulated {value}")
        if r.reason:
            print(f"          {r.reason}")
        print(f"          source: {r.outcome.source}")
    print(f"{passed} of {len(done)} outcomes reproduced")
