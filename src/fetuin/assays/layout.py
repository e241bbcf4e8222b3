"""The plate map: which sample, control or blank is in which well, in CSV or XLSX, as a grid or as a list.

A list has a heading row with `well` and any of: sample, group, role, lot, dilution, comment. A grid has the column
numbers in its first row and the row letters in its first column; several grids in one file are titled by the line
above each (sample, group, role, lot, dilution, comment). Roles: sample, blank, control_low, control_mid,
control_high, empty. A randomised layout is a list like any other; `randomised` makes one from a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fetuin.assays.plate import FORMATS, row_column, well_name
from fetuin.errors import InputError, UsageError

SIZES = (96, 384)
ROLES = ("sample", "blank", "control_low", "control_mid", "control_high", "empty")
CONTROLS = ROLES[2:5]
SAME_ROLE = {
    "": "sample", "unknown": "sample", "spl": "sample", "specimen": "sample", "unk": "sample",
    "blk": "blank", "buffer": "blank", "background": "blank",
    "low": "control_low", "control low": "control_low", "low control": "control_low", "qc low": "control_low",
    "mid": "control_mid", "medium": "control_mid", "control mid": "control_mid", "mid control": "control_mid",
    "control medium": "control_mid", "qc mid": "control_mid", "high": "control_high", "control high": "control_high",
    "high control": "control_high", "qc high": "control_high", "none": "empty", "unused": "empty", "-": "empty",
}  # fmt: skip


@dataclass(frozen=True)
class Well:
    """What the plate map says of one well. `group` joins replicates (the sample's name where none is given)."""

    well: str
    sample: str
    role: str = "sample"
    group: str = ""
    lot: str = ""
    dilution: float = 1.0
    comment: str = ""


@dataclass(frozen=True)
class Layout:
    """A plate map: {well: Well}, for 96 or 384 wells."""

    wells: Mapping[str, Well]
    size: int = 96
    source: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wells", MappingProxyType(dict(self.wells)))
        _check(self)

    def __getitem__(self, well: str) -> Well:
        """The entry of a well; an unnamed sample where the map is silent."""
        name = well_name(well)
        return self.wells.get(name) or Well(name, "")

    def role(self, role: str) -> list[str]:
        """The wells of one role, in plate order."""
        return [w for w, e in self.wells.items() if e.role == role]

    def replicates(self) -> dict[str, list[str]]:
        """{replicate group: its wells} of samples and controls; wells of no group and no name stand alone."""
        out: dict[str, list[str]] = {}
        for well, entry in self.wells.items():
            if entry.role not in ("blank", "empty"):
                out.setdefault(entry.group or entry.sample or well, []).append(well)
        return out

    def match(self, wells: Iterable[str]) -> None:
        """Raise InputError naming every well that the map fills and the plate did not read."""
        read = {well_name(w) for w in wells}
        lost = [w for w, e in self.wells.items() if e.role != "empty" and w not in read]
        if lost:
            raise InputError(
                f"The layout names {len(lost)} wells that the plate did not read: {', '.join(lost[:12])}"
                + (" ..." if len(lost) > 12 else "") + ".",
                where=f"{self.source or 'layout'}, well {lost[0]}", why="the plate file has no reads of them",
                fix="use the layout of this plate, or mark these wells 'empty'",
            )  # fmt: skip

    def csv(self) -> str:
        """The map as a CSV list, as `read_layout` takes it."""
        import csv
        import io

        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["well", "sample", "group", "role", "lot", "dilution", "comment"])
        for e in self.wells.values():
            writer.writerow([e.well, e.sample, e.group, e.role, e.lot, f"{e.dilution:g}", e.comment])
        return out.getvalue()


def role_of(words: str) -> str | None:
    """The role that the words mean, or None."""
    low = " ".join(words.lower().replace("_", " ").split())
    return SAME_ROLE.get(low) or next((r for r in ROLES if r.replace("_", " ") == low), None)


