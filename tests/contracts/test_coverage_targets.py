"""Every target of the coverage-guided campaign: its good files are read, a spoiled file ends read or with a typed error."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fetuin.errors import FetuinError

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
NAMES = sorted(p.stem for p in (BENCHMARKS / "guided").glob("*.py") if p.stem != "contract")
SPOILED = 40


@pytest.fixture(autouse=True)
def beside_the_campaigns(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    known = set(sys.modules)
    yield
    for name in set(sys.modules) - known:
        if name.startswith(("guided", "fuzz_")):
            del sys.modules[name]


@pytest.mark.parametrize("name", NAMES)
def test_good_files_are_read_and_spoiled_ones_refused(name: str, tmp_path: Path) -> None:
    target = importlib.import_module(f"guided.{name}").TARGET
    seeds, fine = target.seeds(), 0
    for seed in seeds:
        try:
            target.read(seed, tmp_path)
            fine += 1
        except FetuinError as error:
            assert error.what
    assert fine >= len(seeds) / 2
    for k in range(SPOILED if target.mutate else 0):
        draw = Random(k)
        try:
            target.read(target.mutate(draw.choice(seeds), draw), tmp_path)
        except FetuinError as error:
            assert error.what


def test_the_judge_is_not_blind(tmp_path: Path) -> None:
    from fuzz_coverage import Judge
    from guided.contract import Target

    def read(data: bytes, _: Any) -> object:
        if data == b"typed":
            raise FetuinError("refused")
        return 1 / len(data)

    judge = Judge(Target(lambda: [], read), tmp_path, tmp_path)
    for data in (b"good", b"typed", b"", b""):
        judge(data)
    assert judge.seen.total() == 2
    assert [p.name.partition("-")[0] for p in tmp_path.glob("*.bin")] == ["ZeroDivisionError"]
