"""Catalogues of trials: every file of a folder offers what its family promises; shipped studies are whole."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest

import fetuin.trials.estimators as estimators
import fetuin.trials.generators as generators
from fetuin.catalog import names
from fetuin.examples.studies import shipped
from fetuin.trials.endpoints import kinds
from fetuin.trials.endpoints.contract import ANALYSES
from fetuin.trials.estimators import estimator
from fetuin.trials.patients import GENERATORS
from fetuin.trials.replication import shipped as published
from fetuin.trials.replication.gallery import recipes
from fetuin.trials.study import read_study
from fetuin.trials.surrogacy import findings


@pytest.mark.parametrize("name", sorted(kinds()))
def test_an_endpoint_has_unit_limits_and_sourced_errors(name):
    kind = kinds()[name]
    assert kind.name == name
    assert kind.unit
    assert kind.limits[0] < kind.limits[1]
    assert (kind.error is None) == (kind.measure is None)
    for f in fields(kind.error) if is_dataclass(kind.error) else ():
        assert "choices" in f.metadata or (f.metadata["unit"] and f.metadata["source"]), f.name


def test_every_analysis_and_generator_of_a_study_file_is_a_file():
    assert set(ANALYSES) == set(names(estimators)) - {"contract"}
    assert all(callable(estimator(a)) for a in ANALYSES)
    assert set(GENERATORS) == set(names(generators)) - {"contract"}


def test_recipes_have_an_order_and_each_is_used_by_a_published_trial():
    found = recipes()
    assert len({m.RANK for _, m in found}) == len(found)
    first = [next((n for n, m in found if m.applies(r)), "") for r in published()]
    assert {n for n, _ in found} == set(first) - {""}


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_study_says_its_source_and_its_estimand(name):
    study = read_study(name)
    assert study.source != "not said"
    assert len(study.estimand.population) > 10
    assert shipped()[name].startswith("#")


def test_published_trials_and_findings_have_their_sources():
    assert len(published()) == 12
    assert all(r["ref"] for r in published())
    assert all(f.source and f.says for f in findings())
    assert {f.speaks for f in findings()} == {"for", "against", "open"}
