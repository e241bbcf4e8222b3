"""The panels in a real Jupyter kernel: cells are run as a notebook runs them, and each panel answers the page over its comm."""

from __future__ import annotations

from typing import Any

import pytest

from fetuin import notebook

nbformat = pytest.importorskip("nbformat", reason="the extra test is not installed")
nbclient = pytest.importorskip("nbclient", reason="the extra test is not installed")
pytest.importorskip("ipykernel", reason="the extra test is not installed")
pytestmark = [
    pytest.mark.skipif(not notebook.PANELS.is_dir(), reason="the workbench is not built: make web"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
CELLS = (
    """
import fetuin
from fetuin import notebook
from fetuin.examples import example
with example("uraemic-tumoral-calcinosis").path() as path:
    found = fetuin.assess(fetuin.read_record(path))
found""",
    "panel = notebook.assessment(found); panel",
    'trajectory = notebook.trajectory({"gfr": 30.0}, [{"sevelamer": 4.8}], days=28, spread=False); trajectory',
    """
from pathlib import Path
from tempfile import mkdtemp
from fetuin.assays.simulate_plate import simulate, write
plate = notebook.plate(write(simulate(5, "clean", wells=96, points=60), Path(mkdtemp()))[0]); plate""",
    """
heard = []
panel.observe(lambda change: heard.append(change["new"]), "selected")
panel.comm.handle_msg({"content": {"data": {"method": "update", "state": {"selected": "phosphate"}, "buffer_paths": []}}, "buffers": []})
print(panel.selected, heard)""",
)


@pytest.fixture(scope="module")
def run() -> Any:
    """The notebook after a kernel has run it."""
    cells = [nbformat.v4.new_code_cell(c.strip()) for c in CELLS]
    made = nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )
    nbclient.NotebookClient(made, timeout=300, kernel_name="python3", store_widget_state=True).execute()
    return made


def test_an_assessment_shows_itself(run: Any) -> None:
    (shown,) = [o for o in run.cells[0].outputs if o.output_type == "execute_result"]
    assert "<" in shown.data["text/html"]
    assert "etastatic" in shown.data["text/html"]


@pytest.mark.parametrize(("cell", "trait"), [(1, "assessment"), (2, "answer"), (3, "plate")])
def test_a_panel_is_a_widget_whose_state_is_the_answer(run: Any, cell: int, trait: str) -> None:
    (shown,) = [o for o in run.cells[cell].outputs if o.output_type == "execute_result"]
    view = shown.data["application/vnd.jupyter.widget-view+json"]
    known = run.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    state = known[view["model_id"]]["state"]
    assert state["_view_name"] == "AnyView"
    assert "render" in state["_esm"]
    assert state[trait]


def test_what_the_page_chooses_reaches_the_kernel(run: Any) -> None:
    assert run.cells[4].outputs[0].text.strip() == "phosphate ['phosphate']"
