"""The page of an analysed trial: the answer, forest, tables, who was analysed."""

from __future__ import annotations

import math

from fetuin.reports import trial_pictures as pictures
from fetuin.reports.page import escape, page, table
from fetuin.reports.trial_design import published
from fetuin.trials.analyse import Analysis
from fetuin.trials.contrast import Contrast

HEAD = ("analysis", "estimate", "SE", "df", "low", "high", "p")


def cells(c: Contrast) -> tuple[str, ...]:
    """One contrast as a row of words."""
    if not c.converged:
        return (c.name, "did not converge", "-", "-", "-", "-", "-")
    return (
        c.name,
        f"{c.estimate:.4f}",
        _plain(c.se, 4),
        _plain(c.df, 1),
        f"{c.low:.4f}",
        f"{c.high:.4f}",
        f"{c.p:.4g}",
    )


def _plain(x: float, digits: int) -> str:
    return f"{x:.{digits}f}" if math.isfinite(x) else "-"


def analysis_page(a: Analysis) -> str:
    """The whole page as HTML."""
    s, p = a.study, a.primary
    rows = [
        (c.name, c.estimate, c.low, c.high) for c in (p, *a.by_visit, *a.others) if c.converged and "(" not in c.name
    ]
    unit = s.endpoint.kind.unit if s.estimand.scale == "identity" else f"{s.estimand.scale} scale"
    described = [tuple(f"{v:.4g}" if isinstance(v, float) else str(v) for v in d.values()) for d in a.described]
    ratio = (
        ""
        if p.back is None
        else f"<p>{escape(s.estimand.summary)}: {p.back[0]:.4f} ({p.back[1]:.4f} to {p.back[2]:.4f})</p>"
    )
    cut = f"<p>{a.censored} values lie beyond the run of the plate and stand at its end.</p>" if a.censored else ""
    tip = ""
    if a.tipping_point is not None and a.rejected:
        d = a.tipping_point["delta"]
        shift = (
            f"at no shift down to {a.tipping_point['tried_to']:.4g}"
            if d is None
            else f"if the treated who left did worse than imputed by {abs(d):.4g}"
        )
        tip = f"<p>Tipping point: the rejection is lost {shift} ({a.tipping_point['imputed']} treated people without a last value, {a.tipping_point['imputations']} imputations at random, seed {a.tipping_point['seed']}).</p>"
    lead = (
        f"<div class=card><p class=lead>{escape(s.compared)} less {escape(s.reference)}: {p.estimate:.4g} ({p.low:.4g} to {p.high:.4g}), "
        f"p {p.p:.3g}: {'rejected' if a.rejected else 'not rejected'} at {s.plan.alpha:g}.</p>{ratio}</div>"
    )
    e = s.estimand
    return page(
        f"Analysis: {s.title}",
        [
            ("Estimates", pictures.forest(rows, None, f"{s.compared} less {s.reference}, {unit}", "Estimates by analysis and visit")
             + table(HEAD, [cells(c) for c in (p, *a.by_visit, *a.others)], numeric=range(1, 7))),
            ("Estimand", table(("", ""), [("population", e.population), ("treatment", e.treatment), ("variable", e.variable), ("summary", e.summary), *e.strategies.items()])),
            ("People", table(("arm", "in the table", "analysed", "not analysed"), [tuple(f.values()) for f in a.flow], numeric=(1, 2, 3)) + cut + tip),
            ("Values", table(tuple(a.described[0]), described, numeric=range(1, len(a.described[0])))),
            ("What a better surrogate does not prove", f"<p><b>{escape(a.caution)}</b></p>{published()}"),
        ],
        lead=lead,
    )  # fmt: skip
