"""LLVM IR to machine code and back from disk: the object file of a model is kept in the cache by its content."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from fetuin.errors import MissingExtraError


@cache
def _llvm() -> Any:
    try:
        import llvmlite.binding as llvm
    except ImportError as error:
        raise MissingExtraError("llvmlite (with numba)", "fast") from error
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def processor() -> tuple[str, str]:
    """Name and features of the processor, as LLVM knows them."""
    llvm = _llvm()
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def lane_width() -> int:
    """People in one vector: 8 with AVX-512, 4 with AVX2 and FMA, 2 on ARM64; 1 (no vectors) elsewhere."""
    features = _llvm().get_host_cpu_features()
    if features.get("avx512f"):
        return 8
    if features.get("avx2") and features.get("fma"):
        return 4
    import platform

    return 2 if platform.machine().lower() in ("arm64", "aarch64") else 1


@cache
def _machine() -> Any:
    llvm = _llvm()
    name, features = processor()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=name, features=features.replace("+prefer-256-bit", "-prefer-256-bit"), opt=3, reloc="pic", jit=True
    )


def assemble(ir: str, level: int = 3) -> bytes:
    """Optimise and compile IR; returns an object file."""
    llvm = _llvm()
    module = llvm.parse_assembly(ir)
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=level)
    builder = llvm.create_pass_builder(_machine(), options)
    builder.getModulePassManager().run(module, builder)
    return _machine().emit_object(module)


class Loaded:
    """Machine code in memory; keeps it alive. `address(name)` is that of a function."""

    def __init__(self, machine_code: bytes) -> None:
        llvm = _llvm()
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine_again())
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(machine_code))
        self._engine.finalize_object()

    def address(self, name: str) -> int:
        """Where a function begins."""
        found = self._engine.get_function_address(name)
        if not found:
            raise LookupError(f"the machine code has no function '{name}'")
        return found

    def call(self, name: str, *arrays: Any) -> None:
        """Call a routine whose arguments are all arrays of doubles (for tests and observations)."""
        signature = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * len(arrays))
        signature(self.address(name))(*(a.ctypes.data for a in arrays))


def _machine_again() -> Any:
    """A target machine that the execution engine may own (it takes the one it is given)."""
    llvm = _llvm()
    name, features = processor()
    return llvm.Target.from_default_triple().create_target_machine(cpu=name, features=features, opt=3, jit=True)
