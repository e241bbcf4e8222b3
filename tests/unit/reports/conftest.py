"""A hand-made assessment with every part filled in, hostile text included: what the pages must be able to show."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fetuin.diagnosis.assessment import Assessment, Evidence, Missing, NextTest, Probability
from fetuin.records.record import Condition, Observation, Record, Refusal, TissueFinding


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def record() -> Record:
    return Record(
        id="uraemic tumoral calcinosis",
        sex="F",
        age=48,
        observations=(
            Observation("phosphate", 2.4, "mmol/L", day("2012-01-04"), low=0.8, high=1.5, printed="7.4 mg/dL"),
            Observation("phosphate", 3.13, "mmol/L", day("2012-06-04"), low=0.8, high=1.5, printed="9.7 mg/dL"),
            Observation("calcium_total", 2.35, "mmol/L", day("2012-06-04"), low=2.2, high=2.6, printed="9.4 mg/dL"),
            Observation("pth", 2362, "ng/L", day("2012-06-04"), low=15, high=65, printed="2362 pg/mL"),
            Observation("albumin", None, "g/L", flag="L"),
            Observation("creatinine", None, "umol/L", flag="H"),
            Observation("magnesium", None, "mmol/L", flag="N"),
            Observation("crp", 3.0, "mg/L", censor="<"),
        ),
        conditions=(Condition("peritoneal dialysis 3 y"),),
        tissue=(TissueFinding("thick amorphous periarticular calcification", "shoulder", "viable", "imaging"),),
        refusals=(Refusal("PTHrP", "the unit is missing", "add the unit, pmol/L or pg/mL"),),
    )


def _evidence() -> tuple[Evidence, ...]:
    m = {"metastatic": 2.1, "dystrophic": -1.2, "calciphylaxis": 0.3}
    rows = (
        ("dialysis", "Dialysis", "present", "history", "peritoneal dialysis 3 y", 2.1, m, ("Q093",), False),
        ("phosphate", "Phosphate", "very_high", "serum", "9.7 mg/dL (3.13 mmol/L), 2012-06-04", 1.6, m, ("Q015",), False),
        ("tissue_state", "Tissue", "viable", "tissue", "viable, imaging of the shoulder", 1.2, m, (), True),
        ("site_periarticular", "Periarticular site", "present", "history", "shoulder", 0.9, m, ("Q012",), False),
        ("calcium", "Calcium", "normal", "serum", "9.4 mg/dL (2.35 mmol/L), 2012-06-04", -0.4, m, ("Q093",), False),
    )  # fmt: skip
    return tuple(
        Evidence(f, label, state, layer, datum, w, ws, f"{label} speaks.", c, c, elicited, share=w)
        for f, label, state, layer, datum, w, ws, c, elicited in rows
    )


def build() -> Assessment:
    return Assessment(
        record_id="uraemic <script>alert(1)</script> calcinosis",
        setting="general",
        answer="metastatic",
        summary="Most likely metastatic, by CKD-MBD: dialysis, a phosphate of 9.7 mg/dL and healthy tissue around the joint.",
        abstained=False,
        reason="",
        mechanisms=(
            Probability("metastatic", 0.93, 0.81, 0.975),
            Probability("dystrophic", 0.08, 0.02, 0.18),
            Probability("calciphylaxis", 0.05, 0.01, 0.12),
            Probability("hereditary", 0.03, 0.005, 0.08),
            Probability("idiopathic", 0.004, 0.0, 0.02),
        ),
        causes=(Probability("ckd_mbd", 0.86, 0.7, 0.94, "CKD-MBD"), Probability("hftc", 0.04, 0.01, 0.1, "HFTC")),
        tissue=(Probability("viable", 0.95, 0.9, 0.98),),
        evidence=_evidence(),
        missing=(Missing("fgf23", "Intact FGF23", {"low": 0.71, "normal": 0.92, "high": 0.96}),),
        next_tests=(
            NextTest("calcium_ionized", "Ionised calcium", 0.21, 1, 0, 0.2, "Cheap, and corrected calcium misleads here."),
            NextTest("biopsy", "Skin biopsy", 0.3, 4, 5, 0.03, "Only if unclear.", "bone scan"),
        ),
        flip="Taking the dialysis away and a low intact FGF23 would make it hereditary (57 %).",
        flags=({"code": "calciphylaxis", "text": "Calciphylaxis cannot be excluded.", "citation": "Q097"},),
        derived=({"name": "calcium phosphate product", "value": 7.36, "unit": "mmol2/L2", "rule": "Ca x P"},),
        deciding_tests={"ckd_mbd": "PTH + phosphate + eGFR trend", "hftc": "intact FGF23, genes"},
        citations={"Q093": "haemodialysis, 1 018 patients", "Q015": "skin deposits", "Q012": "tumoral calcinosis", "Q097": "biopsy"},
        limits=("Published cases give no base rates.",),
        record=record(),
    )  # fmt: skip


@pytest.fixture(scope="session")
def assessment() -> Assessment:
    return build()
