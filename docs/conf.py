"""The site: `make docs` builds it into docs/_build/html and fails on a warning."""

from __future__ import annotations

import sys
from pathlib import Path

from fetuin.notice import __version__

project = "fetuin"
author = "The fetuin developers"
copyright = "2026, the fetuin developers. Apache-2.0"
version = release = __version__
extensions = ["myst_nb"]
exclude_patterns = ["_build", "trace", "credibility", "jupyter_execute", "**/.ipynb_checkpoints"]
source_suffix = {".md": "myst-nb"}
nb_execution_mode = "off"  # code blocks are run by tests/docs, where a failure names the line
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
html_theme = "pydata_sphinx_theme"
html_title = "fetuin"
html_theme_options = {"show_prev_next": False, "secondary_sidebar_items": ["page-toc"]}
html_static_path: list[str] = []

sys.path.insert(0, str(Path(__file__).parent))
from generated_pages import write  # noqa: E402  (this folder is no package)

write(Path(__file__).parent / "generated")
