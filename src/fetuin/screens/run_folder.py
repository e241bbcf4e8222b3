"""A screen as a run folder: the request, its files and the answer, so that `fetuin rerun` gives the same to the bit."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from fetuin.errors import UsageError
from fetuin.reports.envelope import envelope
from fetuin.runs import RunFolder
from fetuin.runs.atomic import write_whole

REQUEST = "request.json"
FILES = ("file", "layout", "mask")


def _patient(request: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    from fetuin.screens import patient

    return patient.answer(request, Path(files["file"]).read_bytes() if "file" in files else None)


def _model(request: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    from fetuin.screens import model

    return model.run(request)


def _plate(request: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    from fetuin.screens import plate

    return plate.result(request, files)


def _imaging(request: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    from fetuin.screens import imaging

    found = imaging.ct(request, files)
    return {k: v for k, v in found.items() if k not in ("image", "mask")}


def _bone_scan(request: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    from fetuin.screens import imaging

    return imaging.bone_scan(request, files)


def _trial(request: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    from fetuin.screens import trial

    return trial.design_of(request)


SCREENS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, str]], dict[str, Any]]] = {
    "patient": _patient, "model": _model, "plate": _plate, "imaging": _imaging, "bone-scan": _bone_scan, "trial": _trial,
}  # fmt: skip


def write(screen: str, inputs: Path, out: Path) -> RunFolder:
    """Ask `screen` what `inputs` (a folder with request.json and perhaps file.*, layout.*, mask.*) says; write to `out`."""
    if screen not in SCREENS:
        raise UsageError(f"There is no screen '{screen[:20]}'.", fix=f"one of: {', '.join(SCREENS)}")
    request = inputs / REQUEST
    if not request.is_file():
        raise UsageError("There is no request.json.", where=inputs.name, fix="give the folder `inputs` of a run")
    files = {p.name.partition(".")[0]: str(p) for p in sorted(inputs.iterdir()) if p.name.partition(".")[0] in FILES}
    folder = RunFolder.create(
        out,
        f"screen {screen}",
        arguments=["screen", screen, "{inputs}"],
        inputs=[request, *(Path(p) for p in files.values())],
    )
    body = envelope(f"screen-{screen}/1", SCREENS[screen](json.loads(request.read_text("utf-8")), files))
    write_whole(
        folder.outputs / "answer.json", json.dumps(body, ensure_ascii=False, allow_nan=False, indent=1).encode()
    )
    folder.finish()
    return folder


def zipped(folder: Path) -> bytes:
    """The folder as a zip archive, its files in the order of their names."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.write(path, f"run/{path.relative_to(folder)}")
    return out.getvalue()
