"""What the five screens of the workbench ask. Every question carries all it needs, and nothing of it is kept.

Where files come along, the question is the part `request` of a form, as JSON, and the files are read in a child process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from fetuin.errors import UsageError
from fetuin.records.formats.front_door import load
from fetuin.reports.envelope import envelope
from fetuin.service import asked
from fetuin.service.body import Body, described, json_body, strings, validated
from fetuin.service.child import in_child, received
from fetuin.service.hurry import within
from fetuin.service.principal import Needs, Principal

ROUTER = APIRouter(prefix="/api/screens", tags=["workbench"])
Viewer = Annotated[Principal, Depends(Needs("viewer"))]
Costly = Annotated[Principal, Depends(Needs("viewer", cost=20.0))]
Asked = Annotated[str, Form(max_length=2_000_000, description="the question as JSON")]
Sent = Annotated[UploadFile | None, File()]
M = TypeVar("M", bound=Body)
LONGEST = 100_000  # characters of one text in a question; assumption


def read(model: type[M], request: str) -> dict[str, Any]:
    """The question of a form, checked by its model."""
    value = load(request.encode(), "request", 2_000_000)
    strings(value, LONGEST)
    return validated(model, value).model_dump(exclude_none=True)


def told(schema: str, body: dict[str, Any]) -> Response:
    """The answer as JSON, written at once: thousands of numbers are not walked through one by one."""
    return Response(
        json.dumps(envelope(schema, body), ensure_ascii=False, allow_nan=False), media_type="application/json"
    )


async def answer(request: Request, schema: str, call: Callable[..., dict[str, Any]], *arguments: Any) -> Response:
    """What `call` answers, within the time that a file may take: the first simulation compiles the equations."""
    seconds = request.app.state.service.settings.limits.file_seconds
    return await within(seconds, lambda: told(schema, call(*arguments)))


@ROUTER.get("/{screen}")
async def choices(_: Viewer, screen: str) -> dict[str, Any]:
    """What a screen offers: examples, controls, charts, findings, policies, boundaries."""
    from fetuin.screens import imaging, model, patient, plate, trial

    known = {"patient": patient, "model": model, "plate": plate, "imaging": imaging, "trial": trial}
    if screen not in known:
        raise UsageError("There is no such screen.", where="screen", fix=f"one of: {', '.join(known)}")
    return envelope(f"screen-{screen}-choices/1", await run_in_threadpool(known[screen].choices))  # type: ignore[attr-defined]


@ROUTER.post("/patient")
async def patient(http: Request, _: Viewer, request: Asked, file: Sent = None) -> Response:
    """A record with its timeline, and its assessment with data hidden and findings or values assumed."""
    from fetuin.screens import patient as screen

    question = read(asked.Patient, request)
    content = await received(http.app.state.service, {"file": file})
    return await answer(http, "screen-patient/1", screen.answer, question, next(iter(content.values()), None))


@ROUTER.post("/model", openapi_extra=described(asked.Model))
async def model(http: Request, _: Viewer, body: Annotated[asked.Model, Depends(json_body(asked.Model))]) -> Response:
    """One person, up to two arms, and the same person left alone."""
    from fetuin.screens import model as screen

    return await answer(http, "screen-model/1", screen.run, body.model_dump())


@ROUTER.post("/model/spread", openapi_extra=described(asked.Model))
async def spread(http: Request, _: Costly, body: Annotated[asked.Model, Depends(json_body(asked.Model))]) -> Response:
    """5th and 95th percentile of each arm over virtual persons like this one."""
    from fetuin.screens import model as screen

    return await answer(http, "screen-model-spread/1", screen.spread, body.model_dump())


@ROUTER.post("/plate")
async def plate(http: Request, _: Costly, request: Asked, file: Sent = None, layout: Sent = None) -> Response:
    """A plate measured, every well with its reads, fit, T50 and flags."""
    from fetuin.screens import plate as screen

    return await _with_files(
        http, "screen-plate/1", screen.result, read(asked.Plate, request), {"file": file, "layout": layout}
    )


@ROUTER.post("/plate/record", openapi_extra=described(asked.Entry))
async def record(http: Request, _: Viewer, body: Annotated[asked.Entry, Depends(json_body(asked.Entry))]) -> Response:
    """The hash-chained record of a plate with one entry more; it is given back and not kept."""
    from fetuin.screens import plate as screen

    return await answer(http, "screen-plate-record/1", screen.recorded, body.model_dump())


@ROUTER.post("/plate/control-chart", openapi_extra=described(asked.Controls))
async def controls(
    http: Request, _: Viewer, body: Annotated[asked.Controls, Depends(json_body(asked.Controls))]
) -> Response:
    """Levey-Jennings charts of control runs, judged by Westgard's rules."""
    from fetuin.screens import plate as screen

    return await answer(http, "screen-control-chart/1", screen.control_chart, body.model_dump())


