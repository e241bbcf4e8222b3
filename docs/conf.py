"""The site: `make docs` builds it into docs/_build/html and fails on a warning."""

from __future__ import annotations

import os
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
nb_execution_mode = "force"  # pages that show results compute them; tests/docs runs these and every other code block
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_execution_timeout = 300  # s a cell
nb_merge_streams = True
os.environ["MATPLOTLIBRC"] = str(Path(__file__).parent)  # the kernels inherit it
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
html_theme = "pydata_sphinx_theme"
html_title = "fetuin"
html_theme_options = {"show_prev_next": True, "secondary_sidebar_items": ["page-toc"], "navigation_with_keys": False}
html_static_path = ["_static"]
html_css_files = ["site.css"]

sys.path.insert(0, str(Path(__file__).parent))
from generated_pages import write  # noqa: E402  (this folder is no package)

write(Path(__file__).parent / "generated")
