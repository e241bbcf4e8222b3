"""T50: the minute at which half of a serum's calciprotein particles have ripened. Measure it from a plate, predict it.

`measure(plate)` fits every curve, reports the half time of the CPP2 rise with its interval, and says "> t" where a
well has not turned. `predict(serum)` is an estimate from chemistry (see `prediction.py`), never a measurement.
The software analyses the data of such an assay; it is not the assay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fetuin.assays import curves, flags, start
from fetuin.assays.exclusions import Exclusion, automatic, masked
from fetuin.assays.fit import RULES
from fetuin.assays.fit_plate import fit_plate
from fetuin.assays.flags import NOTE, REJECT, REVIEW, Flag
from fetuin.assays.layout import Layout
from fetuin.assays.plate import Plate
from fetuin.assays.plate_fit import PlateFit
from fetuin.chemistry.ripening import Prediction, predict
from fetuin.notice import RESEARCH_USE, __version__

__all__ = ["Exclusion", "Group", "T50Result", "Well", "measure", "predict", "Prediction"]

TURNED = 0.88  # part of the CPP2 rise that must be seen: T50 + 2 w of a logistic; facts of the assay, section 1.2


@dataclass(frozen=True)
class Well:
    """What is reported of one well. `t50_min` is None where it is censored or was not computed.

    ci_low, ci_high   95 % interval [min]; of a censored well: the minute it is known to exceed, and None
    parameters        the fitted curve by the names of `curves.NAMES`
    features          onset, width of the rise, CPP1 height and time, amplitude, drift, settling, area [see `UNITS`]
    """

    well: str
    sample: str
    t50_min: float | None
    ci_low: float | None
    ci_high: float | None
    se_min: float | None
    censored: bool
    model: str
    flags: tuple[Flag, ...]
    role: str = "sample"
    group: str = ""
    lot: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict)
    features: Mapping[str, float] = field(default_factory=dict)
    reads_used: int = 0
    reads_excluded: int = 0

    @property
    def text(self) -> str:
        """The result as a person reads it: "287.4 (286.9 to 287.9) min" or "> 575 min"."""
        if self.t50_min is not None:
            return f"{self.t50_min:.1f} ({self.ci_low:.1f} to {self.ci_high:.1f}) min"
        return f"> {self.ci_low:.0f} min" if self.censored else "no result"

    def to_dict(self) -> dict[str, Any]:
        return {
            "well": self.well, "sample": self.sample, "t50_min": self.t50_min, "ci_low": self.ci_low,
            "ci_high": self.ci_high, "censored": self.censored, "model": self.model,
            "flags": [f.kind for f in self.flags], "flag_reasons": {f.kind: f.reason for f in self.flags},
            "se_min": self.se_min, "role": self.role, "group": self.group, "lot": self.lot, "text": self.text,
            "parameters": dict(self.parameters), "features": dict(self.features),
            "reads_used": self.reads_used, "reads_excluded": self.reads_excluded,
        }  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Replicates of one sample: their wells, mean T50 [min] of those reported, CV, flags."""

    name: str
    wells: tuple[str, ...]
    reported: int
    censored: int
    mean_min: float | None
    sd_min: float | None
    cv: float | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class T50Result:
    """A measured plate: its wells in the plate's order, replicate groups, flags of the plate, what was left out."""

    plate: Plate
    layout: Layout | None
    wells: tuple[Well, ...]
    groups: tuple[Group, ...]
    flags: tuple[Flag, ...]
    exclusions: tuple[Exclusion, ...]
    fit: PlateFit
    version: str = __version__
    notice: str = RESEARCH_USE

    def __getitem__(self, well: str) -> Well:
        return self.wells[self.plate.index(well)]

    def curve(self, well: str, minutes: np.ndarray | None = None) -> np.ndarray:
        """The fitted curve of a well [read] at its own or the given minutes."""
        return self.fit.curve(self.plate.index(well), minutes)

    def to_dict(self) -> dict[str, Any]:
        """The body of `fetuin t50 --json`."""
        return {
            "plate": self.plate.name, "source": self.plate.source, "mode": self.plate.mode, "unit": self.plate.unit,
            "wells": [w.to_dict() for w in self.wells],
            "groups": [{**vars(g), "flags": [vars(f) for f in g.flags]} for g in self.groups],
            "plate_flags": [vars(f) for f in self.flags],
            "exclusions": [vars(e) for e in self.exclusions],
            "noise": {"floor": self.fit.noise.floor, "relative": self.fit.noise.relative, "correlation": self.fit.rho},
        }  # fmt: skip


