"""A routine as statements in a language that writes arithmetic as C does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fetuin.engine.program import Routine

SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
LONGEST = 400
"""Characters after which an expression gets a name of its own."""


def statements(
    routine: Routine,
    places: Mapping[str, Callable[[int], str]],
    assign: str,
    end: str = "",
    names: Mapping[str, str] | None = None,
) -> list[str]:
    """One line per store or shared value; what is used once is written where it is used.

    places: array name -> how place k of it is written; assign: how a value gets a name; names: what a primitive is
    called in the language, where not as here.
    """
    uses = [0] * len(routine.code)
    for operation, *rest in routine.code:
        if operation == "store":
            uses[rest[2]] += 1
        elif operation not in ("const", "load"):
            for k in rest:
                uses[k] += 1
    lines, text = [], {}  # type: list[str], dict[int, str]
    for number, (operation, *rest) in enumerate(routine.code):
        if operation == "store":
            lines.append(f"{places[rest[0]](rest[1])} = {_bare(text[rest[2]])}{end}")
            continue
        text[number] = expression = _expression(operation, rest, text, places, names or {})
        simple = operation == "const"
        if not simple and (uses[number] > 1 or len(expression) > LONGEST or operation == "load"):
            lines.append(assign.format(f"v{number}", _bare(expression)) + end)
            text[number] = f"v{number}"
    return lines


def _expression(
    operation: str,
    rest: list[Any],
    text: dict[int, str],
    places: Mapping[str, Callable[[int], str]],
    names: Mapping[str, str],
) -> str:
    if operation == "const":
        return repr(rest[0]) if rest[0] >= 0 else f"({rest[0]!r})"
    if operation == "load":
        return places[rest[0]](rest[1])
    if operation in SIGNS:
        return f"({text[rest[0]]} {SIGNS[operation]} {text[rest[1]]})"
    if operation == "neg":
        return f"(-{text[rest[0]]})"
    return f"{names.get(operation, operation)}({', '.join(_bare(text[k]) for k in rest)})"


def _bare(expression: str) -> str:
    """Without the outermost brackets, where they hold the whole."""
    if not expression.startswith("("):
        return expression
    depth = 0
    for place, letter in enumerate(expression):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and place < len(expression) - 1:
            return expression
    return expression[1:-1]
