"""Figures on a page are those of the last run that is kept."""

import csv
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KINDS = {"clean": "clean", "asymmetric": "asym", "full of artefacts": "full"}


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "benchmarks" / "results" / name).open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def test_accuracy_of_t50() -> None:
    page = (ROOT / "docs/explanation/t50.md").read_text("utf-8")
    last = {r["kind"]: r for r in rows("t50_accuracy.csv")}
    for word, kind in KINDS.items():
        r = last[kind]
        said = re.search(rf"^\| {word} \| (.*) \|$", page, re.MULTILINE)
        figures = [f"{float(r['rmse_min']):.2f}", f"{float(r['p95_min']):.2f}", r["unflagged_over_10_min"],
                   f"{100 * float(r['sound_reported']):.0f} %", f"{100 * float(r['coverage']):.1f} %"]  # fmt: skip
        assert said, word
        assert said.group(1).split(" | ") == figures, f"{word}: {figures}"
    beyond = [sum(int(r[k]) for r in last.values()) for k in ("beyond_censored", "beyond")]
    assert f"censored in {beyond[0]} of {beyond[1]} wells" in page


def test_speciation_beside_phreeqc() -> None:
    worst = max(float(r["value"]) for r in rows("speciation_accuracy.csv") if "SI difference" in r["figure"])
    assert worst < 0.01
    assert "saturation indices within 0.01" in (ROOT / "docs/explanation/peers.md").read_text("utf-8")


def test_records_of_rpact_that_agree() -> None:
    found = [r for r in rows("r_peers.csv") if r["what"].startswith("rpact")]
    n, agree = (sum(int(r[k]) for r in found) for k in ("records", "agree"))
    assert f"{agree} of {n} of rpact's live records" in (ROOT / "docs/explanation/peers.md").read_text("utf-8")
