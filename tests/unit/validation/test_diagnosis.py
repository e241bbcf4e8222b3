"""`evaluate` on the published cases: its figures, its keys, its errors."""

from __future__ import annotations

import json

import pytest

from fetuin.diagnosis.model import CALCIFIED
from fetuin.errors import InputError
from fetuin.validation.cases import Label, Row
from fetuin.validation.diagnosis import brier, ece, evaluate, judged, macro_f1, top1
from fetuin.validation.tables import numbers


def row(mechanism: str, answer: str, p: float = 0.7) -> Row:
    rest = (1 - p) / 6
    return Row(Label("x", mechanism, "g", False, "s"), {m: p if m == answer else rest for m in CALCIFIED}, {"g": 1.0})


def test_metrics_by_hand():
    rows = judged([row("metastatic", "metastatic"), row("dystrophic", "metastatic")])
    assert top1(rows) == 0.5
    assert ece(rows) == pytest.approx(0.2)
    right = 0.3**2 + 6 * 0.05**2
    wrong = 0.7**2 + 0.95**2 + 5 * 0.05**2
    assert brier(rows) == pytest.approx((right + wrong) / 2)
    assert macro_f1(rows) == pytest.approx((2 / 3 + 0) / 2)


def test_the_published_cases_reach_the_asked_figures(shared):
    f = shared / "data/cases/dev.jsonl"
    seen, hidden = evaluate(f), evaluate(f, hide_tissue=True)
    assert {
        "n",
        "top1",
        "top3",
        "macro_f1",
        "brier",
        "ece",
        "cause_top1",
        "cause_top3",
        "per_class",
        "intervals",
        "rows",
    } <= set(seen)
    assert seen["n"] == 71
    assert len(seen["rows"]) == 91
    assert seen["top1"] >= 0.90
    assert seen["top3"] >= 0.98
    assert seen["brier"] <= 0.20
    assert seen["ece"] <= 0.08
    assert seen["cause_top3"] >= 0.85
    assert hidden["top1"] >= 0.80
    low, high = seen["intervals"]["top1"]
    assert low <= seen["top1"] <= high


def test_a_file_without_labels_is_an_error(tmp_path):
    f = tmp_path / "cases.jsonl"
    f.write_text(json.dumps({"id": "a", "findings": {"sites": []}, "labs": {}, "history": []}) + "\n")
    with pytest.raises(InputError, match="no label"):
        evaluate(f)


def test_every_number_has_unit_and_source():
    every = numbers()
    assert len(every) > 3000
    assert all(n.source for n in every)
    assert any(n.fits("elicited", "disorders/phpt") for n in every)
    assert any(n.fits("Q093", "ckd_mbd") for n in every)
