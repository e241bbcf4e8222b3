"""The solver: equations written once as plain Python become a compiled, event-aware integrator. Knows nothing of calcium."""

from __future__ import annotations

from fetuin.engine.model import Model
from fetuin.engine.schedule import Added, Bolus, Held, Multiplied, Period, Schedule, Segment, make_schedule

__all__ = ["Added", "Bolus", "Held", "Model", "Multiplied", "Period", "Schedule", "Segment", "make_schedule"]
