"""A table of constants as a PHREEQC database, so that anyone can check an answer with the USGS program.

The text holds the same components, species and phases; where an enthalpy is known log K is given at 25 C with delta_h,
as PHREEQC expects, so that both programs move it in the same way.
"""

from __future__ import annotations

from fetuin.chemistry.constant_tables import ConstantTable, Reaction, van_t_hoff

REFERENCE_C = 25.0
MASTERS = """SOLUTION_MASTER_SPECIES
H     H+      -1.0  H     1.008
H(0)  H2       0.0  H
H(1)  H+      -1.0  0.0
E     e-       0.0  0.0   0.0
O     H2O      0.0  O     16.0
O(0)  O2       0.0  O
O(-2) H2O      0.0  0.0
"""
ELEMENTS = {  # component: (PHREEQC element, alkalinity, formula for the weight, atomic weight)
    "Na": ("Na", 0.0, "Na", 22.9898), "K": ("K", 0.0, "K", 39.102), "Ca": ("Ca", 0.0, "Ca", 40.08),
    "Mg": ("Mg", 0.0, "Mg", 24.312), "Cl": ("Cl", 0.0, "Cl", 35.453), "SO4": ("S", 0.0, "SO4", 32.064),
    "P": ("P", 2.0, "P", 30.9738), "C": ("C", 2.0, "HCO3", 12.0111), "Citr": ("Citr", 0.0, "189.1", 189.1),
    "Lact": ("Lact", 0.0, "89.07", 89.07), "Hepes": ("Hepes", 0.0, "237.3", 237.3),
    "Alb": ("Alb", 0.0, "1.0", 1.0), "Glob": ("Glob", 0.0, "1.0", 1.0),
}  # fmt: skip
VALENCE = {"SO4": "S(6)", "C": "C(4)"}
WATER = (
    "e- = e-\n log_k 0\nH2O = H2O\n log_k 0\n2 H2O = O2 + 4 H+ + 4 e-\n log_k -82.0\n2 H+ + 2 e- = H2\n log_k -3.15\n"
)
KILOJOULE = "kJ"


def _constant(r: Reaction, enthalpy: float | None, table: ConstantTable) -> str:
    """log_k (and delta_h) of a reaction as written."""
    if enthalpy is None:
        return f" log_k {r.written_log_k!r}\n"
    at_25 = r.written_log_k + van_t_hoff(enthalpy, REFERENCE_C, table.temperature_c)
    return f" log_k {at_25!r}\n delta_h {enthalpy!r} {KILOJOULE}\n"


def _gamma(gamma: tuple[float, float] | None) -> str:
    return f" -gamma {gamma[0]} {gamma[1]}\n" if gamma else ""


def database(table: ConstantTable) -> str:
    """The text of a PHREEQC database that holds `table`."""
    masters = [MASTERS]
    for name, c in table.components.items():
        if name != "H":
            element, alkalinity, formula, weight = ELEMENTS[name]
            masters.append(f"{element} {c.ion} {alkalinity} {formula} {weight}\n")
            if name in VALENCE:
                masters.append(f"{VALENCE[name]} {c.ion} {alkalinity} {formula}\n")
    species = ["SOLUTION_SPECIES\n", WATER]
    species += [f"{c.ion} = {c.ion}\n log_k 0\n{_gamma(c.gamma)}" for c in table.components.values()]
    species += [
        f"{r.written}\n{_constant(r, r.written_enthalpy, table)}{_gamma(r.gamma)}" for r in table.species.values()
    ]
    phases = ["PHASES\n"]
    phases += [f"{r.name}\n {r.written}\n{_constant(r, r.written_enthalpy, table)}" for r in table.phases.values()]
    return "".join([f"# {table.name}: {table.title}\n", *masters, *species, *phases, "END\n"])


def solution(serum: dict[str, float], table: ConstantTable, *, number: int = 1, temperature_c: float = 37.0) -> str:
    """One serum (columns of `speciation.COLUMNS`, pH and HCO3 given) as a SOLUTION block; chloride balances the charge."""
    lines = [f"SOLUTION {number}", f" temp {temperature_c}", f" pH {serum['pH']}", " units mmol/kgw", " Cl 100 charge"]
    for name, c in table.components.items():
        amount = serum.get(c.column, 0.0) * c.per_unit
        if amount > 0.0:
            lines.append(f" {VALENCE.get(name, ELEMENTS[name][0])} {amount!r}")
    return "\n".join([*lines, "END", ""])
