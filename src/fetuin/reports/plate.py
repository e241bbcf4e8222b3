"""The page of a measured plate: heat map, what to look at, controls, results, every curve with its fit, what was left out.

One self-contained file without a request to anywhere; nothing is computed here but the scale of a picture.
"""

from __future__ import annotations

from collections.abc import Iterable

from fetuin.assays.t50 import T50Result, Well
from fetuin.reports.page import Html, Section, escape, page, table
from fetuin.reports.plate_pictures import curve, heat_map

WEIGHTS = {"reject": "no result", "review": "look at the curve", "note": "note"}
CSS = (
    ".curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.5rem}"
    ".curves figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.3rem}"
    ".curves figure:target{grid-column:1/-1;border-color:var(--accent)}"
    "main .curves figure svg{width:100%;min-width:0;max-width:100%;height:auto}"
    ".curves figcaption{font-size:.78rem;color:var(--ink);overflow-wrap:anywhere}.marks{color:var(--bad)}"
    ".map{overflow-x:auto}.map svg{min-width:44rem;max-width:none;width:100%}"
    "@media print{.curves{grid-template-columns:repeat(6,1fr)}.map svg{min-width:0}}"
)


def report(result: T50Result, *, title: str = "") -> str:
    """The whole page as HTML."""
    plate = result.plate
    sections: list[Section] = [
        ("Plate", heat_map(result)),
        ("To look at", _flags(result)),
        ("Controls and replicates", _controls(result)),
        ("Results", _results(result)),
        ("Curves", _curves(result)),
        ("Left out", _left_out(result)),
        ("About", _about(result)),
    ]
    name = title or f"T50: {plate.name or plate.source}"
    read = plate.metadata.get("read", "")
    subtitle = ", ".join(w for w in (plate.source, read, plate.mode, f"{len(plate)} wells") if w)
    return page(name, sections, subtitle=subtitle, lead=f"<style>{CSS}</style>{_lead(result)}")


def _lead(result: T50Result) -> str:
    """What came out, in one sentence, and the flags of the plate."""
    told = [w for w in result.wells if w.t50_min is not None]
    beyond = sum(w.censored for w in result.wells)
    flagged = sum(any(f.weight != "note" for f in w.flags) for w in result.wells)
    end = max((float(t) for t in result.plate.minutes[:, -1] if t == t), default=0.0)
    words = (
        f"T50 is reported for <strong>{len(told)} of {len(result.wells)}</strong> wells. Not turned within the run of "
        f"{end:.0f} min: {beyond}, reported as later than that. With a flag to look at: {flagged}."
    )
    plate_flags = "".join(f"<p class=bad>Plate: {escape(f.kind)}: {escape(f.reason)}</p>" for f in result.flags)
    return f"<div class=card><p class=lead>{words}</p>{plate_flags}</div>"


def _link(well: str) -> Html:
    return Html(f'<a href="#w-{escape(well)}">{escape(well)}</a>')


def _flags(result: T50Result) -> str:
    """Every flag that asks for a look, most weighty first."""
    order = list(WEIGHTS)
    same: dict[tuple[int, str, str], list[Well]] = {}
    for w in result.wells:
        for f in w.flags:
            if f.weight in WEIGHTS:
                same.setdefault((order.index(f.weight), f.kind, f.reason), []).append(w)
    if not same:
        return "<p>No well carries a flag.</p>"
    rows = []
    for (weight, kind, reason), wells in sorted(same.items(), key=lambda kv: kv[0][0]):
        links = Html(" ".join(_link(w.well) for w in wells))
        samples = ", ".join(dict.fromkeys(w.sample for w in wells if w.sample))
        rows.append((weight, [links, samples, kind, reason, WEIGHTS[order[weight]]]))
    heavy = [r for k, r in rows if k < 2]
    notes = [r for k, r in rows if k == 2]
    head = ("wells", "sample", "flag", "why", "weight")
    out = table(head, heavy) if heavy else "<p>No well needs a look; the notes are below.</p>"
    if notes:
        out += f"<details><summary>{len(notes)} notes (the result stands)</summary>{table(head, notes)}</details>"
    return out


