"""Values of a textbook lesion are read as that lesion; too few values are said to be too few; disagreement is said."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from fetuin.mechanism import read
from fetuin.records.record import Observation, Record


def _record(**values: float) -> Record:
    return Record(id="x", observations=tuple(Observation(a, v, "") for a, v in values.items()))


@pytest.mark.parametrize(
    ("lesion", "values"),
    [
        ("phpt", {"calcium": 2.9, "phosphate": 0.75, "pth": 140.0}),
        ("hypoparathyroidism", {"calcium": 1.8, "phosphate": 1.9, "pth": 3.0}),
        ("malignancy_pthrp", {"calcium": 3.3, "phosphate": 0.7, "pth": 3.0}),
        ("vitamin_d_intoxication", {"calcium": 3.1, "phosphate": 1.4, "pth": 4.0, "calcidiol": 600.0}),
        ("xlh", {"calcium": 2.3, "phosphate": 0.5, "pth": 45.0, "calcitriol": 70.0, "fgf23_intact": 250.0}),
        ("milk_alkali", {"calcium": 3.2, "phosphate": 1.2, "pth": 8.0, "bicarbonate": 38.0}),
    ],
)
def test_a_textbook_lesion_is_read(lesion: str, values: dict) -> None:
    found = read(_record(**values))
    assert found.candidates[0].lesion == lesion, [(c.lesion, c.probability) for c in found.candidates]
    assert found.candidates[0].probability > 0.5


def test_normal_values_need_no_lesion_to_stand_out() -> None:
    found = read(_record(calcium=2.4, phosphate=1.1, pth=40.0))
    assert found.candidates[0].lesion == "none"
    assert found.candidates[0].probability < 0.5


def test_too_few_values_say_so() -> None:
    found = read(_record(calcium=2.9, sodium=140.0))
    assert not found.candidates
    assert "at least two more" in found.reason
    assert found.to_dict()["available"] is False


def test_disagreement_is_said() -> None:
    cause = SimpleNamespace(name="phpt", value=0.01, label="Primary hyperparathyroidism")
    leading = SimpleNamespace(name="trauma", value=0.9, label="Trauma")
    record = _record(calcium=2.9, phosphate=0.75, pth=140.0)
    said = read(record, SimpleNamespace(causes=(leading, cause))).agreement
    assert said.startswith("Disagreement")
    cause.value = 0.9
    assert "agree" in read(record, SimpleNamespace(causes=(cause, leading))).agreement
