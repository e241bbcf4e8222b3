"""The page of a design by calculation, and the sections that a simulated study shares with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fetuin.reports import trial_pictures as pictures
from fetuin.reports.page import Section, escape, page, table


def design_page(body: Mapping[str, Any]) -> str:
    """`body` is what `fetuin trial design --json` prints."""
    sections: list[Section] = list(design_sections(body["design"], [])) if "design" in body else []
    if "endpoints" in body:
        sections += [
            ("T50, CAC and events for one mechanism", endpoints(body)),
            ("What a better surrogate does not prove", f"<p><b>{escape(body['caution'])}</b></p>{published()}"),
        ]
    title = body["design"]["title"] if "design" in body else "T50, CAC and events"
    return page(f"Design: {title}", sections)


def design_sections(d: Mapping[str, Any], seen: Sequence[tuple[float, float, float]]) -> list[Section]:
    """Design, bounds, power curve."""
    need = d["needed"]
    rows = [
        ("randomised", d["randomised"]), ("arms", ", ".join(f"{k} ({v})" for k, v in d["arms"].items())),
        ("needed for the planned effect", f"{need['randomised']:.0f} randomised, {need['analysed']:.0f} analysed" if need else "nothing planned"),
        ("error", f"{d['alpha']:g}, {'two-sided' if d['sided'] == 2 else 'one-sided'}"),
        ("power by calculation", "-" if d["power"] is None else f"{d['power']:.4f}"), ("follow-up", f"{d['follow_up_months']:g} months"),
        ("patient-months", f"{d['patient_months']:,.0f}"), ("duration", f"{d['duration_months']:.1f} months"), ("analysis", d["analysis"]),
    ]  # fmt: skip
    if need.get("events"):
        rows.append(("events needed", f"{need['events']:.0f}"))
    looks = [(f"{r['fraction']:.3f}", r["people"], f"{r['critical_z']:.4f}", "-" if r["futility_z"] is None else f"{r['futility_z']:.4f}",
              f"{r['nominal_p_one_sided']:.6f}", f"{r['alpha_spent']:.6f}") for r in d["looks"]]  # fmt: skip
    bounds = table(
        ("information", "people", "critical z", "futility z", "one-sided p", "alpha spent"), looks, numeric=range(6)
    )
    found: list[Section] = [
        ("Design", table(("", ""), rows)),
        ("Bounds", pictures.boundaries(d["looks"], d["sided"]) + bounds),
    ]
    if d["power_curve"]:
        found.append(("Power", pictures.power_curve(d["power_curve"], seen, d["power_wanted"], d.get("of", "planned"))))
    return found


def endpoints(body: Mapping[str, Any]) -> str:
    """What each endpoint needs."""
    rows = [
        (
            r["endpoint"],
            r["assumption"],
            f"{r['randomised']:,}",
            f"{r['months']:g}",
            f"{r['patient_months']:,.0f}",
            f"{r['events']:,}" if r["events"] else "-",
        )
        for r in body["endpoints"]
    ]
    return table(
        ("endpoint", "assumption", "randomised", "months each", "patient-months", "events"), rows, numeric=(2, 3, 4, 5)
    )


def published() -> str:
    """The published findings for and against."""
    from fetuin.trials.surrogacy import findings

    return table(("speaks", "study", "found", "source"), [(f.speaks, f.name, f.says, f.source) for f in findings()])
