"""The whole way: records with a known answer, flags, abstention, next tests, flips, intervals."""

from __future__ import annotations

import pytest

from fetuin.diagnosis import assess
from fetuin.diagnosis.batch import features, next_tests, posteriors
from fetuin.diagnosis.evidence import readings
from fetuin.errors import UsageError
from fetuin.records import Condition, Observation, Record, TissueFinding


def record(*, labs=(), said=(), site="", state="not_reported", age=50.0, sex="F", text="") -> Record:
    tissue = (TissueFinding(site=site, state=state),) if site else ()
    return Record(
        id="x",
        age=age,
        sex=sex,
        observations=tuple(Observation(a, v, u) for a, v, u in labs),
        conditions=tuple(Condition(s) for s in said),
        tissue=(*tissue, *((TissueFinding(text=text, state=state, modality="imaging"),) if text else ())),
    )


UREMIC = record(
    labs=(("calcium", 2.3, "mmol/L"), ("phosphate", 2.6, "mmol/L"), ("pth", 900.0, "ng/L")),
    said=("haemodialysis 6 y",),
    site="periarticular shoulder",
    state="viable",
)
ATHLETE = record(
    labs=(("calcium", 2.35, "mmol/L"), ("phosphate", 1.1, "mmol/L"), ("pth", 35.0, "ng/L")),
    said=("football player, thigh contusion 8 weeks earlier",),
    site="quadriceps muscle",
    state="damaged",
    age=20.0,
    sex="M",
)
CALCIPHYLAXIS = record(
    said=("haemodialysis", "warfarin", "painful necrotic ulcers"), site="thigh skin", state="damaged", age=60.0
)


def top(a) -> str:
    return a.mechanisms[0].name


def test_normal_calcium_in_kidney_failure_is_metastatic():
    a = assess(UREMIC)
    assert a.answer == "metastatic"
    assert a.causes[0].name == "ckd_mbd"


def test_the_athlete_is_dystrophic():
    assert assess(ATHLETE).answer == "dystrophic"


def test_two_causes_make_it_mixed():
    a = assess(
        record(
            said=("dermatomyositis 10 y", "end-stage renal disease, dialysis"),
            labs=(("phosphate", 2.8, "mmol/L"),),
            site="elbow skin",
            state="mixed",
        )
    )
    assert top(a) == "mixed"
    assert {c.name for c in a.causes[:2]} == {"dermatomyositis", "ckd_mbd"}


def test_calciphylaxis_is_flagged_and_biopsy_weighed():
    a = assess(CALCIPHYLAXIS)
    codes = {f["code"] for f in a.flags}
    assert a.answer == "calciphylaxis"
    assert {"calciphylaxis_urgent", "biopsy_harm"} <= codes
    assert all("biopsy" not in t.label.lower() or t.harm >= 10 for t in a.next_tests)


def test_pseudohypercalcaemia_is_flagged():
    a = assess(record(labs=(("calcium", 3.0, "mmol/L"), ("calcium_ionised", 1.22, "mmol/L")), said=("IgG myeloma",)))
    assert "pseudohypercalcaemia" in {f["code"] for f in a.flags}


def test_hypercalcaemia_with_unsuppressed_pth_asks_for_the_clearance_ratio():
    a = assess(record(labs=(("calcium", 2.75, "mmol/L"), ("pth", 90.0, "ng/L"))))
    assert "fhh_or_phpt" in {f["code"] for f in a.flags}
    assert any("Urine calcium" in t.label for t in a.next_tests)


def test_nothing_known_is_no_answer():
    a = assess(Record(id="empty"))
    assert a.abstained
    assert a.answer == "insufficient data"
    assert a.reason
    assert a.evidence == ()


def test_probabilities_add_up_and_lie_within_their_intervals():
    for r in (UREMIC, ATHLETE, CALCIPHYLAXIS):
        a = assess(r)
        assert sum(p.value for p in a.mechanisms) == pytest.approx(1.0)
        assert all(0 <= p.low <= p.value <= p.high <= 1 for p in (*a.mechanisms, *a.causes, *a.tissue))
        assert a.mechanisms[0].high > a.mechanisms[0].low


def test_pthrp_waits_for_pth_and_genes_for_chemistry():
    a = assess(record(labs=(("calcium", 3.4, "mmol/L"),), said=("squamous cell carcinoma",)))
    order = [t.test for t in a.next_tests]
    assert "pth" in order
    assert all(t.blocked_by for t in a.next_tests if t.test == "pthrp")
    assert not any(t.blocked_by for t in a.next_tests[: order.index("pth") + 1])


def test_hiding_the_tissue_takes_it_out_of_the_evidence():
    a = assess(ATHLETE, hide_tissue=True)
    assert "tissue_state" not in {e.finding for e in a.evidence}
    assert a.answer == "dystrophic"


def test_the_same_record_gives_the_same_intervals():
    assert assess(UREMIC).mechanisms == assess(UREMIC).mechanisms


def test_settings_move_the_prior_and_unknown_ones_are_named():
    general, unit = assess(Record(id="e")), assess(Record(id="e"), setting="dialysis_unit")
    ckd = {a.setting: next(c.value for c in a.causes if c.name == "ckd_mbd") for a in (general, unit)}
    assert ckd["dialysis_unit"] > 5 * ckd["general"]
    assert assess(Record(id="e"), setting="pathology").setting == "pathology_finding"
    with pytest.raises(UsageError, match="no setting"):
        assess(Record(id="e"), setting="moon")


def test_a_flip_names_a_change_and_another_answer():
    a = assess(UREMIC)
    assert a.flip
    assert a.missing
    assert all(0 <= p <= 1 for m in a.missing for p in m.effect.values())


def test_the_batch_ranks_tests_like_one_person():
    people = [readings(r) for r in (UREMIC, ATHLETE, CALCIPHYLAXIS)]
    names, gain = next_tests(posteriors(features(people)))
    assert gain.shape == (3, len(names))
    assert (gain > -1e-3).all()
