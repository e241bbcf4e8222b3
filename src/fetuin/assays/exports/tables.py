"""A measured plate as tables: CSV (one row a well), XLSX (wells, groups, reads left out, about), JSON (everything).

Texts that came from outside and begin like a formula are written so that a spreadsheet shows them and runs nothing.
"""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

from fetuin.assays.t50 import T50Result
from fetuin.errors import MissingExtraError
from fetuin.notice import RESEARCH_USE, USE_LIMITATION

COLUMNS = (
    ("well", ""), ("sample", ""), ("role", ""), ("group", ""), ("lot", ""), ("t50_min", "min"), ("ci_low", "min"),
    ("ci_high", "min"), ("censored", ""), ("text", ""), ("model", ""), ("flags", ""), ("flag_reasons", ""), ("se_min", "min"),
    ("reads_used", ""), ("reads_excluded", ""),
)  # fmt: skip
FEATURES = (
    "onset_min",
    "width_10_90_min",
    "cpp1_rise",
    "amplitude",
    "plateau_ratio",
    "drift_per_min",
    "settling_per_min",
)


def safe(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def rows(result: T50Result) -> list[list[Any]]:
    """The table of wells with its heading."""
    head = [name for name, _ in COLUMNS] + list(FEATURES)
    out: list[list[Any]] = [head]
    for well in result.wells:
        plain = well.to_dict()
        plain["flags"] = "; ".join(plain["flags"])
        plain["flag_reasons"] = "; ".join(f"{k}: {v}" for k, v in plain["flag_reasons"].items())
        line = [plain[name] for name, _ in COLUMNS] + [well.features.get(f) for f in FEATURES]
        out.append([_cell(v) for v in line])
    return out


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return None if not math.isfinite(value) else float(f"{value:.6g}")
    return safe(value)


def csv_text(result: T50Result) -> str:
    """One row a well; empty where there is no value. The research-use line is the last column's heading row's remark."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    table = rows(result)
    writer.writerow([*table[0], "plate", "read", "source", "fetuin_version", "use"])
    tail = [
        safe(result.plate.name),
        safe(result.plate.metadata.get("read", "")),
        safe(result.plate.source),
        result.version,
        RESEARCH_USE,
    ]
    writer.writerows([*row, *tail] for row in table[1:])
    return out.getvalue()


def write_csv(path: Path, result: T50Result) -> Path:
    """Write the wells as CSV, whole or not at all."""
    return _whole(path, csv_text(result))


def write_json(path: Path, result: T50Result) -> Path:
    """Write all of the result as one JSON object."""
    head = {"schema": "fetuin.t50/1", "fetuin_version": result.version, "use_limitation": USE_LIMITATION}
    return _whole(
        path, json.dumps(head | plain(result.to_dict()), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    )


def plain(value: Any) -> Any:
    """JSON values only: numbers that are not finite become null."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _whole(path: Path, text: str) -> Path:
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(text, encoding="utf-8", newline="")
    part.replace(path)
    return path


def write_xlsx(path: Path, result: T50Result) -> Path:
    """Write a workbook: wells, replicate groups, what was left out (who, when, why), about."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingExtraError("xlsxwriter", "assay") from error
    part = path.with_suffix(path.suffix + ".part")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(part), options) as book:
        bold = book.add_format({"bold": True})
        for title, table in _sheets(result).items():
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for i, row in enumerate(table):
                sheet.write_row(i, 0, ["" if v is None else v for v in row], bold if i == 0 else None)
            sheet.autofit()
    part.replace(path)
    return path


def _sheets(result: T50Result) -> dict[str, list[list[Any]]]:
    groups: list[list[Any]] = [["group", "wells", "reported", "beyond the run", "mean_min", "sd_min", "cv", "flags"]]
    groups += [[safe(g.name), " ".join(g.wells), g.reported, g.censored, *map(_cell, (g.mean_min, g.sd_min, g.cv)),
                "; ".join(f.reason for f in g.flags)] for g in result.groups]  # fmt: skip
    gone: list[list[Any]] = [["well", "minute", "reason", "by", "at"]]
    gone += [[e.well, _cell(e.minute), safe(e.reason), safe(e.by), e.at] for e in result.exclusions]
    about: list[list[Any]] = [["what", "value"], ["plate", safe(result.plate.name)], ["source", safe(result.plate.source)],
             ["fetuin version", result.version], ["t50_min, ci_low, ci_high", "minutes; the interval is 95 %; a well beyond the run has "
              "censored = TRUE and ci_low = the minute it exceeds"], ["use", RESEARCH_USE], ["limits", USE_LIMITATION]]  # fmt: skip
    about += [[f"file: {k}", safe(v)] for k, v in result.plate.metadata.items() if not k.startswith("content ")]
    return {"wells": rows(result), "groups": groups, "left out": gone, "about": about}
