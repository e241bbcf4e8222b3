"""`fetuin t50`: measure T50 from plates; simulate plates with known truth; predict T50 from a serum; lay out a plate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from fetuin.cli.output import console, emit, ensure_dir, progress, research_use, written
from fetuin.cli.t50_controls import controls
from fetuin.cli.t50_predict import predict
from fetuin.errors import FetuinError, UsageError

command = App(
    name="t50", help="T50 from plate-reader files: half time of the CPP1-to-CPP2 transition, with its interval."
)
NAMES = ("well", "sample", "t50_min", "ci_low", "ci_high", "censored", "model", "flags")


@command.default
def measure(
    *plates: Path,
    layout: Path | None = None,
    model: str = "5pl",
    read: str = "",
    out: Path | None = None,
    exclude: Annotated[list[str], Parameter(negative="", consume_multiple=False)] = [],  # noqa: B006 (cyclopts reads it)
    who: str = "",
    why: str = "",
    json: bool = False,
) -> int:
    """Measure T50 in every well of one or more plates.

    Parameters
    ----------
    plates
        Exports of BMG MARS or SMART Control, Gen5, SoftMax Pro, Tecan, SkanIt; tidy or wide CSV and XLSX.
    layout
        The plate map (CSV, XLSX): sample, group, role (blank, control_low, control_mid, control_high), lot, dilution.
    model
        The curve: 4pl, 5pl, jmak, finke-watzky, double, or auto (the least AICc in each well).
    read
        Only the reads whose title holds this text (a Gen5 file has several).
    out
        A folder for the HTML report, CSV, XLSX, JSON, Allotrope ASM, FHIR and the audit record of every plate.
    exclude
        A well (B03) or its reads in a range of minutes (B03@120-150) to leave out; needs --who and --why.
    who
        Who leaves them out: goes into the result and the audit record.
    why
        The reason for leaving them out.
    json
        Print one JSON object: {"wells": [{well, sample, t50_min, ci_low, ci_high, censored, model, flags}]}.
    """
    if not plates:
        raise UsageError("No plate was given.", fix="fetuin t50 PLATE.xlsx, or fetuin t50 --help")
    from fetuin.cli.t50_files import measure_all

    cut = _exclusions(exclude, who, why)
    done, failed = measure_all(progress(plates, "plates", len(plates)), layout, model, read, cut)
    if failed and not done and len(plates) == 1:
        raise failed[0][1]
    if out is not None:
        from fetuin.cli.t50_files import write_all

        for path in write_all(done, ensure_dir(out), cut):
            written(path)
    if json:
        emit("t50/1", _body(done, failed))
    else:
        _show(done, failed)
    return failed[0][1].exit_code if failed else 0


def _exclusions(texts: list[str], who: str, why: str) -> list[tuple[str, float | None, float | None, str, str]]:
    """[(well, first minute, last minute, reason, name)] of B03 and B03@120-150."""
    if texts and not (who.strip() and why.strip()):
        raise UsageError("--exclude needs --who and --why.", why="nothing is left out without a name and a reason")
    from fetuin.assays.plate import well_name

    found: list[tuple[str, float | None, float | None, str, str]] = []
    for text in texts:
        well, mark, span = text.partition("@")
        first, dash, last = span.partition("-")
        try:
            times = (float(first), float(last if dash else first)) if mark else (None, None)
        except ValueError:
            raise UsageError(f"'{text}' does not say what to leave out.", fix="B03 or B03@120-150 (minutes)") from None
        found.append((well_name(well), *times, why.strip(), who.strip()))
    return found


def _body(done: list[Any], failed: list[tuple[Path, FetuinError]]) -> dict[str, Any]:
    """The wells of all plates in one list, each with its plate; and what else was found."""
    many = len(done) > 1
    wells, plates = [], []
    for one in done:
        whole = one.to_dict()
        where = {"plate": one.plate.name, "read": one.plate.metadata.get("read", ""), "source": one.plate.source}
        wells += [w | where if many else w for w in whole.pop("wells")]
        plates.append(whole | {"read": where["read"], "n_wells": len(one.wells)})
    errors = [{"file": p.name} | e.to_dict() for p, e in failed]
    return {"wells": wells, "plates": plates} | ({"errors": errors} if errors else {})


def _show(done: list[Any], failed: list[tuple[Path, FetuinError]]) -> None:
    """The results as tables for people."""
    from rich.table import Table

    screen = console(stderr=False)
    for one in done:
        table = Table(title=f"{one.plate.name}  {one.plate.metadata.get('read', '')}".strip(), title_justify="left")
        for name in ("well", "sample", "T50", "model", "flags"):
            table.add_column(name)
        for w in one.wells:
            table.add_row(w.well, w.sample, w.text, w.model, ", ".join(f.kind for f in w.flags))
        screen.print(table)
        told = sum(w.t50_min is not None for w in one.wells)
        screen.print(f"{told} of {len(one.wells)} wells reported, {sum(w.censored for w in one.wells)} beyond the run")
        for flag in one.flags:
            screen.print(f"plate: {flag.kind}: {flag.reason}")
    for path, error in failed:
        screen.print(f"{path.name}: {error.message()}", markup=False)
    research_use()


@command.command
def formats(*, json: bool = False) -> int:
    """List the plate-reader formats that are read, what each is recognised by, and how well it is tried."""
    from fetuin.assays.formats.recognition import formats as known

    rows = [{"name": n, "title": f.title, "maturity": f.maturity, "looks_for": f.looks_for} for n, f in known().items()]
    if json:
        emit("formats/1", {"formats": rows})
    else:
        for r in rows:
            print(f"{r['name']:10} {r['maturity']:12} {r['title']}: {r['looks_for']}")
        research_use()
    return 0


@command.command
def simulate(
    *,
    seed: int,
    out: Path,
    mode: str = "full",
    wells: int = 384,
    points: int = 145,
    minutes: float = 600.0,
    offset_known: bool = False,
    json: bool = False,
) -> int:
    """Write a simulated plate (`.csv.gz`, wide layout) and its truth, drawn from a seed.

    Parameters
    ----------
    seed
        The same seed gives the same plate.
    out
        The folder for the two files.
    mode
        clean (logistic), asym (asymmetric), full (with artefacts), harsh (with more of them).
    wells, points, minutes
        96 or 384 wells; reads of each well; length of the run.
    offset_known
        Write the read offset of every well into the file (column read_offset_min).
    """
    from fetuin.assays.simulate_plate import simulate as draw
    from fetuin.assays.simulate_plate import write

    made = draw(seed, mode, wells=wells, points=points, minutes=minutes, offset_known=offset_known)
    files = write(made, ensure_dir(out))
    if json:
        emit(
            "t50-simulate/1",
            {"plate": str(files[0]), "truth": str(files[1]), "seed": seed, "mode": mode, "wells": wells},
        )
        return 0
    for path in files:
        written(path)
    research_use()
    return 0


@command.command
def layout(
    samples: Path,
    *,
    seed: int,
    out: Path,
    replicates: int = 3,
    controls: int = 2,
    blanks: int = 2,
    size: int = 96,
    lot: str = "",
    json: bool = False,
) -> int:
    """Write a randomised plate map for the samples in a text file (one name a line).

    Parameters
    ----------
    samples
        A text file with one sample name a line.
    seed
        The same seed gives the same map.
    out
        The CSV file to write, as --layout takes it.
    replicates, controls, blanks
        Wells a sample, wells a control level (low, mid, high), blank wells.
    size
        96 or 384.
    lot
        The reagent lot, written into every row.
    """
    from fetuin.assays.formats.decode import decode, load
    from fetuin.assays.layout import randomised

    names = [line.strip() for line in decode(samples.name, load(samples))[0].splitlines() if line.strip()]
    if not names:
        raise UsageError("The file names no sample.", where=samples.name, fix="one sample name a line")
    made = randomised(names, replicates=replicates, controls=controls, blanks=blanks, size=size, lot=lot, seed=seed)
    ensure_dir(out.parent)
    out.write_text(made.csv(), encoding="utf-8")
    if json:
        emit("t50-layout/1", {"file": str(out), "seed": seed, "size": size, "wells": len(made.wells)})
        return 0
    written(out)
    research_use()
    return 0


command.command(predict)


command.command(controls)