def measure(
    plate: Plate,
    layout: Layout | None = None,
    model: str = "5pl",
    *,
    at: str = "",
    exclude: Iterable[Exclusion] = (),
    limits: flags.Limits = flags.LIMITS,
    threads: int | None = None,
) -> T50Result:
    """Measure T50 in every well of a plate.

    layout: which sample is where (its wells must be on the plate); model: a name of `curves.MODELS` or "auto";
    at: when, as text, for the record of what is left out; exclude: reads or wells a person leaves out, which are
    kept in the result with who, when and why. Raises InputError, UsageError, NotEnoughDataError.
    """
    by_hand = tuple(exclude)
    if layout is not None:
        layout.match(plate.wells)
    fit = fit_plate(masked(plate, by_hand), model, threads=threads)
    found = flags.plate_flags(fit, limits)
    verdicts = [_verdict(fit, row, limits) for row in range(len(plate))]
    left_out = {e.well: e for e in by_hand if e.minute is None}
    ends = np.stack(fit.interval(), axis=1)
    wells = [
        _well(fit, row, layout, verdicts[row], found[row], left_out.get(w), ends[row])
        for row, w in enumerate(plate.wells)
    ]
    wells, groups = _replicates(wells, layout, limits)
    edge = flags.edge_effect(
        np.array([w.t50_min or np.nan for w in wells]), plate.border, [w.group or w.sample for w in wells], limits
    )
    return T50Result(
        plate, layout, tuple(wells), groups, (edge,) if edge else (), by_hand + automatic(fit, at), fit
    )  # fmt: skip


def _verdict(fit: PlateFit, row: int, limits: flags.Limits) -> tuple[str, float, str]:
    """("reported", "censored", "no reaction" or "none", the minute a censored T50 exceeds, why)."""
    p, shape = fit.parameters[row], int(fit.shape[row])
    seen = fit.state[row] != start.UNUSED
    if seen.sum() < 12:
        return "none", np.nan, f"only {int(seen.sum())} usable reads"
    end = float(fit.plate.minutes[row][np.isfinite(fit.plate.reads[row])].max())
    reaction = _no_reaction(fit, row, limits)
    if reaction:
        return "no reaction", end, reaction
    if p[4] < np.nanmin(fit.plate.minutes[row]) + 1.02 * RULES.least:
        return "none", np.nan, "the rise comes with the first reads and cannot be told from that of CPP1"
    turned = float(curves.rise(np.array([end]), shape, p)[0])
    se = float(fit.se[row])
    if turned < TURNED or p[4] + 2.0 * se >= end or not np.isfinite(se):
        width = curves.time_at(TURNED, shape, p) - p[4]
        known = end if turned < 0.5 and p[4] - 2.0 * se > end else min(end, max(end - width, 0.0))
        return "censored", known, f"only {turned:.0%} of the rise is seen by {end:.0f} min"
    return "reported", end, ""


def _no_reaction(fit: PlateFit, row: int, limits: flags.Limits) -> str:
    """Why a well counts as one that did not react, or ""."""
    p = fit.parameters[row]
    # A flat, rounded curve has no spread at all: the smallest noise keeps the ratio a number.
    noise = max(float(fit.noise.at(np.array([p[0] + p[1]]))[0] * fit.scale[row]), 1e-12)
    usual = fit.usual_amplitude if len(fit.t50) >= 8 else 0.0
    if p[3] < limits.signal * noise:
        return f"the rise is {max(p[3], 0.0) / noise:.1f} times the noise"
    if not fit.reacts[row]:
        return "the reads are explained without a rise of CPP2: no more than chance and a rise of CPP1"
    if p[1] > limits.signal * noise and p[3] < limits.cpp1 * p[1]:
        return f"the rise is {p[3] / p[1]:.1f} times that of CPP1: aggregation of CPP1 rather than CPP2"
    cycle = float(np.nanmedian(np.diff(fit.plate.minutes[row])))
    if np.exp(p[5]) < limits.sudden * cycle and fit.extra[row] != 3:
        return f"the only rise comes within one cycle, at {p[4]:.0f} min: a bubble, not a ripening"
    if p[3] < limits.amplitude * usual:
        return f"the rise is {p[3] / usual:.0%} of the plate's median"
    return ""


