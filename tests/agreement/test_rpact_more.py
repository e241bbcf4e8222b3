"""rpact 3.3.4 where the reference set is silent: unequal looks, 2:1, one- and two-sided, binding futility, stages of unequal size.

`kept/rpact.json` was written by `benchmarks/agreement/rpact.R`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from fetuin.trials.conformance import conform

KEPT = Path(__file__).parent / "kept" / "rpact.json"


def test_every_kept_record_agrees():
    rows = conform(KEPT)
    assert {r["id"]: r["why"] for r in rows if not r["pass"]} == {}
    kinds = Counter(r["kind"] for r in rows)
    assert kinds["gs_boundary"] > 20
    assert kinds["adaptive_analysis_means"] == 8
