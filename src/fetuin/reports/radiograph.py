"""A radiograph or a scoring sheet for people: a table in the terminal; JSON, CSV, a picture and a page in a folder."""

from __future__ import annotations

import base64
import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.notice import RESEARCH_USE
from fetuin.reports.page import Section, escape, page, table, write_page


def _area(r: dict[str, Any]) -> str:
    return f"{r['area_pixels']} pixels" if r["area_mm2"] is None else f"{r['area_mm2']:.1f} mm2"


def region_rows(body: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """(region, area, share, deposits, density) of each region of a film."""
    return [
        (r["region"], _area(r), f"{r['share']:.1%}", str(r["deposits"]),
         "none" if r["density"] is None else f"{r['density']:.3g} {r['density_unit']}")
        for r in body["regions"]
    ]  # fmt: skip


def score_rows(body: dict[str, Any]) -> list[tuple[str, ...]]:
    """(subject, visit, reader, repeat, each score) of a sheet."""
    return [tuple(f"{v:g}" if isinstance(v, (int, float)) else str(v) for v in row.values()) for row in body["scores"]]


def agreement_rows(body: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(who, statistic, value with interval, subjects) of every agreement."""
    out = []
    for pair in body["agreement"]:
        for key, e in pair.items():
            if isinstance(e, dict):
                value = (
                    "undefined: no spread"
                    if e["value"] != e["value"]
                    else f"{e['value']:.3f} ({e['low']:.3f} to {e['high']:.3f})"
                )
                out.append((f"{pair['kind']}: {pair['who']}", key.replace("_", " "), value, str(e["n"])))
    return out


REGION_HEAD = ("region", "calcified area", "of the region", "deposits", "density")
AGREEMENT_HEAD = ("who", "statistic", "value (95 % interval)", "n")


def as_table(body: dict[str, Any]) -> Any:
    """The answer as a rich table."""
    from rich.table import Table

    film = body["kind"] == "radiograph"
    grid = Table(title=body["source"] if film else body["title"], caption=RESEARCH_USE)
    for name in REGION_HEAD if film else list(body["scores"][0]):
        grid.add_column(name)
    for row in region_rows(body) if film else score_rows(body):
        grid.add_row(*row)
    if film:
        grid.add_row("polarity", body["polarity"])
        grid.add_row("spacing", body["spacing_from"])
        return grid
    for row in agreement_rows(body):
        grid.add_row(*row[:3])
    return grid


def write_radiograph(folder: Path, body: dict[str, Any], picture: Any) -> list[Path]:
    """Write radiograph.json, regions.csv or scores.csv, observations.csv and picture of a film, and report.html."""
    film = body["kind"] == "radiograph"
    files = [folder / "radiograph.json", folder / ("regions.csv" if film else "scores.csv")]
    files[0].write_text(json.dumps(body | {"research_use": RESEARCH_USE}, indent=1), "utf-8")
    lines = body["regions"] if film else body["scores"]
    with files[1].open("w", newline="", encoding="utf-8") as f:
        w = csv.DictWriter(f, list(lines[0]) if lines else ["region"])
        w.writeheader()
        w.writerows(lines)
    png = None
    if film:
        png = overlay(*picture)
        files += [folder / "image.png", folder / "observations.csv"]
        files[2].write_bytes(png)
        files[3].write_text(_observations(body), "utf-8")
    return [*files, write_page(folder / "report.html", report(body, png))]


def _observations(body: dict[str, Any]) -> str:
    from fetuin.imaging.observations import of_radiograph
    from fetuin.records.formats.tidy_csv import write
    from fetuin.records.record import Record

    return write(Record(observations=of_radiograph(body, date=body["date"])))


def overlay(grey: np.ndarray, regions: list[Any], mask: np.ndarray) -> bytes:
    """The film through its window, calcium orange, regions outlined blue."""
    from PIL import Image

    picture = np.repeat(grey[..., None], 3, axis=2)
    picture[mask] = (242, 120, 30)
    for r in regions:
        (a, b), (c, d) = r.rows, r.columns
        for part in ((slice(a, b + 1), c), (slice(a, b + 1), d), (a, slice(c, d + 1)), (b, slice(c, d + 1))):
            picture[part] = (70, 160, 255)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def report(body: dict[str, Any], png: bytes | None) -> str:
    """The page of a film or of a scoring sheet."""
    if body["kind"] != "radiograph":
        return _sheet(body)
    sections: list[Section] = [
        ("Regions", table(REGION_HEAD, region_rows(body), numeric=(1, 2, 3)) + f"<p>{escape(body['limit'])}</p>")
    ]
    if png is not None:
        words = "the film, bone white; calcium orange, regions outlined"
        data = base64.b64encode(png).decode()
        img = f'<figure><img alt="{words}" style="max-width:100%" src="data:image/png;base64,{data}"><figcaption>{words}</figcaption></figure>'
        sections.append(("Picture", img))
    facts = [(k, body[k]) for k in ("polarity", "spacing_mm", "spacing_from", "window", "calibrated", "date", "source")]
    sections.append(
        ("Image", table(("", ""), [(k.replace("_", " "), "unknown" if v in (None, "") else v) for k, v in facts]))
    )
    return page("Radiograph", sections, subtitle=body["source"])


def _sheet(body: dict[str, Any]) -> str:
    sections: list[Section] = [("Scores", table(list(body["scores"][0]), score_rows(body)))]
    if body["changes"]:
        rows = [
            tuple("" if v is None else f"{v:.3g}" if isinstance(v, float) else v for v in r.values())
            for r in body["changes"]
        ]
        sections.append(("Change", table(list(body["changes"][0]), rows)))
    if body["agreement"]:
        sections.append(("Agreement", table(AGREEMENT_HEAD, agreement_rows(body), numeric=(2, 3))))
    sections.append(("Sheet", f"<p>{escape(body['source_of_the_sheet'])}. {escape(body['note'])}</p>"))
    return page(body["title"], sections, subtitle=body["source"])
