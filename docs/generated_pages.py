"""Pages of the site that are made from files which tests read too: commands, textbook cases, trace, credibility, reliability."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
CASES = ROOT / "tests" / "spec" / "diagnosis"
RESULTS = ROOT / "benchmarks" / "results"


def commands() -> str:
    """Every command with its parameters, as the command line itself tells them."""
    from fetuin.cli.main import app

    return "# Commands\n\n" + str(app().generate_docs(output_format="markdown", heading_level=2))


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _case(path: Path) -> str:
    """One spec case as a clinician reads it: the story, the findings, what must be said."""
    case = tomllib.loads(path.read_text("utf-8"))
    person, tissue, serum = case["person"], case.get("tissue", {}), case.get("serum", {})
    values = [f"{k.replace('_', ' ')} {v if isinstance(v, str) else ' '.join(map(str, v))}" for k, v in serum.items()]
    rows = {
        "person": ", ".join(f"{v} y" if k == "age" else str(v) for k, v in person.items()),
        "history": "; ".join(case.get("history", [])),
        "tissue": "; ".join(str(v if isinstance(v, str) else ", ".join(v)) for v in tissue.values()),
        "serum": "; ".join(values),
        "must be said": "; ".join(f"{k.replace('_', ' ')}: {_words(v)}" for k, v in case["expect"].items()),
    }
    table = "\n".join(f"| {k} | {v or 'not reported'} |" for k, v in rows.items())
    return f"## {case['title']}\n\n{case['story'].strip()}\n\n| | |\n| --- | --- |\n{table}\n"


def textbook_cases() -> str:
    """The spec cases, which are also tests: the page cannot say what the engine does not."""
    words = "# Textbook cases\n\nEvery case on this page is a test: what *must be said* is what the engine says.\n\n"
    return words + "\n".join(_case(p) for p in sorted(CASES.glob("*.toml")))


def trace() -> str:
    """Hazards, the requirements that control them, and the tests that show those."""
    hazards = tomllib.loads((HERE / "trace" / "hazards.toml").read_text("utf-8"))
    requirements = tomllib.loads((HERE / "trace" / "requirements.toml").read_text("utf-8"))
    out = ["# Hazards, requirements, tests", "", "`make check` fails on a requirement without a test. Severity and",
           "probability (before controls, 1 to 5) are our judgement.", ""]  # fmt: skip
    out += ["| hazard | how it happens | harm | severity x probability | controlled by |", "|---|---|---|---|---|"]
    for name, h in hazards.items():
        controls = ", ".join(f"[{c}](#{c})" for c in h["controls"])
        out.append(
            f"| {name.replace('-', ' ')} | {h['sequence']} | {h['harm']} | {h['severity']} x {h['probability']} | {controls} |"
        )
    for name, r in requirements.items():
        out += ["", f"## {name}", "", r["text"] + ".", "", *(f"- `{t}`" for t in r["tests"])]
    return "\n".join(out) + "\n"


def credibility(path: Path) -> str:
    """One model or engine: question, context of use, verification, validation, sensitivity, applicability."""
    c = tomllib.loads(path.read_text("utf-8"))
    out = [f"# {c['title']}", "", f"*Question.* {c['question']}", "", f"*Context of use.* {c['context_of_use']}.", "",
           f"Influence: {c['influence']}. Consequence of a wrong answer: {c['consequence']}.", ""]  # fmt: skip
    for part in ("verification", "validation"):
        out += [f"## {part.capitalize()}", "", *(f"- {x}" for x in c[part]), ""]
    for part in ("sensitivity", "applicability", "uncertain"):
        title = {"applicability": "Applicability range", "uncertain": "What is uncertain"}.get(part, part.capitalize())
        out += [f"## {title}", "", c[part].capitalize() + ".", ""]
    return "\n".join(out)


def _table(path: Path, most: int = 60) -> list[str]:
    with path.open(encoding="utf-8", newline="") as f:
        rows = list(csv.reader(f))[: most + 1]
    return [
        "| " + " | ".join(x.replace("|", "/") for x in r) + " |" for r in (rows[0], ["---"] * len(rows[0]), *rows[1:])
    ]


def reliability() -> str:
    """RELIABILITY.md: the last figures of every campaign, with the command that makes them."""
    spec: dict[str, Any] = tomllib.loads((HERE / "campaigns.toml").read_text("utf-8"))
    out = ["# Reliability", "", "Made by `make reliability` from the last result of every campaign; do not edit.", ""]
    out += ["| campaign | asked | last run | command |", "|---|---|---|---|"]
    for c in spec["campaign"]:
        file = RESULTS / c["result"]
        last = last_run(file, c) if file.exists() else "not yet run"
        out.append(f"| {c['title']} | {c['asked']} | {last} | `{c['command']}` |")
    return "\n".join(out) + "\n"


def _number(row: dict[str, str], *names: str) -> int:
    """The sum of the named columns that hold whole numbers."""
    return sum(int(float(row[n])) for n in names if re.fullmatch(r"\d+(\.0)?", (row.get(n) or "").strip()))


def last_run(path: Path, campaign: dict[str, Any]) -> str:
    """One line: how many, how many faults. A table counts cases (`count`, `n`, `kills`), or has them by outcome."""
    with path.open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    rows = [r for r in rows if all(r.get(k) == v for k, v in campaign.get("where", {}).items())]
    if campaign.get("last"):
        rows = rows[-1:]
    by_outcome = "read" in rows[0] and "crash" in rows[0]
    if by_outcome:
        rows = [r for r in rows if next(iter(r.values())).lower() not in ("all", "total")]
        n = sum(_number(r, "read", "refused", "crash") for r in rows)
        faults = sum(_number(r, "unplaced", "crash") for r in rows)
    elif "count" in campaign:
        n = sum(_number(r, *campaign["count"]) for r in rows)
        faults = sum(_number(r, *campaign["faults"]) for r in rows)
    else:
        rows = [r for r in rows if r.get("mutation") != "all"]  # what was measured over all, no cases
        n = sum(_number(r, "count", "n", "kills") for r in rows)
        told = sum(_number(r, "count", "n") for r in rows if (r.get("fault") or "").strip())
        faults = told + sum(_number(r, "lost", "different") for r in rows)
    return f"{n} {campaign.get('unit', 'cases')}, {faults} faults"


def write(folder: Path) -> None:
    """Write every page into a folder."""
    import performance_page
    import reference_pages

    folder.mkdir(exist_ok=True)
    pages = {name: make() for name, make in reference_pages.PAGES.items()}
    pages |= {"commands": commands(), "textbook-cases": textbook_cases(), "trace": trace()}
    pages["performance"] = performance_page.performance(folder)
    pages |= {f"credibility-{p.stem}": credibility(p) for p in sorted((HERE / "credibility").glob("*.toml"))}
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    (ROOT / "RELIABILITY.md").write_text(reliability(), encoding="utf-8")
