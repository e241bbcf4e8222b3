import pytest

from fetuin.engine import Bolus, Held, Model, make_schedule
from fetuin.engine.emit.sbml import document, identifier

libsbml = pytest.importorskip("libsbml")


def errors(text):
    found = libsbml.readSBMLFromString(text)
    found.checkConsistency()
    every = [found.getError(k) for k in range(found.getNumErrors())]
    return [e.getMessage() for e in every if e.getSeverity() >= libsbml.LIBSBML_SEV_ERROR]


@pytest.mark.parametrize("case", ["A", "B", "C"])
def test_valid_level_3_version_2(models, case):
    text = document(models["MINERAL"], models["case_schedule"](case, 28))
    assert 'level="3" version="2"' in text
    assert errors(text) == []


def test_names_notes_and_start():
    model = Model("m", {"a": 1.0}, {"gut.rate": 2.0}, {"u": 0.0}, lambda m, x, p, u: {"a": u.u - p.gut.rate * x.a},
                  units={"gut.rate": "1/d"})  # fmt: skip
    text = document(model, make_schedule(3, [Bolus("a", 4.0, 0.0), Held("u", 1.0, 1.0)]), {"gut.rate": 3.0})
    assert identifier("gut.rate") == "gut__rate"
    assert '<parameter id="gut__rate" name="gut.rate [1/d]" value="3.0" constant="true"/>' in text
    assert '<parameter id="a" name="a" value="5.0" constant="false"/>' in text
    assert "esearch" in text[: text.index("listOfParameters")]
    assert errors(text) == []
