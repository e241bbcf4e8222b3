"""A folder is a catalogue; what is kept of it is renewed when a file changes, comes or goes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fetuin.catalog import _compiled, documents


def read(folder: Path) -> dict[str, dict[str, object]]:
    return _compiled(folder, sorted(folder.glob("*.toml")))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    made = tmp_path / "things"
    made.mkdir()
    (made / "a.toml").write_text("x = 1\n[t]\ny = [1.5, 'z']\n")
    return made


def test_what_is_kept_is_what_is_written(folder: Path) -> None:
    first, second = read(folder), read(folder)
    assert first == second == {"a": {"x": 1, "t": {"y": [1.5, "z"]}}}
    assert list((folder.parent / "__pycache__").iterdir())


def test_it_is_renewed_when_a_file_changes_comes_or_goes(folder: Path) -> None:
    read(folder)
    (folder / "a.toml").write_text("x = 22\n")
    assert read(folder) == {"a": {"x": 22}}
    (folder / "b.toml").write_text("")
    assert read(folder) == {"a": {"x": 22}, "b": {}}
    (folder / "a.toml").unlink()
    assert read(folder) == {"b": {}}


@pytest.mark.parametrize("damage", [b"", b"junk", b"\x00" * 40])
def test_a_damaged_keep_is_read_anew(folder: Path, damage: bytes) -> None:
    expected = read(folder)
    for kept in (folder.parent / "__pycache__").iterdir():
        kept.write_bytes(damage)
    assert read(folder) == expected


def test_what_cannot_be_kept_is_read_every_time(folder: Path) -> None:
    (folder / "a.toml").write_text("day = 2026-01-02\n")
    assert str(read(folder)["a"]["day"]) == "2026-01-02"
    assert not list((folder.parent / "__pycache__").glob("*.toml"))


def test_the_catalogues_of_the_house() -> None:
    assert "calcium" in documents("fetuin.knowledge", "analytes")
    assert list(documents("fetuin.knowledge", "disorders")) == sorted(documents("fetuin.knowledge", "disorders"))