@ROUTER.post("/imaging/ct")
async def ct(http: Request, _: Costly, request: Asked, file: Sent = None, mask: Sent = None) -> Response:
    """A CT as NIfTI with the counted voxels, and its score under every policy."""
    from fetuin.screens import imaging as screen

    return await _with_files(http, "screen-ct/1", screen.ct, read(asked.Ct, request), {"file": file, "mask": mask})


@ROUTER.post("/imaging/bone-scan")
async def bone_scan(http: Request, _: Costly, request: Asked, file: Sent = None) -> Response:
    """A planar bone scan with the map of z against soft tissue."""
    from fetuin.screens import imaging as screen

    return await _with_files(
        http, "screen-bone-scan/1", screen.bone_scan, read(asked.BoneScan, request), {"file": file}
    )


@ROUTER.post("/imaging/compare", openapi_extra=described(asked.Two))
async def compare(http: Request, _: Viewer, body: Annotated[asked.Two, Depends(json_body(asked.Two))]) -> Response:
    """Whether two scores differ by more than two scans of one person do by chance."""
    from fetuin.screens import imaging as screen

    return await answer(http, "screen-compare/1", screen.compared, body.model_dump())


@ROUTER.post("/trial/design", openapi_extra=described(asked.Design))
async def design(http: Request, _: Costly, body: Annotated[asked.Design, Depends(json_body(asked.Design))]) -> Response:
    """Boundaries, sizes, power and expected size of a design."""
    from fetuin.screens import trial as screen

    return await answer(http, "screen-design/1", screen.design_of, body.model_dump(exclude_none=True))


@ROUTER.post("/trial/grid", openapi_extra=described(asked.Grid))
async def grid(http: Request, _: Costly, body: Annotated[asked.Grid, Depends(json_body(asked.Grid))]) -> Response:
    """Power of a planned size over a grid of effects and spreads."""
    from fetuin.screens import trial as screen

    return await answer(http, "screen-grid/1", screen.grid, body.model_dump(exclude_none=True))


@ROUTER.post("/trial/endpoints", openapi_extra=described(asked.Mechanism))
async def endpoints(
    http: Request, _: Costly, body: Annotated[asked.Mechanism, Depends(json_body(asked.Mechanism))]
) -> Response:
    """Patients and months that T50, CAC and events need for one mechanism."""
    from fetuin.screens import trial as screen

    return await answer(http, "screen-endpoints/1", screen.endpoints, body.model_dump())


@ROUTER.post("/{screen}/run-folder", response_class=Response, responses={200: {"content": {"application/zip": {}}}})
async def run_folder(
    http: Request, _: Costly, screen: str, request: Asked, file: Sent = None, layout: Sent = None, mask: Sent = None
) -> Response:
    """The answer of a screen as a run folder (RO-Crate), zipped: `fetuin rerun` gives the same to the bit."""
    if screen not in asked.OF_SCREEN:
        raise UsageError("There is no such screen.", where="screen", fix=f"one of: {', '.join(asked.OF_SCREEN)}")
    question = read(asked.OF_SCREEN[screen], request)
    content = await received(http.app.state.service, {"file": file, "layout": layout, "mask": mask})
    data = await run_in_threadpool(_folder, screen, question, content)
    return Response(data, media_type="application/zip",
                    headers={"Content-Disposition": f"attachment; filename=fetuin-{screen}-run.zip"})  # fmt: skip


def _folder(screen: str, question: Mapping[str, Any], content: Mapping[str, bytes]) -> bytes:
    from fetuin.imaging.sandbox import run

    with TemporaryDirectory(prefix="fetuin-") as scratch:
        inputs = Path(scratch) / "inputs"
        inputs.mkdir()
        (inputs / "request.json").write_text(json.dumps(question, indent=1), encoding="utf-8")
        for name, data in content.items():
            (inputs / name).write_bytes(data)
        run(_written, screen, str(inputs), str(Path(scratch) / "run"), where="run folder")
        from fetuin.screens.run_folder import zipped

        return zipped(Path(scratch) / "run")


def _written(screen: str, inputs: str, out: str) -> bool:
    """In the child: the run folder."""
    from fetuin.screens.run_folder import write

    write(screen, Path(inputs), Path(out))
    return True


async def _with_files(
    http: Request,
    schema: str,
    call: Callable[..., dict[str, Any]],
    question: dict[str, Any],
    files: dict[str, UploadFile | None],
) -> Response:
    """The answer; in a child where a file came along."""
    if any(files.values()):
        found = await in_child(http.app.state.service, _called, files, call.__module__, call.__name__, question)
        return await run_in_threadpool(told, schema, found)
    return await answer(http, schema, call, question)


def _called(files: dict[str, str], module: str, name: str, question: dict[str, Any]) -> dict[str, Any]:
    """In the child: a function of a screen on files."""
    from importlib import import_module

    from fetuin.reports.envelope import plain

    found: dict[str, Any] = plain(getattr(import_module(module), name)(question, files))
    return found
