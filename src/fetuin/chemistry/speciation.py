"""What is dissolved in blood as what: free ions, ion pairs and protein-bound ions of many sera at once.

`speciate({"Ca_tot": ..., "P_i": ..., "pH": ..., "HCO3": ...}, constants="plasma37")` takes arrays by the column names of
`COLUMNS` (mmol/L; g/L for proteins) and answers a `Speciation`. Of pH, HCO3 and pCO2_mmHg any two are given; the third
is answered. Chloride follows from electroneutrality unless `Cl` is given, and then the charge that is missing is told.
Concentrations are taken per kg of water, as in the reference calculation; `plasma_water` (kg/L) divides them first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.util import find_spec
from typing import Any

import numpy as np

from fetuin.chemistry import balance
from fetuin.chemistry.system import Array, System, system
from fetuin.errors import InputError, NumericalError

MMHG_PER_ATM = 760.0
PROTEINS = ("Alb", "Glob")
COLUMNS = {  # name in a mapping or a file: (unit, meaning)
    "pH": ("1", "-log10 of the proton activity at the temperature of the sample"),
    "HCO3": ("mmol/L", "bicarbonate as a laboratory reports it; total carbonate is 1.05 times as much"),
    "pCO2_mmHg": ("mm[Hg]", "partial pressure of carbon dioxide; given instead of pH or of HCO3"),
    "Na": ("mmol/L", "sodium"),
    "K": ("mmol/L", "potassium"),
    "Ca_tot": ("mmol/L", "calcium, total"),
    "Mg_tot": ("mmol/L", "magnesium, total"),
    "P_i": ("mmol/L", "inorganic phosphate"),
    "SO4": ("mmol/L", "sulfate"),
    "citrate": ("mmol/L", "citrate"),
    "lactate": ("mmol/L", "lactate"),
    "albumin_gL": ("g/L", "albumin"),
    "globulin_gL": ("g/L", "globulins"),
    "HEPES": ("mmol/L", "HEPES buffer, in an assay mixture"),
    "Cl": ("mmol/L", "chloride; left out, it is what electroneutrality asks for"),
}
WHY = {
    balance.NOT_CONVERGED: "the balances did not converge",
    balance.NO_CHLORIDE: "the anions outweigh the cations: no chloride can balance the charges",
}


@dataclass(frozen=True)
class Speciation:
    """Solved sera. Arrays have one row a serum; concentrations mmol per kg of water, activities per mol/kg."""

    system: System
    free: Array  # mmol/kg, sera x system.components
    log_activity: Array  # log10, sera x (components, H, H2O)
    ph: Array
    ionic_strength: Array  # mol/kg
    chloride: Array
    charge_balance: Array  # mmol/kg of charge left over (cations minus anions)
    mass_balance: Array  # largest relative residual of any total
    carbonate_total: Array
    protein_bound: Array  # mmol/kg, sera x cations
    totals: Array  # mmol/kg, sera x components
    iterations: Array
    status: np.ndarray  # 0 converged; else a key of WHY

    def __len__(self) -> int:
        return len(self.ph)

    @property
    def converged(self) -> np.ndarray:
        """True for each serum whose balances closed."""
        return self.status == balance.CONVERGED

    def ion(self, component: str) -> Array:
        """Free ion of a component, `Ca` or `Mg` or `P` (PO4-3) ..., mmol/kg."""
        return self.free[:, self.system.components.index(component)]

    def activity(self, component: str) -> Array:
        """Activity of the free ion of a component, or of `H` or `H2O`."""
        return 10.0 ** self.log_activity[:, [*self.system.components, "H", "H2O"].index(component)]

    def log_species_activity(self, species: str) -> Array:
        """log10 activity of one species by its formula: `HPO4-2`, `CaHPO4` ..."""
        columns = [*self.system.components, "H", "H2O"]
        s = self.system.table.species[species]
        log_a = self.system.log_k[self.system.species.index(species)] + np.zeros(len(self))
        for component, n in s.composition.items():
            log_a = log_a + n * self.log_activity[:, columns.index(component)]
        return log_a

    def species(self, species: str) -> Array:
        """Molality of one species, mmol/kg; free ions by their formula too (`Ca+2`)."""
        for c in self.system.table.components.values():
            if c.ion == species:
                return (
                    self.chloride if c.name == "Cl" else self.activity("H") * 1e3 if c.name == "H" else self.ion(c.name)
                )
        s = self.system
        i = s.species.index(species)
        gamma = balance.log_gammas(self.ionic_strength, s.charge[[i]], s.size[[i]], s.slope[[i]], s.a, s.b)[:, 0]
        return 1e3 * 10.0 ** (self.log_species_activity(species) - gamma)

    @cached_property
    def saturation_indices(self) -> Array:
        """log10(IAP/Ksp), sera x system.phases; -inf where an ion of the phase is absent, nan where not converged."""
        s = self.system
        index = self.log_activity @ s.phase_stoichiometry.T
        index -= s.phase_log_k
        index[index < -200.0] = -np.inf
        if not self.converged.all():
            index[~self.converged] = np.nan
        return index

    def saturation_index(self, phase: str) -> Array:
        """log10(IAP/Ksp) of one phase by its name in the table of constants."""
        return self.saturation_indices[:, self.system.phases.index(phase)]

    @property
    def pco2_mmhg(self) -> Array:
        """Partial pressure of carbon dioxide in equilibrium with the serum, mmHg."""
        return MMHG_PER_ATM * 10.0 ** self.saturation_index("CO2(g)")

    @property
    def bicarbonate(self) -> Array:
        """Bicarbonate as a laboratory reports it, mmol/kg."""
        return self.carbonate_total / self.system.table.components["C"].per_unit

    def require(self) -> Speciation:
        """Itself, or NumericalError that names the first serum that did not close."""
        if not self.converged.all():
            i = int(np.argmin(self.converged))
            raise NumericalError(
                f"{int((~self.converged).sum())} of {len(self)} sera have no solution.", where=f"serum {i + 1}",
                why=WHY[int(self.status[i])], fix="check its concentrations and their units",
            )  # fmt: skip
        return self


def _arrays(sera: Mapping[str, Any]) -> dict[str, Array]:
    """Broadcast float arrays by column; refuses unknown names."""
    if unknown := [k for k in sera if k not in COLUMNS]:
        raise InputError(f"'{unknown[0]}' is not a component of serum.", fix=f"known: {', '.join(COLUMNS)}")
    arrays = {k: np.atleast_1d(np.asarray(v, float)) for k, v in sera.items()}
    n = max((len(a) for a in arrays.values()), default=0)
    for k, a in arrays.items():
        if len(a) not in (1, n):
            raise InputError(f"{k} has {len(a)} values, others {n}.", fix="give one value or one per serum")
    return {k: np.broadcast_to(a, n) for k, a in arrays.items()}


def _mode(given: Mapping[str, Array]) -> int:
    have = [k for k in ("pH", "HCO3", "pCO2_mmHg") if k in given]
    if len(have) != 2:
        raise InputError(
            f"Of pH, HCO3 and pCO2_mmHg two must be given, not {len(have)}{': ' + ', '.join(have) if have else ''}.",
            why="each pair fixes the third",
        )
    return {"pCO2_mmHg": balance.CARBONATE_TOTAL, "HCO3": balance.GAS_AND_PH, "pH": balance.GAS_AND_TOTAL}[
        next(k for k in ("pH", "HCO3", "pCO2_mmHg") if k not in given)
    ]


def _classes(s: System) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(unique rows of charge, size, slope; class of each species; class of each ion)."""
    rows = np.vstack(
        [np.column_stack([s.charge, s.size, s.slope]), np.column_stack([s.ion_charge, s.ion_size, s.ion_slope])]
    )
    unique, inverse = np.unique(rows, axis=0, return_inverse=True)
    inverse = inverse.ravel().astype(np.int64)
    return unique, inverse[: len(s.charge)], inverse[len(s.charge) :]


