"""Time to the first event [d], exponential: the hazard of the reference times the arm's hazard ratio.

With virtual patients the ratio may be said by T50: `hr_per_sd` for each SD by which T50 is lower. That the hazard follows
a *treated* T50 is an assumption, not a finding: no trial has shown it.
"""

from __future__ import annotations

from fetuin.trials.endpoints.contract import EVENTS, Kind

KIND = Kind(EVENTS, "d", "t50", None, None, (0.0, 1e5), "time to first cardiovascular event or death")
