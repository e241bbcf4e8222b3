"""Kenward-Roger with second derivatives by the unconstrained parameters: what R's mmrm calls "Kenward-Roger"."""

from __future__ import annotations

from fetuin.trials.analysis.inference.contract import Inference
from fetuin.trials.analysis.inference.kenward_roger import make
from fetuin.trials.analysis.mmrm import Fit


def method(fit: Fit) -> Inference:
    """Kenward-Roger as R's mmrm."""
    return make(fit, linear=False, natural=False)
