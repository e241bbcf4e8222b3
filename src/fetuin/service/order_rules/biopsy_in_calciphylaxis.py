"""A skin biopsy where calciphylaxis is suspected: it may not heal, and often misses."""

from __future__ import annotations

from fetuin.diagnosis.flags import ALARM
from fetuin.diagnosis.words import figure
from fetuin.service.hooks.contract import Seen
from fetuin.service.order_rules.contract import Order, Rule, Words

TEXT = (
    "A biopsy of skin in calciphylaxis had complications in 16 of 114 people, and the first biopsy found about half. A clinical "
    "diagnosis and a bone scan come first. Calciphylaxis needs urgent human judgement; time-critical situations are outside the "
    "intended use of this software."
)


def speaks(order: Order, seen: Seen) -> Words | None:
    """Where the order is a biopsy not of another organ, and calciphylaxis is more probable than the alarm."""
    p = next((m for m in seen.assessment.mechanisms if m.name == "calciphylaxis"), None)
    other = order.says(r"bone marrow|kidney|renal|liver|lung|breast|prostate|thyroid|endometri|colon|gastric")
    if not order.says(r"biops") or other or p is None or p.value <= ALARM.calciphylaxis:
        return None
    return Words(TEXT, (f"calciphylaxis {figure(p)}",))


RULE = Rule("Calciphylaxis is possible: a skin biopsy may harm and often misses; consider a bone scan first",
            "Q097: Boston cohort 2006-18, 114 people, 233 biopsies", speaks)  # fmt: skip
