"""References: read, cited, and an unknown key is an error."""

import pytest

from fetuin.knowledge.source import UnknownSourceError, check, cite, is_assumption, parse, references


def test_what_ships_is_readable_and_each_once():
    assert len(references()) >= 7
    assert all(r.fields.get("title") for r in references().values())


def test_cite():
    assert "doi.org/10.1056/NEJMoa2102953" in cite("inker2021")
    assert cite("nhanes, Q090").endswith("(Q090)")
    assert cite("assumption: none read") == "assumption: none read"
    assert is_assumption("Elicited by two readers")


@pytest.mark.parametrize("bad", ["", "nobody1999", "nobody1999, table 2"])
def test_an_unknown_key_is_an_error_with_a_place(bad):
    with pytest.raises(UnknownSourceError) as e:
        check(bad, "analytes/x.toml")
    assert e.value.where == "analytes/x.toml"


def test_a_key_twice_is_an_error():
    entry = "@misc{a,\n  title = {T}\n}\n"
    with pytest.raises(UnknownSourceError, match="twice"):
        parse(entry + entry)
    assert parse('@article{b,\n title = "A {B} C",\n year = 1999\n}')["b"].text() == "A B C. 1999"
