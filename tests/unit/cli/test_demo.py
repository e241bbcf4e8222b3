"""`fetuin demo`: the shipped examples, a report of each, an index, and a word where it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from fetuin.cli.main import main
from fetuin.examples import examples


def test_the_demo_writes_a_report_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "demo"
    assert main(["demo", "--out", str(out), "--json"]) == 0
    shown = capsys.readouterr()
    told = json.loads(shown.out)
    assert [e["example"] for e in told["examples"]] == [e.name for e in examples()]
    assert str((out / "index.html").resolve()) in shown.err
    html = (out / "index.html").read_text("utf-8")
    for e in examples():
        page = (out / f"{e.name}.html").read_text("utf-8")
        assert f'href="{e.name}.html"' in html
        assert e.source.split(",")[0] in page
        assert not re.search(r'(?:src|href)="https?:', page)


def test_the_demo_says_what_was_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The examples teach: each answer is the published mechanism."""
    assert main(["demo", "--out", str(tmp_path), "--json"]) == 0
    told = {e["example"]: e["answer"] for e in json.loads(capsys.readouterr().out)["examples"]}
    assert told == {e.name: e.mechanism for e in examples()}
