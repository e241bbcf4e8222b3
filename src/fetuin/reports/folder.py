"""A folder of reports: one page, one JSON and one FHIR bundle for each assessment, and an index where there are several."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from fetuin.diagnosis.assessment import Assessment
from fetuin.mechanism.reading import Reading
from fetuin.reports.assessment import report, summary_row
from fetuin.reports.fhir_assessment import assessment_to_fhir
from fetuin.reports.page import Html, escape, page, table, write_page

LONGEST = 60  # characters of a file name


class Item(NamedTuple):
    """One assessment to write: under which file name, where its record comes from, and the title of its page."""

    assessment: Assessment
    name: str
    source: str
    title: str = ""
    reading: Reading | None = None


class Written(NamedTuple):
    """One assessment and where it lies."""

    item: Item
    page: Path

    @property
    def assessment(self) -> Assessment:
        """The assessment itself."""
        return self.item.assessment


def slug(words: str) -> str:
    """A name that is a safe file name anywhere: small letters, digits and dashes; never empty, never a path."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:LONGEST].strip("-") or "record"


def unique(words: str, taken: set[str]) -> str:
    """`slug`, with a number where the name is taken."""
    name, k = slug(words), 2
    while name in taken:
        name, k = f"{slug(words)}-{k}", k + 1
    taken.add(name)
    return name


def write_one(item: Item, folder: Path, name: str) -> Written:
    """The page, the JSON and the FHIR bundle of one assessment."""
    a = item.assessment
    path = write_page(folder / f"{name}.html", report(a, source=item.source, title=item.title, reading=item.reading))
    more = {"mechanistic": item.reading.to_dict()} if item.reading is not None else {}
    write_page(folder / f"{name}.json", json.dumps(a.to_dict() | more, ensure_ascii=False, indent=1))
    write_page(folder / f"{name}.fhir.json", json.dumps(assessment_to_fhir(a), ensure_ascii=False, indent=1))
    return Written(item, path)


def index(written: Iterable[Written], title: str, words: str) -> str:
    """A page that leads to the others: record, answer, how sure, what to ask next, where the record comes from."""
    lines = []
    for w in written:
        name, answer, sure, ask = summary_row(w.assessment)
        link = Html(f'<a href="{escape(w.page.name)}">{escape(w.item.title or name or w.page.stem)}</a>')
        lines.append((link, answer, Html(escape(sure).replace(" %", "&nbsp;%")), ask, w.item.source))
    body = table(("record", "answer", "how sure", "ask next", "where the record comes from"), lines)
    return page(title, [("Records", f"<p>{escape(words)}</p>{body}")])


def write_folder(found: Iterable[Item], folder: Path, *, title: str, words: str) -> tuple[Path, list[Written]]:
    """Write each item as it comes; returns the page to open first and everything written."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = {"index"}
    written = [write_one(item, folder, unique(item.name, taken)) for item in found]
    if len(written) == 1:
        return written[0].page, written
    return write_page(folder / "index.html", index(written, title, words)), written
