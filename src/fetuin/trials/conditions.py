"""What happens during a trial besides treatment: adherence, rescue, stopping, death, dropout, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fetuin.trials.arms import read_regimen
from fetuin.trials.words import Words

MECHANISMS = ("mcar", "mar", "mnar")


@dataclass(frozen=True)
class Conditions:
    """Shares are those expected by the end of follow-up.

    adherence       mean and SD of the share of the dose taken (normal, cut to 0..1); 1 is all of it
    rescue          started at a visit where measured phosphate is `above` [mmol/L] (0: never), or in a share `rate`;
                    `regimen` for virtual patients (its doses replace those the arm
                    has of the same therapy), `effect` added to later values (on the log scale if lognormal) otherwise
    discontinuation share that stops treatment; its effect then fades with `washout` [d]
    death           deaths per 100 patient-years
    dropout         share lost; mechanism mcar, mar (by the last value seen) or mnar (by the value not seen), with `slope`
                    log odds for each SD by which that value is *worse*
    events          per 100 patient-years in the reference arm
    """

    adherence: tuple[float, float] = (1.0, 0.0)
    rescue_above: float = 0.0
    rescue_rate: float = 0.0
    rescue_effect: float = 0.0
    rescue_regimen: Mapping[str, float | str] = field(default_factory=dict)
    discontinuation: float = 0.0
    washout: float = 7.0
    deaths: float = 0.0
    dropout: float = 0.0
    mechanism: str = "mcar"
    slope: float = 0.0
    events: float = 0.0

    @property
    def rescues(self) -> bool:
        """Can a rescue binder be started?"""
        return self.rescue_above > 0 or self.rescue_rate > 0


def read_conditions(study: Words) -> Conditions:
    """The tables `[adherence]`, `[rescue]`, `[discontinuation]`, `[death]`, `[dropout]`, `[events]`."""
    a, r = study.sub("adherence", ("mean", "sd")), study.sub("rescue", ("above", "unit", "rate", "effect", "regimen"))
    r.choice("unit", ["mmol/L"], "mmol/L")
    stop, dead = study.sub("discontinuation", ("rate", "washout")), study.sub("death", ("rate_per_100py",))
    lost, event = study.sub("dropout", ("rate", "mechanism", "slope")), study.sub("events", ("rate_per_100py",))
    return Conditions(
        (a.number("mean", 0.0, 1.0, 1.0), a.number("sd", 0.0, 1.0, 0.0)),
        r.number("above", 0.0, 10.0, 0.0), r.number("rate", 0.0, 0.95, 0.0), r.number("effect", -1e6, 1e6, 0.0),
        read_regimen(r), stop.number("rate", 0.0, 0.95, 0.0), stop.number("washout", 0.0, 3650.0, 7.0),
        dead.number("rate_per_100py", 0.0, 200.0, 0.0), lost.number("rate", 0.0, 0.95, 0.0),
        lost.choice("mechanism", MECHANISMS, "mcar"), lost.number("slope", -10.0, 10.0, 0.0),
        event.number("rate_per_100py", 0.0, 200.0, 0.0),
    )  # fmt: skip
