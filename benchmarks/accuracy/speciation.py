"""How near the speciation is to PHREEQC with the same constants, over 2000 random sera and assay mixtures.

    python benchmarks/accuracy/speciation.py

The bars: every saturation index within 0.01, free calcium within 0.5 %. Figures: benchmarks/results/speciation_accuracy.csv.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "agreement"))

from test_phreeqc import ASSAY, BLOOD, asked, compare, program, random_sera  # noqa: E402

from fetuin.chemistry.constant_tables import table  # noqa: E402
from fetuin.chemistry.phreeqc import database  # noqa: E402
from fetuin.chemistry.speciation import speciate  # noqa: E402
from fetuin.notice import __version__  # noqa: E402


def main() -> None:
    rows = []
    for name, ranges in (("blood", BLOOD), ("assay mixture", ASSAY)):
        sera = random_sera(ranges, 1000, 11)
        pp = program(database(table()), Path(tempfile.mkdtemp()))
        ours = speciate(sera).require()
        si, calcium = compare(ours, asked(pp, sera, "plasma37"))
        rows += [
            (f"{name}: largest SI difference", si, "1"),
            (f"{name}: largest free calcium difference", 100 * calcium, "%"),
        ]
        rows.append((f"{name}: largest mass balance residual", float(ours.mass_balance.max()), "1"))
    with (ROOT / "benchmarks" / "results" / "speciation_accuracy.csv").open("w", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(["date", "version", "figure", "value", "unit"])
        for figure, value, unit in rows:
            writer.writerow([date.today(), __version__, figure, f"{value:.3g}", unit])
            print(f"{figure:48} {value:10.3g} {unit}")


if __name__ == "__main__":
    main()
