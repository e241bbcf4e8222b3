"""300 mutated study files: each is read, or refused with its place, reason and remedy. The campaign runs 10 000."""

from __future__ import annotations

import runpy
from pathlib import Path

CAMPAIGN = Path(__file__).resolve().parents[2] / "benchmarks" / "fuzz_studies.py"


def test_a_mutated_study_is_read_or_refused_with_place_reason_and_remedy():
    ends, slowest = runpy.run_path(str(CAMPAIGN))["campaign"](300, 20)
    assert sum(v for (_, w), v in ends.items() if w == "crash") == 0
    assert sum(v for (_, w), v in ends.items() if w == "unplaced") == 0
    assert sum(v for (_, w), v in ends.items() if w == "read") > 20
    assert slowest < 20
