"""Files of a trial: CSV, Parquet and SAS transport version 5 with labels, the same bytes each time; RTF tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fetuin.errors import InputError, MissingExtraError
from fetuin.notice import RESEARCH_USE

if TYPE_CHECKING:
    import pandas as pd

    from fetuin.trials.analyse import Analysis
    from fetuin.trials.result import TrialResult

STAMP = re.compile(rb"\d{2}[A-Z]{3}\d{2}:\d{2}:\d{2}:\d{2}")  # of a transport file: when it was written
ALWAYS = b"01JAN00:00:00:00"


def write_table(name: str, table: pd.DataFrame, folder: Path, labels: Mapping[str, str]) -> list[Path]:
    """One table three times. InputError where a name or label is longer than transport version 5 takes."""
    folder.mkdir(parents=True, exist_ok=True)
    for column in table.columns:
        if len(column) > 8 or not column.isupper() or len(labels[column]) > 40:
            raise InputError(
                f"{column} cannot be a column of a transport file.",
                where=name,
                why="8 capitals and a label of 40",
                fix="shorten it",
            )
    files = [folder / f"{name.lower()}.{end}" for end in ("csv", "parquet", "xpt")]
    table.to_csv(files[0], index=False, lineterminator="\n")
    _parquet(table, files[1])
    _transport(name, table, files[2], labels)
    return files


def _parquet(table: pd.DataFrame, path: Path) -> None:
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError("duckdb", "trial") from error
    with duckdb.connect() as connection:
        connection.register("rows_", table)
        connection.execute(
            f"copy (select * from rows_) to '{str(path).replace(chr(39), chr(39) * 2)}' (format parquet)"
        )


def _transport(name: str, table: pd.DataFrame, path: Path, labels: Mapping[str, str]) -> None:
    try:
        import pyreadstat
    except ImportError as error:
        raise MissingExtraError("pyreadstat", "trial") from error
    dates = {c: "DATE9." for c in table.columns if c.endswith("DT")}
    pyreadstat.write_xport(
        table, str(path), file_label=name, column_labels={c: labels[c] for c in table.columns}, table_name=name,
        file_format_version=5, variable_format=dates,
    )  # fmt: skip
    path.write_bytes(STAMP.sub(ALWAYS, path.read_bytes()))


def write_outputs(result: TrialResult, folder: Path) -> list[Path]:
    """Operating characteristics as CSV and RTF, and the ADaM tables of the first trial of each scenario's study."""
    import pandas as pd

    from fetuin.trials import adam

    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {"scenario": s.name, "randomised": s.randomised, **vars(c)} for s in result.scenarios for c in s.characteristics
    ]
    files = [folder / f"operating_characteristics.{end}" for end in ("csv", "rtf", "html")]
    pd.DataFrame(rows).to_csv(files[0], index=False, lineterminator="\n")
    header = ("scenario", "characteristic", "value", "Monte Carlo error", "unit")
    cells = [(r["scenario"], r["name"], f"{r['value']:.5g}", f"{r['mcse']:.2g}", r["unit"]) for r in rows]
    title = f"Operating characteristics: {result.study.title}"
    note = f"{result.n} trials, seed {result.seed}. {result.caution}"
    files[1].write_text(rtf(title, header, cells, note), "ascii")
    files[2].write_text(html(title, header, cells, note), "utf-8")
    replicates = folder / "replicates.csv"
    pd.concat([pd.DataFrame(dict(s.rows)).assign(scenario=s.name, effect=True) for s in result.scenarios]
              + [pd.DataFrame(dict(s.null)).assign(scenario=s.name, effect=False) for s in result.scenarios]).to_csv(
        replicates, index=False, lineterminator="\n", float_format="%.10g")  # fmt: skip
    files.append(replicates)
    first = result.scenarios[0]
    for name, table in adam.tables(first.study, first.people, result.seed).items():
        files += write_table(name, table, folder / "adam", adam.LABELS)
    return files


def write_analysis(found: Analysis, folder: Path) -> list[Path]:
    """The estimates as CSV, RTF and HTML tables."""
    import pandas as pd

    rows = [c.to_dict() for c in (found.primary, *found.by_visit, *found.others)]
    files = [folder / f"estimates.{end}" for end in ("csv", "rtf", "html")]
    table = pd.DataFrame(rows).drop(columns="back")
    table.to_csv(files[0], index=False, lineterminator="\n")
    header = ("analysis", "estimate", "SE", "df", "low", "high", "p")
    cells = [
        (r["name"], *(f"{r[k]:.4f}" for k in ("estimate", "se", "df", "low", "high")), f"{r['p']:.4g}") for r in rows
    ]
    title = f"{found.study.title}: {found.study.compared} less {found.study.reference}"
    files[1].write_text(rtf(title, header, cells, found.caution), "ascii")
    files[2].write_text(html(title, header, cells, found.caution), "utf-8")
    return files


def html(title: str, header: Sequence[str], rows: Sequence[Sequence[Any]], note: str = "") -> str:
    """The same table as a plain HTML page, to paste where it is needed."""
    head = "".join(f"<th scope=col>{escape(str(h))}</th>" for h in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(c))}</td>" for c in r) + "</tr>" for r in rows)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title><h1>{escape(title)}</h1>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{escape(note)}</p><p>{escape(RESEARCH_USE)}</p></html>\n"
    )


def _escaped(text: Any) -> str:
    out = str(text).replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
    return "".join(ch if ord(ch) < 128 else f"\\u{ord(ch) if ord(ch) < 32768 else ord(ch) - 65536}?" for ch in out)


def rtf(title: str, header: Sequence[str], rows: Sequence[Sequence[Any]], note: str = "") -> str:
    """A table as a rich text document that word processors open: title, ruled head, rows, footnote."""
    width = 9360 // len(header)  # twips: 6.5 inches
    edges = "".join(f"{{}}\\cellx{width * (k + 1)}" for k in range(len(header)))
    ruled = edges.replace("{}", "\\clbrdrt\\brdrs\\clbrdrb\\brdrs")
    plain = edges.replace("{}", "")

    def line(cells: Sequence[Any], shape: str, bold: str = "") -> str:
        end = "\\b0" if bold else ""
        body = "".join(f"\\intbl{bold} {_escaped(c)}{end}\\cell" for c in cells)
        return f"\\trowd\\trgaph70\\trhdr{shape}{body}\\row\n" if bold else f"\\trowd\\trgaph70{shape}{body}\\row\n"

    return (
        "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0\\fswiss Arial;}}\\fs18\n"
        f"{{\\pard\\b\\fs22 {_escaped(title)}\\par}}\n{line(header, ruled, chr(92) + 'b')}{''.join(line(r, plain) for r in rows)}"
        f"{{\\pard\\fs16 {_escaped(note)}\\par}}\n{{\\pard\\fs16 {_escaped(RESEARCH_USE)}\\par}}\n}}\n"
    )
