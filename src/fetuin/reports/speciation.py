"""A serum as a solution, in a picture: where its calcium is, which phases may precipitate, and what constants decide.

`serum_page` is the HTML report; `serum_picture` and `sera_table` are the same for a terminal.
"""

from __future__ import annotations

from typing import Any

from fetuin.reports.chart import Chart
from fetuin.reports.page import Section, escape, page, table

NAMES = {
    "Brushite_DCPD": "brushite (DCPD)", "Monetite_DCPA": "monetite (DCPA)", "OCP": "octacalcium phosphate (OCP)",
    "ACP_MeyerEanes": "ACP, Meyer-Eanes", "ACP1_Christoffersen": "ACP1, Christoffersen",
    "ACP2_Christoffersen": "ACP2, Christoffersen", "alphaTCP": "alpha-TCP", "betaTCP": "beta-TCP",
    "Hydroxyapatite": "hydroxyapatite (HAP)", "Mg_Whitlockite": "Mg-whitlockite (indicative)", "Calcite": "calcite",
}  # fmt: skip
INPUTS = ("Ca_tot", "P_i", "Mg_tot", "albumin_gL", "globulin_gL", "pH", "HCO3", "pCO2_mmHg", "citrate", "lactate", "SO4", "Na", "K", "HEPES")  # fmt: skip
DETAILS_OF = 20  # sera that get a picture of their own on a page


def _species(solved: Any, i: int, metal: str) -> list[tuple[str, float]]:
    """(species, mmol/L) that hold a metal, largest first."""
    s = solved.speciation
    held = [(s.system.table.components[metal].ion, float(s.ion(metal)[i]))]
    for name, r in s.system.table.species.items():
        if r.composition.get(metal):
            held.append((name, float(s.species(name)[i])))
    return sorted(((n, v) for n, v in held if v > 0), key=lambda p: -p[1])


def _indices(row: dict[str, Any]) -> list[tuple[str, float]]:
    return [(n, row[f"SI_{p}"]) for p, n in NAMES.items() if row.get(f"SI_{p}") is not None]


def _bars(items: list[tuple[str, float]], title: str, xlabel: str, colour: Any, caption: str) -> str:
    """Horizontal bars with their names at the left and values at the end."""
    low, high = min(0.0, *(v for _, v in items)), max(0.0, *(v for _, v in items))
    span = high - low or 1.0
    chart = Chart(
        title, x=(low - (0.12 * span if low < 0 else 0), high + 0.14 * span), y=(0, len(items)), xlabel=xlabel, width=680,
        height=60 + 24 * len(items), axes=False, left=210,
    )  # fmt: skip
    for k, (name, value) in enumerate(items):
        y = len(items) - k - 0.5
        chart.rect(0, value, y - 0.33, y + 0.33, colour(value), tip=f"{name}: {value:.3g}")
        chart.text(chart.x[0], y, name, anchor="end", dx=-8)
        chart.text(value, y, f"{value:.3g}", anchor="end" if value < 0 else "start", dx=-4 if value < 0 else 4)
    chart.line([0, 0], [0, len(items)], "line", width=1)
    return chart.svg(caption)


def _one(solved: Any, i: int, row: dict[str, Any]) -> str:
    if not row["converged"]:
        return f"<p class=bad>No solution: {escape('; '.join(row['not_computed']))}</p>"
    lead = (
        f"<p class=lead>Ionised calcium <b>{row['ionised_Ca_mM']:.2f} mmol/L</b> "
        f"(95 % {row['ionised_Ca_low']:.2f} to {row['ionised_Ca_high']:.2f}, predicted, not measured) "
        f"of {row['Ca_tot']:.2f} in total: {100 * row['Ca_free_frac']:.0f} % free, {100 * row['Ca_protein_frac']:.0f} % on "
        f"protein, {100 * row['Ca_complex_frac']:.0f} % in complexes.</p>"
    )
    product = (
        f"<p>Calcium-phosphate product {row['CaxP_mmol2_L2']:.2f} mmol²/L² ({row['CaxP_mg2_dL2']:.0f} mg²/dL²); what it "
        f"stands for: SI of brushite {_two(row['SI_Brushite_DCPD'])}, of OCP {_two(row['SI_OCP'])}. "
        f"Brushite would saturate at a phosphate of {_two(row['P_brushite_mM'])} mmol/L.</p>"
    )
    indices = _indices(row)
    pictures = _bars(
        _species(solved, i, "Ca"), "Where the calcium is", "mmol/L", lambda v: "c1", "Calcium by species, mmol/L"
    )
    if indices:
        pictures += _bars(
            indices, "Saturation indices", "SI", lambda v: "c2" if v > 0 else "c4",
            "log10(IAP/Ksp) of each phase: left of zero it dissolves, right of zero it may precipitate",
        )  # fmt: skip
    balance = (
        f"<p class=mute>Largest relative error of any mass balance {row['mass_balance']:.1e}; charge left over "
        f"{row['charge_balance_mM']:.2g} mmol/L; ionic strength {row['ionic_strength']:.4f} mol/kg.</p>"
    )
    said = "".join(f"<p class=mute>{escape(w)}</p>" for w in row["not_computed"])
    return lead + product + pictures + balance + said


def _two(value: float | None) -> str:
    return "not computed" if value is None else f"{value:.2f}"


