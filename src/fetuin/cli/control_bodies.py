"""What the commands of `fetuin control` answer: the numerics asked, and the answer as one JSON-ready object with words."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from fetuin.cli.control_tables import Tidy
from fetuin.errors import InputError, NotEnoughDataError


def _told(tidy: Tidy) -> dict[str, Any]:
    return {"left_out": tidy.left_out, "columns_not_used": tidy.extra}


def comparison(tidy: Tidy, ratio: float, where: str) -> dict[str, Any]:
    """Passing-Bablok, Deming and Bland-Altman (in minutes and as a ratio) of `x_min` and `y_min`."""
    from fetuin.assays.method_comparison import bland_altman, deming, passing_bablok

    seen: set[str] = set()
    for row in tidy.rows:
        if row["sample"] in seen:
            raise InputError(
                f"The sample {row['sample']} stands twice.", where=f"{where}, row {row['row']}",
                fix="one row a serum: put the mean of its replicates into it",
            )  # fmt: skip
        seen.add(row["sample"])
    x, y = [r["x_min"] for r in tidy.rows], [r["y_min"] for r in tidy.rows]
    lines = (passing_bablok(x, y), deming(x, y, ratio))
    minutes, parts = bland_altman(x, y), bland_altman(x, y, log=True)
    statements = [_line_words(line) for line in lines]
    statements.append(
        f"Bland-Altman: y - x {minutes.bias:+.1f} min ({minutes.bias_interval[0]:+.1f} to {minutes.bias_interval[1]:+.1f}); "
        f"95 % of differences between {minutes.low:+.1f} and {minutes.high:+.1f} min"
    )
    statements.append(
        f"as a ratio y / x {parts.bias:.3f} ({parts.bias_interval[0]:.3f} to {parts.bias_interval[1]:.3f}); 95 % between "
        f"{parts.low:.3f} and {parts.high:.3f}"
    )
    if not minutes.bias_interval[0] <= 0.0 <= minutes.bias_interval[1]:
        statements.append(f"the methods differ on average: y is {'longer' if minutes.bias > 0 else 'shorter'}")
    if minutes.trend_p < 0.05:
        statements.append(
            f"the difference depends on the level (p {minutes.trend_p:.2g}): read the ratio, not the minutes"
        )
    return {
        "n": len(x), "passing_bablok": asdict(lines[0]) | {"differs": lines[0].differs},
        "deming": asdict(lines[1]) | {"differs": lines[1].differs, "error_variance_ratio": ratio}, "bland_altman": asdict(minutes),
        "bland_altman_ratio": asdict(parts), "statements": statements, "pairs": tidy.rows,
    } | _told(tidy)  # fmt: skip


def _line_words(line: Any) -> str:
    (a, b), (c, d) = line.slope_interval, line.intercept_interval
    text = (
        f"{line.method}: y = {line.intercept:+.1f} ({c:+.1f} to {d:+.1f}) + {line.slope:.3f} ({a:.3f} to {b:.3f}) x, "
        f"{line.n} sera"
    )
    found = [w for w, apart in (("proportional", not a <= 1 <= b), ("constant", not c <= 0 <= d)) if apart]
    text += (
        f"; a {' and a '.join(found)} difference"
        if found
        else "; by itself neither proportional nor constant difference is shown"
    )
    if line.linear_p is not None and line.linear_p < 0.05:
        text += f"; not a straight line (p {line.linear_p:.2g})"
    return text


def lot_shifts(tidy: Tidy, old: str, limit: float, where: str) -> dict[str, Any]:
    """Every other lot against `old` (the first in the file unless named) on the sera that both measured."""
    from fetuin.assays.quality import lot_to_lot

    values: dict[str, dict[str, list[float]]] = {}
    for r in tidy.rows:
        values.setdefault(r["lot"], {}).setdefault(r["sample"], []).append(r["t50_min"])
    old = old or next(iter(values))
    if old not in values or len(values) < 2:
        raise NotEnoughDataError(
            "A lot is compared with another; there is " + (f"only {old}." if old in values else f"no lot {old}."),
            where=where, why=f"lots with results: {', '.join(values)}",
        )  # fmt: skip
    mean = {lot: {s: math.exp(sum(map(math.log, v)) / len(v)) for s, v in of.items()} for lot, of in values.items()}
    answers = []
    for new in (lot for lot in values if lot != old):
        both = [s for s in mean[old] if s in mean[new]]
        if len(both) < 3:
            raise NotEnoughDataError(
                f"Lots {old} and {new} share {len(both)} sera; three are needed.",
                where=where,
                fix="measure more sera with both",
            )
        shift = lot_to_lot([mean[old][s] for s in both], [mean[new][s] for s in both], limit)
        answers.append(
            {"lot": new, "old": old} | asdict(shift) | {"statement": f"lot {new} against {old}, {shift.n} sera: {shift.reason}"}
            | {"sera": [{"sample": s, "old_min": mean[old][s], "new_min": mean[new][s]} for s in both]}
            | {"not_shared": sorted(set(mean[old]) ^ set(mean[new]))}
        )  # fmt: skip
    return {"old": old, "limit": limit, "lots": answers} | _told(tidy)


def cv_components(tidy: Tidy, where: str) -> dict[str, Any]:
    """CV components of every sample of the table."""
    from fetuin.assays.quality import components

    by: dict[str, list[dict[str, Any]]] = {}
    for r in tidy.rows:
        by.setdefault(r["sample"], []).append(r)
    answers = []
    for sample, rows in by.items():
        try:
            c = components([r["t50_min"] for r in rows], [r["plate"] for r in rows], [r["lot"] for r in rows])
        except NotEnoughDataError as error:
            raise NotEnoughDataError(
                error.what, where=f"{where}, sample {sample}", fix="leave this sample out of the table"
            ) from None
        low, high = c.interval["total"]
        words = (
            f"{sample}: CV {c.total:.1%} in all ({low:.1%} to {high:.1%}); within a plate {c.repeatability:.1%}, between plates "
            f"{c.between_plate:.1%}" + (f", between lots {c.between_lot:.1%}" if c.n["lots"] > 1 else "; one lot")
        )
        answers.append({"sample": sample} | asdict(c) | {"statement": words})
        if c.n["lots"] < 2:
            answers[-1]["between_lot"] = None
    return {"samples": answers} | _told(tidy)


def person_variation(tidy: Tidy, analytic_cv: float | None, wells: int) -> dict[str, Any]:
    """Within-person CV and reference change value of a table of visits."""
    from fetuin.assays.within_person import within_person

    rows = tidy.rows
    w = within_person(
        [r["person"] for r in rows], [r["visit"] for r in rows], [r["t50_min"] for r in rows],
        analytic_cv=analytic_cv, wells_a_result=wells,
    )  # fmt: skip
    fall, rise = w.rcv
    statements = [
        f"within a person: CV {w.within:.1%} ({w.within_interval[0]:.1%} to {w.within_interval[1]:.1%})"
        + (", the measurement's error in it" if w.holds_analytic else f"; one well: CV {w.analytic:.1%}"),
        f"between people: CV {w.between:.1%}; {w.n['people']} people, {w.n['visits']} visits, {w.n['wells']} wells",
        f"a change is more than chance (95 %) beyond {fall:+.0%} or {rise:+.0%}: at {w.median_min:.0f} min, "
        f"{w.median_min * fall:+.0f} or {w.median_min * rise:+.0f} min",
    ]
    if not w.holds_analytic:
        statements.append("what differs between the plates of a person's visits counts as within the person")
    minutes = {"fall": w.median_min * fall, "rise": w.median_min * rise}
    return asdict(w) | {"rcv_min_at_median": minutes, "statements": statements, "visits": rows} | _told(tidy)
