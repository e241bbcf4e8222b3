"""A calcium score for people: a table in the terminal; JSON, CSV, pictures, a page and DICOM objects in a folder."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fetuin.errors import FetuinError
from fetuin.notice import RESEARCH_USE
from fetuin.reports.ct_pictures import figure, overlays
from fetuin.reports.page import Html, Section, escape, page, table, write_page

NAMES = (
    ("agatston", "Agatston score", "{:.1f}"), ("volume_mm3", "volume, mm3", "{:.1f}"), ("mass_mg", "threshold mass, mg", "{:.2f}"),
    ("integrated_mass_mg", "integrated mass, mg", "{:.2f}"), ("density_score", "density score (1 to 4)", "{:.2f}"), ("cac_drs", "CAC-DRS", "{}"),
)  # fmt: skip
COLUMNS = (
    "number", "slice", "row", "column", "first_slice", "last_slice", "area_mm2", "volume_mm3", "peak_hu", "mean_hu", "weight",
    "agatston", "mass_mg",
)  # fmt: skip
MOST = 200  # rows of a table on a page


def rows(result: Any) -> list[tuple[str, str]]:
    """(name, value) of every score, with the interval of the integrated mass."""
    out = []
    for key, name, form in NAMES:
        value = getattr(result, key)
        if value is None and key == "cac_drs" and not result.refused:
            continue
        text = "not computed" if value is None else form.format(value)
        if key == "integrated_mass_mg" and value is not None:
            text += f" ({result.integrated_mass_low:.2f} to {result.integrated_mass_high:.2f})"
        out.append((name, text))
    return out + [(k.replace("_", " "), v) for k, v in result.meaning.items()]


def change_rows(change: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """(rule, difference, limit, beyond chance) of a comparison with an earlier scan."""
    return [
        (
            r["rule"],
            f"{r['difference']:+.2f} {r['unit'] if r['unit'] != '1' else ''}".strip(),
            f"{r['limit']:.2f}",
            "yes" if r["changed"] else "no",
        )
        for r in change.get("rules", ())
    ]


def as_table(result: Any, body: dict[str, Any] | None = None) -> Any:
    """The scores as a rich table, with the reason of a refusal, the flags and the change under it."""
    from rich.table import Table

    grid = Table(title="CT calcium", caption=RESEARCH_USE)
    grid.add_column("measure")
    grid.add_column("value", justify="right")
    for name, value in rows(result):
        grid.add_row(name, value)
    grid.add_row("lesions", str(len(result.lesions)))
    if body and body.get("candidates") is not None:
        grid.add_row("candidates outside bone", str(len(body["candidates"])))
    if result.refused:
        grid.add_row("[bold red]refused[/]", f"{result.refused['reason']} {result.refused['tag']}")
        grid.add_row("mend", result.refused["fix"])
    for flag in result.flags:
        grid.add_row(f"[yellow]{flag['code']}[/]", flag["text"])
    for rule, difference, limit, beyond in change_rows((body or {}).get("change", {})):
        grid.add_row(f"changed? {rule}", f"{beyond} ({difference}, limit {limit})")
    return grid


def write_ct(folder: Path, source: Path, seen: Any, body: dict[str, Any]) -> list[Path]:
    """Write ct.json, lesions.csv, observations.csv, slice pictures, report.html, and SEG and SR of a DICOM scan."""
    from fetuin.imaging.nifti import is_nifti

    pictures = overlays(seen)
    files = [_lesions(folder, seen.result), _observations(folder, seen)]
    for s, png in pictures.items():
        files.append(folder / f"slice_{s:04d}.png")
        files[-1].write_bytes(png)
    dicom: list[Path] = []
    why = "the scan is not DICOM"
    if not is_nifti(source) and not seen.result.refused:
        dicom, why = _dicom(folder, source, seen)
    said = {"written": [f.name for f in dicom], "why_not": "" if dicom else why}
    whole = body | {"dicom": said, "research_use": RESEARCH_USE}
    (folder / "ct.json").write_text(json.dumps(whole, indent=1, default=float), "utf-8")
    write_page(folder / "report.html", report(seen, body, pictures))
    return [folder / "ct.json", *files, *dicom, folder / "report.html"]


def _dicom(folder: Path, source: Path, seen: Any) -> tuple[list[Path], str]:
    from fetuin.imaging import structured_report

    try:
        return structured_report.write(source, seen.volume, seen.result, folder), ""
    except FetuinError as error:  # a scan without identity is scored all the same
        return [], f"{error.what}: {error.why}"


def _lesions(folder: Path, result: Any) -> Path:
    file = folder / "lesions.csv"
    with file.open("w", newline="", encoding="utf-8") as f:
        w = csv.writer(f)
        w.writerow(COLUMNS)
        for z in result.lesions:
            d = asdict(z)
            w.writerow([d["number"], *d["position"], *d["slices"], *(d[k] for k in COLUMNS[6:])])
    return file


def _observations(folder: Path, seen: Any) -> Path:
    """The scores as observations that `fetuin record` and `fetuin assess` read; a refused scan gives none."""
    from fetuin.imaging.observations import of_ct
    from fetuin.records.formats.tidy_csv import write
    from fetuin.records.record import Record

    found = of_ct(seen.result, date=seen.volume.acquisition.date, site=seen.result.site)
    file = folder / "observations.csv"
    file.write_text(write(Record(observations=found)), "utf-8")
    return file


def report(seen: Any, body: dict[str, Any], pictures: dict[int, bytes]) -> str:
    """The page: scores, flags, change, slices with what was counted, candidates, lesions, method."""
    result, volume = seen.result, seen.volume
    sections: list[Section] = [("Scores", table(("measure", "value"), rows(result), numeric=(1,)))]
    if result.refused:
        r = result.refused
        words = f"<p class='card bad'>{escape(r['reason'])} ({escape(r['tag'])}). {escape(r['fix'])}</p>"
        sections.insert(0, ("Refused", words))
    if result.flags:
        items = "".join(f"<li><b>{escape(f['code'])}</b>: {escape(f['text'])}</li>" for f in result.flags)
        sections.append(("What to know", f"<ul>{items}</ul>"))
    if body.get("change"):
        sections.append(("Has it changed?", _change(body["change"])))
    if body.get("labels"):
        sections.append(("Labels", _labels(body["labels"])))
    words = "slice {}: counted voxels in orange, the edge of the region in blue"
    if pictures:
        sections.append(("Slices", "".join(figure(s, png, words.format(s)) for s, png in pictures.items())))
    if body.get("candidates"):
        sections.append(("Candidates outside bone", _candidates(body["candidates"], result)))
    if result.lesions:
        sections.append(("Lesions", _lesion_table(result, set(pictures))))
    sections.append(("Scan and method", table(("", ""), _method(volume, result))))
    return page("CT calcium score", sections, subtitle=volume.source)


def _method(volume: Any, result: Any) -> list[tuple[str, object]]:
    a = volume.acquisition
    facts: list[tuple[str, object]] = [
        ("maker and model", f"{a.manufacturer} {a.model}"), ("tube voltage, kV", a.kvp), ("kernel", a.kernel),
        ("slice thickness, mm", a.slice_thickness), ("increment, mm", volume.spacing[0]),
        ("pixel, mm", f"{volume.spacing[1]:g} x {volume.spacing[2]:g}"), ("date", a.date), ("file", volume.source), ("site", result.site),
    ]  # fmt: skip
    for k, v in result.method.items():
        facts.append((k, ", ".join(f"{n} {x}" for n, x in v.items()) if isinstance(v, dict) else v))
    return [(k, "unknown" if v in (None, "", " ") else v) for k, v in facts]


def _labels(found: dict[str, dict[str, Any]]) -> str:
    keys = ("agatston", "volume_mm3", "mass_mg", "integrated_mass_mg")
    lines = [
        (name, *("" if v[k] is None else f"{v[k]:.1f}" for k in keys), v["lesions"], v["refused"]["reason"] if v["refused"] else "")
        for name, v in sorted(found.items(), key=lambda kv: -(kv[1]["agatston"] or 0))
    ]  # fmt: skip
    head = ("label", "Agatston", "volume, mm3", "mass, mg", "integrated mass, mg", "lesions", "refused")
    return table(head, lines, numeric=(1, 2, 3, 4, 5))


def _change(change: dict[str, Any]) -> str:
    if change.get("refused"):
        return f"<p class=bad>{escape(change['refused']['reason'])}</p>"
    head = ("rule", "difference", "limit", "beyond chance")
    below = "".join(f"<p>{escape(change[k])}</p>" for k in ("note",) if change.get(k))
    if change["differences_of_the_scans"]:
        words = "; ".join(change["differences_of_the_scans"])
        below += f"<p class='card flag'>The scans differ, which moves a score by itself: {escape(words)}.</p>"
    return table(head, change_rows(change), numeric=(1, 2)) + below


def _candidates(found: list[dict[str, Any]], result: Any) -> str:
    by = {z.number: z for z in result.lesions}
    lines = [
        (c["lesion"], "{:.0f}, {:.0f}, {:.0f}".format(*by[c["lesion"]].position), f"{by[c['lesion']].volume_mm3:.0f}",
         f"{by[c['lesion']].peak_hu:.0f}", _number(c["bone_distance_mm"]), _number(c["depth_mm"]), "yes" if c["beside_bone"] else "")
        for c in found[:MOST]
    ]  # fmt: skip
    head = ("lesion", "slice, row, column", "volume, mm3", "peak, HU", "from bone, mm", "below skin, mm", "beside bone")
    words = "<p>Calcium-like density outside bone. A candidate is no diagnosis: contents of gut, vessels with contrast and noise are among them.</p>"
    return words + table(head, lines, numeric=(2, 3, 4, 5))


def _number(v: float | None) -> str:
    return "" if v is None else f"{v:.0f}"


def _lesion_table(result: Any, shown: set[int]) -> str:
    head = (
        "no.", "slice, row, column", "slices", "area, mm2", "volume, mm3", "peak, HU", "mean, HU", "weight", "Agatston", "mass, mg",
    )  # fmt: skip

    def place(z: Any) -> str:
        words = "{:.1f}, {:.1f}, {:.1f}".format(*z.position)
        s = round(z.position[0])
        return Html(f"<a href='#slice{s}'>{words}</a>") if s in shown else words

    body = [
        (z.number, place(z), f"{z.slices[0]}-{z.slices[1]}", f"{z.area_mm2:.1f}", f"{z.volume_mm3:.1f}", f"{z.peak_hu:.0f}",
         f"{z.mean_hu:.0f}", z.weight, f"{z.agatston:.2f}", f"{z.mass_mg:.2f}")
        for z in result.lesions[:MOST]
    ]  # fmt: skip
    more = f"<p class=mute>{len(result.lesions) - MOST} more in lesions.csv</p>" if len(result.lesions) > MOST else ""
    return table(head, body, numeric=tuple(range(3, 10))) + more
