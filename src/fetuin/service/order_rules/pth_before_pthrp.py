"""PTHrP before PTH: PTH divides the causes of hypercalcaemia, and where it is not held down PTHrP is normal."""

from __future__ import annotations

from fetuin.knowledge.analyte import analytes
from fetuin.service.hooks.contract import Seen
from fetuin.service.order_rules.contract import Order, Rule, Words

LOINC = "http://loinc.org"
TEXT = (
    "No PTH was found in the record. PTH comes first: above 26 ng/L no PTHrP was high in 123 people, and PTHrP found only a third "
    "of the malignancies (sensitivity 0.32, specificity 0.95)."
)


def speaks(order: Order, seen: Seen) -> Words | None:
    """Where PTHrP is ordered and the record holds no PTH."""
    known = {(LOINC, c.code) for c in analytes()["pthrp"].loinc} if "pthrp" in analytes() else set()
    asked = bool(order.codes & (known | {(LOINC, "15087-0")})) or order.says(
        r"\bpthrp\b|pth[- ]related|parathyroid hormone[- ]related"
    )
    return Words(TEXT) if asked and seen.record.latest("pth") is None else None


RULE = Rule("PTHrP is ordered without a PTH: PTH first divides the causes of hypercalcaemia",
            "Q038: 123 people, 47 with malignancy (Clin Chim Acta)", speaks)  # fmt: skip
