"""What a phrase says and what it denies."""

from __future__ import annotations

import pytest

from fetuin.diagnosis.recognition import code_hits, gene_hits, hits


@pytest.mark.parametrize(
    ("phrase", "finding", "said"),
    [
        ("warfarin for atrial fibrillation", "warfarin", True),
        ("no warfarin, no dialysis", "warfarin", False),
        ("denies trauma", "trauma", False),
        ("no supplements, antacids or thiazides", "thiazide", False),
        ("no neck surgery or radiation", "neck_surgery", False),
        ("without trauma but on warfarin", "warfarin", True),
        ("not on dialysis", "kidney", False),
        ("trauma was excluded", "trauma", False),
        ("anticentromere negative", "systemic_sclerosis", False),
        ("no longer on dialysis", "kidney", True),
        ("lacking evidence of a metabolic disorder", "calcium", True),
        ("no consanguinity, sister affected", "family", True),
        ("status post total thyroidectomy", "neck_surgery", True),
        ("ESRD on HD", "kidney", True),
        ("CKD G5D", "kidney", True),
        ("CREST", "systemic_sclerosis", True),
        ("JDM since age 4", "dermatomyositis", True),
        ("calcified hematoma", "haematoma", True),
        ("nadroparin", "calcium_heparin", True),
        ("Oral sodium phosphate bowel preparation", "sodium_phosphate", True),
        ("secondary hyperparathyroidism", "secondary_hpt_named", True),
        ("primary hyperparathyroidism", "phpt_named", True),
    ],
)
def test_said_and_denied(phrase, finding, said):
    found = [yes for f, state, yes in hits(phrase) if f == finding and state != "absent"]
    assert set(found) == {said}


def test_a_relative_is_not_the_patient():
    found = {f for f, _, yes in hits("brother with Fahr syndrome and hypocalcaemia") if yes}
    assert "family" in found
    assert not found & {"pfbc_named", "calcium"}


def test_primary_is_not_secondary():
    assert "secondary_hpt_named" not in {f for f, _, _ in hits("primary hyperparathyroidism")}
    assert "hypopara_named" not in {f for f, _, _ in hits("pseudohypoparathyroidism")}
    assert "skin_necrosis" not in {f for f, _, _ in hits("fat necrosis of the breast")}


def test_codes_and_genes():
    assert ("kidney", "failure") in set(code_hits("http://hl7.org/fhir/sid/icd-10-cm", "N18.6"))
    assert ("calcium", "high") in set(code_hits("hpo", "HP:0003072"))
    assert list(code_hits("http://snomed.info/sct", "N18.6")) == []
    assert ("gene_abcc6", "present") in gene_hits("ABCC6")
