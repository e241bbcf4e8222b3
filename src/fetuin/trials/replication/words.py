"""An effect in words for people."""

from __future__ import annotations

from fetuin.trials.replication.replica import Effect


def said(e: Effect) -> str:
    """ "73 (30 to 116), p <0.001"; a dash where nothing is known."""
    parts = []
    if e.effect is not None:
        span = f" ({e.low:.3g} to {e.high:.3g})" if e.low is not None and e.high is not None else ""
        parts.append(f"{e.effect:.3g}{span}")
    if e.p is not None:
        parts.append(f"p {e.p}" if isinstance(e.p, str) else "p < 0.001" if e.p < 0.001 else f"p {e.p:.3g}")
    return ", ".join(parts) or "-"
