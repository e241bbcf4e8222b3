"""A run folder: what was run, on which inputs, with which versions, and what came out. It is an RO-Crate 1.1.

::

    ro-crate-metadata.json   the crate: inputs, outputs with their SHA-256, the action, its versions
    run.json                 verb, arguments, parameters, inputs by hash, versions
    inputs/                  small inputs, copied
    chunks/                  one file a chunk, written whole
    outputs/                 what the run is for
    log.jsonl                one line an event, with its time
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fetuin.errors import InputError
from fetuin.runs.atomic import sweep, write_whole
from fetuin.versions import versions as own_versions

COPIED = 64 * 2**20  # bytes; a larger input is named by its hash and left where it is
RECORDED = ("numpy", "scipy", "numba", "pandas", "duckdb", "pydicom")  # versions that may move a digit
IDENTITY = ("verb", "arguments", "parameters", "inputs")


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, or of a folder's file names and contents in order."""
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    for file in files:
        if file != path:
            digest.update(str(file.relative_to(path)).encode() + b"\0")
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Versions of code, knowledge and models, and of the libraries that may move a digit."""
    own = own_versions()
    found = {"fetuin": own["code"], "knowledge": own["knowledge"], "models": own["models"]}
    found["python"] = platform.python_version()
    for name in RECORDED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@dataclass(frozen=True)
class RunFolder:
    """An opened run folder; `run` is the content of its `run.json`."""

    path: Path
    run: dict[str, Any]

    @classmethod
    def create(
        cls, path: Path, verb: str, *, arguments: Sequence[str] = (), parameters: Mapping[str, Any] | None = None,
        inputs: Iterable[Path] = (), copy: bool = True,
    ) -> RunFolder:  # fmt: skip
        """A new run in `path`, or the same run again; a folder that holds another run is refused.

        `arguments` are those of the command line that does it (`fetuin rerun` calls them; `{inputs}` stands for the
        folder of copied inputs); `parameters` all that the chunks need, JSON-ready.
        """
        listed = []
        for file in map(Path, inputs):
            if not file.exists():
                raise InputError(f"{file} is not there.", where="inputs", fix="give a path that exists")
            listed.append({"name": file.name, "path": str(file.resolve()), "sha256": fingerprint(file)})
        run = {
            "verb": verb, "arguments": list(arguments), "parameters": json.loads(json.dumps(dict(parameters or {}))),
            "inputs": listed, "versions": versions(), "begun": datetime.now(UTC).isoformat(timespec="seconds"),
        }  # fmt: skip
        if (path / "run.json").exists():
            return cls._same(cls.open(path), run)
        for part in ("inputs", "chunks", "outputs"):
            (path / part).mkdir(parents=True, exist_ok=True)
        for file in map(Path, inputs):
            if copy and file.is_file() and file.stat().st_size <= COPIED:
                shutil.copyfile(file, path / "inputs" / file.name)
        write_whole(path / "run.json", json.dumps(run, indent=1).encode())
        found = cls(path, run)
        found.log("begun")
        return found

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """The run of an existing folder."""
        try:
            return cls(path, json.loads((path / "run.json").read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise InputError(f"{path} is no run folder.", why=f"run.json: {type(error).__name__}",
                             fix="give a folder that a command wrote with --out") from error  # fmt: skip

    @classmethod
    def _same(cls, old: RunFolder, new: dict[str, Any]) -> RunFolder:
        for key in IDENTITY:
            before, now = old.run[key], new[key]
            if key == "inputs":
                before, now = [i["sha256"] for i in before], [i["sha256"] for i in now]
            if before != now:
                raise InputError(f"{old.path} holds another run.", where=key, why="it differs from what is asked now",
                                 fix="choose another --out, or remove that folder")  # fmt: skip
        sweep(old.path)
        old.log("opened again")
        return old

    @property
    def parameters(self) -> dict[str, Any]:
        """What the chunks are given."""
        return dict(self.run["parameters"])

    @property
    def outputs(self) -> Path:
        """The folder of what the run is for."""
        return self.path / "outputs"

    def log(self, event: str, **what: Any) -> None:
        """One line in the log."""
        line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **what}
        with (self.path / "log.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, default=str) + "\n")

    def finish(self) -> Path:
        """Write the crate over all outputs as they stand; returns its path."""
        from fetuin.runs.crate import crate

        self.log("finished")
        return write_whole(self.path / "ro-crate-metadata.json", json.dumps(crate(self), indent=1).encode())

    def output_hashes(self) -> dict[str, str]:
        """{name below outputs/: SHA-256} as the crate recorded them when the run ended."""
        try:
            graph = json.loads((self.path / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
        except (OSError, ValueError, KeyError) as error:
            raise InputError(f"the run in {self.path} has not ended.", fix=f"fetuin resume {self.path}") from error
        return {e["@id"].removeprefix("outputs/"): e["sha256"] for e in graph if str(e["@id"]).startswith("outputs/")}
