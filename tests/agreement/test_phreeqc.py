"""Our balances against PHREEQC (through phreeqpython) with the same constants, over many random sera.

phreeqpython swallows what is wrong with a database, so every test first asks PHREEQC for its error text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fetuin.chemistry.constant_tables import names, table
from fetuin.chemistry.phreeqc import database, solution
from fetuin.chemistry.speciation import speciate

phreeqpython = pytest.importorskip("phreeqpython")

BLOOD = {
    "pH": (6.9, 7.75), "HCO3": (6, 45), "Na": (115, 165), "K": (2, 8), "Ca_tot": (1.2, 4.2), "Mg_tot": (0.2, 3.0),
    "P_i": (0.2, 5.0), "SO4": (0.1, 2.0), "citrate": (0.0, 1.5), "lactate": (0.3, 10), "albumin_gL": (5, 60),
    "globulin_gL": (10, 60), "HEPES": (0, 0),
}  # fmt: skip
ASSAY = BLOOD | {"Ca_tot": (10, 12), "P_i": (6, 8), "HEPES": (45, 55), "albumin_gL": (8, 20), "HCO3": (4, 14), "pH": (7.2, 7.6)}  # fmt: skip


def random_sera(ranges: dict[str, tuple[float, float]], n: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {k: rng.uniform(low, high, n) for k, (low, high) in ranges.items()}


def program(text: str, folder: Path) -> Any:
    """PHREEQC with a database, checked for the errors that phreeqpython swallows."""
    (folder / "table.dat").write_text(text)
    pp = phreeqpython.PhreeqPython(database="table.dat", database_directory=folder)
    assert not pp.ip.get_error_string(), pp.ip.get_error_string()
    return pp


def asked(pp: Any, sera: dict[str, np.ndarray], constants: str, temperature_c: float = 37.0) -> list[dict[str, float]]:
    """PHREEQC's answers: every SI, free calcium [mmol/kg], ionic strength."""
    out = []
    for i in range(len(sera["pH"])):
        serum = {k: float(v[i]) for k, v in sera.items()}
        pp.ip.run_string(solution(serum, table(constants), number=1, temperature_c=temperature_c))
        assert not pp.ip.get_error_string(), pp.ip.get_error_string()
        s = pp.get_solution(1)
        out.append({**s.phases, "Ca+2": 1e3 * s.species["Ca+2"], "mu": s.I})
    return out


def compare(ours: Any, theirs: list[dict[str, float]]) -> tuple[float, float]:
    """(largest difference of any SI, largest relative difference of free calcium)."""
    si = max(
        abs(ours.saturation_index(p)[i] - row[p])
        for i, row in enumerate(theirs)
        for p in ours.system.phases
        if p in row
    )
    calcium = np.array([row["Ca+2"] for row in theirs])
    assert all(p in theirs[0] for p in ours.system.phases), "PHREEQC told every phase"
    return float(si), float(np.abs(ours.ion("Ca") / calcium - 1).max())


@pytest.mark.parametrize(("ranges", "seed"), [(BLOOD, 1), (ASSAY, 2)], ids=["blood", "assay mixture"])
def test_random_sera_with_the_reference_database(ranges: dict, seed: int, shared: Path, tmp_path: Path) -> None:
    text = (shared / "reference/speciation/plasma37.dat").read_text()
    sera = random_sera(ranges, 150, seed)
    ours = speciate(sera).require()
    si, calcium = compare(ours, asked(program(text, tmp_path), sera, "plasma37"))
    assert si < 0.01
    assert calcium < 0.005


@pytest.mark.parametrize("constants", names())
def test_every_table_written_as_a_database(constants: str, tmp_path: Path) -> None:
    sera = random_sera(BLOOD, 25, 7)
    si, calcium = compare(
        speciate(sera, constants).require(), asked(program(database(table(constants)), tmp_path), sera, constants)
    )
    assert si < 0.01
    assert calcium < 0.005


@pytest.mark.parametrize("temperature_c", [22.0, 25.0, 34.5, 40.0])
def test_away_from_37_degrees(temperature_c: float, tmp_path: Path) -> None:
    sera = random_sera(ASSAY, 25, 9)
    ours = speciate(sera, temperature_c=temperature_c).require()
    si, calcium = compare(ours, asked(program(database(table()), tmp_path), sera, "plasma37", temperature_c))
    assert si < 0.01
    assert calcium < 0.005