def _compiled(s: System, totals: Array, ph: Array, pco2: Array, mode: int, salt: Array) -> tuple[Any, ...]:
    """(free, log_a, sums, status) from the compiled kernel."""
    from fetuin.chemistry.kernels import solve_all

    n, width, nc = len(totals), len(s.components), len(s.cations)
    unique, own, ions = _classes(s)
    # the kernel wants its species in this order: ligand alone, pairs, cation alone, neither
    kind = np.select([(s.cation < 0) & (s.ligand >= 0), s.ligand >= 0, s.cation >= 0], [0, 1, 2], 3)
    order = np.argsort(kind, kind="stable")
    free, log_a, sums = np.empty((n, width)), np.empty((n, width + 2)), np.empty((n, 6 + nc))
    status = np.empty(n, np.int64)
    gas = 10.0 ** s.phase_log_k[s.phases.index("CO2(g)")]
    solve_all(
        totals, ph, pco2, salt, mode, gas, balance.TOLERANCE, balance.MOST_ITERATIONS, balance.WATER_PER_MOLE,
        balance.START_IONIC_STRENGTH, s.cation[order], s.ligand[order], s.protons[order].astype(np.int64), s.water[order].astype(np.int64),
        10.0 ** s.log_k[order], own[order], s.charge[order], ions, s.ion_charge, s.carbonate,
        (int((kind == 0).sum()), int((kind <= 1).sum()), int((kind <= 2).sum())), unique[:, 0].copy(), unique[:, 1].copy(),
        unique[:, 2].copy(), s.a, s.b, np.array([float(l in PROTEINS) for l in s.ligands]), free, log_a, sums, status,
    )  # fmt: skip
    return free, log_a, sums, status


