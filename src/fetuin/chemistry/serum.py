"""The clinical front of the chemistry: what a laboratory reports goes in, what is free, bound and supersaturated comes out.

`check` fills what is missing with documented defaults (and says which), and refuses what cannot be blood, by name.
`results` answers the columns of the reference table `plasma_si.csv` and, beside them, predicted ionised calcium with its
interval, the calcium-phosphate product with the index it stands for, and the phosphate at which brushite saturates.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fetuin.chemistry.ionised import IonisedCalcium, predict_ionised_calcium
from fetuin.chemistry.saturation import saturating_phosphate
from fetuin.chemistry.speciation import COLUMNS, WHY, Speciation, speciate
from fetuin.chemistry.system import Array, system
from fetuin.errors import InputError, UnitError

REQUIRED = ("Ca_tot", "P_i")
HEALTHY = "assumption: the healthy adult of the reference calculation plasma_si.csv"
DEFAULTS: dict[str, tuple[float, str]] = {
    "pH": (7.40, HEALTHY), "HCO3": (24.0, HEALTHY), "Na": (140.0, HEALTHY), "K": (4.2, HEALTHY),
    "Mg_tot": (0.85, HEALTHY), "SO4": (0.33, HEALTHY), "citrate": (0.12, HEALTHY), "lactate": (1.0, HEALTHY),
    "albumin_gL": (43.0, HEALTHY), "globulin_gL": (28.0, HEALTHY), "HEPES": (0.0, "none in blood"),
}  # fmt: skip
# Limits of what is taken for the blood of a living person; wide, to refuse a wrong unit and not a sick patient.
BLOOD: dict[str, tuple[float, float]] = {
    "pH": (6.5, 8.0), "HCO3": (1.0, 80.0), "pCO2_mmHg": (5.0, 200.0), "Na": (80.0, 220.0), "K": (1.0, 15.0),
    "Ca_tot": (0.3, 6.5), "Mg_tot": (0.05, 6.0), "P_i": (0.03, 12.0), "SO4": (0.0, 10.0), "citrate": (0.0, 30.0),
    "lactate": (0.0, 45.0), "albumin_gL": (5.0, 90.0), "globulin_gL": (0.0, 130.0), "HEPES": (0.0, 0.0), "Cl": (50.0, 180.0),
}  # fmt: skip
MIXTURE = BLOOD | {
    "pH": (4.0, 10.0), "HCO3": (0.0, 80.0), "Na": (0.0, 400.0), "K": (0.0, 60.0), "Ca_tot": (0.0, 50.0), "Mg_tot": (0.0, 50.0),
    "P_i": (0.0, 50.0), "albumin_gL": (0.0, 120.0), "HEPES": (0.0, 200.0), "pCO2_mmHg": (0.0, 760.0), "Cl": (0.0, 500.0),
}  # fmt: skip
MG_DL = {"Ca_tot": 4.008, "P_i": 3.0974, "Mg_tot": 2.4305, "albumin_gL": 0.1}  # mg/dL (g/dL) per unit here
CA_P_MG2_DL2 = 4.0078 * 3.0974  # (mg/dL)^2 per (mmol/L)^2, atomic weights


@dataclass(frozen=True)
class CheckedSera:
    """Sera ready to be solved: arrays by column, and for each serum the columns that were left at their default."""

    values: dict[str, Array]
    defaulted: list[tuple[str, ...]]
    cases: list[str]


def _refuse(name: str, value: float, limits: tuple[float, float], where: str, blood: bool) -> None:
    unit = COLUMNS[name][0].replace("1", "").strip()
    said = f"{name} {value:g} {unit}".strip()
    low, high = limits
    if not np.isfinite(value):
        raise InputError(f"{name} is not a finite number.", where=where, fix="give a number, or leave it empty")
    if value < 0:
        raise InputError(f"{said} is negative.", where=where, fix="give a concentration of zero or more")
    if low <= value <= high:
        return
    other = value / MG_DL[name] if name in MG_DL else 0.0
    if blood and low <= other <= high and name in MG_DL:
        mass = "g/dL" if name == "albumin_gL" else "mg/dL"
        raise UnitError(
            f"{said} cannot be blood; is a unit missing?", where=where, why=f"{value:g} {mass} would be {other:.3g} {unit}",
            fix=f"name the unit: {name} [{mass}] in a file, '{value:g} {mass}' on the command line",
        )  # fmt: skip
    raise InputError(
        f"{said} cannot be {'blood' if blood else 'a serum mixture'}.", where=where,
        why=f"accepted from {low:g} to {high:g} {unit}".strip(),
        fix="check the value and its unit; HEPES above zero marks an assay mixture, which has wider limits" if blood else "check the value and its unit",
    )  # fmt: skip


def check(rows: Sequence[Mapping[str, float]], cases: Sequence[str] = ()) -> CheckedSera:
    """Check and complete sera given as mappings of column to value (columns of `COLUMNS`, its units).

    Of pH, HCO3 and pCO2_mmHg two are taken: pCO2 only where one of the others is missing. Raises InputError or UnitError
    that names the serum, the column and the limit.
    """
    if not rows:
        raise InputError("There is no serum.", fix="give at least one row")
    named = list(cases) or [str(i + 1) for i in range(len(rows))]
    full, defaulted = [], []
    for row, case in zip(rows, named):
        where = f"serum {case}"
        for name in row:
            if name not in COLUMNS:
                raise InputError(
                    f"'{name}' is not a component of serum.", where=where, fix=f"known: {', '.join(COLUMNS)}"
                )
        if missing := [k for k in REQUIRED if k not in row]:
            raise InputError(
                f"{missing[0]} is missing.", where=where, why="total calcium and phosphate have no default"
            )
        gas_instead = {"HCO3": "pH" in row, "pH": "HCO3" in row} if "pCO2_mmHg" in row else {}
        skip = [k for k, other in gas_instead.items() if k not in row and other][:1]
        left = [k for k in DEFAULTS if k not in row and k not in skip]
        if "pCO2_mmHg" in row and not skip and "pH" not in row and "HCO3" not in row:
            skip, left = ["HCO3"], [k for k in left if k != "HCO3"]
        whole = {**{k: DEFAULTS[k][0] for k in left}, **row}
        if not skip:
            whole.pop("pCO2_mmHg", None)
        blood = not whole["HEPES"] > 0
        for name, value in whole.items():
            _refuse(name, value, (BLOOD if blood else MIXTURE)[name], where, blood)
        full.append(whole)
        defaulted.append(tuple(k for k in left if k != "HEPES"))
    if len({tuple(sorted(set(w) & {"pH", "HCO3", "pCO2_mmHg", "Cl"})) for w in full}) > 1:
        raise InputError(
            "The sera do not all give the same of pH, HCO3, pCO2_mmHg and Cl.",
            fix="put each kind into a file of its own",
        )
    return CheckedSera({k: np.array([w[k] for w in full]) for k in full[0]}, defaulted, named)


@dataclass(frozen=True)
class SerumResults:
    """Everything answered about checked sera."""

    sera: CheckedSera
    speciation: Speciation
    ionised: IonisedCalcium
    brushite_phosphate: Array
    seconds: float
    notices: tuple[str, ...]

    def rows(self) -> list[dict[str, Any]]:
        """One flat mapping a serum: result columns of `plasma_si.csv` under their names, then what this front adds."""
        columns = _reference_columns(self.speciation, self.seconds)
        columns |= _clinical_columns(self)
        out = []
        for i, case in enumerate(self.sera.cases):
            inputs = {k: float(v[i]) for k, v in self.sera.values.items()}
            out.append({"case": case, **inputs, **{k: _value(v[i]) for k, v in columns.items()}, **self._told(i)})
        return out

    def _told(self, i: int) -> dict[str, Any]:
        status = int(self.speciation.status[i])
        absent = [
            p for p, v in zip(self.speciation.system.phases, self.speciation.saturation_indices[i]) if v == -np.inf
        ]
        why = [f"{p}: an ion of it is absent" for p in absent if p != "CO2(g)"]
        if np.isnan(self.brushite_phosphate[i]):
            why.append("P_brushite_mM: brushite does not saturate between 0.001 and 60 mmol/L")
        return {
            "defaulted": list(self.sera.defaulted[i]), "converged": status == 0,
            "not_computed": [WHY[status]] if status else why,
        }  # fmt: skip


def _value(v: Any) -> float | None:
    return float(v) if np.isfinite(v) else None


def _reference_columns(s: Speciation, seconds: float) -> dict[str, Array]:
    """The result columns of `plasma_si.csv`, in its order."""
    n, calcium = s.system, s.totals[:, s.system.components.index("Ca")]
    held = np.where(s.converged, 1.0, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        free, protein = s.ion("Ca") / calcium, s.protein_bound[:, n.cations.index("Ca")] / calcium
    columns = {
        "ionic_strength": s.ionic_strength * held, "pCO2_mmHg": s.pco2_mmhg, "Ca_free_mM": s.ion("Ca") * held,
        "Ca_free_frac": free * held, "Ca_protein_frac": protein * held, "Ca_complex_frac": (1.0 - free - protein) * held,
        "Mg_free_mM": s.ion("Mg") * held, "HPO4_free_mM": s.species("HPO4-2") * held,
    }  # fmt: skip
    columns |= {f"SI_{p}": s.saturation_index(p) for p in n.phases if p != "CO2(g)"}
    columns |= {
        "a_Ca": s.activity("Ca") * held, "a_HPO4": 10.0 ** s.log_species_activity("HPO4-2") * held,
        "a_PO4": s.activity("P") * held, "ms_per_solution": np.full(len(s), 1e3 * seconds / len(s)),
    }  # fmt: skip
    return columns


def _clinical_columns(r: SerumResults) -> dict[str, Array]:
    s = r.speciation
    held = np.where(s.converged, 1.0, np.nan)
    calcium, phosphate = (s.totals[:, s.system.components.index(c)] for c in ("Ca", "P"))
    bound = s.protein_bound[:, s.system.cations.index("Ca")]
    return {
        "pH_used": s.ph * held, "HCO3_used": s.bicarbonate * held, "ionised_Ca_mM": r.ionised.value * held,
        "ionised_Ca_low": r.ionised.low * held, "ionised_Ca_high": r.ionised.high * held, "Ca_protein_mM": bound * held,
        "Ca_complex_mM": (calcium - bound - s.ion("Ca")) * held, "CaxP_mmol2_L2": calcium * phosphate,
        "CaxP_mg2_dL2": CA_P_MG2_DL2 * calcium * phosphate, "P_brushite_mM": r.brushite_phosphate,
        "Cl_mM": s.chloride * held, "mass_balance": s.mass_balance * held, "charge_balance_mM": s.charge_balance * held,
    }  # fmt: skip


def results(sera: CheckedSera, constants: str = "plasma37", *, temperature_c: float = 37.0) -> SerumResults:
    """Solve checked sera and answer everything about them; a serum without a solution says so in its row."""
    resolved = system(constants, float(temperature_c))
    start = time.perf_counter()
    speciation = speciate(sera.values, resolved)
    seconds = time.perf_counter() - start
    left = {k: np.array([k in d for d in sera.defaulted]) for k in DEFAULTS}
    ionised = predict_ionised_calcium(sera.values, constants, defaulted=left, temperature_c=temperature_c)
    brushite = saturating_phosphate(sera.values, constants, temperature_c=temperature_c)
    notices = []
    if temperature_c != resolved.table.temperature_c:
        fixed = ", ".join(resolved.table.without_temperature())
        notices.append(
            f"At {temperature_c:g} C these constants keep their 37 C value, for want of an enthalpy: {fixed}."
        )
    return SerumResults(sera, speciation, ionised, brushite, seconds, tuple(notices))
