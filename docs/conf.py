"""The site: `make docs` builds it into docs/_build/html and fails on a warning."""

from __future__ import annotations

import tomllib
from pathlib import Path

from fetuin.notice import __version__

project = "fetuin"
author = "The fetuin developers"
copyright = "2026, the fetuin developers. Apache-2.0"
version = release = __version__
extensions = ["myst_nb"]
exclude_patterns = ["_build", "jupyter_execute", "**/.ipynb_checkpoints"]
source_suffix = {".md": "myst-nb"}
nb_execution_mode = "off"  # code blocks are run by tests/docs, where a failure names the line
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
html_theme = "pydata_sphinx_theme"
html_title = "fetuin"
html_theme_options = {"show_prev_next": False, "secondary_sidebar_items": ["page-toc"]}
html_static_path: list[str] = []


HERE = Path(__file__).parent
CASES = HERE.parent / "tests" / "spec" / "diagnosis"


def _commands() -> str:
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


def _textbook_cases() -> str:
    """The spec cases, which are also tests: the page cannot say what the engine does not."""
    words = "# Textbook cases\n\nEvery case on this page is a test: what *must be said* is what the engine says.\n\n"
    return words + "\n".join(_case(p) for p in sorted(CASES.glob("*.toml")))


(HERE / "generated").mkdir(exist_ok=True)
(HERE / "generated" / "commands.md").write_text(_commands(), encoding="utf-8")
(HERE / "generated" / "textbook-cases.md").write_text(_textbook_cases(), encoding="utf-8")
