"""`fetuin screen`: what a screen of the workbench showed, once more, from the request that it was asked with."""

from __future__ import annotations

from pathlib import Path

from fetuin.cli.output import emit, research_use, written


def command(screen: str, inputs: Path, *, out: Path, json: bool = False) -> int:
    """Answer a request of the workbench again and write a run folder. `fetuin rerun` calls it.

    Parameters
    ----------
    screen
        patient, model, plate, imaging, bone-scan or trial.
    inputs
        The folder `inputs` of a run that the workbench gave: request.json and the files it was asked about.
    out
        The run folder to write.
    json
        Print one JSON object on stdout.
    """
    from fetuin.screens.run_folder import write

    folder = write(screen, inputs, out)
    written(folder.path)
    if json:
        emit("screen/1", {"screen": screen, "folder": str(folder.path), "outputs": folder.output_hashes()})
    research_use()
    return 0
