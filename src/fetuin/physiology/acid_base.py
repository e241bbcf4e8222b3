"""Acid and base: one buffer, filled by the kidney or the dialysate, emptied by the diet's acid, backed by bone.

Bicarbonate mmol/L, time d.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fetuin.quantities import quantity


@dataclass(frozen=True)
class AcidBase:
    """Parameters of the buffer."""

    volume: float = quantity(
        35.0, "L", "assumption: half of body weight", "apparent volume of bicarbonate", (28.0, 45.0)
    )
    acid: float = quantity(
        60.0, "mmol/d", "assumption: about 1 mmol/kg/d on a mixed diet", "acid made from the diet", (30.0, 90.0)
    )
    renal_half: float = quantity(
        0.4,
        "1",
        "assumption: acid excretion limited below a third of filtration",
        "filtration (healthy = 1) at half capacity",
        (0.2, 0.8),
    )
    renal_gain: float = quantity(
        6.0,
        "1",
        "assumption: bicarbonate held within 1-2 mmol/L in health",
        "rise of net acid excretion per relative fall of bicarbonate",
        (3.0, 12.0),
    )
    bone_buffer: float = quantity(
        2.0,
        "L/d",
        "assumption: acid retained in CKD goes to bone",
        "buffering by bone per fall of bicarbonate",
        (0.0, 4.0),
    )
    co2: float = quantity(5.33, "kPa", "textbook: 40 mmHg", "carbon dioxide tension at the reference", (4.7, 6.0))
    co2_slope: float = quantity(
        0.06, "kPa.L/mmol", "textbook: 0.7 mmHg per mmol/L", "respiratory compensation", (0.03, 0.16)
    )


def carbon_dioxide(bicarbonate: Any, reference: Any, p: AcidBase) -> Any:
    """Carbon dioxide tension [kPa] after compensation."""
    return p.co2 + p.co2_slope * (bicarbonate - reference)


def ph(m: Any, bicarbonate: Any, co2: Any) -> Any:
    """pH by Henderson and Hasselbalch; pK 6.10, solubility 0.230 mmol/L/kPa at 37 C."""
    return 6.10 + m.log(bicarbonate / (0.230 * co2)) / 2.302585092994046


def renal(bicarbonate: Any, reference: Any, nephrons: Any, p: AcidBase) -> Any:
    """Net acid excretion [mmol/d]; negative where bicarbonate is spilled."""
    capacity = (1.0 + p.renal_half) * nephrons / (p.renal_half + nephrons)
    return p.acid * capacity * (1.0 + p.renal_gain * (reference - bicarbonate) / reference)


def missing(m: Any, bicarbonate: Any, reference: Any) -> Any:
    """Bicarbonate missing below the normal range [mmol/L], with a rounded corner; 0 at the reference."""
    return m.softplus(reference - 2.0 - bicarbonate, 0.5) - m.softplus(-2.0, 0.5)
