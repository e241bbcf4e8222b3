"""`fetuin resume`: go on with a run that was killed; what is done is not done again."""

from __future__ import annotations

from pathlib import Path


def command(folder: Path, *, workers: int | None = None, json: bool = False) -> int:
    """Go on with the run of FOLDER; it ends bit-identical to an unbroken one. Failed chunks are tried again.

    Parameters
    ----------
    folder:
        A run folder.
    workers:
        How many processes, if not as before.
    json:
        One JSON object on stdout.
    """
    from fetuin.cli.main import main
    from fetuin.cli.rerun import arguments
    from fetuin.runs import RunFolder

    given = arguments(RunFolder.open(folder))
    extra = ["--workers", str(workers)] if workers is not None else []
    return main([*given, "--out", str(folder), *extra, *(["--json"] if json else [])])
