"""How a number of an assessment is said: probabilities, weights of evidence, names of mechanisms. No arithmetic beyond that.

A probability is said in words *and* as a number with its interval; a weight of evidence as how many times more likely
the finding is if the leading answer is right. Colour never carries meaning alone.
"""

from __future__ import annotations

import math

from fetuin.diagnosis.assessment import Evidence, Probability

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


def interval(p: Probability) -> str:
    """`very likely, 93 % (81 to 97)`."""
    return f"{likelihood_word(p.value)}, {percent(p.value)} ({100 * p.low:.0f} to {100 * p.high:.0f})"


def times(weight: float) -> str:
    """A log-likelihood ratio in words: `12 times more likely`, `3 times less likely`, `no difference`."""
    if not math.isfinite(weight):
        return "decides alone"
    ratio = math.exp(min(abs(weight), 12.0))
    if ratio < 1.05:
        return "no difference"
    figure = f"{ratio:.0f}" if ratio >= 9.5 else f"{ratio:.1f}"
    return f"{figure} times {'more' if weight > 0 else 'less'} likely"


def side(weight: float) -> str:
    """`for` or `against` the leading answer, or `neutral`."""
    return "neutral" if abs(weight) < 0.05 else "for" if weight > 0 else "against"


def name_of(p: Probability) -> str:
    """The words for a probability's name."""
    return p.label or MECHANISMS.get(p.name, "").partition(":")[0] or p.name.replace("_", " ")


def by_weight(evidence: tuple[Evidence, ...]) -> list[Evidence]:
    """The findings that speak loudest first."""
    return sorted(evidence, key=lambda e: -abs(e.weight))
