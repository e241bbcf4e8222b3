"""A calcium score for people: a table in the terminal; JSON, CSV, overlay pictures and a page in a folder."""

from __future__ import annotations

import base64
import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.notice import RESEARCH_USE
from fetuin.reports.page import Html, escape, page, table, write_page

NAMES = (
    ("agatston", "Agatston score", "{:.1f}"), ("volume_mm3", "volume, mm3", "{:.1f}"), ("mass_mg", "threshold mass, mg", "{:.2f}"),
    ("integrated_mass_mg", "integrated mass, mg", "{:.2f}"), ("density_score", "density score (1 to 4)", "{:.2f}"), ("cac_drs", "CAC-DRS", "{}"),
)  # fmt: skip
WINDOW = (-160, 640)  # HU shown black to white: soft tissue and calcium at once
PICTURES = 6


def rows(result: Any) -> list[tuple[str, str]]:
    """(name, value) of every score, with the interval of the integrated mass."""
    out = []
    for key, name, form in NAMES:
        value = getattr(result, key)
        text = "not scored" if value is None else form.format(value)
        if key == "integrated_mass_mg" and value is not None:
            text += f" ({result.integrated_mass_low:.2f} to {result.integrated_mass_high:.2f})"
        out.append((name, text))
    return out


def as_table(result: Any) -> Any:
    """The scores as a rich table, with the reason of a refusal and the flags under it."""
    from rich.table import Table

    grid = Table(title="CT calcium", caption=RESEARCH_USE)
    grid.add_column("measure")
    grid.add_column("value", justify="right")
    for name, value in rows(result):
        grid.add_row(name, value)
    grid.add_row("lesions", str(len(result.lesions)))
    if result.refused:
        grid.add_row("[bold red]refused[/]", f"{result.refused['reason']} {result.refused['tag']}")
        grid.add_row("mend", result.refused["fix"])
    for flag in result.flags:
        grid.add_row(f"[yellow]{flag['code']}[/]", flag["text"])
    return grid


def write_ct(folder: Path, volume: Any, mask: np.ndarray | None, result: Any) -> list[Path]:
    """Write ct.json, lesions.csv, report.html (pictures inside) to `folder`."""
    body = result.to_dict() | {"research_use": RESEARCH_USE}
    (folder / "ct.json").write_text(json.dumps(body, indent=1, default=float), "utf-8")
    with (folder / "lesions.csv").open("w", newline="", encoding="utf-8") as f:
        w = csv.writer(f)
        names = [
            "number",
            "slice",
            "row",
            "column",
            "first_slice",
            "last_slice",
            "area_mm2",
            "volume_mm3",
            "peak_hu",
            "mean_hu",
            "weight",
            "agatston",
            "mass_mg",
        ]
        w.writerow(names)
        for z in result.lesions:
            d = asdict(z)
            w.writerow([d["number"], *d["position"], *d["slices"], *(d[k] for k in names[6:])])
    write_page(folder / "report.html", report(volume, mask, result))
    return [folder / n for n in ("ct.json", "lesions.csv", "report.html")]


def report(volume: Any, mask: np.ndarray | None, result: Any) -> str:
    """The page: scores, flags, slices with what was counted, lesions, method."""
    a = volume.acquisition
    facts = [
        ("maker and model", f"{a.manufacturer} {a.model}"),
        ("tube voltage, kV", a.kvp),
        ("kernel", a.kernel),
        ("slice thickness, mm", a.slice_thickness),
    ]
    facts += [
        ("increment, mm", volume.spacing[0]),
        ("pixel, mm", f"{volume.spacing[1]:g} x {volume.spacing[2]:g}"),
        ("date", a.date),
        ("file", volume.source),
    ]
    sections = [("Scores", table(("measure", "value"), rows(result), numeric=(1,)))]
    if result.refused:
        r = result.refused
        sections.insert(
            0, ("Refused", f"<p class='card bad'>{escape(r['reason'])} ({escape(r['tag'])}). {escape(r['fix'])}</p>")
        )
    if result.flags:
        sections.append(
            (
                "What to know",
                "<ul>"
                + "".join(f"<li><b>{escape(f['code'])}</b>: {escape(f['text'])}</li>" for f in result.flags)
                + "</ul>",
            )
        )
    if result.lesions:
        sections.append(("Slices", "".join(_pictures(volume, mask, result))))
        sections.append(("Lesions", _lesion_table(result)))
    method = [
        (k, v if not isinstance(v, dict) else ", ".join(f"{n} {x}" for n, x in v.items()))
        for k, v in result.method.items()
    ]
    sections.append(("Scan and method", table(("", ""), [*facts, *method])))
    return page("CT calcium score", sections, subtitle=volume.source)


def _lesion_table(result: Any) -> str:
    head = (
        "no.",
        "slice, row, column",
        "slices",
        "area, mm2",
        "volume, mm3",
        "peak, HU",
        "mean, HU",
        "weight",
        "Agatston",
        "mass, mg",
    )
    body = [
        (z.number, Html("<a href='#slice{}'>{:.1f}, {:.1f}, {:.1f}</a>".format(round(z.position[0]), *z.position)), f"{z.slices[0]}-{z.slices[1]}", f"{z.area_mm2:.1f}", f"{z.volume_mm3:.1f}",
         f"{z.peak_hu:.0f}", f"{z.mean_hu:.0f}", z.weight, f"{z.agatston:.2f}", f"{z.mass_mg:.2f}")
        for z in result.lesions[:200]
    ]  # fmt: skip
    return table(head, body, numeric=tuple(range(3, 10)))


def _pictures(volume: Any, mask: np.ndarray | None, result: Any) -> list[str]:
    """The slices with most calcium, what was counted in colour."""
    by: dict[int, float] = {}
    for z in result.lesions:
        by[round(z.position[0])] = by.get(round(z.position[0]), 0) + z.agatston
    chosen = sorted(sorted(by, key=lambda s: -by[s])[:PICTURES])
    out = []
    for s in chosen:
        png = base64.b64encode(overlay(volume, mask, result.method["threshold_hu"], s)).decode()
        words = f"slice {s}: counted voxels in orange, region outlined"
        out.append(
            f'<figure id="slice{s}"><img alt="{words}" style="max-width:100%" src="data:image/png;base64,{png}"><figcaption>{words}</figcaption></figure>'
        )
    return out


def overlay(volume: Any, mask: np.ndarray | None, threshold: float, s: int) -> bytes:
    """One slice as PNG: grey in a fixed window, counted voxels orange, the edge of the region blue."""
    from PIL import Image

    values = volume.values[s].astype(float)
    grey = np.clip((values - WINDOW[0]) / (WINDOW[1] - WINDOW[0]) * 255, 0, 255).astype(np.uint8)
    picture = np.repeat(grey[..., None], 3, axis=2)
    inside = np.ones_like(values, bool) if mask is None else mask[s]
    picture[(values >= threshold) & inside] = (242, 120, 30)
    if mask is not None:
        core = inside.copy()
        core[1:-1, 1:-1] = (
            inside[1:-1, 1:-1] & inside[:-2, 1:-1] & inside[2:, 1:-1] & inside[1:-1, :-2] & inside[1:-1, 2:]
        )
        picture[inside & ~core] = (70, 160, 255)
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
