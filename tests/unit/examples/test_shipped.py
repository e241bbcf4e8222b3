"""The shipped examples: one per mechanism at least, valid FHIR, the same facts as the published case, no diagnosis inside."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import fetuin
from fetuin.errors import UsageError
from fetuin.examples import Example, example, examples
from fetuin.records.record import Record, Source

MECHANISMS = {"dystrophic", "metastatic", "iatrogenic", "calciphylaxis", "hereditary", "idiopathic", "mixed"}
each = pytest.mark.parametrize("e", examples(), ids=lambda e: e.name)


def bundle(e: Example) -> dict[str, Any]:
    with e.path() as file:
        loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return loaded


def facts(r: Record) -> set[tuple[object, ...]]:
    """What a record says, without where it was written and in what order."""
    lists = (r.observations, r.conditions, r.medications, r.procedures, r.tissue, r.variants)
    said = {tuple(vars_of(x)) for group in lists for x in group}
    return said | {("age", None if r.age is None else round(r.age, 2)), ("sex", r.sex), *(("note", n) for n in r.notes)}


def vars_of(x: Any) -> list[object]:
    clean = replace(x, source=Source(), **({"printed": ""} if hasattr(x, "printed") else {}))
    values = (getattr(clean, name) for name in clean.__dataclass_fields__ if name != "source")
    return [type(x).__name__, *(round(v, 4) if isinstance(v, float) else v for v in values)]


def test_there_are_at_least_eight_and_one_for_every_mechanism() -> None:
    assert len(examples()) >= 8
    assert {e.mechanism for e in examples()} == MECHANISMS


@each
def test_an_example_has_a_source_and_teaches_something(e: Example) -> None:
    assert e.source
    assert e.title
    assert e.teaches
    assert example(e.name) is e


@each
def test_a_bundle_is_valid_fhir(e: Example) -> None:
    model = pytest.importorskip("fhir.resources.R4B.bundle").Bundle
    model.model_validate(bundle(e))


@each
def test_the_published_diagnosis_is_not_in_the_bundle(e: Example) -> None:
    text = json.dumps(bundle(e)).lower()
    assert '"label"' not in text
    assert "mechanism" not in text


@each
def test_the_bundle_says_what_the_case_says(e: Example, shared: Path, tmp_path: Path) -> None:
    lines = (shared / "data/cases/dev.jsonl").read_text("utf-8").splitlines()
    one = tmp_path / "case.jsonl"
    one.write_text(next(line for line in lines if f'"{e.case}"' in line), "utf-8")
    with e.path() as file:
        assert facts(fetuin.read_record(file)) == facts(fetuin.read_record(one))


def test_an_unknown_example_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="uraemic-tumoral-calcinosis"):
        example("nothing")
