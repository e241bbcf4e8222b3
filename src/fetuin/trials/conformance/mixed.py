"""Mixed-model records to fits; the columns of the SAS example data."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from fetuin.trials.analysis.mmrm import Fit, fit
from fetuin.trials.analysis.sas_convergence import as_sas
from fetuin.trials.conformance.tables import table

METHODS = {
    "satterthwaite": "satterthwaite", "kr": "kenward_roger", "kenward-roger": "kenward_roger_free", "kr(linear)": "kenward_roger_linear",
    "kr-linear": "kenward_roger_linear",
}  # fmt: skip
BOTH = ("VISITN", "VISITN2")
SPATIAL = {"sp_exp": ("sp_exp", ("VISITN",)), "sp_exp2": ("sp_exp", BOTH), "spexp": ("sp_exp", BOTH), "sp_gau": ("sp_gau", ("VISITN",)), "sp_gau2": ("sp_gau", BOTH)}  # fmt: skip
PRINTED = {
    "un": "us", "ar(1)": "ar1", "arh1": "ar1h", "arh(1)": "ar1h", "ante": "adh", "ante(1)": "adh",
}  # SAS's name: ours  # fmt: skip


def structure_of(name: str) -> tuple[str, tuple[str, ...] | None]:
    """(our structure, coordinates) of a covariance as SAS or R mmrm writes it: `un`, `ar(1)`, `sp(exp)(VISITN VISITN2)`."""
    written = name.strip().lower()
    spatial = re.fullmatch(r"sp\((exp|gau)\)\s*\(([^)]*)\)", written)
    if spatial:
        return f"sp_{spatial[1]}", tuple(spatial[2].upper().split())
    return SPATIAL.get(written, (PRINTED.get(written, written), None))


def fitted(model: dict[str, Any], folder: Path, covariance: str | None = None, *, sas: bool = True) -> Fit:
    """The fit that a record's `model` describes; `sas`: where SAS stops, not at the very maximum."""
    name = covariance or model["cov"]
    made = _fit(
        folder, model.get("data", "fev_data"), model["formula"], name, bool(model.get("reml", True)), model.get("group"), model.get("weights"),
        model.get("subject", "USUBJID"), model.get("visit", "AVISIT"),
    )  # fmt: skip
    return as_sas(made) if sas else made


@cache
def _fit(
    folder: Path,
    data: str,
    formula: str,
    cov: str,
    reml: bool,
    group: str | None,
    weights: str | None,
    subject: str,
    visit: str,
) -> Fit:
    form, coordinates = structure_of(cov)
    return fit(
        table(folder, data),
        formula,
        subject=subject,
        visit=visit,
        covariance=form,
        reml=reml,
        group=group,
        weights=weights,
        coordinates=list(coordinates) if coordinates else None,
    )
