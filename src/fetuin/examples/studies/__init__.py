"""The shipped studies: one TOML file each, opened by name (`fetuin trial simulate dialysate_magnesium`)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def shipped() -> dict[str, str]:
    """{name: text of the study file}."""
    found = (f for f in files("fetuin.examples.studies").iterdir() if f.name.endswith(".toml"))
    return {f.name.removesuffix(".toml"): f.read_text("utf-8") for f in sorted(found, key=lambda f: f.name)}
