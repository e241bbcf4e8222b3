"""What `fetuin t50` does with files: read and measure each plate, write each plate's reports. No command of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fetuin.errors import FetuinError, InputError

Cut = tuple[str, float | None, float | None, str, str]


def measure_all(
    paths: Iterable[Path], layout: Path | None, model: str, read: str, cut: list[Cut]
) -> tuple[list[Any], list[tuple[Path, FetuinError]]]:
    """(results, failures): one result for every plate and read; a file that fails does not stop the others."""
    from fetuin.assays.layout import read_layout
    from fetuin.assays.t50 import measure

    plan = read_layout(layout) if layout is not None else None
    now = datetime.now(UTC).isoformat(timespec="seconds")
    done, failed = [], []
    for path in paths:
        try:
            for plate in plates_of(path, read):
                mine = exclusions(plate, cut, now)
                done.append(measure(plate, plan or plan_of(plate), model, at=now, exclude=mine))
        except FetuinError as error:
            failed.append((path, error))
    return done, failed


def plates_of(path: Path, read: str) -> list[Any]:
    """The measured plates of a file, those whose read title holds `read`."""
    from fetuin.assays.formats.recognition import measured, read_plates

    plates = read_plates(path)
    if not read:
        return measured(plates)
    chosen = [p for p in plates if read.lower() in p.metadata.get("read", "").lower()]
    if not chosen:
        titles = ", ".join(p.metadata.get("read", "(no title)") for p in plates)
        raise InputError(
            f"No read is called '{read}'.", where=path.name, why=f"the file has: {titles}", fix="choose one of these"
        )
    return chosen


def plan_of(plate: Any) -> Any:
    """The plate map that the file itself holds, or None. Names that say blank or control give the role."""
    from fetuin.assays.layout import Layout, make_well

    named = {k.partition(" ")[2]: v for k, v in plate.metadata.items() if k.startswith("content ")}
    if not named:
        return None

    def role(name: str) -> str:
        """Readers number their blanks: 'Blank B', 'BLK1'."""
        return "blank" if name.lower().startswith(("blank", "blk")) else ""

    given = {w: {"sample": named[w], "role": role(named[w])} for w in plate.wells if w in named}
    wells = {w: make_well(w, g, lambda f, e: InputError(f"{f}: {e}")) for w, g in given.items()}
    size = 96 if plate.shape[0] * plate.shape[1] <= 96 else 384
    return Layout(wells, size, plate.source)


def exclusions(plate: Any, cut: list[Cut], at: str) -> list[Any]:
    """The exclusions of a person as the wells and reads of this plate. A well the plate lacks is an error."""
    import numpy as np

    from fetuin.assays.t50 import Exclusion

    found = []
    for well, first, last, why, who in cut:
        row = plate.index(well)
        if first is None or last is None:
            found.append(Exclusion(well, None, why, who, at))
            continue
        minutes = plate.minutes[row]
        inside = minutes[np.isfinite(plate.reads[row]) & (minutes >= first) & (minutes <= last)]
        if not inside.size:
            raise InputError(
                f"Well {well} has no read between {first:g} and {last:g} min.", where=plate.source,
                why=f"its reads are from {np.nanmin(minutes):.1f} to {np.nanmax(minutes):.1f} min", fix="give minutes of the run",
            )  # fmt: skip
        found += [Exclusion(well, float(t), why, who, at) for t in inside]
    return found


def write_all(results: list[Any], folder: Path, cut: list[Cut]) -> list[Path]:
    """Write every plate's report, tables, ASM, FHIR and the audit record. Returns the files, in the order written."""
    from fetuin.assays.exports import allotrope, fhir, tables
    from fetuin.reports.page import write_page
    from fetuin.reports.plate import report

    out: list[Path] = []
    used: set[str] = set()
    for one in results:
        stem = _stem(one.plate, used)
        out.append(write_page(folder / f"{stem}.html", report(one)))
        out.append(tables.write_csv(folder / f"{stem}.csv", one))
        out.append(tables.write_xlsx(folder / f"{stem}.xlsx", one))
        out.append(allotrope.write(folder / f"{stem}.asm.json", one))
        out.append(fhir.write(folder / f"{stem}.fhir.json", one))
        out.append(tables.write_json(folder / f"{stem}.json", one))
        _audit(folder / "audit.jsonl", one)
    if (folder / "audit.jsonl").exists():
        out.append(folder / "audit.jsonl")
    return out


def _stem(plate: Any, used: set[str]) -> str:
    """A safe file name: the plate file's name, and the read where the file has several."""
    base = re.sub(r"\.(csv|txt|tsv|xlsx|gz)$", "", re.sub(r"\.gz$", "", plate.source))
    words = [base, "" if plate.name in base else plate.name, plate.metadata.get("read", "")]
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", base)[:80]
    if stem in used:
        stem = re.sub(r"[^A-Za-z0-9_-]+", "_", "_".join(w for w in words if w))[:120]
    k = 2
    plain = stem
    while stem in used:
        stem, k = f"{plain}_{k}", k + 1
    used.add(stem)
    return stem


def _audit(path: Path, result: Any) -> None:
    """One entry for the measurement, one for every exclusion by a person and one for what the fit left out of a well."""
    from fetuin.assays.audit import append

    plate = f"{result.plate.source}, plate {result.plate.name}"
    reported = sum(w.t50_min is not None for w in result.wells)
    append(path, who=f"fetuin {result.version}", what="measured", subject=plate, why="fetuin t50",
           after={"wells": len(result.wells), "reported": reported})  # fmt: skip
    automatic: dict[str, list[float]] = {}
    for e in result.exclusions:
        if e.by.startswith("fetuin "):
            automatic.setdefault(e.well, []).append(e.minute)
            continue
        where = f"{plate}, well {e.well}" + (f", {e.minute:g} min" if e.minute is not None else "")
        row = result.plate.index(e.well)
        before: Any = "used"
        if e.minute is not None:
            at = int(abs(result.plate.minutes[row] - e.minute).argmin())
            before = {"read": float(result.plate.reads[row, at])}
        append(path, who=e.by, what="excluded", subject=where, why=e.reason, before=before, after="left out")
    if automatic:
        append(path, who=f"fetuin {result.version}", what="left out by the robust fit", subject=plate,
               why="outliers, each with its reason in the result", before="used", after=automatic)  # fmt: skip
