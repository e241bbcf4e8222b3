"""T50: a plate measured, with every curve and its fit; wells and reads left out with who and why; T50 predicted of a serum."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from pydantic import Field, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from fetuin.errors import InputError, UsageError
from fetuin.reports.envelope import envelope, plain
from fetuin.service.body import Body, described, json_body
from fetuin.service.child import in_child
from fetuin.service.principal import Needs, Principal

ROUTER = APIRouter(prefix="/api/t50", tags=["t50"])
Viewer = Annotated[Principal, Depends(Needs("viewer", cost=50.0))]


class Cut(Body):
    """A well left out, or its reads from `first` to `last` minute."""

    well: str = Field(max_length=8)
    first: float | None = None
    last: float | None = None
    why: str = Field(min_length=1, max_length=500)


class Serum(Body):
    """A serum; what is not given is taken from the reference and widens the interval."""

    phosphate: float | None = Field(None, description="mmol/L")
    calcium: float | None = Field(None, description="mmol/L, total")
    magnesium: float | None = Field(None, description="mmol/L, total")
    fetuin_a: float | None = Field(None, description="g/L")
    albumin: float | None = Field(None, description="g/L")
    bicarbonate: float | None = Field(None, description="mmol/L")
    citrate: float | None = Field(None, description="mmol/L")
    measured_min: float | None = Field(None, ge=1, le=5000, description="a measured T50 of the same person and serum")


class Map(Body):
    """Samples and how often each is measured."""

    samples: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(min_length=1, max_length=384)
    seed: int = Field(ge=0, le=2**31, description="the same seed gives the same map")
    replicates: int = Field(3, ge=1, le=96)
    controls: int = Field(2, ge=0, le=96)
    blanks: int = Field(2, ge=0, le=96)
    size: Literal[96, 384] = 96
    lot: str = Field("", max_length=60, description="the reagent lot")


@ROUTER.post("/layout", openapi_extra=described(Map))
async def layout(_: Viewer, body: Annotated[Map, Depends(json_body(Map))]) -> dict[str, Any]:
    """A randomised plate map: `layout` is the CSV that `layout` of a measurement takes. Schema fetuin.t50-layout/1."""

    def made() -> dict[str, Any]:
        from fetuin.assays.layout import randomised

        found = randomised(body.samples, **body.model_dump(exclude={"samples"}))
        return {"layout": found.csv(), "seed": body.seed, "size": body.size, "wells": len(found.wells)}

    return envelope("t50-layout/1", await run_in_threadpool(made))


@ROUTER.post("")
async def measured(
    request: Request, caller: Viewer, plate: Annotated[UploadFile, File(description="an instrument file")],
    layout: Annotated[UploadFile | None, File(description="the plate map")] = None,
    model: Annotated[str, Form(max_length=20)] = "5pl", read: Annotated[str, Form(max_length=100)] = "",
    exclude: Annotated[str, Form(max_length=100_000, description='JSON: [{"well": "B03", "first": 120, "last": 150, "why": "..."}]')] = "[]",
) -> dict[str, Any]:  # fmt: skip
    """Measure T50 in every well. Schema fetuin.t50/1 with `curves`: {well: minutes, reads, fit} for each plate.

    What is left out goes into the result and into the audit with your name and the reason.
    """
    service = request.app.state.service
    try:
        cuts = TypeAdapter(list[Cut]).validate_json(exclude)
    except ValidationError:
        raise InputError(
            "`exclude` is not as described.", where="exclude", fix='[{"well": "B03", "why": "bubble"}]'
        ) from None
    told = [(c.well, c.first, c.last, c.why, caller.subject) for c in cuts]
    found = await in_child(service, measure_files, {"plate": plate, "layout": layout}, model, read, told)

    def audited() -> None:
        wells = sum(len(p["wells"]) for p in found)
        service.audit.write(
            caller.tenant, caller.subject, "measured", f"{len(found)} plate(s)", "request", after={"wells": wells}
        )
        for c in cuts:
            span = "" if c.first is None else f", {c.first:g} to {c.last if c.last is not None else c.first:g} min"
            service.audit.write(
                caller.tenant, caller.subject, "left out", f"well {c.well}{span}", c.why, "used", "left out"
            )

    await run_in_threadpool(audited)
    many = len(found) > 1
    wells = [
        w | ({"plate": p["plate"], "read": p["read"], "source": p["source"]} if many else {})
        for p in found
        for w in p["wells"]
    ]
    return envelope("t50/1", {"wells": wells, "plates": [{k: v for k, v in p.items() if k != "wells"} for p in found]})


def measure_files(files: dict[str, str], model: str, read: str, cuts: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """In the child: every measured plate of the file with its curves."""
    import numpy as np

    from fetuin.assays.exclusions import Exclusion
    from fetuin.assays.formats.recognition import measured as chosen
    from fetuin.assays.formats.recognition import read_plates
    from fetuin.assays.layout import read_layout
    from fetuin.assays.plate import well_name
    from fetuin.assays.t50 import measure

    plan = read_layout(Path(files["layout"])) if "layout" in files else None
    every = read_plates(Path(files["plate"]))
    plates = [p for p in every if read.lower() in p.metadata.get("read", "").lower()] if read else chosen(every)
    if not plates:
        raise UsageError("No read of the plate has such a title.", where="read", fix="leave it empty for all")
    at, out = datetime.now(UTC).isoformat(timespec="seconds"), []
    for p in plates:
        left: list[Exclusion] = []
        for well, first, last, why, who in cuts:
            name = well_name(well)
            minutes, reads = p.minutes[p.index(name)], p.reads[p.index(name)]
            if first is None:
                left.append(Exclusion(name, None, why, who, at))
                continue
            inside = minutes[np.isfinite(reads) & (minutes >= first) & (minutes <= (first if last is None else last))]
            left += [Exclusion(name, float(t), why, who, at) for t in inside]
        done = measure(p, plan, model, at=at, exclude=left)
        curves = {
            w: {"minutes": p.minutes[k], "reads": p.reads[k], "fit": done.curve(w)} for k, w in enumerate(p.wells)
        }
        out.append(
            plain(
                done.to_dict()
                | {"read": p.metadata.get("read", ""), "n_wells": len(p.wells), "shape": p.shape, "curves": curves}
            )
        )
    return out


@ROUTER.post("/predict", openapi_extra=described(Serum))
async def predicted(
    _: Annotated[Principal, Depends(Needs("viewer"))], body: Annotated[Serum, Depends(json_body(Serum))]
) -> dict[str, Any]:
    """The T50 expected of a serum, and what one step of each quantity would change. Schema fetuin.t50-predict/1."""

    def answer() -> dict[str, Any]:
        from fetuin.chemistry.ripening import predict, published
        from fetuin.chemistry.ripening_serum import Serum as Chemistry

        given = body.model_dump(exclude={"measured_min"})
        if all(v is None for v in given.values()):
            raise UsageError(
                "No serum value was given.", where="body", fix="give at least one of phosphate, calcium, magnesium"
            )
        serum, measured_min = Chemistry.of(given), body.measured_min
        told = predict(serum, ((serum, measured_min),) if measured_min is not None else ())
        base = published()
        steps = {
            "phosphate": 0.1,
            "calcium": 0.1,
            "magnesium": 0.1,
            "fetuin_a": 0.05,
            "albumin": 5.0,
            "bicarbonate": 2.0,
            "citrate": 0.05,
        }
        effects = (base if measured_min is None else base.with_measured(serum, measured_min)).sensitivity(serum, steps)
        return {
            "t50_min": told.t50_min, "ci_low": told.low, "ci_high": told.high, "statement": told.statement,
            "assumed": list(told.assumed), "contributions_log": dict(told.contributions), "updated_by_min": list(told.updated_by),
            "what_if": [{"change": k, "step": steps[k], "difference_min": d, "ci_low": a, "ci_high": b} for k, (d, a, b) in effects.items()],
        }  # fmt: skip

    return envelope("t50-predict/1", await run_in_threadpool(answer))


@ROUTER.get("/example")
async def example(_: Viewer, seed: int = 1, wells: int = 96) -> dict[str, Any]:
    """A simulated plate as a wide CSV (`plate`) with its truth (`truth`): something to drop into the plate screen."""
    if wells not in (96, 384) or not 0 <= seed < 2**31:
        raise UsageError("There is no such plate.", fix="wells 96 or 384, seed from 0")

    def made() -> dict[str, Any]:
        import gzip
        from tempfile import TemporaryDirectory

        from fetuin.assays.simulate_plate import simulate, write

        with TemporaryDirectory() as folder:
            plate, truth = write(simulate(seed, "full", wells=wells, points=73, minutes=600.0), Path(folder))[:2]
            return {"plate": gzip.decompress(plate.read_bytes()).decode(), "truth": _text(truth)}

    return envelope("t50-example/1", {"seed": seed} | await run_in_threadpool(made))


def _text(path: Path) -> Any:
    import gzip

    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return json.loads(text) if text.lstrip().startswith(("{", "[")) else text
