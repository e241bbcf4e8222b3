"""`fetuin trial design`: sizes, bounds and power by calculation; T50, CAC and events for one mechanism side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fetuin.cli.output import console, emit, ensure_dir, research_use, written


def design(
    study: str | None = None, *, t50_difference: float | None = None, t50_sd: float | None = None, t50_correlation: float | None = None,
    t50_months: float | None = None, cac_control: float | None = None, cac_treated: float | None = None, cac_sd: float | None = None,
    hr_per_sd: float | None = None, events_per_100py: float | None = None, power: float | None = None, alpha: float | None = None,
    out: Path | None = None, json: bool = False,
) -> int:  # fmt: skip
    """Design a trial: how many, how long, which bounds. Without STUDY: T50, CAC and events for one mechanism.

    Parameters
    ----------
    study
        A study.toml, or the name of a shipped one.
    t50_difference
        What the mechanism does to T50, min.
    t50_sd
        SD of T50 between people, min.
    t50_correlation
        Correlation of T50 with its baseline.
    t50_months
        Follow-up of the T50 trial.
    cac_control
        Growth of CAC volume without treatment, % a year.
    cac_treated
        Growth with treatment, % a year.
    cac_sd
        SD of the change of log CAC volume.
    hr_per_sd
        Hazard ratio of events per SD lower T50, if it were causal.
    events_per_100py
        Events per 100 patient-years without treatment.
    power
        Wanted power of the three.
    alpha
        Two-sided error of the three.
    out
        A folder for the page.
    json
        One JSON object on stdout.
    """
    from fetuin.trials.design_summary import summary
    from fetuin.trials.endpoint_comparison import Mechanism, compare_endpoints

    words = {k: v for k, v in locals().items() if k in Mechanism.__dataclass_fields__ and v is not None}
    body: dict[str, Any] = {}
    if study is not None:
        from fetuin.trials.study import read_study

        body = {"design": summary(read_study(study))}
    if study is None or words:
        body |= compare_endpoints(_checked(Mechanism, words)).to_dict()
    files = []
    if out is not None:
        from fetuin.reports.page import write_page
        from fetuin.reports.trial_design import design_page

        files = [write_page(ensure_dir(out) / "design.html", design_page(body))]
    if json:
        emit("trial-design/1", body | {"files": [str(f) for f in files]})
    else:
        _print(body)
    for f in files:
        written(f)
    research_use()
    return 0


LIMITS = {"t50_sd": (1.0, 1000.0), "t50_correlation": (-0.99, 0.99), "t50_months": (0.1, 120.0), "cac_control": (-50.0, 500.0),
          "cac_treated": (-50.0, 500.0), "cac_sd": (0.001, 5.0), "hr_per_sd": (0.2, 5.0), "events_per_100py": (0.01, 200.0),
          "t50_difference": (-1000.0, 1000.0), "power": (0.0, 1.0), "alpha": (0.0, 1.0)}  # fmt: skip


def _checked(mechanism: Any, words: dict[str, float]) -> Any:
    from fetuin.errors import InputError
    from fetuin.trials.words import Words

    for name, value in words.items():
        Words.checked(value, f"--{name.replace('_', '-')}", *LIMITS[name])
    m = mechanism(**words)
    if not 0 < m.alpha < 0.5 or not m.alpha < m.power < 1:
        raise InputError("the power is below alpha." if m.power <= m.alpha else "an impossible error rate.", where="--power, --alpha",
                         why=f"power {m.power:g}, alpha {m.alpha:g}", fix="--power 0.9 --alpha 0.05")  # fmt: skip
    return m


def _print(body: dict[str, Any]) -> None:
    screen = console(stderr=False)
    if "design" in body:
        screen.print(_design(body["design"]))
        screen.print(_looks(body["design"]))
    if "endpoints" in body:
        show_endpoints(screen, body)


def show_endpoints(screen: Any, body: dict[str, Any]) -> None:
    """What T50, CAC and events need for one mechanism, the caution, and what was published for and against."""
    from rich.table import Table

    grid = Table(title="What each endpoint needs for the same mechanism")
    for name in ("endpoint", "assumption", "randomised", "months", "patient-months", "events"):
        grid.add_column(name)
    for r in body["endpoints"]:
        grid.add_row(
            r["endpoint"],
            r["assumption"],
            f"{r['randomised']:,}",
            f"{r['months']:g}",
            f"{r['patient_months']:,.0f}",
            f"{r['events']:,}" if r["events"] else "-",
        )
    screen.print(grid)
    screen.print(f"[bold]{body['caution']}[/]")
    for f in body["published"]:
        screen.print(f"  {f['speaks']:8}{f['name']}: {f['says']} ({f['source']})")


def _design(d: dict[str, Any]) -> Any:
    from rich.table import Table

    grid = Table(title=d["title"], show_header=False)
    rows = {"randomised": d["randomised"], "needed for the plan": f"{d['needed'].get('randomised', '-')} randomised, {d['needed'].get('analysed', '-')} analysed",
            "events needed": d["needed"].get("events", "-"), "power at the planned effect": "-" if d["power"] is None else f"{d['power']:.4f}",
            "follow-up, months": d["follow_up_months"], "patient-months": d["patient_months"], "duration, months": d["duration_months"],
            "expected size": ", ".join(f"{k} {v:.1f}" for k, v in d["expected_randomised"].items() if v is not None)}  # fmt: skip
    for name, value in rows.items():
        grid.add_row(name, str(value))
    return grid


def _looks(d: dict[str, Any]) -> Any:
    from rich.table import Table

    grid = Table(title=f"Looks, alpha {d['alpha']:g}, {'two-sided' if d['sided'] == 2 else 'one-sided'}")
    for name in ("information", "people", "critical z", "futility z", "one-sided p", "alpha spent"):
        grid.add_column(name, justify="right")
    for r in d["looks"]:
        low = "-" if r["futility_z"] is None else f"{r['futility_z']:.4f}"
        grid.add_row(
            f"{r['fraction']:.3f}",
            str(r["people"]),
            f"{r['critical_z']:.4f}",
            low,
            f"{r['nominal_p_one_sided']:.6f}",
            f"{r['alpha_spent']:.6f}",
        )
    return grid
