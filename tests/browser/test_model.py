"""Paths through the Model screen; what the charts say is what `fetuin.simulate` says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
DIALYSIS = "#/model?gfr=8&dialysis=true&days=90"


def end(page: Any, chart: str, index: int = 0) -> float:
    """The last value of an arm, as the chart prints it."""
    text = page.locator(f"[data-chart={chart}] .fet-end").inner_text()
    return float(text.split("|")[index].split()[0])


def slide(page: Any, name: str, value: float) -> None:
    """Move a slider and wait for the answer."""
    with page.expect_response(lambda r: r.url.endswith("/screens/model")):
        page.locator(f"#{name}").fill(str(value))
    page.wait_for_timeout(60)


def ready(page: Any) -> None:
    page.locator("[data-chart=phosphate] canvas").wait_for()


def test_the_curves_are_those_of_the_engine(opened: Any) -> None:
    from fetuin.simulation import Person, simulate

    page = opened("#/model?gfr=30&days=90")
    ready(page)
    expected = simulate(Person(gfr=30), days=90)
    for chart in ("phosphate", "pth", "calcium"):
        assert end(page, chart) == pytest.approx(float(expected[chart][-1]), rel=6e-3)


def test_a_diet_slider_moves_phosphate(opened: Any) -> None:
    page = opened("#/model?gfr=30&days=90")
    ready(page)
    before = end(page, "urine_phosphate")
    slide(page, "diet_phosphate", 15)
    assert end(page, "urine_phosphate") < 0.7 * before


def test_kidney_function(opened: Any) -> None:
    page = opened("#/model?gfr=90&days=90")
    ready(page)
    before = end(page, "fgf23")
    slide(page, "gfr", 15)
    assert end(page, "fgf23") > 2 * before


def test_a_binder_lowers_phosphate_below_the_ghost(opened: Any) -> None:
    page = opened(DIALYSIS)
    ready(page)
    before = end(page, "phosphate")
    slide(page, "sevelamer", 7.2)
    assert end(page, "phosphate") < before
    said = page.locator("[data-chart=phosphate] [role=img]").get_attribute("aria-label")
    assert f"left alone {before:g}" in said


def test_another_binder_of_the_family(opened: Any) -> None:
    page = opened(DIALYSIS)
    ready(page)
    before = end(page, "calcium")
    with page.expect_response(lambda r: r.url.endswith("/screens/model")):
        page.get_by_role("group", name="Phosphate binder").get_by_role("combobox").select_option("calcium_carbonate")
    slide(page, "calcium_carbonate", 4.5)
    assert end(page, "calcium") > before


def test_a_calcimimetic_lowers_pth(opened: Any) -> None:
    page = opened(DIALYSIS)
    ready(page)
    before = end(page, "pth")
    slide(page, "cinacalcet", 90)
    assert end(page, "pth") < before


def test_a_bisphosphonate_lowers_resorption(opened: Any) -> None:
    page = opened("#/model?gfr=60&days=180&all=true")
    ready(page)
    before = end(page, "bone_resorption")
    slide(page, "alendronate", 70)
    assert end(page, "bone_resorption") < before


def test_dialysate_calcium_loads_calcium(opened: Any) -> None:
    page = opened(DIALYSIS)
    ready(page)
    before = end(page, "calcium")
    slide(page, "dialysate_calcium", 1.75)
    assert end(page, "calcium") > before


def test_switching_dialysis_on(opened: Any) -> None:
    page = opened("#/model?gfr=30&days=90")
    ready(page)
    page.get_by_label("haemodialysis").check()
    page.locator("#sessions").wait_for()
    page.get_by_text("before the first session of each week").wait_for()


def test_two_arms_side_by_side(opened: Any) -> None:
    page = opened(DIALYSIS)
    ready(page)
    with page.expect_response(lambda r: r.url.endswith("/screens/model")):
        page.get_by_role("button", name="Add a second arm").click()
    slide(page, "sevelamer", 9.6)
    assert end(page, "phosphate", 1) < end(page, "phosphate", 0)
    assert page.locator("svg.net").count() == 2


def test_the_band_of_similar_persons_comes_after(opened: Any) -> None:
    page = opened("#/model?gfr=30&days=90")
    page.get_by_text("band: 16 virtual persons").wait_for()


def test_the_network_says_what_flows(opened: Any) -> None:
    page = opened("#/model?gfr=30&days=90")
    ready(page)
    before = page.locator("svg.net").get_attribute("aria-label")
    assert "Phosphate eaten 38" in before
    slide(page, "diet_phosphate", 60)
    assert "Phosphate eaten 60" in page.locator("svg.net").get_attribute("aria-label")


def test_units_of_the_charts(opened: Any) -> None:
    page = opened("#/model?gfr=30&days=90")
    ready(page)
    si = end(page, "phosphate")
    page.get_by_label("Units").select_option("conventional")
    page.wait_for_timeout(100)
    assert end(page, "phosphate") == pytest.approx(si * 3.0974, rel=0.01)
    assert "mg/dL" in page.locator("[data-chart=phosphate] .fet-end").inner_text()


def test_deposits_of_each_site(opened: Any) -> None:
    page = opened(DIALYSIS)
    ready(page)
    rows = page.get_by_role("region", name="table: deposits per site").locator("tbody tr")
    assert rows.count() >= 8


def test_every_chart(opened: Any) -> None:
    page = opened("#/model?gfr=30&days=90")
    ready(page)
    few = page.locator("[data-chart]").count()
    page.get_by_label("show every chart").check()
    page.wait_for_timeout(300)
    assert page.locator("[data-chart]").count() > few


def test_a_link_holds_the_sliders(opened: Any) -> None:
    page = opened(DIALYSIS)
    ready(page)
    slide(page, "sevelamer", 4.8)
    again = opened(re.sub(r"^[^#]*", "", page.url))
    ready(again)
    assert end(again, "phosphate") == end(page, "phosphate")
    assert again.locator("#sevelamer").input_value() == "4.8"


def test_the_copied_python_runs_and_agrees(opened: Any) -> None:
    page = opened('#/model?gfr=30&days=90&a={"sevelamer":4.8,"diet_phosphate":45}')
    ready(page)
    page.get_by_role("button", name="Copy as Python").click()
    code = page.locator("pre").inner_text().replace("arm_a.plot()", "print(float(arm_a['phosphate'][-1]))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) == pytest.approx(end(page, "phosphate"), rel=6e-3)


def test_the_copied_commands_run(opened: Any, tmp_path: Path) -> None:
    page = opened('#/model?gfr=8&dialysis=true&days=28&a={"sevelamer":4.8,"dialysate_calcium":1.5,"diet_phosphate":30}')
    ready(page)
    page.get_by_role("button", name="Copy as CLI").click()
    lines = page.locator("pre").inner_text()
    (tmp_path / "fetuin").write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'from fetuin.cli.main import main; main()' \"$@\"\n"
    )
    (tmp_path / "fetuin").chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-e", "-c", lines], cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert (tmp_path / "arm_a" / "trajectory.csv").is_file()


def test_a_run_folder_is_reproduced_to_the_bit(opened: Any, tmp_path: Path) -> None:
    page = opened('#/model?gfr=30&days=90&a={"sevelamer":4.8}')
    ready(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download run folder").click()
    zipfile.ZipFile(waiting.value.path()).extractall(tmp_path)
    command = [
        sys.executable,
        "-c",
        "from fetuin.cli.main import main; main()",
        "rerun",
        str(tmp_path / "run"),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["same"], done.stdout + done.stderr


@pytest.mark.parametrize("place", ["#/model?gfr=30", "#/model?gfr=8&dialysis=true"])
def test_a_slider_moves_the_charts_within_150_ms(opened: Any, place: str) -> None:
    """95th percentile from the key that moves a slider to the redrawn chart; told, and not judged, on a busy machine."""
    page = opened(place)
    ready(page)
    page.get_by_text("band: 16 virtual persons").wait_for()
    page.locator("#diet_phosphate").focus()
    took = []
    for _ in range(20):
        begun = time.perf_counter()
        with page.expect_response(lambda r: r.url.endswith("/screens/model")):
            page.keyboard.press("ArrowRight")
        page.evaluate("new Promise(done => requestAnimationFrame(() => done()))")
        took.append(1000 * (time.perf_counter() - begun))
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    if busy > 1.2:
        pytest.skip(
            f"{np.percentile(took[2:], 95):.0f} ms on a machine that is busy with other work: load {busy:.1f} a core"
        )
    assert np.percentile(took[2:], 95) <= 150.0, f"{np.percentile(took[2:], 95):.0f} ms"
