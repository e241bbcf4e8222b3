"""The mechanistic reading: which lesion of the body would give these values. A room above diagnosis and simulation."""

from fetuin.mechanism.reading import Candidate, Reading, read

__all__ = ["Candidate", "Reading", "read"]
