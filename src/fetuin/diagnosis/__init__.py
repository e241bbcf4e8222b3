"""What is it, how sure, what next."""

from fetuin.diagnosis.answer import assess
from fetuin.diagnosis.assessment import Assessment

__all__ = ["Assessment", "assess"]
