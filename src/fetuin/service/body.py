"""Reading what a caller sends: never more than the limit, through the strict front door, into a model that forbids the rest."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool

from fetuin.errors import InputError, LimitError
from fetuin.records.formats.front_door import load
from fetuin.service.refusal import Refusal

M = TypeVar("M", bound=BaseModel)


class Body(BaseModel):
    """A JSON body: no unknown word, no other type than the named one, no infinity; errors do not show the input."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, allow_inf_nan=False)


async def read_bytes(request: Request, limit: int) -> bytes:
    """The body, at most `limit` bytes; reading stops where it is longer."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise LimitError(f"The body is larger than {limit} bytes.", where="body", fix="send less at once")
        parts.append(part)
    return b"".join(parts)


async def sent_json(request: Request, limit: int) -> bytes:
    """The body, not yet read as JSON. Refusal 415 where it is not sent as JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise Refusal(415, "The body is not sent as JSON.", where="Content-Type", fix="Content-Type: application/json")
    return await read_bytes(request, limit)


async def read_json(request: Request, limit: int, longest: int = 2**20) -> Any:
    """The JSON value of the body; decimals as `Decimal`."""
    return await run_in_threadpool(parsed, await sent_json(request, limit), limit, longest)


def parsed(data: bytes, limit: int, longest: int) -> Any:
    """The JSON value in some bytes, through the front door, with no text of more than `longest` bytes."""
    value = load(data, "body", limit)
    if len(data) > longest or b"\\u0000" in data:
        strings(value, longest)
    return value


def strings(value: Any, longest: int) -> None:
    """Refuse a string of more than `longest` bytes, and the character NUL, which no database keeps."""
    stack: list[Any] = [value]
    while stack:
        x = stack.pop()
        if isinstance(x, str):
            if len(x) > longest or len(x.encode("utf-8", "surrogatepass")) > longest:
                raise LimitError(f"A text has more than {longest} bytes.", where="body", fix="leave attachments out")
            if "\0" in x:
                raise InputError("A text holds the character NUL.", where="body", fix="remove it")
        elif isinstance(x, dict):
            stack.extend(x)
            stack.extend(x.values())
        elif isinstance(x, list):
            stack.extend(x)


def floats(value: Any) -> Any:
    """The same with floats for Decimals: for models, not for FHIR, where 1.30 must stay 1.30."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {k: floats(v) for k, v in value.items()}
    return [floats(v) for v in value] if isinstance(value, list) else value


def validated(model: type[M], value: Any) -> M:
    """The model of a value. InputError names the first place that is wrong, not what stands there."""
    try:
        return model.model_validate(floats(value))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = [str(p) for p in first["loc"]]
        if first["type"] == "extra_forbidden":
            known = ", ".join(model.model_fields)
            where = ".".join(["body", *place[:-1]])
            raise InputError("The body holds an unknown word.", where=where, fix=f"words known: {known}") from None
        fix = f"{first['msg']}; see /openapi.json"
        raise InputError("The body is not as described.", where=".".join(["body", *place]), fix=fix) from None


def json_body(model: type[M], size: str = "json_bytes") -> Callable[[Request], Any]:
    """A dependency that reads the body into `model`; `size` names the limit that holds for it."""

    async def read(request: Request) -> M:
        limits = request.app.state.service.settings.limits
        return validated(model, await read_json(request, getattr(limits, size), limits.string_bytes))

    return read


def described(model: type[BaseModel]) -> dict[str, Any]:
    """`openapi_extra` of a route that reads its body so."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    defs = schema.pop("$defs", {})
    schema = _inlined(schema, defs)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _inlined(schema: Any, defs: dict[str, Any]) -> Any:
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _inlined(defs[schema["$ref"].rpartition("/")[2]], defs)
        return {k: _inlined(v, defs) for k, v in schema.items()}
    return [_inlined(v, defs) for v in schema] if isinstance(schema, list) else schema
