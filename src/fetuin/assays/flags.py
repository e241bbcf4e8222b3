"""What a person should look at before believing a well, each flag with its reason in figures.

A flag never changes a number and never removes a well. Three weights: "note" (the T50 stands), "review" (look at the
curve), "reject" (no T50 can be reported from this well). A flag is only raised where the reads justify it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fetuin.assays import curves, start
from fetuin.assays.plate_fit import PlateFit
from fetuin.quantities import quantity

NOTE, REVIEW, REJECT = "note", "review", "reject"


@dataclass(frozen=True)
class Flag:
    """One reason to look: its kind, why in words and figures, and how much it weighs."""

    kind: str
    reason: str
    weight: str = REVIEW


@dataclass(frozen=True)
class Limits:
    """Where a flag is raised. None is published as a set; the facts of the assay, section 1.2, propose most."""

    spike: float = quantity(
        8.0, "1", "assumption: 15 times rarer than once a plate in good reads", "spreads off the curve"
    )
    baseline: float = quantity(
        2.2, "1", "assumption: lipaemic sera read 3 to 10 times the blank", "of the plate's median"
    )
    amplitude: float = quantity(0.2, "1", "assumption: facts, section 1.2", "of the plate's median amplitude")
    cpp1: float = quantity(
        2.0, "1", "assumption: CPP2 rises 5 to 30 times as high on simulated plates", "rise over that of CPP1"
    )
    sudden: float = quantity(0.2, "1", "assumption: no serum ripens within one cycle", "width over the cycle of a jump")
    signal: float = quantity(5.0, "1", "assumption: facts, section 1.2", "amplitude over noise that is a reaction")
    drift: float = quantity(
        0.15, "1", "assumption: simulated plates drift by 3 %", "drift before T50, of the amplitude"
    )
    settling: float = quantity(
        0.25, "1", "assumption: simulated plates settle by 3 %", "loss by settling, of the amplitude"
    )
    misfit: float = quantity(1.6, "1", "assumption: simulated plates", "residual spread over the plate's")
    lost: float = quantity(0.08, "1", "assumption: simulated plates", "part of the reads left out")
    reach: float = quantity(4.0, "min", "assumption: a tenth of the within-person change", "half width of the interval")
    disagree: float = quantity(5.0, "min", "assumption: facts, section 1.2", "fit against half height of the reads")
    replicate_cv: float = quantity(0.08, "1", "assumption: facts, section 1.2", "CV of replicates")
    edge_p: float = quantity(0.001, "1", "assumption", "chance below which the border differs from the middle")


LIMITS = Limits()


def plate_flags(fit: PlateFit, limits: Limits = LIMITS) -> list[list[Flag]]:
    """The flags of every well that its own curve and the rest of the plate justify."""
    kept = np.where(fit.state != start.UNUSED, fit.residual, np.nan)
    spread = np.sqrt(np.nansum(np.minimum(kept**2, 100.0), axis=1) / np.maximum(np.isfinite(kept).sum(axis=1), 1))
    usual = min(float(np.median(spread)), 1.3)
    reacting = fit.parameters[:, 3][fit.parameters[:, 3] > 0]
    base = start.smooth(start.filled(fit.plate))[:, start.FIRST : start.FIRST + 8].min(axis=1)
    context = {
        "misfit": spread / max(usual, 1e-12),
        "amplitude": np.full(len(spread), np.median(reacting) if reacting.size else np.nan),
        "base": base / max(float(np.median(base)), 1e-12) if len(base) >= 8 else np.ones(len(base)),
    }
    return [_well(fit, row, {k: float(v[row]) for k, v in context.items()}, limits) for row in range(len(fit.t50))]


def _well(fit: PlateFit, row: int, plate: dict[str, float], limits: Limits) -> list[Flag]:
    found = [test(fit, row, plate, limits) for test in TESTS]
    return [flag for flag in found if flag]


def _of(part: float, whole: float) -> float:
    """part / whole, and a very large number where there is no whole."""
    return float(part) / (float(whole) if abs(whole) > 1e-12 else 1e-12)


def _spike(fit: PlateFit, row: int, plate: dict[str, float], limits: Limits) -> Flag | None:
    z = fit.residual[row]
    late = np.arange(z.size) >= start.FIRST
    out = np.flatnonzero(late & (fit.state[row] == start.UNUSED) & (np.abs(z) > limits.spike * fit.scale[row]))
    if out.size == 0:
        return None
    at = ", ".join(f"{m:.0f}" for m in fit.plate.minutes[row, out[:4]])
    return Flag("spike", f"{out.size} reads left out, up to {np.abs(z[out]).max():.0f} spreads off, at {at} min", NOTE)


def _bubble(fit: PlateFit, row: int, plate: dict[str, float], limits: Limits) -> Flag | None:
    if fit.extra[row] != 3:
        return None
    p = fit.parameters[row]
    begin, end = p[10], p[10] + np.exp(p[11])
    across = begin - 2 < p[4] < end + 2
    note = "; it covers the half time" if across else ""
    return Flag("bubble", f"a jump of {_of(p[9], p[3]):.0%} of the amplitude from {begin:.0f} to {end:.0f} min{note}")


def _two_step(fit: PlateFit, row: int, plate: dict[str, float], limits: Limits) -> Flag | None:
    if fit.extra[row] not in (1, 2):
        return None
    p = fit.parameters[row]
    what = "step" if fit.extra[row] == 1 else "bump"
    return Flag(
        "two-step", f"a {what} of {_of(p[9], p[3]):.0%} of the amplitude at {p[10]:.0f} min, before the CPP2 rise "
        "(aggregation of CPP1?); T50 is that of the CPP2 rise",
    )  # fmt: skip


def _drift(fit: PlateFit, row: int, plate: dict[str, float], limits: Limits) -> Flag | None:
    p, end = fit.parameters[row], np.nanmax(fit.plate.minutes[row])
    drifted = _of(p[7] * min(end, p[4]), p[3])  # after T50 drift and settling cannot be told apart for certain
    settled = _of(p[8] * max(end - p[4] - curves.SETTLING_DELAY, 0.0), p[3])
    if abs(drifted) > limits.drift:
        return Flag("drift", f"the signal drifts by {drifted:.0%} of the amplitude before T50")
    if settled > limits.settling:
        return Flag("drift", f"the signal falls by {settled:.0%} of the amplitude after the rise (settling)")
    return None


def _saturation(fit: PlateFit, row: int, plate: dict[str, float], limits: Limits) -> Flag | None:
    above = int((fit.state[row] == start.ABOVE).sum())
    if above == 0:
        return None
    return Flag("saturation", f"{above} reads at the ceiling of the detector; the plateau is inferred from the others")


def _baseline(fit: PlateFit, row: int, plate: dict[str, float], limits: Limits) -> Flag | None:
    if plate["base"] < limits.baseline:
        return None
    return Flag(
        "baseline high", f"the first reads are {plate['base']:.1f} times the plate's median (lipaemic serum?)", NOTE
    )


def _poor_fit(fit: PlateFit, row: int, plate: dict[str, float], limits: Limits) -> Flag | None:
    lost = float(np.mean((fit.state[row] == start.UNUSED) & np.isfinite(fit.plate.reads[row])))
    if not fit.converged[row]:
        return Flag("poor fit", "the fit did not settle")
    if plate["misfit"] > limits.misfit:
        return Flag(
            "poor fit", f"the reads stray {plate['misfit']:.1f} times as far from the curve as usual on the plate"
        )
    if lost > limits.lost:
        return Flag("poor fit", f"{lost:.0%} of the reads lie off the curve")
    return None


def _imprecise(fit: PlateFit, row: int, plate: dict[str, float], limits: Limits) -> Flag | None:
    half = 1.98 * float(fit.se[row])
    if half < limits.reach:
        return None
    return Flag("imprecise", f"the 95 % interval reaches {half:.0f} min to either side")


TESTS = (_spike, _bubble, _two_step, _drift, _saturation, _baseline, _poor_fit, _imprecise)


def edge_effect(t50: np.ndarray, border: np.ndarray, groups: list[str], limits: Limits = LIMITS) -> Flag | None:
    """Whether border wells turn earlier or later than the same samples in the middle of the plate.

    Mean over replicate groups that stand in both places of the difference of ln T50; a paired t test. Without such
    groups there is no evidence and no flag: samples differ far more than places.
    """
    from scipy.stats import t as student

    pairs = []
    names = np.array(groups, dtype=object)
    ok = np.isfinite(t50)
    for name in {g for g in groups if g}:
        mine = ok & (names == name)
        if (mine & border).any() and (mine & ~border).any():
            pairs.append(np.log(t50[mine & border]).mean() - np.log(t50[mine & ~border]).mean())
    if len(pairs) < 4:
        return None
    mean, sd = float(np.mean(pairs)), float(np.std(pairs, ddof=1))
    p = 2.0 * student.sf(abs(mean) / max(sd / np.sqrt(len(pairs)), 1e-12), len(pairs) - 1)
    if p > limits.edge_p:
        return None
    return Flag(
        "edge effect", f"border wells turn at {np.exp(mean):.3f} times the T50 of the same samples inside "
        f"({len(pairs)} groups, p {p:.1g})", NOTE,
    )  # fmt: skip


def replicate_disagreement(t50: list[float], limits: Limits = LIMITS) -> Flag | None:
    """Replicates of one sample whose CV passes the limit."""
    if len(t50) < 2:
        return None
    cv = float(np.std(t50, ddof=1) / np.mean(t50))
    if cv <= limits.replicate_cv:
        return None
    values = ", ".join(f"{v:.0f}" for v in t50)
    return Flag("replicate disagreement", f"CV {cv:.1%} over {len(t50)} replicates ({values} min)")
