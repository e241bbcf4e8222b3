"""Which format a file is: exactly one must recognise it, or it is refused with what was looked for."""

from __future__ import annotations

from pathlib import Path

import fetuin.assays.formats
from fetuin.assays.formats.cells import place
from fetuin.assays.formats.contract import Format
from fetuin.assays.formats.document import Document, open_document
from fetuin.assays.plate import Plate
from fetuin.catalog import entries
from fetuin.errors import FormatError


def formats() -> dict[str, Format]:
    """Every format of this folder, by file name."""
    return entries(fetuin.assays.formats, "FORMAT")


def recognise(document: Document) -> tuple[str, str]:
    """(format name, reason). Raises FormatError where no format, or more than one, knows the file."""
    known = formats()
    found = {name: why for name, f in known.items() if (why := f.recognise(document))}
    if len(found) == 1:
        return next(iter(found.items()))
    where = place(document.name, 0, 0)
    if found:
        raise FormatError(
            f"The file looks like more than one format: {', '.join(found)}; expected exactly one.", where=where,
            why="; ".join(f"{n}: {w}" for n, w in found.items()), fix="export it again, one format in one file",
        )  # fmt: skip
    first = next(document.lines(), "")[:80]
    raise FormatError(
        "No plate-reader format recognises the file; expected one of: " + ", ".join(known) + ".", where=where,
        why=f"the file begins with {first!r}. Looked for: " + "; ".join(f"{f.title}: {f.looks_for}" for f in known.values()),
        fix="export kinetic data from the reader's program, or write a wide CSV: 'well', then one column a time in minutes",
    )  # fmt: skip


def read_plates(path: str | Path) -> list[Plate]:
    """Every plate and read of a file. Raises FormatError, InputError (file, row, column, expected) or LimitError."""
    document = open_document(path)
    name, _ = recognise(document)
    return formats()[name].read(document)


def measured(plates: list[Plate]) -> list[Plate]:
    """The plates that the instrument measured; those that its program calculated only where there is nothing else."""
    return [p for p in plates if "calculated" not in p.metadata] or plates
