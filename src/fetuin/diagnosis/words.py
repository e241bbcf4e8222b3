"""How a number of an assessment is said: probabilities, weights of evidence, names of mechanisms. No arithmetic beyond that.

A probability is said in words *and* as a number with its interval; a weight of evidence as how many times more likely
the finding is if the leading answer is right. Colour never carries meaning alone.
"""

from __future__ import annotations

import math
import re

from fetuin.diagnosis.assessment import Assessment, Evidence, NextTest, Probability

MECHANISMS = {
    "dystrophic": "dystrophic: calcium in damaged tissue",
    "metastatic": "metastatic: the body's mineral balance calcifies healthy tissue",
    "iatrogenic": "iatrogenic: something given or done put the mineral there",
    "calciphylaxis": "calciphylaxis: small vessels of skin and fat calcify and clot",
    "hereditary": "hereditary: a gene of mineral handling",
    "idiopathic": "idiopathic: no cause found after a full search",
    "mixed": "mixed: dystrophic and metastatic at once",
}
LAYERS = {
    "tissue": "What is the state of the tissue?",
    "serum": "What is the state of the serum?",
    "history": "What was done, where is it, since when, which genes?",
}
STATES = {
    "viable": "viable, undamaged tissue",
    "damaged": "damaged tissue (dead, scarred, inflamed or tumorous)",
    "mixed": "partly damaged tissue",
    "not_reported": "not reported",
}
# Words for probabilities follow the calibrated scale of the IPCC guidance note on uncertainties (2010).
SCALE = ((0.99, "virtually certain"), (0.90, "very likely"), (0.66, "likely"), (0.33, "about as likely as not"),
         (0.10, "unlikely"), (0.01, "very unlikely"), (0.0, "exceptionally unlikely"))  # fmt: skip


def percent(p: float) -> str:
    """A probability as a whole per cent; never 0 % or 100 %, because the engine is never that sure."""
    if p < 0.01:
        return "<1 %"
    return ">99 %" if p > 0.99 else f"{100 * p:.0f} %"


def likelihood_word(p: float) -> str:
    """`likely` and its neighbours."""
    return next(word for bound, word in SCALE if p >= bound)


def _bound(p: float) -> str:
    return "<1" if p < 0.01 else ">99" if p > 0.99 else f"{100 * p:.0f}"


def figure(p: Probability) -> str:
    """`93 % (81 to 97)`."""
    low, high = _bound(p.low), _bound(p.high)
    return f"{percent(p.value)} ({low if low == high else f'{low} to {high}'})"


def interval(p: Probability) -> str:
    """`very likely, 93 % (81 to 97)`; never more than *likely* while the interval reaches below one half."""
    firm = p.low >= 0.5 or p.value < 0.66
    return f"{likelihood_word(p.value) if firm else 'likely, on uncertain inputs'}, {figure(p)}"


def times(weight: float) -> str:
    """A log-likelihood ratio in words: `12 times more likely`, `3 times less likely`, `no difference`."""
    ratio = _factor(weight)
    return "no difference" if not ratio else f"{ratio} times {'more' if weight > 0 else 'less'} likely"


def odds(share: float) -> str:
    """What a finding did to the odds of the leading answer: `odds × 12`, `odds ÷ 3`, `odds unchanged`."""
    ratio = _factor(share)
    return "odds unchanged" if not ratio else f"odds {'×' if share > 0 else '÷'} {ratio}"


def _factor(log_ratio: float) -> str:
    ratio = math.exp(min(abs(log_ratio), 12.0))
    return "" if ratio < 1.05 else f"{ratio:.0f}" if ratio >= 9.5 else f"{ratio:.1f}"


def side(share: float) -> str:
    """`for` or `against` the leading answer, or `neutral`."""
    return "neutral" if abs(share) < 0.05 else "for" if share > 0 else "against"


def leading(a: Assessment) -> Probability | None:
    """The most probable mechanism: what the shares of the evidence speak of, also where no firm answer is given."""
    return next((p for p in a.mechanisms if p.name in MECHANISMS), None)


def start(a: Assessment) -> float:
    """Probability of the leading mechanism before any finding: the prior of the setting."""
    lead = leading(a)
    p = min(max(lead.value if lead else 0.5, 1e-12), 1 - 1e-12)
    return 1 / (1 + math.exp(-(math.log(p / (1 - p)) - sum(e.share for e in a.evidence))))


def name_of(p: Probability) -> str:
    """The words for a probability's name."""
    return p.label or MECHANISMS.get(p.name, "").partition(":")[0] or p.name.replace("_", " ")


def by_weight(evidence: tuple[Evidence, ...]) -> list[Evidence]:
    """The findings that speak loudest first."""
    return sorted(evidence, key=lambda e: -abs(e.share))


def brief(e: Evidence, a: Assessment) -> str:
    """The datum without the file and place it came from, which stand in the table of all findings."""
    name = getattr(getattr(a.record, "source", None), "name", "")
    at = e.datum.rfind(f" ({name}, ") if name else -1
    return rounded(e.datum[:at] if at > 0 else e.datum)


def rounded(words: str) -> str:
    """The same words with no number longer than five figures: some systems print sixteen."""
    return re.sub(r"\d+\.\d{4,}", lambda m: f"{float(m[0]):.5g}", words)


def said(e: Evidence, a: Assessment) -> str:
    """State and datum in a few words: `failure (haemodialysis 3 y)`."""
    datum, state = brief(e, a), e.state.replace("_", " ")
    return datum if state in ("present", "absent") or state in datum.lower() else f"{state} ({datum})"


def why(t: NextTest) -> str:
    """A test's one line of reason, without its own name in front."""
    head, _, rest = t.reason.partition(": ")
    words = rest if rest and head.lower() == t.label.lower() else t.reason
    return words[:1].upper() + words[1:]
