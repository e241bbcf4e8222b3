"""The pages of lots, of replicates and of one person from visit to visit: intervals as pictures, then the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fetuin.reports.page import Section, escape, page, table
from fetuin.reports.rows import box, dot, row, rows, rule, scale, whisker


def _lead(words: Sequence[str]) -> str:
    return "<div class=card><ul>" + "".join(f"<li>{escape(w)}</li>" for w in words) + "</ul></div>"


def _left_out(body: Mapping[str, Any], name: str) -> list[Section]:
    """What did not enter, with its reason; nothing where all entered."""
    cells = [[r["row"], r[name], r["reason"]] for r in body["left_out"]]
    return [("Left out", table(("row", name, "why"), cells, numeric=(0,)))] if cells else []


def lots_report(body: Mapping[str, Any]) -> str:
    """`body` is what `fetuin control lots --json` prints."""
    limit, lots = body["limit"], body["lots"]
    ends = [abs(v - 1.0) for s in lots for v in (s["low"], s["high"])]
    reach = 1.25 * max([limit, *ends])

    def at(ratio: float) -> float:
        return 50.0 + 50.0 * (ratio - 1.0) / reach

    allowed = box(at(1 - limit), at(1 + limit), "good", top=0, height=20, opacity=0.15) + rule(50)
    made = [
        row(
            f"lot {s['lot']}",
            allowed + whisker(at(s["low"]), at(s["high"])) + dot(at(s["ratio"]), "good" if s["within"] else "bad"),
            f"{s['ratio']:.3f} ({s['low']:.3f} to {s['high']:.3f})",
            note=f"{s['n']} sera, {'within the limit' if s['within'] else 'not shown within'}", says=s["statement"],
        )
        for s in lots
    ]  # fmt: skip
    marks = [(at(v), f"{v:.2f}") for v in (1 - limit, 1.0, 1 + limit)]
    picture = rows([*made, scale(marks)], f"Ratio of T50 to lot {body['old']}; shaded: within {limit:.0%}.")
    cells = [
        [s["lot"], q["sample"], f"{q['old_min']:.1f}", f"{q['new_min']:.1f}", f"{q['new_min'] / q['old_min']:.3f}"]
        for s in lots for q in s["sera"]
    ]  # fmt: skip
    sera = table(("lot", "serum", "old, min", "new, min", "ratio"), cells, numeric=(2, 3, 4))
    sections = [("Ratio to the old lot", picture), ("Sera", sera), *_left_out(body, "sample")]
    return page("Reagent lots compared on T50", sections, lead=_lead([s["statement"] for s in lots]))


PARTS = (
    ("repeatability", "within a plate"), ("between_plate", "between plates"), ("between_lot", "between lots"), ("total", "all together"),
)  # fmt: skip


def replicates_report(body: Mapping[str, Any]) -> str:
    """`body` is what `fetuin control replicates --json` prints."""
    samples = body["samples"]
    sections: list[Section] = []
    most = max([v for s in samples for v in (s["total"], *(i[1] for i in s["interval"].values()))] or [0.01]) * 1.05
    for s in samples:
        made = []
        for key, words in PARTS:
            cv, span = s[key], s["interval"].get(key)
            if cv is None:
                continue
            picture = box(0, 100 * cv / most, "c1", opacity=0.75)
            picture += whisker(100 * span[0] / most, 100 * span[1] / most) if span else ""
            text = f"{cv:.1%}" + (f" ({span[0]:.1%} to {span[1]:.1%})" if span else "")
            made.append(row(words, picture, text, says=f"{s['sample']}, {words}: {text}"))
        n = s["n"]
        caption = (
            f"CV of T50 from {n['wells']} wells on {n['plates']} plates of {n['lots']} lot(s); lines: 95 % intervals."
        )
        sections.append((s["sample"], rows(made, caption)))
    return page(
        "CV components of T50", [*sections, *_left_out(body, "sample")], lead=_lead([s["statement"] for s in samples])
    )


def within_person_report(body: Mapping[str, Any]) -> str:
    """`body` is what `fetuin control within-person --json` prints."""
    low, high = body["within_interval"]
    most = max(high, body["between"], body["analytic"] or 0.0) * 1.05 or 0.01
    name = "within a person" + (" (error of measurement in it)" if body["holds_analytic"] else "")
    made = [
        row(
            name, box(0, 100 * body["within"] / most, "c1", opacity=0.75) + whisker(100 * low / most, 100 * high / most),
            f"{body['within']:.1%} ({low:.1%} to {high:.1%})", says=f"{name}: CV {body['within']:.1%}",
        ),
        row("between people", box(0, 100 * body["between"] / most, "c3", opacity=0.75), f"{body['between']:.1%}"),
    ]  # fmt: skip
    if body["analytic"] is not None:
        made.append(
            row("one well", box(0, 100 * body["analytic"] / most, "c2", opacity=0.75), f"{body['analytic']:.1%}")
        )
    minutes = body["rcv_min_at_median"]
    cells = [
        [
            side,
            f"{body['rcv'][k]:+.1%}",
            f"{body['rcv_low'][k]:+.1%} to {body['rcv_high'][k]:+.1%}",
            f"{minutes[side]:+.0f} min",
        ]
        for k, side in enumerate(("fall", "rise"))
    ]
    head = ("change", "more than chance beyond", "95 % interval", f"at {body['median_min']:.0f} min")
    sections: list[Section] = [
        ("Where the variation lies", rows(made, "CV of T50; line: 95 % interval.")),
        ("Reference change value", table(head, cells, numeric=(1, 2, 3)) + _about(body)),
        ("Visits", _visits(body)),
    ]
    return page("T50 of one person over time", [*sections, *_left_out(body, "person")], lead=_lead(body["statements"]))


def _about(body: Mapping[str, Any]) -> str:
    index = body["index_of_individuality"]
    words = f"Each result the mean of {body['wells_a_result']} well(s). "
    if index is not None:
        words += f"Index of individuality {index:.2f}: " + (
            "a person's own earlier result tells more than a reference interval."
            if index < 0.6
            else "a reference interval still tells something of one person."
        )
    return f"<p class=mute>{escape(words)}</p>"


def _visits(body: Mapping[str, Any]) -> str:
    """A row a person: every well on one scale."""
    values = [v["t50_min"] for v in body["visits"]]
    low, high = min(values), max(values)

    def at(minutes: float) -> float:
        return 3.0 + 94.0 * (minutes - low) / ((high - low) or 1.0)

    people: dict[str, list[float]] = {}
    for v in body["visits"]:
        people.setdefault(v["person"], []).append(v["t50_min"])
    made = [
        row(
            p,
            "".join(dot(at(v), "c1", 7) for v in mine),
            f"{min(mine):.0f} to {max(mine):.0f} min",
            says=f"{p}: {len(mine)} wells",
        )
        for p, mine in list(people.items())[:60]
    ]
    more = f" The first 60 of {len(people)} people are shown." if len(people) > 60 else ""
    return rows([*made, scale([(at(low), f"{low:.0f}"), (at(high), f"{high:.0f}")])], f"T50 of every well, min.{more}")
