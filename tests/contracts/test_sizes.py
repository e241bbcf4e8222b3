"""Functions stay short and files small; what is longer stands here with its reason, and leaves when it no longer is.

Counted are the lines of a function's code: not its signature and not its docstring, which a command needs for its parameters.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src" / "fetuin"
LINES, FILE = 40, 300
LONG = {
    "validation/identities.py::identities": "a table: one law a line",
    "trials/analysis/kernels.py::fit_one": "one Newton iteration, compiled: its arrays live between the steps",
    "trials/analysis/kernels.py::derivatives": "one pass over the patterns fills gradient and Hessian together",
    "trials/analysis/mmrm.py::fit": "one estimator read from top to bottom: data, fit, contrasts, degrees of freedom",
}


def functions() -> Iterator[tuple[str, int]]:
    """(file::function, lines of code) of the whole package."""
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                documented = ast.get_docstring(node) is not None and len(node.body) > 1
                first = node.body[1 if documented else 0].lineno
                yield f"{path.relative_to(SRC).as_posix()}::{node.name}", (node.end_lineno or 0) - first + 1


def test_functions_are_short() -> None:
    long = {name for name, n in functions() if n > LINES}
    assert long - set(LONG) == set(), (
        f"over {LINES} lines of code: split it where that makes it clearer, or give the reason here"
    )


def test_an_exception_that_is_no_longer_needed_goes() -> None:
    assert set(LONG) - {name for name, n in functions() if n > LINES} == set()


def test_a_long_file_says_why_at_its_top() -> None:
    for path in SRC.rglob("*.py"):
        text = path.read_text("utf-8")
        if text.count("\n") > FILE:
            doc = ast.get_docstring(ast.parse(text)) or ""
            assert re.search(r"\b(long|longer)\b", doc), f"{path.relative_to(SRC)}: why is it so long?"
