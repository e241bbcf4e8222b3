"""Uploaded files are read in a child process with limited memory and time; a caller's file cannot take the service down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from fastapi import UploadFile
from starlette.concurrency import run_in_threadpool

from fetuin.errors import LimitError
from fetuin.imaging.sandbox import run
from fetuin.service.state import Service

ENDINGS = {
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xls",
    ".ods",
    ".gz",
    ".nii",
    ".dcm",
    ".zip",
    ".json",
    ".toml",
    ".xml",
    ".jsonl",
    ".ndjson",
    ".parquet",
    ".duckdb",
    ".sqlite",
}


def ending(name: str | None) -> str:
    """The known ending of a caller's file name; the rest of the name is dropped."""
    found = [s for s in PurePath(name or "").suffixes[-2:] if s.lower() in ENDINGS]
    return "".join(found).lower()


async def received(service: Service, files: dict[str, UploadFile | None]) -> dict[str, bytes]:
    """{our name with the caller's ending: content}; LimitError where all together are too large."""
    left, found = service.settings.limits.upload_bytes, {}
    for name, file in files.items():
        if file is None:
            continue
        data = await file.read(left + 1)
        if len(data) > left:
            raise LimitError(
                f"The files have more than {service.settings.limits.upload_bytes} bytes.", where=name, fix="send less"
            )
        left -= len(data)
        found[name + ending(file.filename)] = data
    return found


async def in_child(
    service: Service, function: Callable[..., Any], files: dict[str, UploadFile | None], *arguments: Any
) -> Any:
    """`function({name: path}, *arguments)` in a child; `function` is of a module and its answer JSON-ready."""
    content = await received(service, files)
    limits = service.settings.limits

    def call() -> Any:
        with service.upload(content) as paths:
            told = {name.partition(".")[0]: str(path) for name, path in paths.items()}
            return run(
                function, told, *arguments, where="upload", seconds=limits.file_seconds, memory=limits.file_memory
            )

    return await run_in_threadpool(call)
