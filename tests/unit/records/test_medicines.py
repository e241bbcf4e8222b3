"""Words for medicines become INNs; phrases become medicines, procedures, genes, conditions or notes."""

import pytest

from fetuin.knowledge.valueset import rows
from fetuin.records.medicines import RXNORM, classes, inn_of_code, inns
from fetuin.records.phrases import read_phrase
from fetuin.records.record import Condition, Medication, Procedure, Source, Variant

S = Source()


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Coumadin 5 MG Oral Tablet", ("warfarin",)),
        ("calcium carbonate and cholecalciferol", ("calcium carbonate", "cholecalciferol")),
        ("oral sodium phosphate bowel preparation", ("sodium phosphate",)),
        ("active vitamin D", ("calcitriol",)),
        ("vitamin D supplement", ("cholecalciferol",)),
        ("vitamin D deficiency", ()),
        ("vitamin D intoxication", ()),
        ("Alendronic acid 10 MG", ("alendronate",)),
        ("hydrochlorothiazide", ("hydrochlorothiazide",)),
        ("unknownomab", ()),
        ("", ()),
    ],
)
def test_names(text, want):
    assert inns(text) == want


def test_codes_and_classes():
    assert inn_of_code(RXNORM, "904419") == "alendronate"
    assert inn_of_code("http://snomed.info/sct", "904419") == ""
    assert classes("warfarin") == "anticoagulant, vitamin K antagonist"


def test_every_code_list_names_known_medicines():
    known = {r["inn"] for r in rows("medicines")}
    assert {r["inn"] for r in rows("rxnorm")} <= known


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("haemodialysis 3 y", [Procedure]),
        ("IV calcium gluconate extravasation", [Medication, Procedure]),
        ("no warfarin, no dialysis", [str]),
        ("without supplements", [str]),
        ("ENPP1 c.784A>G homozygous", [Variant]),
        ("GALNT3 suspected", [Condition]),
        ("sarcoidosis", [Condition]),
    ],
)
def test_phrases(text, kinds):
    found = read_phrase(text, S)
    assert [type(x) for x in found] == kinds
    assert all(text in (x if isinstance(x, str) else x.text) for x in found)


def test_zygosity():
    found = read_phrase("FGF23 compound heterozygous", S)[0]
    assert (found.gene, found.zygosity) == ("FGF23", "compound heterozygous")
