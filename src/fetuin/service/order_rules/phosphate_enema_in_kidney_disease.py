"""Sodium phosphate for the bowel where the kidneys are weak: phosphate nephropathy, and phosphate that drives calcification."""

from __future__ import annotations

from fetuin.service.hooks.contract import Seen
from fetuin.service.order_rules.contract import Order, Rule, Words, state

TEXT = (
    "Sodium phosphate by mouth or enema is absorbed. In kidney disease phosphate rises and calcium falls; acute phosphate "
    "nephropathy is calcification of the kidney itself. Preparations without phosphate exist."
)
PRODUCT = r"(sodium|monobasic|dibasic|bi)?\s*phosphates?.*(enema|rectal|bowel|laxative)|(enema|rectal|laxative|bowel).*phosphate|fleet"


def speaks(order: Order, seen: Seen) -> Words | None:
    """Where the order is such a product and the kidneys are reduced or have failed."""
    kidney, datum = state(seen, "kidney")
    if not order.says(PRODUCT) or kidney not in ("reduced", "failure"):
        return None
    return Words(TEXT, (f"kidney function: {kidney} ({datum})",))


RULE = Rule("Sodium phosphate for the bowel in kidney disease: risk of phosphate nephropathy; consider another preparation",
            "FDA Drug Safety Communication, 8 January 2014; Markowitz GS et al., JASN 2005;16:3389 (Q019)", speaks)  # fmt: skip
