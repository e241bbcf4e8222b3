"""`fetuin phantom`: write a phantom whose truth is known, as DICOM and NIfTI."""

from __future__ import annotations

from pathlib import Path

from fetuin.cli.output import console, emit, ensure_dir, research_use, written


def command(name: str = "", *, out: Path | None = None, seed: int = 0, json: bool = False) -> int:
    """Write a phantom with analytic truth: DICOM series, NIfTI and truth.json.

    Parameters
    ----------
    name
        block, qrm, noise, plaques, nm_planar, nm_spect, calf (P-QRM is qrm); without a name they are listed.
    out
        Folder for dicom/, phantom.nii.gz and truth.json.
    seed
        Of phantoms with noise: the same seed gives the same scan.
    json
        One JSON object on stdout.
    """
    from fetuin.imaging.phantom import names, write

    if not name:
        if json:
            emit("phantom/1", {"phantoms": names()})
        else:
            for known, what in names().items():
                console(stderr=False).print(f"{known:12} {what}")
        research_use()
        return 0
    body, files = write(name, ensure_dir(out or Path(name)), seed=seed)
    for file in files:
        written(file)
    if json:
        emit("phantom/1", body)
    research_use()
    return 0
