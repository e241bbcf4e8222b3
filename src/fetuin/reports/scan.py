"""A bone scan for people: a table in the terminal; JSON, CSV, pictures and a page in a folder."""

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

COLOURS = ((70, 160, 255), (242, 120, 30), (120, 200, 80), (230, 90, 160), (240, 210, 70), (150, 120, 250))
LEAST = 320  # pixels a picture is wide at least


def rows(body: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(region, amount, mean, ratio to the first with its interval)."""
    by = {r["of"]: r for r in body["ratios"]}
    out = []
    for r in body["regions"]:
        amount = f"{r['counts']:.0f} counts" if "counts" in r else f"{r['volume_ml']:.1f} mL"
        out.append((r["region"], amount, f"{r['mean']:.4g}", _ratio(by.get(r["region"]))))
    return out


def _ratio(r: dict[str, Any] | None) -> str:
    if r is None:
        return ""
    if r["ratio"] is None:
        return str(r.get("refused", "not computed"))
    said = f"{r['ratio']:.3f} ({r['low']:.3f} to {r['high']:.3f})"
    if "against_gfr" in r:
        said += f"; expected {r['against_gfr']['expected_ratio']:.3f}, z {r['against_gfr']['z']:+.1f}"
    return said


def as_table(body: dict[str, Any]) -> Any:
    """The measurement as a rich table."""
    from rich.table import Table

    total = body.get("total_counts", body.get("total", 0.0))
    grid = Table(title=f"{body['kind']} bone scan: {total:.0f} {body.get('unit', 'counts')}", caption=body["limit"])
    for name in (
        "region",
        "amount",
        "mean",
        f"ratio to {body['regions'][0]['region'] if body['regions'] else 'the first'}",
    ):
        grid.add_column(name)
    for line in rows(body):
        grid.add_row(*line)
    for a in body["asymmetry"]:
        grid.add_row(f"{a['of']} over its mirror", "", "", f"{a['ratio']:.3f} ({a['low']:.3f} to {a['high']:.3f})")
    for p in body.get("uptake_map", {}).get("places", [])[:5]:
        place = ", ".join(map(str, p["at"]))
        grid.add_row(
            f"stands out at {place}",
            f"{p['pixels']} pixels",
            f"z {p['z']:.1f}",
            f"{p['over_expected']:.1f} times expected",
        )
    return grid


def write_scan(folder: Path, found: Any) -> list[Path]:
    """Write scan.json, regions.csv, observations.csv, the picture (and the map), report.html."""
    body = found.body
    (folder / "scan.json").write_text(json.dumps(body | {"research_use": RESEARCH_USE}, indent=1), "utf-8")
    with (folder / "regions.csv").open("w", newline="", encoding="utf-8") as f:
        w = csv.DictWriter(f, list(body["regions"][0]) if body["regions"] else ["region"])
        w.writeheader()
        w.writerows(body["regions"])
    files = [folder / "scan.json", folder / "regions.csv", _observations(folder, found)]
    pictures = {"image.png": picture(found.image, found.masks if found.image.ndim == 2 else {})}
    if found.uptake is not None:
        pictures["uptake_map.png"] = map_picture(found.uptake.z)
    for name, png in pictures.items():
        (folder / name).write_bytes(png)
        files.append(folder / name)
    return [*files, write_page(folder / "report.html", report(body, pictures))]


def _observations(folder: Path, found: Any) -> Path:
    from fetuin.imaging.observations import of_scan
    from fetuin.records.formats.tidy_csv import write
    from fetuin.records.record import Record

    file = folder / "observations.csv"
    file.write_text(write(Record(observations=of_scan(found.body, date=found.date))), "utf-8")
    return file


def picture(image: np.ndarray, masks: dict[str, np.ndarray]) -> bytes:
    """Counts dark on light (root scale), each region outlined in its colour. A SPECT is shown as its greatest values."""
    top = float(np.percentile(image, 99.8)) or 1.0
    grey = 255 - np.clip(np.sqrt(np.clip(image, 0, None) / top) * 255, 0, 255).astype(np.uint8)
    out = np.repeat(grey[..., None], 3, axis=2)
    for colour, mask in zip(COLOURS * 20, masks.values()):
        if mask.shape != image.shape:
            continue
        core = mask.copy()
        core[1:-1, 1:-1] = mask[1:-1, 1:-1] & mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:]
        out[mask & ~core] = colour
    return _png(out)


def map_picture(z: np.ndarray) -> bytes:
    """z in colour: white 0, red 10 and more, blue -10; grey outside. A volume is shown as its greatest z."""
    plane = z if z.ndim == 2 else np.nan_to_num(z, nan=-99).max(axis=1)
    inside = np.isfinite(plane) & (plane > -90)
    t = np.clip(np.nan_to_num(plane) / 10, -1, 1)[..., None]
    red, blue, white = np.array([200, 30, 30]), np.array([40, 90, 200]), np.array([255, 255, 255])
    colour = np.where(t >= 0, white + t * (red - white), white - t * (blue - white))
    return _png(np.where(inside[..., None], colour, 215).astype(np.uint8))


def _png(rgb: np.ndarray) -> bytes:
    from PIL import Image

    factor = max(1, -(-LEAST // rgb.shape[1]))
    buffer = io.BytesIO()
    picture = Image.fromarray(np.ascontiguousarray(rgb))
    picture.resize((rgb.shape[1] * factor, rgb.shape[0] * factor), 0).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def report(body: dict[str, Any], pictures: dict[str, bytes]) -> str:
    """The page: regions and ratios, asymmetry, expected background, pictures, facts."""
    head = ("region", "amount", "mean", "ratio to the first (95 % interval)")
    sections: list[Section] = [("Regions", table(head, rows(body), numeric=(1, 2)) + f"<p>{escape(body['limit'])}</p>")]
    if body["asymmetry"]:
        lines = [
            (a["of"], f"{a['ratio']:.3f} ({a['low']:.3f} to {a['high']:.3f})", a.get("limit", ""))
            for a in body["asymmetry"]
        ]
        sections.append(("Over its mirror image", table(("region", "ratio (95 % interval)", ""), lines)))
    if "uptake_map" in body:
        sections.append(("Against what these kidneys leave behind", _map(body["uptake_map"])))
    shown = "".join(_figure(name, png) for name, png in pictures.items())
    sections.append(("Pictures", f"<div class=three>{shown}</div>"))
    facts = [(k, body[k]) for k in ("source", "tracer", "dose_mbq", "collimator", "seconds", "minutes", "decay_factor")]
    if "suv" in body:
        refused = body["suv"]["refused"]
        facts.append(
            (
                "SUV",
                f"refused: {refused['reason']} {refused['tag']}" if refused else f"factor {body['suv']['factor']:.4g}",
            )
        )
    sections.append(("Scan", table(("", ""), [(k, "unknown" if v in (None, "") else v) for k, v in facts])))
    return page(f"Bone scan, {body['kind']}", sections, subtitle=body["source"])


def _map(found: dict[str, Any]) -> str:
    if "refused" in found:
        return f"<p class='card flag'>No map: {escape(found['refused'])}</p>"
    head = ("place", "pixels", "z", "over expected", "over mirror (95 % interval)")
    lines = [
        (", ".join(map(str, p["at"])), p["pixels"], f"{p['z']:.1f}", f"{p['over_expected']:.2f}", _over(p))
        for p in found["places"]
    ]  # fmt: skip
    share = f"<p>Outside bone these kidneys leave {found['soft_share_expected']:.0%} of what is in the body.</p>"
    return share + table(head, lines, numeric=(1, 2, 3)) + f"<p>{escape(found['limit'])}</p>"


def _over(p: dict[str, Any]) -> str:
    if p["over_mirror"] is None:
        return "no mirror"
    if p["over_mirror_low"] is None:
        return f"{p['over_mirror']:.2f}"
    return f"{p['over_mirror']:.2f} ({p['over_mirror_low']:.2f} to {p['over_mirror_high']:.2f})"


def _figure(name: str, png: bytes) -> str:
    words = {"image.png": "counts, regions outlined", "uptake_map.png": "z: red above, blue below what is expected"}[
        name
    ]
    data = base64.b64encode(png).decode()
    return f'<figure><img alt="{words}" style="max-width:100%" src="data:image/png;base64,{data}"><figcaption>{words}</figcaption></figure>'
