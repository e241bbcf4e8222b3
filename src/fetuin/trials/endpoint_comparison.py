"""T50 against CAC against events: patients and months that each endpoint needs for one and the same mechanism.

The mechanism is said by what it does to T50 [min] and to the yearly growth of CAC [%]; events follow only if the observed
association of T50 with events were wholly causal, which nobody has shown. The caution is part of the answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from fetuin.errors import InputError
from fetuin.quantities import quantity
from fetuin.trials.designs import sample_size
from fetuin.trials.surrogacy import CAUTION, findings


@dataclass(frozen=True)
class Mechanism:
    """One mechanism in the terms of three endpoints, and how each trial would be run."""

    t50_difference: float = quantity(30.0, "min", "assumption: a moderate effect", "T50, treated less control")
    t50_sd: float = quantity(70.0, "min", "facts 2, variance model: 58 to 80", "between people")
    t50_correlation: float = quantity(0.6, "1", "facts 2, variance model: 0.42 to 0.72", "with baseline")
    t50_months: float = quantity(1.0, "mo", "convention: 4 weeks, as in the magnesium trials", "follow-up")
    t50_dropout: float = quantity(0.05, "1", "facts 2: 3 to 6 % in 4 to 8 weeks", "lost")
    cac_control: float = quantity(
        20.0, "%/a", "CaLIPSO placebo, Circulation 2020;141:728", "growth of CAC volume, control"
    )
    cac_treated: float = quantity(
        11.0, "%/a", "CaLIPSO SNF472, Circulation 2020;141:728", "growth of CAC volume, treated"
    )
    cac_sd: float = quantity(0.23, "1", "facts 3, derived: 0.225 to 0.25", "SD of the change of log volume in a year")
    cac_months: float = quantity(12.0, "mo", "convention: 52 weeks", "follow-up")
    cac_dropout: float = quantity(0.2, "1", "facts 3: 20 %", "lost in a year")
    hr_per_sd: float = quantity(
        1.15, "1", "EVOLVE, composite", "hazard ratio per SD lower T50, if it were wholly causal"
    )
    hr_sd: float = quantity(70.0, "min", "facts 2, variance model: 58 to 80", "that SD")
    events_per_100py: float = quantity(
        4.5, "1/(100 a)", "LANDMARK control arm 4.3 to 4.8, JAMA 2021;325:1946", "events of the control arm"
    )
    events_months: float = quantity(36.0, "mo", "LANDMARK median follow-up 3.16 a", "follow-up")
    events_dropout: float = quantity(0.2, "1", "LANDMARK completed 80.2 %", "lost by then")
    alpha: float = quantity(0.05, "1", "convention", "two-sided")
    power: float = quantity(0.9, "1", "convention", "wanted")


@dataclass(frozen=True)
class Needs:
    """What one endpoint needs."""

    endpoint: str
    assumption: str
    randomised: int
    months: float
    patient_months: float
    events: int = 0

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return dict(vars(self))


@dataclass(frozen=True)
class Comparison:
    """Three endpoints side by side, with the caution and the published findings."""

    needs: tuple[Needs, ...]
    caution: str = CAUTION
    published: tuple[dict[str, str], ...] = field(default_factory=lambda: tuple(vars(f) for f in findings()))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "endpoints": [n.to_dict() for n in self.needs],
            "caution": self.caution,
            "published": list(self.published),
        }


def hazard_ratio(m: Mechanism) -> float:
    """The hazard ratio of events if T50's association were causal: hr_per_sd ^ (-difference / SD)."""
    return float(m.hr_per_sd ** (-m.t50_difference / m.hr_sd))


def compare_endpoints(m: Mechanism | None = None) -> Comparison:
    """How many patients and months T50, CAC and events need for one mechanism."""
    m = m or Mechanism()
    if m.t50_difference == 0 or m.cac_control == m.cac_treated:
        raise InputError("a mechanism that does nothing needs endless patients.", where="mechanism", why="no difference in T50 or in CAC growth",
                         fix="say what it does to both")  # fmt: skip
    return Comparison((_t50(m), _cac(m), _events(m)))


def two_arms(difference: float, sd: float, dropout: float, alpha: float, power: float) -> int:
    """Randomised in both arms: the t-test's size raised for dropout, each arm rounded up."""
    return sample_size.with_dropout(sample_size.means(difference, sd, alpha=alpha, power=power), dropout)


def _t50(m: Mechanism) -> Needs:
    n = two_arms(m.t50_difference, m.t50_sd * math.sqrt(1 - m.t50_correlation**2), m.t50_dropout, m.alpha, m.power)
    words = f"{m.t50_difference:+.3g} min, SD {m.t50_sd:.3g}, baseline r = {m.t50_correlation:.2g}, {m.t50_dropout:.0%} lost"
    return Needs("T50", words, n, m.t50_months, n * m.t50_months)


def _cac(m: Mechanism) -> Needs:
    difference = math.log1p(m.cac_control / 100) - math.log1p(m.cac_treated / 100)
    n = two_arms(difference * m.cac_months / 12, m.cac_sd, m.cac_dropout, m.alpha, m.power)
    words = f"growth {m.cac_treated:.3g} against {m.cac_control:.3g} % a year, SD of log change {m.cac_sd:.2g}, {m.cac_dropout:.0%} lost"
    return Needs("CAC volume", words, n, m.cac_months, n * m.cac_months)


def _events(m: Mechanism) -> Needs:
    ratio = hazard_ratio(m)
    d = sample_size.events(ratio, alpha=m.alpha, power=m.power)
    hazard, loss = m.events_per_100py / 1200, -math.log(1 - m.events_dropout) / m.events_months
    seen = sum(sample_size.event_probability(hazard * r, loss, 0.0, m.events_months) for r in (1.0, ratio)) / 2
    n = 2 * math.ceil(d / seen / 2)
    words = f"hazard ratio {ratio:.3f}, if {m.hr_per_sd:g} per {m.hr_sd:g} min were wholly causal; {m.events_per_100py:g} per 100 patient-years"
    return Needs("events", words, n, m.events_months, n * m.events_months, math.ceil(d))
