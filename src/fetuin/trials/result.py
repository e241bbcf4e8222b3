"""TrialResult: what a simulated study answers, with Monte Carlo errors, the seed, the versions and the caution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fetuin.notice import RESEARCH_USE, USE_LIMITATION, __version__
from fetuin.trials.bank import Bank
from fetuin.trials.endpoint_comparison import Comparison
from fetuin.trials.operating_characteristics import Characteristic
from fetuin.trials.study import Study
from fetuin.trials.surrogacy import CAUTION, findings

Rows = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class ScenarioResult:
    """One scenario: what differs, its study, the truth and the characteristics; rows [n] of replicates, and under no effect."""

    name: str
    changes: Mapping[str, Any]
    study: Study
    randomised: int
    truth: tuple[float, float]
    characteristics: tuple[Characteristic, ...]
    rows: Rows = field(repr=False)
    null: Rows = field(repr=False)
    bank: Mapping[str, Any] = field(default_factory=dict)
    people: Bank | None = field(default=None, repr=False)

    def __getitem__(self, name: str) -> Characteristic:
        """A characteristic by its name."""
        return next(c for c in self.characteristics if c.name == name)

    @property
    def failures(self) -> dict[str, int]:
        """Fits that did not converge: final analyses and looks, with effect and without. Never dropped, always counted."""
        return {
            "final": int((~self.rows["converged"]).sum()), "looks": int(self.rows["unconverged_looks"].sum()),
            "final, no effect": int((~self.null["converged"]).sum()), "looks, no effect": int(self.null["unconverged_looks"].sum()),
        }  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "name": self.name, "changes": dict(self.changes), "randomised": self.randomised,
            "characteristics": [vars(c) for c in self.characteristics], "not_converged": self.failures, "bank": dict(self.bank),
        }  # fmt: skip


@dataclass(frozen=True)
class TrialResult:
    """A study simulated `n` times under `seed`."""

    study: Study
    seed: int
    n: int
    scenarios: tuple[ScenarioResult, ...]
    endpoints: Comparison | None = None
    caution: str = CAUTION
    notice: str = RESEARCH_USE

    def __getitem__(self, name: str) -> Characteristic:
        """A characteristic of the first scenario."""
        return self.scenarios[0][name]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: what `fetuin trial simulate --json` prints."""
        s = self.study
        return {
            "title": s.title, "source": s.source, "seed": self.seed, "n": self.n,
            "estimand": {"population": s.estimand.population, "treatment": s.estimand.treatment, "variable": s.estimand.variable,
                         "summary": s.estimand.summary, "intercurrent": dict(s.estimand.strategies)},
            "endpoint": {"kind": s.endpoint.kind.name, "unit": s.endpoint.kind.unit, "analysis": s.endpoint.analysis},
            "compared": s.compared, "reference": s.reference, "scenarios": [x.to_dict() for x in self.scenarios],
            "endpoints": None if self.endpoints is None else self.endpoints.to_dict(), "published": [vars(f) for f in findings()],
            "caution": self.caution, "use": USE_LIMITATION, "version": __version__,
        }  # fmt: skip
