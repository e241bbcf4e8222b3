"""A table of constants at one temperature, laid out as arrays for the solvers.

Every species is at most one cation with at most one ligand and any number of protons, so the free ligand follows from
the free cations without iteration. A table that asks for more is refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from fetuin.chemistry.activity import debye_hueckel
from fetuin.chemistry.constant_tables import ConstantTable, Reaction, table
from fetuin.errors import InputError

Array = NDArray[np.float64]
DAVIES = -1.0  # mark in place of the ion size


@dataclass(frozen=True)
class System:
    """Arrays of one table at one temperature. Species arrays share one order; -1 means no cation or no ligand."""

    table: ConstantTable
    temperature_c: float
    a: float
    b: float
    cations: tuple[str, ...]
    ligands: tuple[str, ...]
    carbonate: int  # index of the carbonate ligand
    species: tuple[str, ...]
    cation: NDArray[np.int64]
    ligand: NDArray[np.int64]
    protons: Array
    water: Array
    log_k: Array
    charge: Array  # of species
    size: Array  # Debye-Hueckel a of species, or DAVIES
    slope: Array  # Debye-Hueckel b of species
    ion_charge: Array  # cations, ligands, H, Cl
    ion_size: Array
    ion_slope: Array
    phases: tuple[str, ...]
    phase_stoichiometry: Array  # phases x (cations, ligands, H, H2O)
    phase_log_k: Array

    @property
    def components(self) -> tuple[str, ...]:
        """Cations then ligands: the order of totals and free ions."""
        return self.cations + self.ligands


def _place(reaction: Reaction, cations: tuple[str, ...], ligands: tuple[str, ...]) -> tuple[int, int]:
    """(cation, ligand) of a species; refuses what the solver's form cannot hold."""
    parts = {k: n for k, n in reaction.composition.items() if k not in ("H", "H2O")}
    metal = [k for k in parts if k in cations]
    base = [k for k in parts if k in ligands]
    if len(metal) > 1 or len(base) > 1 or any(n != 1 for n in parts.values()) or len(parts) != len(metal) + len(base):
        raise InputError(
            f"The species {reaction.name} is not one cation with one ligand.", where=reaction.written,
            why="the solver takes 1:1 complexes with any number of protons",
        )  # fmt: skip
    return cations.index(metal[0]) if metal else -1, ligands.index(base[0]) if base else -1


def _gammas(entries: list[Reaction]) -> tuple[Array, Array]:
    pairs = [e.gamma or (DAVIES, 0.0) for e in entries]
    return np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])


@cache
def system(name: str, temperature_c: float) -> System:
    """The table called `name` at a temperature. Raises InputError outside the table's range."""
    constants = table(name)
    low, high = constants.temperature_range_c
    if not low <= temperature_c <= high:
        raise InputError(
            f"{temperature_c:g} C is outside the range of the table '{name}'.",
            why=f"it holds from {low:g} to {high:g} C",
        )
    held = [c for c in constants.components.values() if c.name not in ("H", "Cl")]
    cations = tuple(c.name for c in held if c.charge > 0)
    ligands = tuple(c.name for c in held if c.charge < 0)
    species, phases = list(constants.species.values()), list(constants.phases.values())
    places = [_place(s, cations, ligands) for s in species]
    ions = [constants.components[n] for n in (*cations, *ligands, "H", "Cl")]
    columns = (*cations, *ligands, "H", "H2O")
    size, slope = _gammas(species)
    a, b = debye_hueckel(temperature_c)
    reference = constants.temperature_c
    return System(
        constants, temperature_c, a, b, cations, ligands, ligands.index("C"), tuple(s.name for s in species),
        np.array([p[0] for p in places]), np.array([p[1] for p in places]),
        np.array([s.composition.get("H", 0.0) for s in species]),
        np.array([s.composition.get("H2O", 0.0) for s in species]),
        np.array([s.log_k_at(temperature_c, reference) for s in species]),
        np.array([float(s.charge) for s in species]), size, slope,
        np.array([float(i.charge) for i in ions]),
        np.array([(i.gamma or (DAVIES, 0.0))[0] for i in ions]), np.array([(i.gamma or (DAVIES, 0.0))[1] for i in ions]),
        tuple(p.name for p in phases),
        np.array([[p.composition.get(c, 0.0) for c in columns] for p in phases]),
        np.array([p.log_k_at(temperature_c, reference) for p in phases]),
    )  # fmt: skip