def make_well(name: str, given: Mapping[str, Any], refuse: Callable[[str, str], InputError]) -> Well:
    """A `Well` from the texts of a file; `refuse(field, expected)` makes the error for one field of this well."""
    sample = str(given.get("sample", "")).strip()
    words = str(given.get("role", "")).strip()
    role = role_of(words)
    if role is None:
        raise refuse("role", f"one of {', '.join(ROLES)}")
    if not words and sample:  # a sample that is called "blank" or "control low" says its role itself
        role = role_of(sample) or "sample"
    if role == "sample" and not sample:
        role = "empty" if not str(given.get("group", "")).strip() else role
    dilution = given.get("dilution", 1.0)
    if dilution in ("", None):
        dilution = 1.0
    if isinstance(dilution, str) or not 0 < float(dilution) <= 1e6:
        raise refuse("dilution", "a dilution factor above 0, such as 2 for 1:2")
    texts = {k: str(given.get(k, "")).strip() for k in ("group", "lot", "comment")}
    return Well(
        name, sample or role.replace("_", " ") if role != "empty" else "", role, dilution=float(dilution), **texts
    )


def read_layout(path: str | Path, *, size: int | None = None) -> Layout:
    """Read a plate map. Errors name the file, the cell and the well. `size` 96 or 384; by default the smaller that fits."""
    from fetuin.assays.layout_files import entries

    if size is not None and size not in SIZES:
        raise UsageError(f"{size} is not a plate size; expected 96 or 384.")
    made, source = entries(path)
    rows_columns = [row_column(w) for w in made]
    if size is None:
        size = 96 if all(r < 8 and c < 12 for r, c in rows_columns) else 384
    ordered = dict(sorted(made.items(), key=lambda kv: row_column(kv[0])))
    return Layout(ordered, size, source)


def _check(layout: Layout) -> None:
    if layout.size not in SIZES:
        raise InputError(f"{layout.size} is not a plate size; expected 96 or 384.", where=layout.source)
    rows, columns = FORMATS[layout.size]
    for well in layout.wells:
        r, c = row_column(well)
        if r >= rows or c >= columns:
            raise InputError(
                f"Well {well} is not on a plate of {layout.size} wells.", where=f"{layout.source}, well {well}",
                why=f"it has rows A to {chr(64 + rows)} and columns 1 to {columns}", fix="correct the well or the size",
            )  # fmt: skip
    for group, wells in layout.replicates().items():
        first = layout.wells[wells[0]]
        for well in wells[1:]:
            entry = layout.wells[well]
            for what in ("sample", "role", "lot", "dilution"):
                if getattr(entry, what) != getattr(first, what) and entry.group:
                    raise InputError(
                        f"Well {well} is in replicate group '{group}' with {what} '{getattr(entry, what)}', but well "
                        f"{first.well} has '{getattr(first, what)}'.", where=f"{layout.source}, well {well}",
                        why="replicates are the same sample at the same dilution", fix="give them different groups",
                    )  # fmt: skip


def randomised(
    samples: Iterable[str], *, replicates: int = 3, controls: int = 2, blanks: int = 2, size: int = 96, lot: str = "",
    seed: int,
) -> Layout:  # fmt: skip
    """A layout with samples, `controls` wells of each control level and `blanks`, in an order drawn from `seed`."""
    import numpy as np

    named = list(dict.fromkeys(samples))
    each = [Well("", s, group=s, lot=lot) for s in named for _ in range(replicates)]
    each += [Well("", r.replace("_", " "), r, group=r, lot=lot) for r in CONTROLS for _ in range(controls)]
    each += [Well("", "blank", "blank", lot=lot) for _ in range(blanks)]
    if size not in SIZES or len(each) > size or replicates < 1 or min(controls, blanks) < 0:
        raise UsageError(
            f"{len(named)} samples in {replicates} wells with {3 * controls} controls and {blanks} blanks take "
            f"{len(each)} wells of a plate of {size}.", fix="fewer samples or replicates, or size=384",
        )  # fmt: skip
    rows, columns = FORMATS[size]
    places = [f"{chr(65 + r)}{c + 1:02d}" for r in range(rows) for c in range(columns)]
    drawn = np.random.default_rng(seed).permutation(size)[: len(each)]
    placed = sorted(((places[int(k)], e) for k, e in zip(drawn, each)), key=lambda p: row_column(p[0]))
    return Layout({w: replace(e, well=w) for w, e in placed}, size, f"randomised, seed {seed}")
