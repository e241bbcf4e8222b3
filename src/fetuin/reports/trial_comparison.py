"""The page of two studies side by side."""

from __future__ import annotations

from fetuin.reports import trial_pictures as pictures
from fetuin.reports.page import escape, page, table
from fetuin.reports.trial_design import published
from fetuin.trials.comparison import differences
from fetuin.trials.operating_characteristics import said
from fetuin.trials.result import TrialResult


def comparison_page(a: TrialResult, b: TrialResult) -> str:
    """The whole page as HTML."""
    rows = [
        (d.name, said(d.a, d.a_mcse), said(d.b, d.b_mcse), said(d.difference, d.difference_mcse), d.unit)
        for d in differences(a, b)
    ]
    words = f"<p>A: {escape(a.study.title)}. B: {escape(b.study.title)}.</p>"
    forest = "".join(pictures.forest_of(r.scenarios[0], name) for r, name in ((a, "A"), (b, "B")))
    return page(
        "Two studies side by side",
        [
            (
                "Operating characteristics",
                words + table(("characteristic", "A", "B", "B less A", "unit"), rows, numeric=(1, 2, 3)),
            ),
            ("Estimates", forest),
            ("What a better surrogate does not prove", f"<p><b>{escape(a.caution)}</b></p>{published()}"),
        ],
        subtitle=f"{a.n} simulated trials of each with effect and without, seed {a.seed}; the figure after ± is the Monte Carlo standard error",
    )
