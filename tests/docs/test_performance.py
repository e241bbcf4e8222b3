"""Comparisons with peers: a loss is named, and none stands in the history without its reason."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def scripts_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("benchmarks", "docs"):
        monkeypatch.syspath_prepend(str(ROOT / folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)


def row(date: str, ratio: float, processor: str = "one", spread: float = 0.02, note: str = "") -> dict[str, str]:
    import history

    known = {"date": date, "processor": processor, "part": "CT score", "item": "scan", "peer": "SciPy", "ratio": str(ratio),
             "ratio_low": str(ratio * (1 - spread)), "ratio_high": str(ratio * (1 + spread)), "note": note}  # fmt: skip
    return dict.fromkeys(history.COLUMNS, "") | known


def test_a_loss_is_named_with_both_figures() -> None:
    import history

    (loss,) = history.losses([row("2026-01-01", 100), row("2026-02-01", 50)])
    assert "50" in str(loss)
    assert "was 100 on 2026-01-01" in str(loss)


@pytest.mark.parametrize(
    "rows",
    [
        [("2026-01-01", 100, {}), ("2026-02-01", 95, {})],
        [("2026-01-01", 100, {}), ("2026-02-01", 70, {"spread": 0.5})],
        [("2026-01-01", 100, {}), ("2026-02-01", 50, {"processor": "another"})],
        [("2026-01-01", 100, {}), ("2026-02-01", 50, {"note": "the peer became twice as fast"})],
    ],
    ids=["a little", "within the spread", "another processor", "explained"],
)
def test_what_is_no_loss(rows: list[tuple[str, float, dict]]) -> None:
    import history

    assert history.losses([row(d, r, **more) for d, r, more in rows]) == []


def test_the_history_holds_no_loss_without_a_reason() -> None:
    import history

    found = [str(x) for x in history.losses(history.read())]
    assert found == [], "find the cause, or write it into the column `note` of benchmarks/results/history.csv"


def test_a_history_is_appended_to_and_read(tmp_path: Path) -> None:
    import history

    for date in ("2026-01-01", "2026-02-01"):
        history.append([row(date, 3)], tmp_path / "h.csv")
    assert [r["date"] for r in history.read(tmp_path / "h.csv")] == ["2026-01-01", "2026-02-01"]


def test_a_pair_is_measured_in_turn() -> None:
    import numpy as np
    from pair import Pair

    a = np.random.default_rng(1).random(20_000)
    ours, theirs = Pair(
        "sorting", "array", "ten times", "numpy", lambda: np.sort(a), lambda: [np.sort(a) for _ in range(10)], repeats=3
    ).measure()
    assert ours.shape == theirs.shape == (3,)
    assert 5 < float(np.median(theirs / ours)) < 20


def test_the_page_tells_ratio_limit_and_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import history
    import performance_page

    more = {
        "peer_version": "1.0",
        "ours_us": "1500",
        "theirs_us": "150000",
        "limit_us": "300",
        "limit_because": "read once",
    }
    monkeypatch.setattr(history, "read", lambda: [row("2026-01-01", 300) | more, row("2026-02-01", 100) | more])
    page = performance_page.performance(tmp_path)
    assert "| 1.5 ms | 150 ms | 100 (98 to 102) | 5 x 300 µs |" in page
    assert "was 300 on 2026-01-01" in page
    assert (tmp_path / "performance_peers.png").stat().st_size > 5000
