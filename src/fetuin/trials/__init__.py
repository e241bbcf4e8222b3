"""Many people, two or more arms: from a question to a design, from virtual patients to operating characteristics."""

from fetuin.trials.result import TrialResult
from fetuin.trials.run import run_trial
from fetuin.trials.study import Study, read_study

__all__ = ["Study", "TrialResult", "read_study", "run_trial"]
