"""What must not change an answer does not: order, identifiers, units, unrelated resources; what is missing is summed over."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from fetuin.diagnosis.differential import differential, log_likelihood, posterior
from fetuin.diagnosis.evidence import Reading, readings
from fetuin.diagnosis.model import model
from fetuin.diagnosis.prior import log_prior
from fetuin.knowledge.finding import findings
from fetuin.records import Condition, Medication, Observation, Procedure, Record, Source, TissueFinding

N = 2000
WORDS = (
    "end-stage renal disease", "no trauma", "haemodialysis 3 y", "sister affected", "limited systemic sclerosis (CREST)",
    "silicone injections 10 y earlier", "calcium carbonate", "no warfarin, no dialysis", "seizures", "thyroidectomy at 16",
    "metastatic renal cell carcinoma", "juvenile dermatomyositis", "IV calcium gluconate extravasation", "burn 40 y earlier",
)  # fmt: skip
LABS = (
    ("calcium", 1.4, 4.0, "mmol/L"),
    ("phosphate", 0.4, 4.0, "mmol/L"),
    ("pth", 2.0, 2000.0, "ng/L"),
    ("calcidiol", 10, 500, "nmol/L"),
)
SITES = (
    "lung",
    "finger",
    "scrotum",
    "basal ganglia",
    "periarticular shoulder",
    "thigh skin",
    "kidney (nephrocalcinosis)",
)


def record(seed: int) -> Record:
    """A generated record."""
    r = random.Random(seed)
    said = r.sample(WORDS, r.randint(0, 5))
    labs = [Observation(a, r.uniform(lo, hi), u) for a, lo, hi, u in LABS if r.random() < 0.5]
    state = r.choice(["viable", "damaged", "mixed", "not_reported"])
    return Record(
        id=str(seed),
        sex=r.choice(["F", "M", None]),
        age=r.choice([None, r.uniform(0, 90)]),
        observations=tuple(labs),
        conditions=tuple(Condition(w) for w in said),
        tissue=tuple(TissueFinding(site=s, state=state) for s in r.sample(SITES, r.randint(0, 3))),
    )


def shuffled(r: Record, seed: int) -> Record:
    """The same facts: other order, other identifier, other file, a stranger's resources beside them."""
    rng = random.Random(seed)

    def mix(xs):
        return tuple(rng.sample(xs, len(xs)))

    extra = Observation("haemoglobin", 130.0, "g/L")
    return replace(
        r,
        id="another",
        observations=mix((*r.observations, extra)),
        conditions=mix((*r.conditions, Condition("tonsillectomy planned"))),
        tissue=mix(r.tissue),
        medications=(Medication("paracetamol", "paracetamol"),),
        procedures=(Procedure("eye test"),),
        source=Source("other.json", "fhir", "entry 3"),
    )


def test_neutral_changes_leave_the_answer_identical():
    for seed in range(N):
        r = record(seed)
        assert np.array_equal(differential(readings(r)).pairs, differential(readings(shuffled(r, seed))).pairs), seed


def test_what_is_missing_is_marginalised():
    """Summing over what a finding could have shown gives the answer without it."""
    rng = np.random.default_rng(3)
    for seed in range(60):
        found = readings(record(seed))
        without = differential(found).pairs
        seen = {r.finding for r in found}
        f = rng.choice([f for f in findings() if f not in seen])
        tables, total = model().tables[f], np.zeros(len(without))
        for x in range(len(tables)):
            chance = float(tables[x] @ without)
            weights = tuple(1.0 if k == x else 0.0 for k in range(len(tables)))
            total += chance * differential((*found, Reading(f, weights, "", ""))).pairs
        assert total == pytest.approx(without, abs=1e-9)


def test_the_order_of_readings_does_not_matter():
    for seed in range(100):
        found = readings(record(seed))
        other = list(found)
        random.Random(seed).shuffle(other)
        assert differential(other).pairs == pytest.approx(differential(found).pairs, abs=1e-12)


def test_not_reported_is_not_absent():
    silent = Record(tissue=(TissueFinding(site="finger skin"),))
    denied = replace(silent, notes=("no trauma",))
    assert "trauma" not in {r.finding for r in readings(silent)}
    assert next(r for r in readings(denied) if r.finding == "trauma").state == "absent"


def test_a_flat_reading_changes_nothing():
    found = readings(record(5))
    flat = Reading("warfarin", (1.0, 1.0), "present", "")
    total = log_prior("general") + sum(log_likelihood(r) for r in (*found, flat))
    assert posterior(total) == pytest.approx(differential(found).pairs, abs=1e-12)
