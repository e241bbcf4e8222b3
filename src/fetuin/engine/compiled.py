"""A model as machine code: trace, look in the cache, compile where it is new."""

from __future__ import annotations

import ctypes
import hashlib
import sys
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import numpy as np

from fetuin.engine import cache
from fetuin.engine.emit import lanes as lanes_emitter
from fetuin.engine.emit import numba as numba_emitter
from fetuin.engine.model import Model
from fetuin.engine.program import Program, compile_program
from fetuin.engine.progress import tell
from fetuin.errors import MissingExtraError

SHAPERS = ("emit/lanes.py", "emit/numba.py", "emit/text.py", "jit.py", "tableau.py")
"""Files whose content decides what is emitted for a program."""


@dataclass(frozen=True)
class Compiled:
    """Machine code of a model, with the sizes the integrator needs."""

    model: Model
    program: Program
    lanes: int
    library: Any = field(repr=False)
    from_cache: bool = False

    @property
    def addresses(self) -> tuple[int, int, int, int]:
        """Of the routines the integrator calls: step, fixed, segment, commit."""
        a, b, c, d = (self.library.address(r) for r in ("step", "fixed", "segment", "commit"))
        return a, b, c, d

    @property
    def work_size(self) -> int:
        """Places of the step's work array, per lane."""
        return lanes_emitter.work_size(self.program)

    @property
    def constants(self) -> int:
        """Places of what is hoisted out of the steps, per lane."""
        return max(1, self.program.constants)

    def observe(self, states: np.ndarray, parameters: np.ndarray, inputs: np.ndarray) -> dict[str, np.ndarray]:
        """The model's outputs for states (people, times, states), parameters (people, parameters), inputs."""
        people, times, n = states.shape
        width, names = self.lanes, list(self.program.outputs)
        rows = people * times
        padded = -(-rows // width) * width
        flat = np.resize(states.reshape(rows, n), (padded, n))
        p = np.resize(np.repeat(parameters, times, 0), (padded, parameters.shape[1]))
        u = np.resize(inputs.reshape(rows, -1), (padded, inputs.shape[-1]))
        out = np.empty((padded, max(1, len(names))))
        c, o = np.zeros((self.constants, width)), np.zeros((max(1, len(names)), width))
        for k in range(0, padded, width):
            y, q, v = (np.ascontiguousarray(a[k : k + width].T) for a in (flat, p, u))
            self.library.call("fixed", q, c)
            self.library.call("segment", q, v, c)
            self.library.call("observe", y, c, o)
            out[k : k + width] = o.T
        return {name: out[:rows, k].reshape(people, times) for k, name in enumerate(names)}


def compiled_model(model: Model, lanes: int | None = None) -> Compiled:
    """The machine code of a model: from this process, from the cache on disk, or new.

    lanes: people in one vector; default what the processor has; 1 is the scalar path.
    """
    from fetuin.engine.jit import lane_width

    width = lane_width() if lanes is None else lanes
    mine = _memory(model)
    if width not in mine:
        mine[width] = _scalar(model) if width == 1 else _vector(model, width)
    return mine[width]


_by_id: dict[int, tuple[Model, dict[int, Compiled]]] = {}


def _memory(model: Model) -> dict[int, Compiled]:
    return _by_id.setdefault(id(model), (model, {}))[1]


def _vector(model: Model, width: int) -> Compiled:
    from fetuin.engine import jit

    program = compile_program(model)
    name = f"{program.digest}-{_surroundings(width)}.o"
    stored = cache.read(name)
    if stored is None:
        tell(f"compiling the equations of {model.name} ({len(model.states)} states; kept for the next time)")
    machine_code = stored or jit.assemble(lanes_emitter.module(program, width))
    if stored is None:
        cache.write(name, machine_code)
    library = jit.Loaded(machine_code)
    return Compiled(model, program, width, library, stored is not None)


def _scalar(model: Model) -> Compiled:
    program = compile_program(model)
    name = f"scalar_{program.digest}_{_surroundings(1)}"
    path = cache.folder() / f"{name}.py"
    known = path.exists()
    if not known:
        tell(f"compiling the equations of {model.name} without vectors (kept for the next time)")
        cache.write(path.name, numba_emitter.source(program).encode())
    return Compiled(model, program, 1, _Module(name, str(path)), known)


_ARGUMENTS = {"fixed": 2, "segment": 3, "observe": 3}


class _Module:
    """An emitted module of numba functions, with the face of `jit.Loaded`."""

    def __init__(self, name: str, path: str) -> None:
        spec = spec_from_file_location(f"fetuin_emitted.{name}", path)
        if spec is None or spec.loader is None:
            raise LookupError(f"no module can be read from {path}")
        self._module = module_from_spec(spec)
        sys.modules[spec.name] = self._module  # numba asks there for the module of a cached function
        try:
            spec.loader.exec_module(self._module)
        except ImportError as error:
            raise MissingExtraError("numba", "fast") from error

    def address(self, name: str) -> int:
        """Where a function begins."""
        return getattr(self._module, name).address

    def call(self, name: str, *arrays: np.ndarray) -> None:
        """Call a routine whose arguments are all arrays of doubles."""
        machine_code = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * _ARGUMENTS[name])(self.address(name))
        machine_code(*(a.ctypes.data for a in arrays))


def _surroundings(width: int) -> str:
    """Hash of what else the machine code depends on: the emitters, llvmlite, the processor, the width."""
    from fetuin.engine.jit import processor

    try:
        library = version("llvmlite")
    except PackageNotFoundError:
        library = "?"
    emitters = [files("fetuin.engine").joinpath(name).read_bytes() for name in SHAPERS]
    return hashlib.sha256(repr((emitters, width, library, processor())).encode()).hexdigest()[:12]
