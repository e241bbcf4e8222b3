"""Reference pages made from code and knowledge: equations with their numbers, analytes, findings, disorders, sources, Python."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from html import escape
from importlib import import_module
from itertools import zip_longest
from pkgutil import walk_packages
from types import ModuleType

from fetuin.validation.tables import Line, numbers

ROOMS = {"Blood as a solution": "fetuin.chemistry", "The body": "fetuin.physiology"}
SILENT = (
    "plot",
    "trajectory",
    "readings",
    "kernels",
    "phreeqc",
    "model",
    "parameters",
)  # pictures, tables, compiled twins


def said(value: object) -> str:
    """A value within a line of Markdown: no line break, no markup but the code between backticks."""
    text = f"{value:.6g}" if isinstance(value, float) else " ".join(str(value).split())
    parts = text.split("`")
    plain = ["".join(f"\\{c}" if c in "|*_<>[]$~" else c for c in x) for x in parts[::2]]
    return "".join(x + (f"`{code}`" if code else "") for x, code in zip_longest(plain, parts[1::2], fillvalue=""))


def words(doc: str) -> str:
    """The paragraphs of a docstring; a formula is set as one."""
    found = []
    for paragraph in doc.split("\n\n"):
        text, _, formula = paragraph.partition(".. math::")
        found += [said(text)] if text.strip() else []
        found += [f"$$\n{' '.join(formula.split())}\n$$"] if formula.strip() else []
    return "\n\n".join(found)


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """A table, row by row."""
    named = list(heads)
    lines = ["| " + " | ".join(named) + " |", "|" + " --- |" * len(named)]
    return [*lines, *("| " + " | ".join(map(said, r)) + " |" for r in rows), ""]


def _modules(room: str) -> Iterator[ModuleType]:
    package = import_module(room)
    for m in walk_packages(package.__path__, f"{room}."):
        if m.name.rpartition(".")[2] not in SILENT:
            yield import_module(m.name)


def _functions(module: ModuleType) -> Iterator[str]:
    """Every function of a module: its words, and its code behind a fold."""
    for name, f in vars(module).items():
        if inspect.isfunction(f) and f.__module__ == module.__name__ and not name.startswith("__"):
            told = escape(" ".join((inspect.getdoc(f) or "").split("\n\n")[0].split()))
            told = re.sub(r"`([^`]+)`", r"<code>\1</code>", told)
            yield f"<details><summary><code>{name}</code> {told}</summary>\n"
            yield f"```text\n{inspect.getsource(f).rstrip()}\n```\n\n</details>\n"


def equations() -> str:
    """Each module of the models: what it says, its numbers with unit, range and source, its equations as they run."""
    lines = list(numbers())
    out = ["# Model equations", "", "Written from the code: an equation is shown as it runs, a number where it is used. A source",
           "that begins with *assumption* says that no text was read that gives the number. `fetuin model card` shows the same",
           "with the balance and the published outcomes.", ""]  # fmt: skip
    for title, room in ROOMS.items():
        out += [f"## {title}", ""]
        for module in _modules(room):
            place = module.__name__.removeprefix("fetuin.")
            rows = [n for n in lines if n.where.startswith(f"{place}.")]
            folds = list(_functions(module))
            if rows or folds:
                out += [f"### {place}", "", words(inspect.getdoc(module) or ""), ""]
                out += _numbers(rows) + folds
    return "\n".join(out) + "\n"


def _numbers(rows: list[Line]) -> list[str]:
    heads = ("number", "value", "unit", "range", "source")
    return table(heads, [(n.name, n.value, n.unit, n.spread, n.source) for n in rows]) if rows else []


def analytes() -> str:
    """Every analyte: unit, codes, reference intervals with their sources."""
    from fetuin.knowledge.analyte import analytes as known

    heads = ("key", "name", "unit inside", "units read", "LOINC")
    rows = [
        (k, a.name, a.canonical, ", ".join(a.factors), " ".join(c.code for c in a.loinc))
        for k, a in sorted(known().items())
    ]
    intervals = [n for n in numbers() if n.where.startswith("analytes/")]
    out = [
        "# Analytes that are read",
        "",
        "[What a file of an analyte says](../reference/analytes.md).",
        "",
        *table(heads, rows),
    ]
    out += ["## Numbers", "", *table(("analyte", "number", "value", "unit", "source"),
            [(n.where.partition("/")[2], n.name, n.value, n.unit, n.source) for n in intervals])]  # fmt: skip
    return "\n".join(out) + "\n"


def findings() -> str:
    """Every finding: its question, states, layer, what it costs to ask, its background."""
    from fetuin.knowledge.finding import findings as known

    rows = []
    for f in sorted(known().values(), key=lambda f: (f.layer, f.id)):
        background = ", ".join(f"{s} {p:.3g}" for s, p in zip(f.states, f.background.p))
        rows.append((f.id, f.label, f.layer, background, ", ".join(f.background.source) or "elicited", f.test))
    heads = ("key", "finding", "layer", "background", "source", "asked by")
    return "\n".join(
        [
            "# Findings",
            "",
            "A background is the probability of each state where nothing causes it.",
            "",
            *table(heads, rows),
        ]
    )


def disorders() -> str:
    """Every disorder: what it answers, the test that decides, and its likelihoods with their sources."""
    from fetuin.knowledge.disorder import disorders as known

    out = [
        "# Disorders",
        "",
        "P(state of a finding | disorder), with the source of each. *Elicited* was said by people, not read.",
        "",
    ]
    lines = [n for n in numbers() if n.where.startswith("disorders/")]
    for key, d in sorted(known().items(), key=lambda x: x[1].name):
        rows = [n for n in lines if n.where.split("/")[1].split(",")[0] == key]
        out += [
            f"## {said(d.name)}",
            "",
            f"`{key}`, {d.axis}; decided by {said(d.deciding_test)}; ICD-10-CM {', '.join(d.icd10cm)}.",
            "",
        ]
        out += table(
            ("finding and state", "probability", "weight", "source"),
            [(n.name.removeprefix(f"{key}: "), n.value, n.spread, n.source) for n in rows],
        )
    return "\n".join(out) + "\n"


def sources() -> str:
    """Every source that the knowledge cites, once."""
    from fetuin.knowledge.source import references

    rows = [(k, r.text()) for k, r in sorted(references().items())]
    return "\n".join(["# Sources", "", *table(("key", "source"), rows)])


def python() -> str:
    """The front door: every verb with its signature and its words."""
    import fetuin

    out = ["# Python", "", "`import fetuin` gives these; everything else is imported from the room where it lives.", ""]
    for name in fetuin.__all__:
        verb = getattr(fetuin, name)
        if callable(verb):
            out += [f"## fetuin.{name}", "", f"```text\n{name}{inspect.signature(verb)}\n```", "",
                    f"```text\n{inspect.getdoc(verb) or ''}\n```", ""]  # fmt: skip
    return "\n".join(out)


PAGES = {
    "model-equations": equations, "knowledge-analytes": analytes, "knowledge-findings": findings,
    "knowledge-disorders": disorders, "knowledge-sources": sources, "python": python,
}  # fmt: skip