def _effect(body: dict[str, Any]) -> str:
    rows = [
        (n, "; ".join(e["changed"]) or "the reference", _two(e["SI_OCP"]), _two(e["SI_Brushite_DCPD"]), _two(e["SI_Hydroxyapatite"]))
        for n, e in body["effect_of_constants"].items()
    ]  # fmt: skip
    head = ("table", "what differs", "SI OCP", "SI brushite", "SI HAP")
    note = "<p>The published constants differ by more than sera do: compare indices of one table only.</p>"
    return note + table(head, rows, numeric=(2, 3, 4))


def serum_page(solved: Any, body: dict[str, Any]) -> str:
    """The HTML report of one or many sera: `solved` from `chemistry.serum.results`, `body` as the command prints it."""
    rows = body["sera"]
    sections: list[Section] = []
    if len(rows) > 1:
        head = ("serum", "Ca free", "95 %", "HPO4 free", "SI brushite", "SI OCP", "SI HAP", "Ca x P")
        cells = [
            (r["case"], _two(r["Ca_free_mM"]), f"{_two(r['ionised_Ca_low'])}-{_two(r['ionised_Ca_high'])}", _two(r["HPO4_free_mM"]),
             _two(r["SI_Brushite_DCPD"]), _two(r["SI_OCP"]), _two(r["SI_Hydroxyapatite"]), _two(r["CaxP_mmol2_L2"]))
            for r in rows
        ]  # fmt: skip
        sections.append(("All sera", table(head, cells, numeric=range(1, 8))))
    sections += [(r["case"], _one(solved, i, r)) for i, r in enumerate(rows[:DETAILS_OF])]
    if "effect_of_constants" in body:
        sections.append(("What the constants decide", _effect(body)))
    inputs = [
        (k, f"{rows[0][k]:g}" + (" (default)" if k in rows[0]["defaulted"] else "")) for k in INPUTS if k in rows[0]
    ]
    if len(rows) == 1:
        sections.append(("What was given", table(("input", "value"), inputs, numeric=(1,))))
    cited = solved.speciation.system.table
    constants = [(r.name, r.written, f"{r.written_log_k:g}", cited.sources[r.source]) for r in (*cited.species.values(), *cited.phases.values())]  # fmt: skip
    every = table(("species or phase", "reaction", "log K", "source"), constants, numeric=(2,))
    sections.append(
        ("Constants", f"<details><summary>{escape(cited.title)}: every constant</summary>{every}</details>")
    )
    lead = "".join(f"<p class=card>{escape(n)}</p>" for n in body["notices"])
    return page("Serum as a solution", sections, subtitle=f"{cited.title}; {body['temperature_c']:g} C", lead=lead)


def serum_picture(solved: Any, body: dict[str, Any]) -> Any:
    """One serum for a terminal: bars of calcium species and saturation indices."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    row = body["sera"][0]
    if not row["converged"]:
        return Text("No solution: " + "; ".join(row["not_computed"]), style="red")
    head = Text.assemble(
        ("Ionised calcium ", "bold"), f"{row['ionised_Ca_mM']:.2f} mmol/L (95 % {row['ionised_Ca_low']:.2f} to "
        f"{row['ionised_Ca_high']:.2f}, predicted)  protein-bound {row['Ca_protein_mM']:.2f}  complexed {row['Ca_complex_mM']:.2f}\n",
        f"pH {row['pH_used']:.2f}  pCO2 {row['pCO2_mmHg']:.0f} mmHg  HCO3 {row['HCO3_used']:.1f}  free HPO4 {row['HPO4_free_mM']:.2f}\n"
        f"Ca x P {row['CaxP_mmol2_L2']:.2f} mmol2/L2 ({row['CaxP_mg2_dL2']:.0f} mg2/dL2); brushite saturates at phosphate "
        f"{_two(row['P_brushite_mM'])} mmol/L\nmass balance {row['mass_balance']:.0e}, charge {row['charge_balance_mM']:.0e} mmol/L",
    )  # fmt: skip
    species = Table(title="calcium, mmol/L", title_justify="left", box=None, show_header=False)
    held = _species(solved, 0, "Ca")
    for name, value in held:
        species.add_row(name, f"{value:.3f}", "█" * round(40 * value / held[0][1]))
    indices = Table(title="saturation index", title_justify="left", box=None, show_header=False)
    for name, value in _indices(row):
        indices.add_row(
            name, f"{value:+.2f}", Text("█" * min(round(2 * abs(value)), 60), style="yellow" if value > 0 else "green")
        )
    parts: list[Any] = [head, species, indices]
    if "effect_of_constants" in body:
        effect = Table(title="what the constants decide", title_justify="left", box=None)
        for h in ("table", "SI OCP", "SI brushite", "SI HAP"):
            effect.add_column(h)
        for n, e in body["effect_of_constants"].items():
            effect.add_row(n, _two(e["SI_OCP"]), _two(e["SI_Brushite_DCPD"]), _two(e["SI_Hydroxyapatite"]))
        parts.append(effect)
    return Group(*parts)


def sera_table(body: dict[str, Any]) -> Any:
    """Many sera for a terminal: every result column under the name of the reference table, one serum a column."""
    from rich.table import Table

    rows = body["sera"]
    shown = rows[:8]
    out = Table(title=f"{len(rows)} sera; {body['constants_title']}", title_justify="left")
    out.add_column("", no_wrap=True)
    for r in shown:
        out.add_column(str(r["case"])[:18], justify="right")
    for key in shown[0]:
        if key not in ("case", "defaulted", "converged", "not_computed"):
            out.add_row(key, *("-" if r[key] is None else f"{r[key]:.4g}" for r in shown))
    if len(rows) > len(shown):
        out.caption = f"the first {len(shown)}; all of them with --json or --out DIR"
    return out
