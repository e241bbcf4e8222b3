"""The audit record: what is appended can be verified, and no entry can be changed, removed or reordered unseen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fetuin.assays.audit import append, read, verify
from fetuin.errors import InputError, UsageError


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "audit.jsonl"
    for k in range(5):
        append(
            path,
            who="A. Analyst",
            what="excluded",
            subject=f"plate P, well A0{k + 1}",
            why="bubble",
            before=1.5,
            after=None,
        )
    return path


def test_a_whole_record_verifies_and_reads_back(record: Path) -> None:
    verdict = verify(record)
    assert verdict.ok
    assert verdict.entries == 5
    entries = read(record)
    assert entries[2].subject == "plate P, well A03"
    assert entries[2].before == 1.5
    assert entries[4].hash == verdict.head
    assert verify(record, head=verdict.head).ok


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines(keepends=True)


def test_every_changed_character_is_seen(record: Path, tmp_path: Path) -> None:
    """Each byte of the third entry replaced in turn: the record is broken, at line 3 or at the line after it."""
    text = record.read_bytes()
    start = sum(len(line) for line in _lines(record)[:2])
    stop = start + len(_lines(record)[2])
    bad = tmp_path / "bad.jsonl"
    for k in range(start, stop):
        bad.write_bytes(text[:k] + (b"#" if text[k : k + 1] != b"#" else b"%") + text[k + 1 :])
        verdict = verify(bad)
        assert not verdict.ok
        assert verdict.line == 3


@pytest.mark.parametrize("order", [[0, 1, 3, 4], [1, 2, 3, 4], [0, 2, 1, 3, 4], [0, 1, 1, 2, 3, 4], [0, 1, 2, 4, 3]])
def test_removed_repeated_and_reordered_entries_are_seen(record: Path, order: list[int]) -> None:
    lines = _lines(record)
    record.write_text("".join(lines[k] for k in order))
    assert not verify(record).ok


def test_a_changed_entry_with_a_new_hash_breaks_the_next_line(record: Path) -> None:
    from fetuin.assays.audit import digest

    lines = _lines(record)
    entry = json.loads(lines[1])
    entry["why"] = "because"
    entry["hash"] = digest(entry)
    record.write_text("".join([lines[0], json.dumps(entry) + "\n", *lines[2:]]))
    assert verify(record).line == 3


def test_entries_cut_off_the_end_are_seen_with_the_kept_head(record: Path) -> None:
    head = verify(record).head
    record.write_text("".join(_lines(record)[:3]))
    assert verify(record).ok
    assert not verify(record, head=head).ok


def test_half_a_line_is_seen_and_nothing_is_added_to_it(record: Path) -> None:
    record.write_bytes(record.read_bytes()[:-7])
    assert verify(record).line == 5
    with pytest.raises(InputError, match="line 5"):
        append(record, who="B", what="excluded", subject="x", why="y")
    with pytest.raises(InputError, match="line 5"):
        read(record)


@pytest.mark.parametrize("line", ["[]\n", "{}\n", "not json\n", '{"number": NaN}\n', "[" * 100_000 + "\n", "\n"])
def test_what_is_no_entry_breaks_the_record_without_a_crash(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line)
    assert verify(path).line == 1


@pytest.mark.parametrize("missing", ["who", "what", "subject", "why"])
def test_an_act_needs_a_name_and_a_reason(tmp_path: Path, missing: str) -> None:
    given = {"who": "A", "what": "excluded", "subject": "x", "why": "y"} | {missing: " "}
    with pytest.raises(UsageError, match=missing):
        append(tmp_path / "a.jsonl", **given)
    assert not (tmp_path / "a.jsonl").exists()


def test_a_missing_record_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.jsonl"):
        verify(tmp_path / "none.jsonl")