def _controls(result: T50Result) -> str:
    """The three control levels, then every replicate group."""
    controls = [w for w in result.wells if w.role.startswith("control")]
    out = ""
    if controls:
        rows = [[w.role.replace("_", " "), w.sample, _link(w.well), w.lot, w.text, _kinds(w)] for w in controls]
        out += table(
            ("level", "control", "well", "lot", "T50, 95 % interval", "flags"), sorted(rows, key=lambda r: str(r[0]))
        )
    else:
        out += "<p>No control level is named in the plate map: the run cannot be accepted by its controls.</p>"
    if result.groups:
        rows = [
            [g.name, ", ".join(g.wells), f"{g.reported}", _minutes(g.mean_min), "" if g.cv is None else f"{g.cv:.1%}",
             "; ".join(f.reason for f in g.flags)]
            for g in result.groups
        ]  # fmt: skip
        body = table(("group", "wells", "reported", "mean T50, min", "CV", "flags"), rows, numeric=(2, 3, 4))
        out += f"<details open><summary>Replicate groups ({len(rows)})</summary>{body}</details>"
    return out


def _minutes(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _kinds(well: Well) -> str:
    return ", ".join(f.kind for f in well.flags)


def _results(result: T50Result) -> str:
    rows = [
        [
            _link(w.well),
            w.sample,
            w.role.replace("_", " "),
            _t50(w),
            _interval(w),
            w.model,
            f"{w.reads_excluded}",
            _kinds(w),
        ]
        for w in result.wells
    ]
    head = ("well", "sample", "role", "T50, min", "95 % interval, min", "model", "reads left out", "flags")
    return table(head, rows, numeric=(3, 4, 6))


def _t50(well: Well) -> str:
    if well.t50_min is not None:
        return f"{well.t50_min:.1f}"
    return f"> {well.ci_low:.0f}" if well.censored and well.ci_low is not None else "none"


def _interval(well: Well) -> str:
    if well.t50_min is None or well.ci_low is None or well.ci_high is None:
        return ""
    return f"{well.ci_low:.1f} to {well.ci_high:.1f}"


def _curves(result: T50Result) -> str:
    """Small multiples; the link of a well anywhere on the page opens its curve wide."""
    key = (
        "<p class=mute>Dots: reads. Line: fit. Upright line: T50 with its 95 % interval; dashed: later than this minute. "
        "Crosses: reads that were left out. Each curve has its own height. Follow a well's name to see it wide.</p>"
    )
    figures: Iterable[str] = (curve(result, i) for i in range(len(result.wells)))
    return f"{key}<div class=curves>{''.join(figures)}</div>"


def _left_out(result: T50Result) -> str:
    """Every read and well that was left out: by whom, when, why."""
    if not result.exclusions:
        return "<p>No read and no well was left out.</p>"
    by_hand = [e for e in result.exclusions if not e.by.startswith("fetuin ")]
    automatic = [e for e in result.exclusions if e.by.startswith("fetuin ")]
    head = ("well", "minute", "why", "by", "when")

    def rows(found: list) -> list[list[object]]:  # type: ignore[type-arg]
        return [[_link(e.well), "all" if e.minute is None else f"{e.minute:.1f}", e.reason, e.by, e.at] for e in found]

    out = table(head, rows(by_hand)) if by_hand else "<p>No person left anything out.</p>"
    if automatic:
        words = f"{len(automatic)} reads left out by the robust fit"
        out += f"<details><summary>{words}</summary>{table(head, rows(automatic))}</details>"
    return out


def _about(result: T50Result) -> str:
    plate = result.plate
    told = {k: v for k, v in plate.metadata.items() if not k.startswith("content ")}
    rows = [["file", plate.source], ["plate", plate.name], ["kind of read", f"{plate.mode or 'not stated'} {plate.unit}"],
            *([k.replace("_", " "), v] for k, v in sorted(told.items())), ["fetuin", result.version]]  # fmt: skip
    words = (
        "<p>T50 is the minute at which half of the CPP1-to-CPP2 component of the curve has passed, not half of the whole "
        "signal. The interval is 95 %. A well that has not turned by the end of the run has no T50, only the minute it "
        "exceeds. A shorter T50 means a serum more prone to calcify. Compare only with values of the same laboratory, "
        "instrument and lot: tens of minutes lie between them.</p>"
    )
    return words + table(("what", "value"), rows)
