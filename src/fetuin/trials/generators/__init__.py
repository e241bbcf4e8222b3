"""Generators of people's true courses. ONE FILE PER GENERATOR: each offers `paths(study, bank, streams, arm)`."""

from __future__ import annotations

from fetuin.trials.generators.contract import Paths, paths

__all__ = ["Paths", "paths"]
