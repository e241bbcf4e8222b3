"""1 000 files of the campaign in benchmarks/fuzz_dicom.py; the whole of it (50 000) is run by hand."""

from __future__ import annotations

import importlib.util
import resource
import sys
from collections import Counter
from pathlib import Path

import pytest

from fetuin.errors import LimitError
from fetuin.imaging.dicom import _read, read_series

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def fuzz():
    spec = importlib.util.spec_from_file_location("fuzz_dicom", ROOT / "benchmarks/fuzz_dicom.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_dicom"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.filterwarnings("ignore")
def test_a_thousand_mutants_end_as_an_image_or_an_error_with_a_remedy(fuzz, tmp_path):
    base, file, seen = fuzz.seeds(), tmp_path / "f.dcm", Counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for seed in range(1000):
        kind, data = fuzz.mutant(base, seed)
        file.write_bytes(data)
        outcome, fault = fuzz.judge(file)
        assert not fault, (seed, kind, outcome, fault)
        seen[outcome] += 1
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 2**30
    assert seen["read"] > 50  # the mutations are not all so coarse that nothing is left to read
    assert seen["InputError"] > 300
    assert seen["LimitError"] > 5


def test_unchanged_seeds_are_read(fuzz, tmp_path):
    for name, data in fuzz.seeds().items():
        (tmp_path / name).write_bytes(data)
        assert _read(str(tmp_path / name), "").values.max() >= 1, name


def test_deep_nesting_is_a_limit_and_says_where(fuzz, tmp_path):
    import random

    file = tmp_path / "deep.dcm"
    rng = random.Random(0)
    rng.choice = lambda ways: max(ways)  # the deepest, all closed
    file.write_bytes(fuzz.nested(fuzz.seeds()["plain"], rng))
    with pytest.raises(LimitError, match="nested too deeply") as caught:
        read_series(file)
    assert "deep.dcm" in caught.value.where
