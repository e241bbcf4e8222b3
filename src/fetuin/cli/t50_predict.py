"""`fetuin t50 predict`: the T50 expected of a serum from its chemistry, what would move it, and a measured T50 taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.cli.output import emit, ensure_dir, research_use, written
from fetuin.errors import UsageError

STEPS = {
    "phosphate": 0.1,
    "calcium": 0.1,
    "magnesium": 0.1,
    "fetuin_a": 0.05,
    "albumin": 5.0,
    "bicarbonate": 2.0,
    "citrate": 0.05,
}
"""The questions asked without --change: one step of each quantity in its unit (mmol/L; fetuin-A and albumin g/L)."""


def predict(
    *,
    phosphate: float | None = None,
    calcium: float | None = None,
    magnesium: float | None = None,
    fetuin_a: float | None = None,
    albumin: float | None = None,
    bicarbonate: float | None = None,
    citrate: float | None = None,
    measured: float | None = None,
    change: list[str] = [],  # noqa: B006 (cyclopts reads it)
    out: Path | None = None,
    json: bool = False,
) -> int:
    """Predict T50 from serum chemistry. It predicts and does not measure.

    Parameters
    ----------
    phosphate, calcium, magnesium
        mmol/L, total. What is not given is taken from the reference and widens the interval.
    fetuin_a, albumin
        g/L.
    bicarbonate, citrate
        mmol/L.
    measured
        A measured T50 of the same person and serum, in minutes: the prediction and its interval are updated by it.
    change
        What if: magnesium=+0.1 (in the quantity's unit). Without it one step of every quantity is shown.
    out
        A folder for a page with the sensitivity picture.
    """
    from fetuin.chemistry.ripening import predict as expect
    from fetuin.chemistry.ripening import published
    from fetuin.chemistry.ripening_serum import Serum

    given = {"phosphate": phosphate, "calcium": calcium, "magnesium": magnesium, "fetuin_a": fetuin_a, "albumin": albumin,
             "bicarbonate": bicarbonate, "citrate": citrate}  # fmt: skip
    if all(v is None for v in given.values()):
        raise UsageError(
            "No serum value was given.", fix="fetuin t50 predict --phosphate 1.1 --calcium 2.35 --magnesium 0.85"
        )
    if measured is not None and not 1 <= measured <= 5000:
        raise UsageError(f"A measured T50 of {measured:g} min cannot be.", why="expected 1 to 5000 min")
    serum = Serum.of(given)
    told = expect(serum, ((serum, measured),) if measured is not None else ())
    model = published().with_measured(serum, measured) if measured is not None else published()
    effects = model.sensitivity(serum, _steps(change) if change else STEPS)
    body = {
        "t50_min": told.t50_min, "ci_low": told.low, "ci_high": told.high, "statement": told.statement, "assumed": list(told.assumed),
        "contributions_log": dict(told.contributions), "updated_by_min": list(told.updated_by),
        "what_if": [{"change": k, "step": s, "difference_min": d, "ci_low": a, "ci_high": b}
                    for (k, s), (d, a, b) in zip((_steps(change) if change else STEPS).items(), effects.values())],
    }  # fmt: skip
    if out is not None:
        from fetuin.reports.page import write_page
        from fetuin.reports.t50_prediction import report

        written(write_page(ensure_dir(out) / "t50_prediction.html", report(body, given)))
    if json:
        emit("t50-predict/1", body)
    else:
        _show(body)
    return 0


def _steps(texts: list[str]) -> dict[str, float]:
    """{'magnesium': 0.1} of ['magnesium=+0.1']."""
    steps: dict[str, float] = {}
    for text in texts:
        name, mark, step = text.partition("=")
        try:
            steps[name.strip().replace("-", "_")] = float(step)
        except ValueError:
            mark = ""
        if not mark or name.strip().replace("-", "_") not in STEPS:
            raise UsageError(
                f"'{text}' is no change.", why=f"expected one of {', '.join(STEPS)}", fix="--change magnesium=+0.1"
            )
    return steps


def _show(body: dict[str, Any]) -> None:
    print(
        f"T50 expected {body['t50_min']:.0f} min (95 % {body['ci_low']:.0f} to {body['ci_high']:.0f}). {body['statement']}"
    )
    if body["assumed"]:
        print(f"not given, taken from the reference: {', '.join(body['assumed'])}")
    for row in body["what_if"]:
        print(
            f"  {row['change']} {row['step']:+g}: {row['difference_min']:+.0f} min ({row['ci_low']:+.0f} to {row['ci_high']:+.0f})"
        )
    research_use()
