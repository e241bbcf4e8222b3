"""Reading a published trial's facts: which arm is the control, how many were analysed, the effect as it was published."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fetuin.trials.replication.replica import Effect

Record = Mapping[str, Any]
CONTROLS = (
    "control",
    "placebo",
    "standard",
    "usual",
    "reference",
    "calcium",
    "untreated",
    "no_",
    "rescue",
    "low",
    "low_mg",
)
DROPOUT = 0.05  # assumption, where the facts say nothing of it


def arms_with(record: Record, *keys: str, length: int = 2) -> dict[str, list[float]]:
    """{arm: numbers} of the arms that have one of the keys with `length` numbers."""
    found = {}
    for name, arm in (record.get("arms") or {}).items():
        if isinstance(arm, Mapping):
            for key in keys:
                if numbers(arm.get(key), length) and (length != 2 or arm[key][1] > 0):
                    found[str(name)] = [float(v) for v in arm[key]]
                    break
    return found


def numbers(value: Any, length: int) -> bool:
    """Is it a list of so many numbers?"""
    return (
        isinstance(value, list)
        and len(value) == length
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
    )


def control_first(names: list[str]) -> list[str]:
    """The control arm first, the others in their order."""
    control = next((n for n in names for c in CONTROLS if n.lower().startswith(c)), names[0])
    return [control, *(n for n in names if n != control)]


def arm_count(record: Record) -> int:
    """How many arms were randomised: by `n_arm`, the words of the design, or the arms listed."""
    n_arm = record.get("n_arm")
    if isinstance(n_arm, list | Mapping):
        return len(n_arm)
    said = re.search(r"\b(\d)[ -]arm", str(record.get("design", "")))
    ratio = re.search(r"\b1(?::1)+\b", str(record.get("design", "")))
    return (
        int(said.group(1))
        if said
        else len(ratio.group(0).split(":"))
        if ratio
        else max(2, len(record.get("arms") or {}))
    )


def sizes(record: Record, names: list[str]) -> tuple[list[int], list[str], list[str]]:
    """People analysed in each named arm, with the inputs and assumptions used; nothing where an arm has fewer than two."""
    people, inputs, assumed = _sizes(record, names)
    return (people, inputs, assumed) if people and min(people) >= 2 else ([], [], [])


def _sizes(record: Record, names: list[str]) -> tuple[list[int], list[str], list[str]]:
    own = [_own_size((record.get("arms") or {}).get(n)) for n in names]
    if names and all(own):
        return [int(k) for k in own if k], [f"people in the arms {dict(zip(names, own))}"], []
    for key in ("n_analysed", "n_arm"):
        value = record.get(key)
        if isinstance(value, Mapping):
            picked = [value.get(n) for n in names]
            rest = sum(int(v) for k, v in value.items() if k not in names)
            if all(p is not None for p in picked):
                return [int(p) for p in picked], [f"{key} {dict(value)}"], []  # type: ignore[arg-type]
            if len([p for p in picked if p is None]) == 1:
                return [int(p) if p is not None else rest for p in picked], [f"{key} {dict(value)}"], []
        if numbers(value, len(names)):
            return [int(v) for v in list(value or [])], [f"{key} {value}"], []
    count = max(arm_count(record), len(names))
    for key, whole in (("n_analysed", True), ("n_completed", True), ("n_per_protocol", True), ("n_randomised", False)):
        if isinstance(record.get(key), int):
            total, words = int(record[key]), [f"{key} {record[key]}"]
            if not whole and isinstance(record.get("dropout"), float):
                total, words = round(total * (1 - record["dropout"])), [*words, f"dropout {record['dropout']:.3g}"]
            share = [total // count + (k < total % count) for k in range(count)]
            return share[: len(names)], words, [] if count == 1 else [f"arms of equal size: {share}"]
    return [], [], []


def _own_size(arm: Any) -> int | None:
    """People that an arm itself names."""
    if not isinstance(arm, Mapping):
        return None
    return next((int(arm[k]) for k in ("n_analysed", "n", "n_arm") if isinstance(arm.get(k), int) and arm[k] > 1), None)


def published_effect(record: Record, *keys: str) -> Effect:
    """The published effect under one of the keys, its interval and p."""
    said = record.get("effect") or {}
    value = next((float(said[k]) for k in keys if isinstance(said.get(k), int | float)), None)
    ci: Any = said.get("ci")
    low, high = (float(ci[0]), float(ci[1])) if numbers(ci, 2) else (None, None)
    p = next((v for k, v in said.items() if k == "p" or k.startswith("p_")), None)
    return Effect(value, low, high, p)
