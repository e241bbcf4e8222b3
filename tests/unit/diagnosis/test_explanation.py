"""`.explain()`, the cards, the figure and the JSON of an assessment: all of it, no more than it."""

from __future__ import annotations

import io
import json

import pytest

import fetuin.diagnosis.assessment as a
from fetuin.diagnosis.words import interval, likelihood_word, odds, percent, side, times
from fetuin.errors import UsageError
from fetuin.notice import RESEARCH_USE


@pytest.fixture
def small() -> a.Assessment:
    evidence = a.Evidence(
        "phosphate",
        "Phosphate",
        "high",
        "serum",
        "9.7 mg/dL, 2012-06-04",
        1.6,
        {"metastatic": 1.6},
        "High.",
        ("Q015",),
        ("Q015",),
    )
    return a.Assessment(
        "<b>1</b>", "general", "metastatic", "Most likely metastatic.", False, "",
        (a.Probability("metastatic", 0.93, 0.81, 0.97), a.Probability("dystrophic", 0.08, 0.02, 0.18)),
        (a.Probability("ckd_mbd", 0.8, 0.6, 0.9, "CKD-MBD"),), (), (evidence,),
        (a.Missing("fgf23", "FGF23", {"low": 0.7}),),
        (a.NextTest("pth", "PTH", 0.2, 1, 0, 0.2, "Cheap."),), "A normal phosphate.",
        ({"code": "x", "text": "Take care.", "citation": ""},), (), {"ckd_mbd": "PTH"}, {"Q015": "a paper"}, ("few cases",),
    )  # fmt: skip


def test_the_whole_explanation_answers_the_questions_in_their_order(small: a.Assessment) -> None:
    text = small.explain()
    assert text.index("state of the tissue") < text.index("state of the serum") < text.index("What was done")
    assert "nothing was reported" in text
    assert "9.7 mg/dL" in text
    assert RESEARCH_USE in text


@pytest.mark.parametrize(
    ("name", "words"),
    [("phosphate", "a paper"), ("metastatic", "5.0 times more likely"), ("ckd_mbd", "deciding test: PTH"),
     ("fgf23", "70 % if low"), ("pth", "Cheap.")],
)  # fmt: skip
def test_every_part_can_be_explained_by_its_name(small: a.Assessment, name: str, words: str) -> None:
    assert words in small.explain(name)


def test_an_unknown_name_lists_the_known_ones(small: a.Assessment) -> None:
    with pytest.raises(UsageError, match="ckd_mbd"):
        small.explain("zinc")


def test_the_notebook_card_is_escaped_and_carries_the_line(small: a.Assessment) -> None:
    html = small._repr_html_()
    assert "<b>1</b>" not in html
    assert RESEARCH_USE in html
    assert "Take care." in html
    assert "<script" not in html


def test_the_terminal_card_prints_without_markup_surprises(small: a.Assessment) -> None:
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=120).print(small)
    assert "Metastatic: very likely, 93 % (81 to 97)" in out.getvalue()
    Console(file=(narrow := io.StringIO()), width=60).print(small)
    words = " ".join(narrow.getvalue().replace("│", " ").split())
    assert RESEARCH_USE in words


def test_the_figure_shows_every_mechanism(small: a.Assessment) -> None:
    import matplotlib

    matplotlib.use("Agg")
    ax = small.plot()
    assert [t.get_text() for t in ax.get_yticklabels()] == ["dystrophic", "metastatic"]
    assert ax.get_xlim() == (0, 1)


def test_json_loses_nothing(small: a.Assessment) -> None:
    d = json.loads(json.dumps(small.to_dict()))
    assert d["mechanisms"][0] == {"name": "metastatic", "label": "", "probability": 0.93, "low": 0.81, "high": 0.97}
    assert d["causes"][0]["deciding_test"] == "PTH"
    assert d["evidence"][0]["weights"] == {"metastatic": 1.6}
    assert d["missing"][0]["effect"] == {"low": 0.7}
    assert d["use_limitation"]


def test_a_wide_interval_is_not_called_certain() -> None:
    assert interval(a.Probability("x", 0.995, 0.37, 0.999)) == "likely, on uncertain inputs, >99 % (37 to >99)"
    assert interval(a.Probability("x", 0.995, 0.97, 0.999)) == "virtually certain, >99 % (97 to >99)"
    assert interval(a.Probability("x", 0.1, 0.001, 0.3)) == "unlikely, 10 % (<1 to 30)"


def test_words_for_numbers() -> None:
    assert [percent(p) for p in (0.001, 0.5, 0.999)] == ["<1 %", "50 %", ">99 %"]
    assert [likelihood_word(p) for p in (0.995, 0.5, 0.0)] == [
        "virtually certain",
        "about as likely as not",
        "exceptionally unlikely",
    ]
    assert times(0.0) == "no difference"
    assert [odds(x) for x in (1.1, -1.1, 0.01)] == ["odds × 3.0", "odds ÷ 3.0", "odds unchanged"]
    assert times(-1.1) == "3.0 times less likely"
    assert (side(1), side(-1), side(0)) == ("for", "against", "neutral")
