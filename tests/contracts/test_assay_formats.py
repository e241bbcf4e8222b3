"""What every plate-reader format must hold: it says what it is, knows its own files alone, and loses or guesses nothing."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest

from fetuin.assays.formats.document import open_document
from fetuin.assays.formats.recognition import formats, read_plates
from fetuin.errors import FetuinError, FormatError

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "plates"
SAMPLES = sorted(p for p in DATA.iterdir() if p.suffix in (".csv", ".txt", ".xlsx", ".gz") and p.name != "truth.csv")


def _fuzz():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("fuzz_plates", ROOT / "benchmarks" / "fuzz_plates.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_plates"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", sorted(formats()))
def test_a_format_says_what_it_is(name: str) -> None:
    fmt = formats()[name]
    assert fmt.title
    assert fmt.looks_for
    assert fmt.maturity in ("established", "described")
    assert any(fmt.recognise(open_document(p)) for p in SAMPLES), "every format has a sample"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_exactly_one_format_recognises_a_sample(path: Path) -> None:
    document = open_document(path)
    assert len([n for n, f in formats().items() if f.recognise(document)]) == 1


def test_an_unknown_file_is_refused_with_what_was_looked_for(tmp_path: Path) -> None:
    path = tmp_path / "shopping.csv"
    path.write_text("milk,2\nbread,1\n")
    with pytest.raises(FormatError) as caught:
        read_plates(path)
    assert all(f.looks_for in caught.value.message() for f in formats().values())
    assert "shopping.csv, row 1, column 1" in caught.value.where


def _same(one, two) -> bool:  # type: ignore[no-untyped-def]
    """True where no well, time or read differs."""
    return len(one) == len(two) and all(
        a.wells == b.wells
        and np.array_equal(a.reads, b.reads, equal_nan=True)
        and np.array_equal(a.minutes, b.minutes, equal_nan=True)
        and np.array_equal(a.overflow, b.overflow)
        for a, b in zip(one, two)
    )


@pytest.mark.parametrize("path", [p for p in SAMPLES if p.suffix in (".csv", ".txt")], ids=lambda p: p.name)
def test_no_cell_goes_bad_silently(path: Path, tmp_path: Path) -> None:
    """Any one cell replaced by nonsense: either the file is refused, or no well, time or read is another than before."""
    document = open_document(path)
    mark, encoding = document.detail["delimiter"], document.detail["encoding"]
    before = read_plates(path)
    lines = path.read_bytes().decode(encoding).replace("\r\n", "\n").split("\n")
    bad = tmp_path / path.name
    refused = 0
    for i, line in enumerate(lines):
        cells = line.split(mark)
        for j in range(len(cells)):
            if not cells[j].strip():
                continue
            spoiled = mark.join([*cells[:j], "zzz", *cells[j + 1 :]])
            bad.write_text("\n".join([*lines[:i], spoiled, *lines[i + 1 :]]), encoding="utf-8")
            try:
                after = read_plates(bad)
            except FetuinError as error:
                refused += 1
                assert path.name in error.where
                continue
            assert _same(before, after), f"row {i + 1}, column {j + 1} ({cells[j]!r})"
    assert refused >= 30  # the reads, times and wells of the one run in every sample


def test_mutated_files_are_read_or_refused_with_their_place() -> None:
    """300 files of the campaign in benchmarks/fuzz_plates.py; the whole of it is run by hand."""
    counts, wrong, slowest = _fuzz().campaign(300, seed=11)
    assert wrong == []
    assert sum(n for (_, v), n in counts.items() if v == "refused") > 50
    assert slowest < 5


def test_the_judge_is_not_blind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of ours without a place counts as unplaced, any other exception as a crash, a mutation as a change."""
    import fetuin.assays.formats.recognition as recognition
    from fetuin.errors import InputError

    fuzz = _fuzz()
    assert fuzz.mutate(SAMPLES[0], Random(1))[1] != SAMPLES[0].read_bytes()
    assert fuzz.judge(SAMPLES[0].name, SAMPLES[0].read_bytes(), tmp_path) == ("read", "")
    for error, verdict in ((InputError("bad"), "unplaced"), (ZeroDivisionError("x"), "crash")):

        def fail(path: Path, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(recognition, "read_plates", fail)
        assert fuzz.judge("x.csv", b"x", tmp_path)[0] == verdict
