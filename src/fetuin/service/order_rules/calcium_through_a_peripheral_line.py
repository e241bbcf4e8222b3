"""Calcium salts into a vein of hand, foot or scalp: what leaks out calcifies the skin, or kills it."""

from __future__ import annotations

from fetuin.service.hooks.contract import Seen
from fetuin.service.order_rules.contract import Order, Rule, Words, state

TEXT = (
    "Calcium chloride or gluconate that leaks from a peripheral vein makes necrosis and calcinosis of the skin, seen about 13 "
    "days later. A central or deep vein, slow injection, and watching the site are advised; the chloride is the more harmful salt."
)


def speaks(order: Order, seen: Seen) -> Words | None:
    """Where the order is a calcium salt into a vein and no central line is named."""
    salt = order.says(r"calcium (chloride|gluconate|gluceptate)")
    vein = order.says(r"intraven|\biv\b|peripheral|infus|inject")
    if not (salt and vein) or order.says(r"central (line|ven)|\bcvc\b|picc|port-a-cath|dialys"):
        return None
    phosphate, datum = state(seen, "phosphate")
    because = (f"phosphate is high: {datum}",) if phosphate in ("high", "very_high", "severe") else ()
    return Words(TEXT, because)


RULE = Rule("Calcium into a peripheral vein: leakage calcifies or kills skin; consider a central or deep vein",
            "Calcium chloride injection, USP label (central or deep vein); Singh C, Luu B, AHRQ PSNet, 26 April 2023; Q066", speaks)  # fmt: skip
