"""Every disorder: a known mechanism, a deciding test, every likelihood with source and spread, a prior in every setting."""

from __future__ import annotations

import json
import re

import pytest

from fetuin.diagnosis.model import model
from fetuin.knowledge.chance import KnowledgeError, read_chance
from fetuin.knowledge.cited import cited
from fetuin.knowledge.disorder import ANSWERS, disorders, read_disorder
from fetuin.knowledge.setting import settings
from fetuin.knowledge.source import UnknownSourceError

EVERY = sorted(disorders())
STATES = ("present", "absent")


@pytest.mark.parametrize("key", EVERY)
def test_a_disorder_is_whole(key):
    d = disorders()[key]
    assert d.deciding_test
    assert d.maturity in ("established", "investigational", "hypothesis")
    assert all(re.fullmatch(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", c) for c in d.icd10cm)
    assert set(d.quantities) <= set(cited())
    for v in d.variants:
        assert v.answer in ANSWERS
        assert v.likelihoods
        for c in v.likelihoods.values():
            assert sum(c.p) == pytest.approx(1.0)
            assert c.weight > 0
            assert c.source
            assert c.weight <= 10 or not c.elicited


def test_the_cause_table_is_covered(shared):
    table = json.loads((shared / "data/cases/cause_table.json").read_text())
    causes = {c["id"]: c for c in table["causes"]}
    assert set(causes) <= set(disorders())
    for key, c in causes.items():
        given = {m for v in disorders()[key].variants for m in v.labels}
        assert given or set(c["mechanism"]) == {"none"}


@pytest.mark.parametrize("key", sorted(settings()))
def test_a_setting_gives_every_disorder_a_prior(key):
    assert all(n.value > 0 for n in settings()[key].prior.values())
    assert set(settings()[key].prior) == set(EVERY)


def test_tables_add_up_to_one():
    for table in model().tables.values():
        assert table.sum(0) == pytest.approx(1.0)


def test_a_number_without_source_or_spread_stops_the_build():
    with pytest.raises(KnowledgeError, match="no source"):
        read_chance({"present": 0.4, "weight": 8}, STATES, "here")
    with pytest.raises(KnowledgeError, match="no spread"):
        read_chance({"present": 0.4, "source": "elicited"}, STATES, "here")
    with pytest.raises(KnowledgeError, match="weighs 80"):
        read_chance({"present": 0.4, "weight": 80, "source": "elicited"}, STATES, "here")
    with pytest.raises(UnknownSourceError):
        read_chance({"present": 0.4, "weight": 8, "source": "Q999"}, STATES, "here")


def test_a_likelihood_of_an_unknown_finding_stops_the_build():
    from fetuin.catalog import documents

    d = dict(documents("fetuin.knowledge", "disorders")["phpt"])
    d["likelihoods"] = {"nonsense": {"present": 0.4, "weight": 8, "source": "elicited"}}
    with pytest.raises(KnowledgeError, match="no finding"):
        read_disorder("phpt", d)


def test_counts_become_a_beta():
    c = read_chance({"k": 84, "n": 631, "source": "Q004"}, STATES, "here")
    assert c.p[0] == pytest.approx(84.5 / 632)
    assert c.weight == 632
