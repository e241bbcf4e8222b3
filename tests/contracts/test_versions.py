"""Knowledge and models: the same version means the same content, for every Python, and comments do not count."""

from pathlib import Path

import pytest

from fetuin import versions as v

MEND = "{} changed and kept its version. Raise it and record its content: make versions"


@pytest.mark.parametrize("part", v.FOLDERS)
def test_a_version_stands_for_its_content(part: str) -> None:
    assert part not in v.changed(), MEND.format(part)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small house with one equation and one likelihood, recorded."""
    for folder in ("knowledge", "chemistry"):
        (tmp_path / folder).mkdir()
    (tmp_path / "knowledge" / "gout.toml").write_text("likelihood = 0.3\n")
    (tmp_path / "chemistry" / "law.py").write_text(
        '"""The law."""\n\n\ndef law(x):\n    """Half."""\n    return x / 2\n'
    )
    record = tmp_path / "versions.toml"
    record.write_text("".join(f'[{p}]\nversion = "1.2.9"\ncontent = ""\n\n' for p in v.FOLDERS))
    monkeypatch.setattr(v, "HERE", tmp_path)
    monkeypatch.setattr(v, "RECORD", record)
    assert v.record() == ["knowledge 1.2.9 -> 1.2.10", "models 1.2.9 -> 1.2.10"]
    assert v.record() == v.changed() == []
    return tmp_path


def test_a_likelihood_that_moves_raises_knowledge_alone(house: Path) -> None:
    (house / "knowledge" / "gout.toml").write_text("likelihood = 0.4\n")
    assert v.changed() == ["knowledge"]
    assert v.record() == ["knowledge 1.2.10 -> 1.2.11"]


def test_words_about_an_equation_do_not_count_and_the_equation_does(house: Path) -> None:
    law = house / "chemistry" / "law.py"
    law.write_text('"""Another word."""\n\n\ndef law(x):\n    # why\n    return x / 2\n')
    assert v.changed() == []
    law.write_text('"""The law."""\n\n\ndef law(x):\n    """Half."""\n    return x / 3\n')
    assert v.changed() == ["models"]


def test_a_new_file_and_a_lost_indent_count(house: Path) -> None:
    law = house / "chemistry" / "law.py"
    text = law.read_text()
    law.write_text(text + "\n\nif law(2):\n    A = 1\n    B = 2\n")
    v.record()
    law.write_text(text + "\n\nif law(2):\n    A = 1\nB = 2\n")
    assert v.changed() == ["models"]
    v.record()
    (house / "knowledge" / "more.toml").write_text("")
    assert v.changed() == ["knowledge"]


def test_what_was_compiled_beside_the_data_is_no_content(house: Path) -> None:
    (house / "knowledge" / "__pycache__").mkdir()
    (house / "knowledge" / "__pycache__" / "gout.cpython-311.toml").write_bytes(b"\xdb\x00")
    assert v.changed() == []
