"""SAS outp and outpm: marginal and conditional predictions of each row, in the order of the data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fetuin.trials.analysis.prediction import predict
from fetuin.trials.conformance.contract import Compared
from fetuin.trials.conformance.mixed import fitted
from fetuin.trials.conformance.tables import table

SCRIPT = {"formula": "FEV1 ~ ARMCD", "cov": "us"}  # of the script that the records point to


def replay(record: dict[str, Any], folder: Path) -> list[Compared]:
    """PM and PMSD marginal; P and PSD given the person's observed visits. The covariance is named by the record's id."""
    named = re.fullmatch(r"sas-predict-(.+)_(?:satterthwaite|kenwardroger).*", str(record.get("id", "")))
    model = SCRIPT | ({"cov": named[1]} if named else {}) | {k: v for k, v in record["model"].items() if k != "note"}
    f = fitted(model, folder)
    rows = predict(f, table(folder, record["model"].get("data", "fev_data")).iloc[: len(record["expected"])])
    tol, out = record["tol"]["rel"], []
    for i, (e, r) in enumerate(zip(record["expected"], rows)):
        ours = {"PM": r.marginal, "PMSD": r.marginal_se, "P": r.conditional, "PSD": r.conditional_se}
        out += [Compared(f"row {i} {k}", float(e[k]), v, tol, True) for k, v in ours.items() if k in e]
    return out