def _well(
    fit: PlateFit, row: int, layout: Layout | None, verdict: tuple[str, float, str], found: list[Flag],
    left_out: Exclusion | None, ends: np.ndarray,
) -> Well:  # fmt: skip
    name = fit.plate.wells[row]
    entry = layout[name] if layout is not None else None
    state, limit, why = verdict
    t50, se = float(fit.t50[row]), float(fit.se[row])
    extra: list[Flag] = []
    if left_out is not None:
        state, extra = "none", [Flag("excluded", f"{left_out.reason} ({left_out.by}, {left_out.at})", REJECT)]
    elif state == "none":
        extra = [Flag("no result", why, REJECT)]
    elif state in ("censored", "no reaction"):
        extra = [Flag("truncated", why, NOTE) if state == "censored" else Flag("no reaction", why, REVIEW)]
        found = [f for f in found if f.kind in ("baseline high", "saturation", "bubble")]
    reported, censored = state == "reported", state in ("censored", "no reaction")
    bounds: tuple[float | None, float | None]
    bounds = (float(ends[0]), float(ends[1])) if reported else ((limit, None) if censored else (None, None))
    return Well(
        name, entry.sample if entry else "", t50 if reported else None, bounds[0], bounds[1], se if reported else None,
        censored, fit.model[row], (*extra, *found), entry.role if entry else "sample",
        entry.group if entry else "", entry.lot if entry else "",
        dict(zip(curves.NAMES, (float(v) for v in fit.parameters[row]))), _features(fit, row),
        int((fit.state[row] != start.UNUSED).sum()),
        int(((fit.state[row] == start.UNUSED) & np.isfinite(fit.plate.reads[row])).sum()),
    )  # fmt: skip


def _features(fit: PlateFit, row: int) -> dict[str, float]:
    """The curve in figures [min, read, read/min]: what a laboratory compares from lot to lot."""
    p, shape = fit.parameters[row], int(fit.shape[row])
    t10, t90 = curves.time_at(0.1, shape, p), curves.time_at(0.9, shape, p)
    t = fit.plate.minutes[row]
    ok = np.isfinite(t) & np.isfinite(fit.plate.reads[row])
    area = float(np.trapezoid(p[3] * curves.rise(t[ok], shape, p), t[ok])) if ok.sum() > 1 else 0.0
    return {
        "onset_min": t10, "width_10_90_min": t90 - t10, "cpp1_rise": float(p[1]), "cpp1_tau_min": float(np.exp(p[2])),
        "amplitude": float(p[3]), "plateau_ratio": float(p[3] / (abs(p[0] + p[1]) or 1.0)),
        "steepest_per_min": float(0.8 * p[3] / max(t90 - t10, 1e-9)), "area": area,
        "drift_per_min": float(p[7]), "settling_per_min": float(p[8]),
    }  # fmt: skip


def _replicates(wells: list[Well], layout: Layout | None, limits: flags.Limits) -> tuple[list[Well], tuple[Group, ...]]:
    from dataclasses import replace

    if layout is None:
        return wells, ()
    place = {w.well: i for i, w in enumerate(wells)}
    groups = []
    for name, members in layout.replicates().items():
        mine = [wells[place[m]] for m in members if m in place]
        values = [w.t50_min for w in mine if w.t50_min is not None]
        flag = flags.replicate_disagreement(values, limits)
        for w in mine:
            if flag:
                wells[place[w.well]] = replace(w, flags=(*w.flags, flag))
        mean = float(np.mean(values)) if values else None
        sd = float(np.std(values, ddof=1)) if len(values) > 1 else None
        groups.append(
            Group(
                name, tuple(w.well for w in mine), len(values), sum(w.censored for w in mine), mean, sd,
                sd / mean if sd is not None and mean else None, (flag,) if flag else (),
            )
        )  # fmt: skip
    return wells, tuple(groups)
