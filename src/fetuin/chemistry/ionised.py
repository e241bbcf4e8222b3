"""Predicted ionised calcium with its interval: what total calcium, albumin, pH, bicarbonate, phosphate, citrate imply.

The value is the free calcium of the speciation. The interval adds, by the delta method, what is not known: the error of
each measured input, the spread between people of each input that was not measured, the binding constants of proteins,
and a remainder. It is a prediction: where ionised calcium can be measured, measure it.
"""

# the fields carry the names of the columns they belong to
# ruff: noqa: N815

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from fetuin.chemistry.speciation import speciate
from fetuin.chemistry.system import Array, system
from fetuin.quantities import quantity

NORMAL_95 = 1.959964


@dataclass(frozen=True)
class MeasuredError:
    """Standard deviation of a measured input, as a fraction of its value (pH: absolute)."""

    Ca_tot: float = quantity(0.012, "1", "assumption: routine analytical CV", "total calcium")
    Mg_tot: float = quantity(0.03, "1", "assumption: routine analytical CV", "total magnesium")
    P_i: float = quantity(0.02, "1", "assumption: routine analytical CV", "phosphate")
    albumin_gL: float = quantity(0.03, "1", "assumption: routine analytical CV", "albumin")
    globulin_gL: float = quantity(0.05, "1", "assumption: total protein minus albumin", "globulins")
    HCO3: float = quantity(0.03, "1", "assumption: routine analytical CV", "bicarbonate")
    pH: float = quantity(0.01, "1", "assumption: blood gas analyser", "pH, absolute")
    citrate: float = quantity(0.05, "1", "assumption: enzymatic assay", "citrate")
    lactate: float = quantity(0.05, "1", "assumption: routine analytical CV", "lactate")
    SO4: float = quantity(0.05, "1", "assumption: ion chromatography", "sulfate")
    Na: float = quantity(0.007, "1", "assumption: routine analytical CV", "sodium")
    K: float = quantity(0.015, "1", "assumption: routine analytical CV", "potassium")


@dataclass(frozen=True)
class UnmeasuredSpread:
    """Standard deviation between people of an input that was left at its default."""

    Ca_tot: float = quantity(0.1, "mmol/L", "assumption: reference interval / 4", "total calcium")
    Mg_tot: float = quantity(0.08, "mmol/L", "assumption: reference interval / 4", "total magnesium")
    P_i: float = quantity(0.17, "mmol/L", "assumption: reference interval / 4", "phosphate")
    albumin_gL: float = quantity(4.0, "g/L", "assumption: reference interval / 4", "albumin")
    globulin_gL: float = quantity(4.0, "g/L", "assumption: reference interval / 4", "globulins")
    HCO3: float = quantity(2.0, "mmol/L", "assumption: reference interval / 4", "bicarbonate")
    pH: float = quantity(0.025, "1", "assumption: reference interval / 4, 7.35 to 7.45", "pH")
    citrate: float = quantity(0.03, "mmol/L", "assumption: normal 0.07 to 0.17 mmol/L", "citrate")
    lactate: float = quantity(0.4, "mmol/L", "assumption: reference interval / 4", "lactate")
    SO4: float = quantity(0.15, "mmol/L", "assumption: normal to renal failure", "sulfate")
    Na: float = quantity(2.5, "mmol/L", "assumption: reference interval / 4", "sodium")
    K: float = quantity(0.4, "mmol/L", "assumption: reference interval / 4", "potassium")


@dataclass(frozen=True)
class ModelSpread:
    """What the equations themselves leave open."""

    log_k_protein: float = quantity(
        0.05, "1", "assumption: binding differs between people and methods", "log K of protein"
    )
    log_k_bicarbonate: float = quantity(0.05, "1", "assumption: 1.11 to 1.21 in the literature", "log K of CaHCO3+")
    log_k_citrate: float = quantity(0.10, "1", "assumption: conversion to I = 0", "log K of CaCitr-")
    remainder: float = quantity(0.015, "1", "assumption: bilirubin, drugs, free fatty acids, water content", "relative")


GROUPS = {
    "log_k_protein": ("CaAlb+", "CaGlob+"),
    "log_k_bicarbonate": ("CaHCO3+",),
    "log_k_citrate": ("CaCitr-",),
}
MEASURED, UNMEASURED, MODEL = MeasuredError(), UnmeasuredSpread(), ModelSpread()


@dataclass(frozen=True)
class IonisedCalcium:
    """Predicted ionised calcium [mmol/L] with a 95 % interval, and the share of its variance by cause."""

    value: Array
    low: Array
    high: Array
    shares: dict[str, Array]


def predict_ionised_calcium(
    sera: Mapping[str, Array], constants: str = "plasma37", *, defaulted: Mapping[str, Any] = MappingProxyType({}), temperature_c: float = 37.0
) -> IonisedCalcium:  # fmt: skip
    """Predict ionised calcium of sera (columns of `speciation.COLUMNS`); `defaulted` maps a column to True, or to
    a mask of sera, where it was not measured.

    The interval is symmetric in the logarithm, so that its lower end stays above zero.
    """
    s = system(constants, float(temperature_c))
    value = speciate(sera, s).ion("Ca")
    log = np.log(np.maximum(value, 1e-12))

    def moved(changed: Mapping[str, Array], by: object = s) -> Array:
        return np.log(np.maximum(speciate(changed, by).ion("Ca"), 1e-12)) - log  # type: ignore[arg-type]

    variances: dict[str, Array] = {}
    for f in fields(MeasuredError):
        if f.name in sera:
            given = np.asarray(sera[f.name], float)
            missing = np.asarray(defaulted.get(f.name, False))
            measured = getattr(MEASURED, f.name) * (1.0 if f.name == "pH" else given)
            sd = np.where(missing, getattr(UNMEASURED, f.name), measured)
            variances[f.name] = moved({**sera, f.name: given + sd}) ** 2
    for name, species in GROUPS.items():
        log_k = s.log_k.copy()
        log_k[[s.species.index(k) for k in species]] += getattr(MODEL, name)
        variances[name] = moved(sera, replace(s, log_k=log_k)) ** 2
    variances["remainder"] = np.full(len(log), MODEL.remainder**2)
    total = np.sum(list(variances.values()), axis=0)
    half = NORMAL_95 * np.sqrt(total)
    return IonisedCalcium(
        value, value * np.exp(-half), value * np.exp(half), {k: v / total for k, v in variances.items()}
    )
