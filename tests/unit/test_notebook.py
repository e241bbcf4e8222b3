"""The panels in a notebook: widgets made of the built modules, with the answers of the engine in them."""

from __future__ import annotations

import pytest

import fetuin
from fetuin import notebook
from fetuin.examples import example

pytest.importorskip("anywidget", reason="the extra notebook is not installed")
needs_build = pytest.mark.skipif(not notebook.PANELS.is_dir(), reason="the workbench is not built: make web")


@needs_build
def test_assessment_panel() -> None:
    with example("uraemic-tumoral-calcinosis").path() as path:
        found = fetuin.assess(fetuin.read_record(path))
    panel = notebook.assessment(found)
    assert panel.assessment["answer"] == found.answer
    assert "render" in str(panel._esm)
    panel.selected = "phosphate"
    assert panel.get_state()["selected"] == "phosphate"


@needs_build
def test_trajectory_panel() -> None:
    panel = notebook.trajectory({"gfr": 30.0}, [{"sevelamer": 4.8}], days=28, spread=False)
    assert len(panel.answer["times"]) == len(panel.answer["arms"][0]["curves"]["phosphate"])


@needs_build
def test_plate_panel(tmp_path_factory: pytest.TempPathFactory) -> None:
    from fetuin.assays.simulate_plate import simulate, write

    file = write(simulate(5, "clean", wells=96, points=60), tmp_path_factory.mktemp("plate"))[0]
    panel = notebook.plate(file)
    assert len(panel.plate["wells"]) == 96


def test_without_the_build_the_remedy_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(notebook, "PANELS", tmp_path_factory.mktemp("none"))
    with pytest.raises(fetuin.errors.FetuinError, match="make web"):
        notebook._panel("assessment")
