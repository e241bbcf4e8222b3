"""Long work that survives a kill: a run folder that is an RO-Crate, seeded chunks written whole, resume and rerun.

A run is a folder and a list of chunks. `RunFolder` says what is run, on which inputs, with which versions; `run_chunks`
does what is not yet there. Two runs of the same folder are one run: what a kill left undone is done, and nothing else.
"""

from fetuin.runs.chunks import Ran, run_chunks
from fetuin.runs.folder import RunFolder, fingerprint

__all__ = ["Ran", "RunFolder", "fingerprint", "run_chunks"]
