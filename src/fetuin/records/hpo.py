"""HPO terms that name a serum or urine chemistry become observations in words: Hypercalcemia is calcium, high.

An excluded term is kept as an absent condition only: calcium that is not high may be normal or low.
"""

from __future__ import annotations

from functools import cache

from fetuin.knowledge.analyte import analytes
from fetuin.knowledge.valueset import rows
from fetuin.records.record import Observation, Source


@cache
def _chemistry() -> dict[str, tuple[str, str]]:
    return {r["code"]: (r["analyte"], r["flag"]) for r in rows("hpo_chemistry")}


def chemistry(code: str, source: Source) -> list[Observation]:
    """The observation in words that an HPO term stands for, or []."""
    if code not in _chemistry():
        return []
    key, flag = _chemistry()[code]
    return [Observation(key, None, analytes()[key].canonical, flag=flag, source=source)]  # type: ignore[arg-type]
