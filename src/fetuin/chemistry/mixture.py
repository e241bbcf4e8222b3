"""The mixture in a T50 well: how much serum, and how much calcium, phosphate and buffer are added to it."""

from __future__ import annotations

from dataclasses import dataclass

from fetuin.quantities import quantity

RECALLED = "assumption: recalled protocol, not found in a text that was read"


@dataclass(frozen=True)
class Mixture:
    """Volumes and stocks of one well. Editable: laboratories differ, and no published text of it was read."""

    serum: float = quantity(80.0, "uL", RECALLED, "serum")
    saline: float = quantity(20.0, "uL", RECALLED, "NaCl 140 mmol/L")
    phosphate_stock: float = quantity(50.0, "uL", RECALLED, "phosphate stock")
    calcium_stock: float = quantity(50.0, "uL", RECALLED, "calcium stock")
    phosphate_molarity: float = quantity(24.0, "mmol/L", RECALLED, "phosphate in its stock")
    calcium_molarity: float = quantity(40.0, "mmol/L", RECALLED, "calcium in its stock")
    hepes_molarity: float = quantity(100.0, "mmol/L", RECALLED, "HEPES in both stocks")

    @property
    def volume(self) -> float:
        """Volume of the well [uL]."""
        return self.serum + self.saline + self.phosphate_stock + self.calcium_stock

    @property
    def serum_part(self) -> float:
        """Part of the well that is serum."""
        return self.serum / self.volume

    @property
    def hepes(self) -> float:
        """HEPES in the well [mmol/L]."""
        return self.hepes_molarity * (self.phosphate_stock + self.calcium_stock) / self.volume

    def phosphate(self, serum: float = 0.0) -> float:
        """Phosphate in the well [mmol/L] for a serum phosphate [mmol/L]."""
        return self.phosphate_molarity * self.phosphate_stock / self.volume + self.serum_part * serum

    def calcium(self, serum: float = 0.0) -> float:
        """Calcium in the well [mmol/L] for a serum calcium [mmol/L]."""
        return self.calcium_molarity * self.calcium_stock / self.volume + self.serum_part * serum


MIXTURE = Mixture()
