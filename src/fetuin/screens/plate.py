"""The Plate screen: an instrument file and a layout become curves with fits; what a person leaves out is fitted again.

Every change (leave out, take back, accept, comment) is an entry of a hash-chained audit record that the browser holds and
sends along; the server checks the chain, adds to it and gives it back. Nothing is stored.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from fetuin.assays.audit import append, verify
from fetuin.assays.control_chart import levey_jennings, target
from fetuin.assays.exclusions import Exclusion
from fetuin.assays.formats.recognition import formats, measured, read_plates
from fetuin.assays.layout import Layout, randomised, read_layout
from fetuin.assays.plate import Plate
from fetuin.assays.simulate_plate import simulate
from fetuin.assays.t50 import T50Result, measure
from fetuin.errors import InputError, NotEnoughDataError

EXAMPLES = {
    "plate-of-96": ("96 wells, clean curves", 3, "clean", 96),
    "plate-of-384": ("384 wells with drift, bubbles, spikes and an edge effect", 11, "full", 384),
}
GRID = 90  # points of a fitted curve
MODELS = ("5pl", "4pl", "jmak", "finke-watzky", "double", "auto")


def choices() -> dict[str, Any]:
    """Simulated example plates, the curves, and the reader formats with what each is recognised by."""
    return {
        "examples": [{"name": n, "title": t} for n, (t, *_) in EXAMPLES.items()],
        "models": list(MODELS),
        "formats": [{"name": n, "title": f.title, "maturity": f.maturity} for n, f in formats().items()],
    }


def result(request: Mapping[str, Any], files: Mapping[str, str] | None = None) -> dict[str, Any]:
    """{example, model, read, exclude: [{well, minute, who, why, at}]} and files `file`, `layout` -> wells with their curves."""
    plate, layout = _opened(request, files or {})
    cut = [_exclusion(e) for e in request.get("exclude") or ()]
    found = measure(plate, layout, str(request.get("model") or "5pl"), exclude=cut, at=str(request.get("at") or ""))
    body = found.to_dict()
    for i, w in enumerate(body["wells"]):
        w |= _curve(found, i)
    body |= {"rows": plate.shape[0], "columns": plate.shape[1], "layout": layout.source if layout else ""}
    return body


def _opened(request: Mapping[str, Any], files: Mapping[str, str]) -> tuple[Plate, Layout | None]:
    if name := request.get("example"):
        if name not in EXAMPLES:
            raise InputError(
                "There is no example plate of that name.", where="example", fix=f"one of: {', '.join(EXAMPLES)}"
            )
        return _example(str(name))
    if "file" not in files:
        raise InputError("No plate was given.", where="file", fix="drop the file of a plate reader, or open an example")
    plates = measured(read_plates(Path(files["file"])))
    chosen = int(request.get("read") or 0)
    if not 0 <= chosen < len(plates):
        raise InputError(f"There is no read {chosen}.", where="read", why=f"the file holds {len(plates)}")
    return plates[chosen], read_layout(Path(files["layout"])) if "layout" in files else None


@lru_cache(maxsize=4)
def _example(name: str) -> tuple[Plate, Layout]:
    """A simulated plate with a layout that names a serum in each well; the layout does not know the truth."""
    _, seed, kind, wells = EXAMPLES[name]
    plate = simulate(seed, kind, wells=wells, points=145, minutes=600.0).plate
    sera = [f"serum {k + 1:03d}" for k in range(wells)]
    return plate, randomised(sera, replicates=1, controls=0, blanks=0, size=wells, lot="example", seed=seed)


def _exclusion(e: Mapping[str, Any]) -> Exclusion:
    who, why = str(e.get("who") or "").strip(), str(e.get("why") or "").strip()
    if not who or not why:
        raise InputError(
            "Nothing is left out without a name and a reason.", where=str(e.get("well"))[:8], fix="give who and why"
        )
    minute = e.get("minute")
    return Exclusion(str(e.get("well")), None if minute is None else float(minute), why, who, str(e.get("at") or ""))


def _curve(found: T50Result, i: int) -> dict[str, Any]:
    """Reads, the numbers of those left out, and the fitted curve at GRID even steps from the first read to the last."""
    t, y = found.plate.minutes[i], found.plate.reads[i]
    seen = np.isfinite(t) & np.isfinite(y)
    gone = {round(e.minute, 6) for e in found.exclusions if e.well == found.plate.wells[i] and e.minute is not None}
    if not seen.any():
        return {"minutes": [], "reads": [], "left_out": [], "fit": [], "weights": {}}
    grid = np.linspace(float(t[seen].min()), float(t[seen].max()), GRID)
    return {
        "minutes": np.round(t[seen], 3), "reads": _short(y[seen]),
        "left_out": [k for k, v in enumerate(t[seen]) if round(float(v), 6) in gone],
        "fit": _short(np.asarray(found.curve(found.plate.wells[i], grid), float)),
        "weights": {f.kind: f.weight for f in found.wells[i].flags},
    }  # fmt: skip


def _short(values: np.ndarray) -> list[float]:
    return [float(f"{v:.6g}") for v in values]


def recorded(request: Mapping[str, Any]) -> dict[str, Any]:
    """{trail (text of the record so far), who, what, subject, why, before, after} -> the record with one entry more."""
    with tempfile.TemporaryDirectory(prefix="fetuin-") as folder:
        path = Path(folder) / "audit.jsonl"
        path.write_text(str(request.get("trail") or ""), encoding="utf-8")
        who, what, subject, why = (str(request.get(k) or "") for k in ("who", "what", "subject", "why"))
        entry = append(
            path, who=who, what=what, subject=subject, why=why, before=request.get("before"), after=request.get("after")
        )
        verdict = verify(path)
        return {"trail": path.read_text("utf-8"), "entry": vars(entry), "ok": verdict.ok, "head": verdict.head}


def control_chart(request: Mapping[str, Any]) -> dict[str, Any]:
    """{example: true} or {runs: [{run, t50_min: {level: minutes}}], baseline} -> Levey-Jennings z and the Westgard rules broken."""
    if request.get("example"):
        request = control_example()
    runs, baseline = list(request.get("runs") or ()), int(request.get("baseline") or 20)
    if len(runs) <= baseline:
        raise NotEnoughDataError(
            f"{len(runs)} runs, of which the first {baseline} set the targets: none is left to judge.", where="runs",
            fix="give more runs, or a smaller baseline (at least 10)",
        )  # fmt: skip
    levels = sorted({k for r in runs for k in r["t50_min"]})
    values = np.array([[float(r["t50_min"].get(k) or np.nan) for k in levels] for r in runs])
    targets = [target(k, [v for v in values[:baseline, j] if np.isfinite(v)]) for j, k in enumerate(levels)]
    names = [str(r["run"]) for r in runs]
    chart = levey_jennings(targets, names, values)
    judged = set(names[baseline:])
    return {
        "levels": levels, "baseline": baseline,
        "targets": [{"level": t.level, "t50_min": t.t50_min, "sd_log": t.sd, "n": t.n} for t in targets],
        "runs": [{"run": r, "z": dict(zip(levels, chart.z[i])), "judged": r in judged, "accepted": chart.accepted(r)}
                 for i, r in enumerate(names)],
        "violations": [vars(v) for v in chart.violations if v.run in judged],
    }  # fmt: skip


def control_example() -> dict[str, Any]:
    """Thirty simulated runs of three control levels (seeded); the last five drift by 4 %."""
    rng, usual = np.random.default_rng(4), {"control_high": 420.0, "control_low": 180.0, "control_mid": 290.0}
    rows = []
    for k in range(30):
        drift = 1.04 if k >= 25 else 1.0
        rows.append(
            {
                "run": f"run {k + 1:02d}",
                "t50_min": {n: float(m * drift * np.exp(rng.normal(0, 0.015))) for n, m in usual.items()},
            }
        )
    return {"runs": rows, "baseline": 20}
