"""`patient-view`: when a record is opened, what kind of calcification its data speak for, and what may mislead or harm."""

from __future__ import annotations

from fetuin.diagnosis.assessment import Assessment
from fetuin.diagnosis.model import CALCIFIED
from fetuin.diagnosis.words import likelihood_word, name_of, percent
from fetuin.service.hooks.cards import explained
from fetuin.service.hooks.contract import Advice, Hook, Seen
from fetuin.service.hooks.prefetch import templates

URGENT = ("calciphylaxis_urgent", "severe_hypercalcaemia")
SAID = {
    "calciphylaxis_urgent": "Calciphylaxis is possible: a person must judge now; outside the intended use of this software",
    "severe_hypercalcaemia": "Severe hypercalcaemia: a person must judge now; outside the intended use of this software",
    "pseudohypercalcaemia": "Total calcium may mislead: ionised calcium decides",
    "fhh_or_phpt": "Hypercalcaemia with PTH not held down: calcium to creatinine clearance before any neck surgery",
    "adjusted_calcium_in_kidney_failure": "Albumin-adjusted calcium is not reliable in kidney failure: ionised calcium decides",
}


def advise(seen: Seen) -> list[Advice]:
    """A card for each warning that calls for thought, and one for the answer where it is firm."""
    a = seen.assessment
    detail = explained(seen)
    found = [Advice(f["code"], SAID[f["code"]], detail, "warning") for f in a.flags if f["code"] in SAID]
    if not a.abstained and a.answer in CALCIFIED:
        found.append(Advice("mechanism", _headline(a), detail))
    return found


def _headline(a: Assessment) -> str:
    lead = next(p for p in a.mechanisms if p.name == a.answer)
    cause = next((c for c in a.causes if c.value >= 0.5), None)
    seen = any(e.finding == "calcification_reported" and e.state == "present" for e in a.evidence)
    kind = a.answer if a.answer == "calciphylaxis" else f"{a.answer} calcification"
    words = f"{kind.capitalize()} is {likelihood_word(lead.value)} ({percent(lead.value)})"
    if not seen:
        words = f"No calcification is reported; if one is found, {a.answer} is {likelihood_word(lead.value)} ({percent(lead.value)})"
    return f"{words}; cause to consider: {name_of(cause)}" if cause else words


HOOK = Hook(
    id="fetuin-mechanism",
    hook="patient-view",
    title="Kinds of pathologic calcification",
    description="Says which kind of calcification the record speaks for, how sure, why, and what to ask next. Research use only.",
    prefetch=templates(),
    needed=("patient", "observations", "conditions"),
    context=("userId", "patientId"),
    advise=advise,
)
