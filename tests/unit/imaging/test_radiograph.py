"""Films of known deposits, the real inverted one, and scoring sheets."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fetuin.errors import FetuinError, InputError, NotEnoughDataError
from fetuin.imaging import observations, scoring
from fetuin.imaging.modalities import radiograph
from fetuin.imaging.regions import Region
from fetuin.imaging.sheets import aac24, hand_calcinosis
from fetuin.imaging.volume import Acquisition, Volume


def _film(photometric: str = "MONOCHROME2", spacing: bool = True, seed: int = 0) -> Volume:
    """A slope of grey with noise of 3, two deposits of 200 above it (radius 8 and 4 pixels), a wedge of four steps."""
    r, c = np.mgrid[:200, :240]
    grey = 300 + r + 0.5 * c
    grey[np.hypot(r - 60, c - 60) <= 8] += 200
    grey[np.hypot(r - 60, c - 120) <= 4] += 200
    for i, step in enumerate((200, 400, 700, 1000)):
        grey[150:170, 20 + 30 * i : 45 + 30 * i] = step
    grey = np.rint(grey + np.random.default_rng(seed).normal(0, 3, grey.shape))
    values = 1200 - grey if photometric == "MONOCHROME1" else grey
    warnings = () if spacing else ("(0028,0030) PixelSpacing is absent: lengths are in pixels",)
    facts = Acquisition("DX", photometric=photometric, window=(600.0, 800.0), date="20240506")
    return Volume(values[None], (1.0, 0.2, 0.2), "1", facts, warnings=warnings, source="film")


REGION = Region("wall", (30, 90), (30, 150))


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_area_and_density_of_known_deposits_whatever_the_polarity(photometric):
    film = radiograph.film(_film(photometric))
    assert film.inverted == (photometric == "MONOCHROME1")
    found, mask = radiograph.measure(film, REGION)
    pixels = sum(
        int((np.hypot(*(np.mgrid[:200, :240] - np.array([[[60]], [[c]]]))) <= k).sum()) for c, k in ((60, 8), (120, 4))
    )
    assert found.deposits == 2
    assert found.area_pixels == pytest.approx(pixels, rel=0.15)
    assert found.area_mm2 == pytest.approx(found.area_pixels * 0.04)
    assert found.density == pytest.approx(200, rel=0.1)
    assert "uncalibrated" in found.density_unit
    assert mask.sum() == found.area_pixels
    assert found.noise == pytest.approx(3, rel=0.2)


def test_a_wedge_calibrates_density_and_refuses_beyond_its_range():
    film = radiograph.film(_film())
    steps = [(Region(f"{mm}", (152, 168), (22 + 30 * i, 43 + 30 * i)), mm) for i, mm in enumerate((1.0, 2.0, 3.5, 5.0))]
    scale = radiograph.wedge(film, steps)
    assert scale.aluminium(np.array([550.0]))[0] == pytest.approx(2.75, abs=0.05)
    found, _ = radiograph.measure(film, REGION, scale)
    assert found.density_unit == "mm of aluminium"
    assert found.density == pytest.approx(1.0, rel=0.12)  # 200 grey values where 300 are 1.5 mm
    with pytest.raises(NotEnoughDataError):
        radiograph.wedge(film, steps[:2])
    with pytest.raises(InputError, match="rise"):
        radiograph.wedge(film, [(r, -mm) for r, mm in steps])
    short = radiograph.wedge(film, [*steps[:1], (steps[1][0], 1.2), (steps[2][0], 1.4)])
    short = radiograph.Wedge(short.grey[:2] * 0.6, short.thickness[:2])
    assert "range" in radiograph.measure(film, REGION, short)[0].density_unit


def test_nothing_is_found_in_an_empty_region_and_without_spacing_areas_are_pixels():
    film = radiograph.film(_film(spacing=False))
    empty, _ = radiograph.measure(film, Region("empty", (30, 90), (170, 230)))
    assert (empty.area_pixels, empty.density) == (0, None)
    body, _ = radiograph.summary(film, [REGION])
    assert body["regions"][0]["area_mm2"] is None
    assert "pixels" in body["spacing_from"]
    assert observations.of_radiograph(body) == ()
    with_spacing, _ = radiograph.summary(radiograph.film(_film()), [REGION])
    (found,) = observations.of_radiograph(with_spacing, date="20240506")
    assert found.unit == "mm2"


def test_bone_of_the_real_inverted_film_is_white(shared, tmp_path, capsys):
    from fetuin.cli import radiograph as command
    from fetuin.imaging import load

    path = shared / "data/imaging/cr_chest/gdcm-CR-MONO1-10-chest.dcm"
    film = radiograph.film(load(path, unit="1"))
    assert film.inverted
    assert film.spacing is None
    grey = radiograph.windowed(film)
    assert grey[300:420, 205:235].mean() > grey[120:220, 90:150].mean() + 40  # spine and heart whiter than lung
    assert command.command(path, region=["apex:60-120,100-180"], json=True, out=tmp_path) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["schema"] == "fetuin.radiograph/1"
    assert body["inverted"]
    assert {p.name for p in tmp_path.iterdir()} >= {"radiograph.json", "regions.csv", "image.png", "report.html"}


def test_a_ct_is_no_radiograph():
    volume = Volume(np.zeros((1, 4, 4)), (1, 1, 1), "HU", Acquisition("CT"))
    with pytest.raises(InputError, match="not a radiograph"):
        radiograph.film(volume)


@pytest.mark.parametrize(("share", "grade"), [(0, 0), (0.2, 1), (1 / 3, 1), (0.5, 2), (2 / 3, 2), (0.9, 3)])
def test_grade_of_a_wall(share, grade):
    assert aac24.grade(share) == grade


def test_aac24_sums_to_24_8_and_4():
    full = {i: {"grade": 3.0} for i in aac24.SHEET.items}
    assert aac24.score(full) == {"aac24": 24, "walls": 8, "segments": 4}
    one = {i: {"grade": 2.0 if i in ("L4 anterior", "L4 posterior", "L2 anterior") else 0.0} for i in aac24.SHEET.items}
    assert aac24.score(one) == {"aac24": 6, "walls": 3, "segments": 2}


def test_hand_calcinosis_and_its_change():
    filled = {i: {"coverage_percent": 0.0, "density": 0.0} for i in hand_calcinosis.ITEMS}
    filled["left index tip"] = {"coverage_percent": 50.0, "density": 3.0}
    filled["right palm"] = {"coverage_percent": 10.0, "density": 1.0}
    assert hand_calcinosis.score(filled) == {"calcinosis": 160.0, "areas": 2}
    assert [hand_calcinosis.change(100, v) for v in (126, 125, 80, 74)] == [
        "progressed",
        "stable",
        "stable",
        "improved",
    ]


def _sheet(grades: dict[tuple[str, str, str], list[int]]) -> str:
    lines = ["reader,subject,visit,repeat,item,grade"]
    for (reader, subject, repeat), values in grades.items():
        lines += [f"{reader},{subject},1,{repeat},{i},{g}" for i, g in zip(aac24.SHEET.items, values)]
    return "\n".join(lines)


def test_a_filled_sheet_gives_scores_and_agreement(tmp_path, capsys):
    from fetuin.cli import radiograph as command

    rng = np.random.default_rng(1)
    truth = {f"s{k}": rng.integers(0, 4, 8) for k in range(12)}
    grades = {}
    for s, g in truth.items():
        grades["ann", s, "1"] = g.tolist()
        grades["bob", s, "1"] = np.clip(g + rng.integers(-1, 2, 8) * (rng.random(8) < 0.3), 0, 3).tolist()
        grades["ann", s, "2"] = g.tolist()
    (tmp_path / "aac.csv").write_text(_sheet(grades))
    assert command.command(tmp_path / "aac.csv", json=True, out=tmp_path / "o") == 0
    body = json.loads(capsys.readouterr().out)
    assert body["sheet"] == "aac24"
    assert {r["subject"]: r["aac24"] for r in body["scores"] if (r["reader"], r["repeat"]) == ("ann", "1")} == {
        s: sum(map(int, g)) for s, g in truth.items()
    }
    between, within = body["agreement"]
    assert within["kappa_grade"]["value"] == pytest.approx(1)
    assert within["icc_agreement"]["value"] == pytest.approx(1)
    assert 0.5 < between["kappa_grade"]["value"] < between["weighted_kappa_grade"]["value"] < 1
    assert between["icc_agreement"]["low"] < between["icc_agreement"]["value"]
    assert "Agreement" in (tmp_path / "o/report.html").read_text()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.replace("L1 anterior,1", "L1 anterior,4"), "from 0 to 3"),
        (lambda t: t.replace("L1 anterior,1", "L1 anterior,"), "whole number"),
        (lambda t: t.replace("ann,a,1,1,L1 anterior,1\n", ""), "not complete"),
        (lambda t: t + "\nann,a,1,1,L1 anterior,1", "twice"),
        (lambda t: t.replace("L1 anterior", "L9 anterior"), "no item"),
        (lambda t: t.replace("grade", "mark"), "no sheet"),
        (lambda t: "", "empty"),
    ],
)  # fmt: skip
def test_a_sheet_that_is_not_whole_is_refused_with_its_line(tmp_path, change, words):
    (tmp_path / "x.csv").write_text(change(_sheet({("ann", "a", "1"): [1] * 8})))
    with pytest.raises(FetuinError, match=words):
        scoring.result(tmp_path / "x.csv")


def test_every_blank_sheet_has_all_items_and_is_refused_until_filled(tmp_path):
    for name, s in scoring.sheets().items():
        (tmp_path / f"{name}.csv").write_text(scoring.blank(name))
        assert len(scoring.blank(name).splitlines()) == len(s.items) + 1
        with pytest.raises(InputError, match="no subject"):
            scoring.result(tmp_path / f"{name}.csv")
