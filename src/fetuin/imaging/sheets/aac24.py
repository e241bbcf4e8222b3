"""AAC-24: calcification of the front and back wall of the abdominal aorta beside each lumbar vertebra, lateral radiograph.

Grade of a wall: 0 none, 1 up to a third of its length, 2 up to two thirds, 3 more. Three sums: severity 0-24, walls 0-8,
segments 0-4. Source: Kauppila, Atherosclerosis 1997;132:245, PMID 9242971.
"""

from __future__ import annotations

from collections.abc import Mapping

from fetuin.imaging.scoring import Column, Sheet

SEGMENTS, WALLS = ("L1", "L2", "L3", "L4"), ("anterior", "posterior")


def grade(share: float) -> int:
    """The grade of a wall that is calcified over `share` (0 to 1) of its length."""
    return 0 if share <= 0 else 1 if share <= 1 / 3 else 2 if share <= 2 / 3 else 3


def score(filled: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Severity (0-24), affected walls (0-8) and affected segments (0-4)."""
    grades = {item: row["grade"] for item, row in filled.items()}
    return {
        "aac24": sum(grades.values()), "walls": sum(g > 0 for g in grades.values()),
        "segments": sum(any(grades[f"{s} {w}"] > 0 for w in WALLS) for s in SEGMENTS),
    }  # fmt: skip


SHEET = Sheet(
    title="Abdominal aortic calcification, AAC-24", source="Kauppila, Atherosclerosis 1997;132:245",
    items=tuple(f"{s} {w}" for s in SEGMENTS for w in WALLS), columns=(Column("grade", 0, 3, whole=True),), score=score, total="aac24",
    note="published: intra-reader ICC 0.93, inter-reader 0.91, limits of agreement 4.7 to 9.4 points (PMID 26074300)",
)  # fmt: skip
