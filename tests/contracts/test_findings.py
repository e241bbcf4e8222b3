"""Every finding: a layer, a question, states that add up, patterns that compile, tests that exist."""

from __future__ import annotations

import re

import pytest

from fetuin.knowledge.analyte import analytes
from fetuin.knowledge.finding import LAYERS, findings

EVERY = sorted(findings())


@pytest.mark.parametrize("key", EVERY)
def test_a_finding_is_whole(key):
    f = findings()[key]
    assert f.layer in LAYERS
    assert f.question.endswith("?")
    assert sum(f.background.p) == pytest.approx(1.0)
    assert f.cost > 0
    assert f.harm >= 0
    assert all(a in findings() for a in f.after)
    for state, r in f.recognise.items():
        assert state in f.states
        for pattern in r.text:
            assert not re.compile(pattern, re.I).search(""), pattern
        assert all(re.fullmatch(r"HP:\d{7}", c) for c in r.hpo)


def test_serum_findings_read_known_analytes():
    named = {a for f in findings().values() for a in f.analyte}
    missing = named - set(analytes()) - {"total_co2", "urine_calcium"}
    assert not missing


def test_pth_is_asked_before_pthrp_and_chemistry_before_genes():
    assert "pth" in findings()["pthrp"].after
    for key in EVERY:
        if key.startswith("gene_"):
            assert {"calcium", "phosphate"} <= set(findings()[key].after)
