"""A folder is a catalogue: {file name: its entry}. Nobody keeps a list."""

from __future__ import annotations

import marshal
import os
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import cache_from_source
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any


def entries(package: ModuleType, name: str) -> dict[str, Any]:
    """{file name: the object called `name`} for every module of `package` that has one."""
    modules = (import_module(f"{package.__name__}.{m.name}") for m in iter_modules(package.__path__))
    return {m.__name__.rpartition(".")[2]: getattr(m, name) for m in modules if hasattr(m, name)}


def names(package: ModuleType) -> Iterator[str]:
    """The file names of a folder of modules, without importing one of them."""
    return (m.name for m in iter_modules(package.__path__) if not m.name.startswith("_"))


@cache
def documents(package: str, folder: str) -> dict[str, dict[str, Any]]:
    """{file name: parsed TOML} for every `*.toml` in `folder` beside `package`, in the order of the names."""
    root = files(package).joinpath(folder)
    tomls = sorted((f for f in root.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    if not isinstance(root, Path):  # inside a zip file
        return _parsed(tomls)
    return _compiled(root, [Path(str(f)) for f in tomls])


def _parsed(tomls: Iterable[Traversable]) -> dict[str, dict[str, Any]]:
    return {f.name.removesuffix(".toml"): tomllib.loads(f.read_text("utf-8")) for f in tomls}


def _compiled(root: Path, tomls: list[Path]) -> dict[str, dict[str, Any]]:
    """The parsed files, kept beside Python's own compiled modules and, like them, renewed when a source changes."""
    kept = Path(cache_from_source(str(root.with_suffix(".py")))).with_suffix(".toml")
    key = [(f.name, (st := f.stat()).st_mtime_ns, st.st_size) for f in tomls]
    try:
        found = marshal.loads(kept.read_bytes())
        if found[0] == key:
            return dict(found[1])
    except (OSError, EOFError, ValueError, TypeError, IndexError):
        pass  # not there yet, or cut short
    parsed = _parsed(tomls)
    if not sys.dont_write_bytecode:
        with suppress(OSError, ValueError):  # a read-only installation, or a date in a file
            part = kept.with_suffix(f".{os.getpid()}")
            kept.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(marshal.dumps((key, parsed)))
            part.replace(kept)
    return parsed
