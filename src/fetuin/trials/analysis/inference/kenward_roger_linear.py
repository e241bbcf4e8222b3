"""Kenward-Roger without second derivatives of Sigma: SAS `ddfm=kr(linear)`; the same whatever the parametrisation."""

from __future__ import annotations

from fetuin.trials.analysis.inference.contract import Inference
from fetuin.trials.analysis.inference.kenward_roger import make
from fetuin.trials.analysis.mmrm import Fit


def method(fit: Fit) -> Inference:
    """Kenward-Roger, linear."""
    return make(fit, linear=True)
