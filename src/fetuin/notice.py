"""What fetuin is and is not: the version and the research-use line that every report, card and file carries."""

__version__ = "0.1.0"

RESEARCH_USE = "Research use only. fetuin is not a medical device and does not diagnose a patient by itself."
USE_LIMITATION = (
    "For research use by qualified people who can review the basis of every statement. "
    "Not for time-critical decisions. Not placed on the market as a medical device."
)
