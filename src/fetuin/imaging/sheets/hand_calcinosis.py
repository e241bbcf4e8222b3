"""Calcinosis of the hands: for each area of a hand its coverage, its density and the weight of its site, multiplied.

    score = sum over areas of coverage [%] x density (0-3) x site weight

The structure (coverage, density, anatomical site) is that of the SCTC radiographic score: Chung, Arthritis Care Res
2015;67:425; change: Valenzuela, Semin Arthritis Rheum 2022;53:151980. The published division into areas and weights of
sites were not read: those below are assumptions, so a total compares with others of this sheet only.
"""

from __future__ import annotations

from collections.abc import Mapping

from fetuin.imaging.scoring import Column, Sheet

FINGERS = ("thumb", "index", "middle", "ring", "little")
ITEMS = tuple(
    f"{side} {place}"
    for side in ("left", "right")
    for place in (*(f"{f} {part}" for f in FINGERS for part in ("tip", "shaft")), "palm", "wrist")
)
WEIGHTS = {"tip": 1.0, "shaft": 1.0, "palm": 1.0, "wrist": 1.0}  # 1; assumption: the published weights were not read
PROGRESSED = 0.25  # rise in a year that is progression, fall that is improvement: Valenzuela 2022


def score(filled: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The weighted sum, and how many areas hold calcium."""
    total = sum(r["coverage_percent"] * r["density"] * WEIGHTS[i.rsplit(" ", 1)[1]] for i, r in filled.items())
    return {"calcinosis": total, "areas": sum(r["coverage_percent"] > 0 for r in filled.values())}


def change(before: float, after: float) -> str:
    """What a change of the total in a year is called: progressed, improved, stable; from zero to more is progressed."""
    if before <= 0:
        return "progressed" if after > 0 else "stable"
    share = after / before - 1
    return "progressed" if share > PROGRESSED else "improved" if share < -PROGRESSED else "stable"


SHEET = Sheet(
    title="Calcinosis of the hands, area x density x site", source="after Chung, Arthritis Care Res 2015;67:425; areas and weights assumed",
    items=ITEMS, columns=(Column("coverage_percent", 0, 100), Column("density", 0, 3, whole=True)), score=score, total="calcinosis",
    change=change, note="published for the original: inter-reader ICC 0.93 (0.89 to 0.95); progression is a rise of more than 25 % in a year",
)  # fmt: skip
