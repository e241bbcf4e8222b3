"""`fetuin serum`: what is free, bound and supersaturated in a serum, from a file or from values on the line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from fetuin.cli.output import console, emit, ensure_dir, research_use, written
from fetuin.errors import UsageError

OPTIONS = {
    "ca": "Ca_tot", "phosphate": "P_i", "mg": "Mg_tot", "albumin": "albumin_gL", "globulin": "globulin_gL", "ph": "pH",
    "bicarbonate": "HCO3", "pco2": "pCO2_mmHg", "citrate": "citrate", "lactate": "lactate", "sulfate": "SO4",
    "sodium": "Na", "potassium": "K", "hepes": "HEPES", "chloride": "Cl",
}  # fmt: skip


def command(
    file: Path | None = None,
    *,
    ca: str | None = None,
    phosphate: str | None = None,
    mg: str | None = None,
    albumin: str | None = None,
    globulin: str | None = None,
    ph: Annotated[str | None, Parameter(name=["--ph", "--pH"])] = None,
    bicarbonate: Annotated[str | None, Parameter(name=["--bicarbonate", "--hco3"])] = None,
    pco2: str | None = None,
    citrate: str | None = None,
    lactate: str | None = None,
    sulfate: str | None = None,
    sodium: str | None = None,
    potassium: str | None = None,
    hepes: str | None = None,
    chloride: str | None = None,
    temperature: float = 37.0,
    constants: str = "plasma37",
    out: Path | None = None,
    json: bool = False,
) -> int:
    """Free ions, ion pairs and saturation indices of one serum or of a file of sera.

    A value on the line may carry its unit ("9.4 mg/dL"); without one it is mmol/L (albumin and globulin g/L, pCO2 mmHg).
    What is not given takes a documented default, and the answer names it.

    Parameters
    ----------
    file
        A CSV with the columns of plasma_si.csv (case, pH, HCO3, Na, K, Ca_tot, Mg_tot, P_i, ...); a header may name
        another unit: Ca_tot [mg/dL].
    constants
        The table of constants; `--constants list` lists them with what each changes.
    temperature
        Temperature of the sample, C (20 to 45).
    out
        A folder for the page with the picture, the results as CSV and as JSON.
    json
        Print one JSON object: {"sera": [...]}.
    """
    given = {k: v for k, v in locals().items() if k in OPTIONS and v is not None}
    if constants == "list":
        return _tables(json)
    from fetuin.chemistry.saturation import effect_of_constants
    from fetuin.chemistry.serum import DEFAULTS, check, results

    rows, cases, notices = _read(file, given)
    sera = check(rows, cases)
    solved = results(sera, constants, temperature_c=temperature)
    table = solved.speciation.system.table
    answers = solved.rows()
    left = {k for d in sera.defaulted for k in d}
    body: dict[str, Any] = {
        "constants": constants, "constants_title": table.title, "constants_changed": list(table.changed),
        "temperature_c": temperature, "notices": [*notices, *solved.notices],
        "defaults": {k: {"value": DEFAULTS[k][0], "source": DEFAULTS[k][1]} for k in sorted(left)},
        "sera": answers,
    }  # fmt: skip
    if len(answers) == 1 and answers[0]["converged"] and temperature == table.temperature_c:
        effect = effect_of_constants(sera.values)
        body["effect_of_constants"] = {
            n: {k: v if k == "changed" else float(v[0]) for k, v in e.items()} for n, e in effect.items()
        }
    failed = sum(not a["converged"] for a in answers)
    if failed:
        body["notices"].append(f"{failed} of {len(answers)} sera have no solution; see not_computed in each.")
    if out is not None:
        _write(out, solved, body)
    if json:
        emit("serum/1", body)
    else:
        _show(solved, body)
    return 5 if failed else 0


def _read(file: Path | None, given: dict[str, str]) -> tuple[list[dict[str, float]], list[str], list[str]]:
    from fetuin.cli.serum_file import number_with_unit, read_sera

    if (file is None) == (not given):
        raise UsageError(
            "Give a file of sera or the values of one serum." if not given else "Give a file or values, not both.",
            fix="fetuin serum FILE.csv, or fetuin serum --ca 2.35 --phosphate 1.1",
        )
    if file is not None:
        return read_sera(file)
    row = {OPTIONS[k]: number_with_unit(v, OPTIONS[k], f"--{k}") for k, v in given.items()}
    return [row], ["command line"], []


def _tables(json: bool) -> int:
    from fetuin.chemistry.constant_tables import names, table

    rows = [{"name": n, "title": table(n).title, "changed": list(table(n).changed)} for n in names()]
    if json:
        emit("constants/1", {"tables": rows})
    else:
        for r in rows:
            print(f"{r['name']:18} {r['title']}")
        research_use()
    return 0


def _write(out: Path, solved: Any, body: dict[str, Any]) -> None:
    import csv
    import json as js

    from fetuin.reports.envelope import envelope
    from fetuin.reports.page import write_page
    from fetuin.reports.speciation import serum_page

    folder = ensure_dir(out)
    written(write_page(folder / "serum.html", serum_page(solved, body)))
    (folder / "serum.json").write_text(js.dumps(envelope("serum/1", body), allow_nan=False, indent=1), encoding="utf-8")
    written(folder / "serum.json")
    with (folder / "serum.csv").open("w", newline="", encoding="utf-8") as f:
        writer = csv.writer(f)
        writer.writerow(list(body["sera"][0]))
        for row in body["sera"]:
            writer.writerow(["; ".join(v) if isinstance(v, list) else "" if v is None else v for v in row.values()])
    written(folder / "serum.csv")


def _show(solved: Any, body: dict[str, Any]) -> None:
    from fetuin.reports.speciation import sera_table, serum_picture

    screen = console(stderr=False)
    screen.print(serum_picture(solved, body) if len(body["sera"]) == 1 else sera_table(body))
    for notice in body["notices"]:
        screen.print(notice, markup=False)
    if body["defaults"]:
        screen.print(
            "Not given, so by default: " + ", ".join(f"{k} {v['value']:g}" for k, v in body["defaults"].items())
        )
    research_use()
