"""The mechanistic reading on the page of an assessment: lesions beside causes, and what a lesion cannot explain."""

from __future__ import annotations

from html import escape

from fetuin.mechanism.reading import Reading
from fetuin.reports.page import table

TITLE = "Which lesion would give these values?"


def mechanism(r: Reading) -> str:
    """The section: the lesions by how well the body with them would show the values."""
    if r.reason:
        return f"<p class=mute>Not computed: {escape(r.reason)}.</p>"
    where = (
        "in haemodialysis"
        if r.dialysis
        else f"at a filtration of {r.gfr:.0f} mL/min"
        if r.gfr
        else "at healthy kidney function (none was reported)"
    )
    values = r.values or {}
    rows = [
        (c.name, f"{100 * c.probability:.0f} %", f"{c.severity:g}" if c.severity else "-",
         "; ".join(f"{a.replace('_', ' ')} {c.shows[a]:.3g} (seen {values[a]:.3g})" for a in values),
         ", ".join(a.replace("_", " ") for a in c.unexplained) or "-") for c in r.candidates
    ]  # fmt: skip
    lead = f"<p class=lead>{escape(r.agreement)}</p>" if r.agreement else ""
    head = ("lesion", "probability among lesions", "severity", "what the body would show", "not explained")
    return (
        f"{lead}{table(head, rows, numeric=(1, 2))}<p class=mute>The mineral economy was run with each lesion {where}; every "
        "lesion was given the same chance. Frequencies, tissue and history are not in this reading; they are in the one above.</p>"
    )
