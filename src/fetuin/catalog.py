"""A folder is a catalogue: {file name: its entry}. Nobody keeps a list."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.resources import files
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
    return {f.name.removesuffix(".toml"): tomllib.loads(f.read_text("utf-8")) for f in tomls}
