"""The kinds of long work: every file of `work/` is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import fetuin.service.work
from fetuin.catalog import entries
from fetuin.runs.worker import Work
from fetuin.service.body import Body, validated


@dataclass(frozen=True)
class Kind:
    """A kind of work: what it does, the model of its parameters, how it is cut, and what goes when a job is removed.

    `forget` takes the parameters of the job that is gone and those of the tenant's other jobs of the kind.
    """

    about: str
    parameters: type[Body]
    work: Work
    forget: Callable[[Mapping[str, Any], Sequence[Mapping[str, Any]]], None] | None = None

    def checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters with their defaults, JSON-ready; InputError where they are wrong."""
        return validated(self.parameters, dict(given)).model_dump(mode="json")


@cache
def kinds() -> dict[str, Kind]:
    """{name: Kind} of the folder; a file `cohort_study.py` is called `cohort-study`."""
    return {name.replace("_", "-"): kind for name, kind in entries(fetuin.service.work, "KIND").items()}
