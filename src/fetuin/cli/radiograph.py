"""`fetuin radiograph`: the calcified area of regions of a radiograph, or the scores of a filled scoring sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from fetuin.cli.output import console, emit, ensure_dir, research_use, written
from fetuin.errors import UsageError

Several = Annotated[list[str] | None, Parameter(consume_multiple=False)]


def command(
    file: Path | None = None,
    *,
    region: Several = None,
    wedge: Several = None,
    sheet: str = "",
    series: str = "",
    json: bool = False,
    out: Path | None = None,
) -> int:
    """Measure a radiograph, or score a filled AAC-24 or hand-calcinosis sheet with the agreement of its readers.

    Parameters
    ----------
    file
        A DICOM radiograph; or a CSV of a filled sheet. Without it, --sheet writes a blank one.
    region
        "name:row0-row1,col0-col1" in pixels from 0; repeat it.
    wedge
        A step of an aluminium wedge on the film, "mm:row0-row1,col0-col1"; three or more calibrate the density.
    sheet
        aac24 or hand_calcinosis.
    series
        SeriesInstanceUID where a folder holds several.
    json
        One JSON object on stdout.
    out
        Folder for radiograph.json, tables, the picture and report.html; or for the blank sheet.
    """
    if file is None:
        return _blank(sheet, out)
    if file.suffix.lower() == ".csv":
        from fetuin.imaging.scoring import result

        body, picture = result(file, sheet), None
    else:
        body, picture = _film(file, region or [], wedge or [], series)
    from fetuin.reports import radiograph as report

    if out:
        for path in report.write_radiograph(ensure_dir(out), body, picture):
            written(path)
    if json:
        emit("radiograph/1", body)
    else:
        console(stderr=False).print(report.as_table(body))
    research_use()
    return 0


def _blank(sheet: str, out: Path | None) -> int:
    from fetuin.imaging.scoring import blank, sheets

    if not sheet:
        raise UsageError(
            "no file", where="FILE", fix=f"pass a radiograph or a sheet; blanks: --sheet {' or '.join(sheets())}"
        )
    text = blank(sheet)
    if out:
        path = ensure_dir(out) / f"{sheet}.csv"
        path.write_text(text, "utf-8")
        written(path)
    else:
        print(text, end="")
    research_use()
    return 0


def _film(file: Path, regions: list[str], steps: list[str], series: str) -> tuple[dict[str, Any], Any]:
    from fetuin.imaging import load
    from fetuin.imaging.modalities import radiograph
    from fetuin.imaging.regions import parse

    film = radiograph.film(load(file, series=series, unit="1"))
    drawn = [parse(r) for r in regions]
    scale = radiograph.wedge(film, [_step(s) for s in steps]) if steps else None
    body, mask = radiograph.summary(film, drawn, scale)
    return body, (radiograph.windowed(film), drawn, mask)


def _step(text: str) -> tuple[Any, float]:
    from fetuin.imaging.regions import parse

    region = parse(text)
    try:
        return region, float(region.name)
    except ValueError:
        raise UsageError(
            "a step without its thickness",
            where=f"--wedge {text!r}",
            fix='for example --wedge "2:10-20,30-40" for 2 mm',
        ) from None