def _plain(s: System, totals: Array, ph: Array, pco2: Array, mode: int, salt: Array) -> tuple[Any, ...]:
    """The same from the plain twin."""
    free, strength, water, ph, chloride, status = balance.solve(s, totals, ph, pco2, mode, salt)
    return *balance.told(s, totals, free, strength, water, ph, chloride, mode), status


def speciate(
    sera: Mapping[str, Any], constants: str | System = "plasma37", *, temperature_c: float = 37.0, plasma_water: float = 1.0,
    plain: bool = False,
) -> Speciation:  # fmt: skip
    """Speciate many sera: `sera` maps names of `COLUMNS` to arrays (or single values), absent components are zero.

    `constants` is the name of a table, or a `System` (which brings its own temperature).
    Raises InputError for unknown, negative or missing values; sera that do not converge are marked in `status`, and
    `.require()` raises for them. `plain` takes the NumPy twin (also taken where numba is not installed).
    """
    given = _arrays(sera)
    for k, a in given.items():
        if (bad := ~(np.isfinite(a) & (a >= 0.0))).any() and not (k == "Cl" and np.isnan(a[bad]).all()):
            raise InputError(
                f"{k} is {a[bad][0]:g}.", where=f"serum {int(np.argmax(bad)) + 1}", fix="give a number >= 0"
            )
    s = constants if isinstance(constants, System) else system(constants, float(temperature_c))
    mode = _mode(given)
    zero = np.zeros(len(next(iter(given.values()))))
    components = s.table.components
    per_kg = np.array([components[c].per_unit for c in s.components]) / (1000.0 * plasma_water)
    totals = np.ascontiguousarray(
        np.column_stack([given.get(components[c].column, zero) for c in s.components]) * per_kg
    )
    salt = given["Cl"] / (1000.0 * plasma_water) if "Cl" in given else np.full(len(zero), np.nan)
    arguments = (
        s, totals, np.array(given.get("pH", zero + 7.4)), np.array(given.get("pCO2_mmHg", zero) / MMHG_PER_ATM), mode, salt,
    )  # fmt: skip
    plain = plain or find_spec("numba") is None  # the compiled kernel is optional
    free, log_a, sums, status = (_plain if plain else _compiled)(*arguments)
    return _speciation(s, free, log_a, sums, status, totals)


def _speciation(s: System, free: Array, log_a: Array, sums: Array, status: np.ndarray, totals: Array) -> Speciation:
    for amounts in (free, totals, *(sums[:, j] for j in (1, 2, *range(5, sums.shape[1])))):
        amounts *= 1e3  # mol to mmol, in place: a million sera are gigabytes
    return Speciation(
        s, free, log_a, -log_a[:, -2], sums[:, 0], sums[:, 1], sums[:, 2], sums[:, 4], sums[:, 5], sums[:, 6:], totals,
        sums[:, 3], status,
    )  # fmt: skip


def rows(speciation: Speciation, which: Any) -> Speciation:
    """A part of the sera: `which` is an index array, a mask or a slice."""
    names = [f for f in Speciation.__dataclass_fields__ if f != "system"]
    part: dict[str, Any] = {f: np.atleast_1d(getattr(speciation, f)[which]) for f in names}
    return replace(speciation, **part)
