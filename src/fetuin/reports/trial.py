"""The page of a simulated study: question, design, bounds, power, operating characteristics, flow, estimates, caution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fetuin.reports import trial_pictures as pictures
from fetuin.reports.page import Html, Section, escape, page, table
from fetuin.reports.trial_design import design_sections, endpoints, published
from fetuin.trials.operating_characteristics import said, share

if TYPE_CHECKING:
    from fetuin.trials.result import ScenarioResult, TrialResult


def trial_page(result: TrialResult) -> str:
    """The whole page as HTML."""
    from fetuin.trials.design_summary import simulated_curve, summary
    from fetuin.trials.flow import flow

    first = result.scenarios[0]
    plan = summary(first.study)
    planned = first.study.plan.planned.difference
    seen = [
        (0.0, *_one_side(first)),
        (abs(first.truth[0] / planned) if planned else 1.0, first["power"].value, first["power"].mcse),
    ]
    if not plan["power_curve"]:
        plan |= {"power_curve": simulated_curve(first.study, first.truth[0], first["model SE"].value), "of": "true"}
    return page(
        f"Trial: {result.study.title}",
        [
            ("Question", _question(result)),
            *design_sections(plan, seen),
            ("Operating characteristics", _characteristics(result)),
            ("Flow", pictures.flow(flow(first.study, first.people, result.seed))),
            ("Estimates", pictures.forest_of(first)),
            *three(result),
            ("What a better surrogate does not prove", f"<p><b>{escape(result.caution)}</b></p>{published()}"),
            ("Reproduce", _again(result)),
        ],
        subtitle=f"{result.n} simulated trials of each scenario, with effect and without; seed {result.seed}",
        lead=_lead(first),
    )


def three(result: TrialResult) -> list[Section]:
    """What T50, CAC and events would need for the mechanism of the bank, where it says."""
    if result.endpoints is None:
        return []
    return [("T50, CAC and events for this mechanism", endpoints(result.endpoints.to_dict()))]


def _one_side(s: ScenarioResult) -> tuple[float, float]:
    """Rejection in the direction of benefit without an effect."""
    return share(s.null["success"])


def _lead(s: ScenarioResult) -> str:
    power, error = s["power"], s["type I error"]
    return (
        f"<div class=card><p class=lead>{s.randomised} patients give a power of {100 * power.value:.1f} % (± {100 * power.mcse:.1f}) "
        f"at a type I error of {100 * error.value:.1f} % (± {100 * error.mcse:.1f}).</p>"
        f"<p>True effect {said(s['true effect'].value, s['true effect'].mcse)}, bias {said(s['bias'].value, s['bias'].mcse)}, coverage of the interval {100 * s['coverage'].value:.1f} % "
        f"(± {100 * s['coverage'].mcse:.1f}). The figure after ± is the Monte Carlo standard error.</p></div>"
    )


def _question(result: TrialResult) -> str:
    e = result.study.estimand
    rows = [("population", e.population), ("treatment", e.treatment), ("variable", e.variable), ("summary", e.summary)]
    rows += [(f"if {_words(k)}", v) for k, v in e.strategies.items()]
    return table(("estimand (ICH E9(R1))", ""), rows) + f"<p class=mute>Inputs: {escape(result.study.source)}</p>"


def _words(event: str) -> str:
    from fetuin.trials.estimand import EVENTS

    return EVENTS[event]


def _characteristics(result: TrialResult) -> str:
    names = dict.fromkeys(c.name for s in result.scenarios for c in s.characteristics)
    meaning = {c.name: c for s in result.scenarios for c in s.characteristics}
    rows = []
    for name in names:
        cells = [
            said(*next((c.value, c.mcse) for c in s.characteristics if c.name == name))
            if any(c.name == name for c in s.characteristics)
            else "-"
            for s in result.scenarios
        ]
        rows.append((name, *cells, meaning[name].unit, meaning[name].meaning))
    head = ("characteristic", *(s.name for s in result.scenarios), "unit", "meaning")
    lost = [f"{s.name}: {k} {v}" for s in result.scenarios for k, v in s.failures.items() if v]
    words = "; ".join(lost) if lost else "none"
    return (
        table(head, rows, numeric=range(1, len(result.scenarios) + 1))
        + f"<p>Fits that did not converge, counted and never dropped: {escape(words)}.</p>"
    )


def _again(result: TrialResult) -> str:
    line = f"fetuin trial simulate STUDY.toml --n {result.n} --seed {result.seed}"
    code = f'fetuin.run_trial("STUDY.toml", n={result.n}, seed={result.seed})'
    return f"<pre>{Html(escape(line))}\n{Html(escape(code))}</pre><p>The same seed gives every digit again, for any number of workers.</p>"
