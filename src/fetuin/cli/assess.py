"""`fetuin assess`: read records, say what kind of calcification it is, how sure and why, and what to ask next."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from fetuin.cli.output import console, emit, progress, research_use, written
from fetuin.errors import FetuinError, UsageError

if TYPE_CHECKING:
    from fetuin.diagnosis import Assessment
    from fetuin.records import Record

FEW = 20  # records whose values are read mechanistically without being asked
Result = tuple["Assessment", Path, int]  # the answer, its file, the number of the person in the file


def _records(path: Path) -> Iterator[Record]:
    """The records of a file, or of standard input where the file is called `-`."""
    from fetuin.records import read_bytes, read_records

    return read_bytes(sys.stdin.buffer.read(), "stdin") if str(path) == "-" else read_records(path)


def _of_file(path: Path, setting: str, hide: str | None, failures: list[dict[str, Any]]) -> Iterator[Result]:
    """One assessment a person; a file that cannot be read is a failure that names it, and the others go on."""
    import fetuin

    try:
        for number, record in enumerate(_records(path), 1):
            yield fetuin.assess(record, setting=setting, hide_tissue=hide == "tissue"), path, number
    except UsageError:
        raise
    except FetuinError as error:
        failures.append({"file": str(path), "exit_code": error.exit_code} | error.to_dict())
        console().print(f"{path}\n{error.message()}", markup=False, soft_wrap=True)


def _readings(found: list[Result], wanted: bool | None) -> list[Any]:
    """The mechanistic reading of each record, None where it was not asked for."""
    if wanted is False or (wanted is None and len(found) > FEW):
        return [None] * len(found)
    from fetuin.mechanism import read

    return [read(a.record, a) for a, _, _ in found]


def _body(found: list[Result], readings: list[Any], failures: list[dict[str, Any]]) -> dict[str, Any]:
    assessments = [
        {"file": str(path), "person": number} | a.to_dict() | ({"mechanistic": r.to_dict()} if r is not None else {})
        for (a, path, number), r in zip(found, readings, strict=True)
    ]
    return {"assessments": assessments, "failures": failures}


def _write(found: list[Result], readings: list[Any], out: Path) -> Path:
    from fetuin.reports.folder import Item, write_folder

    several = {path for _, path, number in found if number > 1}
    items = (
        Item(a, f"{path.stem}-{a.record_id or number}" if path in several else path.stem, path.name, reading=r)
        for (a, path, number), r in zip(found, readings, strict=True)
    )
    words = f"{len(found)} records, each assessed on its own; open one for the evidence behind its answer."
    return write_folder(items, out, title="What kind of calcification?", words=words)[0]


def command(
    *files: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    setting: Annotated[str, Parameter(name=["--setting", "-s"])] = "general",
    hide: Literal["tissue"] | None = None,
    mechanism: bool | None = None,
    out: Path | None = None,
    json: bool = False,
) -> int:
    """Assess the records in one or more files: FHIR bundle or NDJSON, phenopacket, tidy CSV, published-case JSON Lines.

    Parameters
    ----------
    files
        Files to read; each may hold several persons. `-` is standard input.
    setting
        Where the person is seen, which sets the prior: general, dialysis_unit, dermatology, endocrine, paediatrics,
        pathology_finding.
    hide
        Leave the state of the tissue out: it often leaks the diagnosis.
    mechanism
        Read the values mechanistically too: which lesion of the body would give them, beside the probabilities. Done for up
        to 20 records where values suffice, unless `--no-mechanism`; `--mechanism` asks for it for any number.
    out
        Folder for the report: one HTML page, one JSON and one FHIR bundle a person, and an index.
    json
        Print one JSON object (schema fetuin.assess/1) on stdout.
    """
    if not files:
        raise UsageError("No file was named.", where="fetuin assess", fix="fetuin assess FILE..., or: fetuin demo")
    if unknown := [str(f) for f in files if str(f).startswith("-") and str(f) != "-"]:
        raise UsageError(f"There is no option {unknown[0]}.", where="fetuin assess", fix="fetuin assess --help")
    failures: list[dict[str, Any]] = []
    found = [r for path in progress(files, "assessing") for r in _of_file(path, setting, hide, failures)]
    readings = _readings(found, mechanism) if json or out or mechanism else [None] * len(found)
    if json:
        emit("assess/1", _body(found, readings, failures))
    else:
        answer = console(stderr=False)
        for (a, _, _), r in zip(found, readings, strict=True):
            answer.print(a)
            if r is not None and r.candidates:
                answer.print(f"By mechanism: {r.agreement}", markup=False)
    if out and found:
        written(_write(found, readings, out))
    research_use()
    return int(failures[0]["exit_code"]) if failures else 0
