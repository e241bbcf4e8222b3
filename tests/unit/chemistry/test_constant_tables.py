"""Every table of constants: sources, balanced reactions, and the reference PHREEQC database word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fetuin.chemistry.constant_tables import names, table, terms
from fetuin.errors import FetuinError


@pytest.mark.parametrize("name", names())
def test_every_constant_has_a_source_and_balances(name: str) -> None:
    t = table(name)
    for r in (*t.species.values(), *t.phases.values()):
        assert t.sources[r.source]
    assert all(r.charge == 0 for r in t.phases.values())
    assert t.changed or name == "plasma37"


def test_the_reference_table_is_the_reference_database(shared: Path) -> None:
    t = table()
    text = (shared / "reference/speciation/plasma37.dat").read_text()
    found = re.findall(r"^ ?(\S.*? = .*?)\n\s*log_k\s+(\S+)", text, re.M)
    theirs = {(written.strip(), float(value)) for written, value in found}
    ours = {(r.written, r.written_log_k) for r in (*t.species.values(), *t.phases.values())}
    assert len(ours) == len(t.species) + len(t.phases) == 55
    assert ours <= theirs
    assert len(theirs - ours) == 2 + 16, (
        "what we leave out: oxygen and hydrogen, and the identities of the master species"
    )


def test_the_solubility_of_ocp_is_the_choice_of_a_table() -> None:
    assert [table(n).phases["OCP"].log_k for n in ("plasma37", "ocp_48_46", "ocp_48_70", "ocp_49_30")] == [-47.95, -48.46, -48.70, -49.30]  # fmt: skip


def test_an_unknown_table_names_the_known_ones() -> None:
    with pytest.raises(FetuinError, match="ocp_48_46"):
        table("nature")


def test_a_reaction_is_read_with_its_fractions() -> None:
    assert terms("3 Ca+2 + 1.86 PO4-3 + 0.21 HPO4-2") == {"Ca+2": 3.0, "PO4-3": 1.86, "HPO4-2": 0.21}
