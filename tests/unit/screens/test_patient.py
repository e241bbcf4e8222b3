"""The Patient screen without a browser: data behind evidence, data hidden, findings and values assumed."""

from __future__ import annotations

import pytest

import fetuin
from fetuin.errors import InputError
from fetuin.examples import example
from fetuin.screens import patient

EXAMPLE = "uraemic-tumoral-calcinosis"


def test_nothing_changed_is_the_answer_of_the_engine() -> None:
    with example(EXAMPLE).path() as path:
        expected = fetuin.assess(fetuin.read_record(path), setting=example(EXAMPLE).setting).to_dict()
    found = patient.answer({"example": EXAMPLE})["assessment"]
    assert found["mechanisms"] == expected["mechanisms"]
    assert [e["finding"] for e in found["evidence"]] == [e["finding"] for e in expected["evidence"]]


def test_every_piece_of_evidence_leads_to_its_data() -> None:
    body = patient.answer({"example": EXAMPLE})
    keys = {d["key"]: d for d in body["data"]}
    for e in body["assessment"]["evidence"]:
        if e["finding"] in ("age", "female"):  # of the person, not of a datum
            continue
        assert e["data"], e["finding"]
        assert set(e["data"]) <= set(keys)
    phosphate = next(e for e in body["assessment"]["evidence"] if e["finding"] == "phosphate")
    assert [keys[k]["analyte"] for k in phosphate["data"]] == ["phosphate"]


def test_a_hidden_datum_is_not_used() -> None:
    pth = next(d["key"] for d in patient.answer({"example": EXAMPLE})["data"] if d.get("analyte") == "pth")
    found = patient.answer({"example": EXAMPLE, "hide": [pth]})["assessment"]
    assert "pth" not in {e["finding"] for e in found["evidence"]}


def test_an_assumed_value_is_the_one_that_is_read() -> None:
    request = {"example": EXAMPLE, "values": [{"analyte": "phosphate", "value": 3.0, "unit": "mg/dL"}]}
    found = patient.answer(request)["assessment"]
    assert next(e["state"] for e in found["evidence"] if e["finding"] == "phosphate") == "normal"


def test_an_assumed_finding() -> None:
    found = patient.answer({"example": EXAMPLE, "assumed": {"skin_necrosis": "present"}})["assessment"]
    assert next(e["state"] for e in found["evidence"] if e["finding"] == "skin_necrosis") == "present"


@pytest.mark.parametrize("hide", ["observation/99", "nonsense", "note/x", "variant/0"])
def test_an_unknown_key_is_refused(hide: str) -> None:
    with pytest.raises(InputError, match="to hide"):
        patient.answer({"example": EXAMPLE, "hide": [hide]})


def test_a_value_without_its_unit_is_refused() -> None:
    with pytest.raises(InputError):
        patient.answer({"example": EXAMPLE, "values": [{"analyte": "phosphate", "value": 3.0, "unit": ""}]})


def test_the_course_has_dates_and_intervals() -> None:
    series = patient.answer({"example": patient.COURSE})["series"]
    assert {s["analyte"] for s in series} == {"phosphate", "calcium", "pth", "magnesium", "calcidiol"}
    assert all(s["low"] is not None and s["times"] == sorted(s["times"]) for s in series)
