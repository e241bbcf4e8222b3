"""`order-select`: when an order is picked, whether it may harm this person or come too early. One card a rule that speaks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import fetuin.service.order_rules
from fetuin.catalog import entries
from fetuin.errors import InputError
from fetuin.service.hooks.cards import footer, plain
from fetuin.service.hooks.contract import Advice, Hook, Seen
from fetuin.service.hooks.prefetch import templates
from fetuin.service.order_rules.contract import Order, Rule


def rules() -> dict[str, Rule]:
    """{name: RULE} of the folder."""
    return entries(fetuin.service.order_rules, "RULE")


def orders(context: Mapping[str, Any]) -> list[Order]:
    """The selected ones among the draft orders. InputError where a selection is not among them."""
    drafts = context["draftOrders"]
    listed = drafts.get("entry") if isinstance(drafts, dict) else None
    if (
        not isinstance(drafts, dict)
        or drafts.get("resourceType") != "Bundle"
        or not isinstance(listed, list | type(None))
    ):
        raise InputError("draftOrders is no Bundle.", where="context.draftOrders", fix="send a FHIR Bundle of orders")
    known = {}
    for entry in listed or []:
        r = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(r, dict):
            known[f"{r.get('resourceType')}/{r.get('id')}"] = r
    chosen = context["selections"]
    if not isinstance(chosen, list) or not all(isinstance(s, str) for s in chosen):
        raise InputError(
            "selections is no list of references.", where="context.selections", fix="ResourceType/id of each"
        )
    if [s for s in chosen if s not in known]:
        raise InputError("A selection is not among the draft orders.", where="context.selections",
                         fix="each selection is ResourceType/id of an entry of draftOrders")  # fmt: skip
    return [Order.of(known[s]) for s in chosen]


def advise(seen: Seen) -> list[Advice]:
    """What the rules say of the selected orders."""
    found = []
    for order in orders(seen.context):
        for name, rule in rules().items():
            if (words := rule.speaks(order, seen)) is None:
                continue
            detail = [plain(words.text), "", f"**Source**: {plain(rule.source)}", ""]
            if words.because:
                detail[2:2] = ["**In this record**", "", *(f"- {plain(b)}" for b in words.because), ""]
            detail += footer(seen.record, seen.assessment.setting, datetime.now(UTC))
            found.append(Advice(f"{name}/{order.reference}", rule.summary, "\n".join(detail), "warning"))
    return found


HOOK = Hook(
    id="fetuin-orders",
    hook="order-select",
    title="Orders that touch calcification",
    description="Points out an order that may harm where calcification is at work, or comes before the test that decides. Research use only.",
    prefetch=templates(),
    needed=("patient", "observations", "conditions"),
    context=("userId", "patientId", "selections", "draftOrders"),
    advise=advise,
)
