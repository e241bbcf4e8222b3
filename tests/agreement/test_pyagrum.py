"""The engine against an independent Bayesian-network library: the same posteriors on 1 000 random records."""

from __future__ import annotations

import numpy as np
import pytest

from fetuin.diagnosis.batch import features, posteriors
from fetuin.diagnosis.differential import differential
from fetuin.diagnosis.evidence import Reading
from fetuin.diagnosis.model import model
from fetuin.diagnosis.prior import log_prior
from fetuin.knowledge.finding import findings

N = 1000


def random_record(rng: np.random.Generator) -> list[Reading]:
    """Twelve findings, some soft, some sure."""
    every = list(findings().values())
    out = []
    for k in rng.choice(len(every), 12, replace=False):
        f = every[k]
        weights = (
            rng.random(len(f.states)) if rng.random() < 0.5 else np.eye(len(f.states))[rng.integers(len(f.states))]
        )
        out.append(Reading(f.id, tuple(float(w) for w in weights), f.states[int(np.argmax(weights))], ""))
    return out


@pytest.fixture(scope="module")
def network():
    gum = pytest.importorskip("pyagrum")
    m, net = model(), gum.BayesNet("fetuin")
    cause = net.add(gum.LabelizedVariable("cause", "", [str(k) for k in range(m.pairs)]))
    net.cpt(cause).fillWith(np.exp(log_prior("general")).tolist())
    for key, table in m.tables.items():
        node = net.add(gum.LabelizedVariable(key, "", [str(k) for k in range(len(table))]))
        net.addArc(cause, node)
        net.cpt(node)[:] = np.ascontiguousarray(table.T)
    return gum, net


def test_posteriors_equal_those_of_pyagrum(network):
    gum, net = network
    rng = np.random.default_rng(7)
    worst = 0.0
    for _ in range(N):
        found = random_record(rng)
        engine = gum.LazyPropagation(net)
        engine.setEvidence({r.finding: list(r.weights) for r in found})
        engine.setTargets({"cause"})
        engine.makeInference()
        theirs = np.array(engine.posterior("cause").tolist())
        worst = max(worst, float(np.abs(theirs - differential(found).pairs).max()))
    assert worst < 1e-5


def test_the_batch_equals_the_single_person():
    rng = np.random.default_rng(8)
    people = [random_record(rng) for _ in range(300)]
    many = posteriors(features(people))
    each = np.stack([differential(found).pairs for found in people])
    assert np.abs(many - each).max() < 1e-5
