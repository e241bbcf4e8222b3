"""Every `*.toml` beside this file is a case a clinician can read: a person, what was found, and what must be said.

The case is written as one of the published-case records (see `docs/how-to/write-a-spec-case.md`), read through the same
front door as any file, and assessed. `expect` may hold:

    answer         the leading mechanism ("mixed" where dystrophic and metastatic are both true)
    labels         mechanisms that must be true with more than one half; "mixed" makes dystrophic and metastatic true
    not_labels     mechanisms that must be true with less than one half
    cause          causes one of which must be among the three likeliest
    flag           codes of flags that must be raised
    next_test      tests one of which must be among the first three to ask for
    abstain        true where the only right answer is that the data do not suffice
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

import fetuin

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*.toml"))


def published_case(case: dict[str, Any], name: str) -> dict[str, Any]:
    """The table of a TOML case as one published-case object."""
    person, labs = case["person"], case.get("serum", {})
    return {
        "id": name,
        "source": {"citation": case.get("source", "textbook case"), "basis": "textbook"},
        "age_years": person.get("age"),
        "age_approximate": False,
        "sex": person.get("sex"),
        "findings": {"sites": [], "tissue_state": "not_reported", "histology": None, "imaging": None}
        | case.get("tissue", {}),
        "labs": {analyte: lab(value) for analyte, value in labs.items()},
        "history": case.get("history", []),
    }


def lab(value: str | list[Any]) -> dict[str, Any]:
    """`[2.35, "mmol/L"]`, or one of the words high, low, normal."""
    words = {"high": "H", "low": "L", "normal": "N"}
    number, unit = (None, None) if isinstance(value, str) else value
    flag = words[value] if isinstance(value, str) else None
    return {"value": number, "censor": None, "unit": unit, "ref_low": None, "ref_high": None, "flag": flag}


def probabilities(a: Any) -> dict[str, float]:
    """How probably each mechanism is at work, alone or in a mixture."""
    p = {m.name: m.value for m in a.mechanisms}
    return p | {m: p[m] + p["mixed"] for m in ("dystrophic", "metastatic")}


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_case(path: Path, tmp_path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    file = tmp_path / f"{path.stem}.jsonl"
    file.write_text(json.dumps(published_case(case, path.stem)) + "\n", "utf-8")
    a = fetuin.assess(fetuin.read_record(file), setting=case.get("setting", "general"))
    expect, p = case["expect"], probabilities(a)
    said = f"{a.answer}: {', '.join(f'{k} {v:.2f}' for k, v in p.items())}; causes {[c.name for c in a.causes[:3]]}"
    assert expect.keys() <= {"answer", "labels", "not_labels", "cause", "flag", "next_test", "abstain"}
    if "answer" in expect:
        assert a.mechanisms[0].name == expect["answer"], said
    assert all(p[m] > 0.5 for m in expect.get("labels", [])), said
    assert all(p[m] < 0.5 for m in expect.get("not_labels", [])), said
    if "cause" in expect:
        assert {c.name for c in a.causes[:3]} & set(expect["cause"]), said
    assert set(expect.get("flag", [])) <= {f["code"] for f in a.flags}, f"{said}; flags {a.flags}"
    if "next_test" in expect:
        assert {t.test for t in a.next_tests[:3]} & set(expect["next_test"]), [t.test for t in a.next_tests]
    if "abstain" in expect:
        assert a.abstained is expect["abstain"], f"{said}; {a.reason}"


def test_every_case_says_what_the_textbook_says() -> None:
    """A case without a story, or that expects nothing, is not a case."""
    assert len(CASES) >= 12
    for path in CASES:
        case = tomllib.loads(path.read_text("utf-8"))
        assert {"title", "story", "person", "expect"} <= case.keys(), path.name
        assert case["expect"], path.name
