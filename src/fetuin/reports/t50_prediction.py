"""The page of a predicted T50: the prediction, and the picture of what a change in each quantity would do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fetuin.reports.chart import Chart
from fetuin.reports.page import escape, page, table

UNIT = {"fetuin_a": "g/L", "albumin": "g/L"}


def report(body: Mapping[str, Any], given: Mapping[str, float | None]) -> str:
    """`body` is what `fetuin t50 predict --json` prints; `given` the serum values that were given."""
    lead = (
        f"<div class=card><p class=lead>T50 expected: <strong>{body['t50_min']:.0f} min</strong> "
        f"(95 % {body['ci_low']:.0f} to {body['ci_high']:.0f}).</p><p>{escape(body['statement'])}</p></div>"
    )
    rows = [
        [k.replace("_", "-"), "reference" if v is None else f"{v:g}", UNIT.get(k, "mmol/L")] for k, v in given.items()
    ]
    return page(
        "T50 predicted from serum chemistry",
        [
            ("What a change would do", picture(body)),
            ("Serum", table(("quantity", "value", "unit"), rows, numeric=(1,))),
        ],
        lead=lead,
    )


def picture(body: Mapping[str, Any]) -> str:
    """A bar a change with its 95 % interval, and the same as a table."""
    rows = body["what_if"]
    reach = max(max(abs(r["ci_low"]), abs(r["ci_high"])) for r in rows) * 1.08 or 1.0
    chart = Chart(
        "Change of T50 for one step of each quantity", x=(-reach, reach), y=(0, len(rows)), xlabel="change of T50, min",
        width=680, height=70 + 34 * len(rows), axes=False, left=190,
    )  # fmt: skip
    chart.line([0, 0], [0, len(rows)], "mute", width=1)
    for k, r in enumerate(reversed(rows)):
        name = f"{r['change'].replace('_', '-')} {r['step']:+g} {UNIT.get(r['change'], 'mmol/L')}"
        words = f"{name}: {r['difference_min']:+.0f} min"
        chart.rect(
            0, r["difference_min"], k + 0.2, k + 0.8, "c1" if r["difference_min"] > 0 else "c2", opacity=0.75, tip=words
        )
        chart.line([r["ci_low"], r["ci_high"]], [k + 0.5, k + 0.5], "ink", width=1.5)
        chart.text(-reach, k + 0.5, name, anchor="end", dx=-8)
    cells = [[r["change"].replace("_", "-"), f"{r['step']:+g} {UNIT.get(r['change'], 'mmol/L')}", f"{r['difference_min']:+.0f}",
              f"{r['ci_low']:+.0f} to {r['ci_high']:+.0f}"] for r in rows]  # fmt: skip
    caption = "Longer bars to the right: a longer T50, less prone to calcify. Lines: 95 % intervals."
    return chart.svg(caption) + table(("quantity", "change", "T50, min", "95 % interval, min"), cells, numeric=(2, 3))
