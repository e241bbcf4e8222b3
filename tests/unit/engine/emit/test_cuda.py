"""The CUDA form: compiled by nvcc where it is installed, and run on the processor by a C++ compiler.

No test runs it on a GPU: the kernel is ordinary C apart from three words, so its arithmetic is checked on the host.
"""

import ctypes
import shutil
import subprocess

import numpy as np
import pytest

from fetuin.engine import Model, Schedule
from fetuin.engine.emit import cuda
from fetuin.engine.program import compile_program
from fetuin.engine.solve import integrate

HOST = """
#include <cmath>
#include <cstddef>
using namespace std;
#define __device__
#define __global__
#define __constant__ static const
#define __forceinline__ inline
#define __noinline__
struct three { int x; };
static three blockIdx, blockDim, threadIdx;
"""
RUN = """
extern "C" void run(int people, int segments, int weeks, double rtol, const double *a, const double *b, const double *c,
                    const double *d, const double *e, double *m, double *o, int *s)
{
    blockDim.x = 1;
    for (int k = 0; k < people; ++k) { blockIdx.x = k; march(people, segments, weeks, rtol, a, b, c, d, e, m, o, s); }
}
"""


def test_nvcc_compiles_it(models, tmp_path):
    if shutil.which("nvcc") is None:
        pytest.skip("nvcc is not installed")
    (tmp_path / "model.cu").write_text(cuda.source(compile_program(models["MINERAL"])), encoding="utf-8")
    done = subprocess.run(["nvcc", "-arch=sm_90", "-ptx", "model.cu"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ".entry march" in (tmp_path / "model.ptx").read_text()


def test_the_kernel_on_the_host_equals_the_engine(models, tmp_path):
    if shutil.which("g++") is None:
        pytest.skip("no C++ compiler to run the kernel on the host")
    model, people, weeks = models["MINERAL"], 3, 2
    (tmp_path / "model.cpp").write_text(HOST + cuda.source(compile_program(model)) + RUN, encoding="utf-8")
    subprocess.run(["g++", "-O1", "-shared", "-fPIC", "-o", "model.so", "model.cpp"], cwd=tmp_path, check=True)
    schedule = models["case_schedule"]("C", 7.0 * weeks)
    ((durations, inputs, boluses, repeats),) = schedule.arrays(model)
    assert repeats == weeks
    gfr = np.array([2.0, 5.0, 30.0])
    parameters = np.repeat(np.array(list(model.parameters.values()))[:, None], people, 1)
    parameters[model.parameter_names.index("gfr")] = gfr
    start = np.repeat(np.array(list(model.states.values()))[:, None], people, 1)
    n = len(model.states)
    memory, out, status = np.zeros((len(durations), people)), np.zeros((weeks, n, people)), np.zeros(people, np.int32)
    arrays = [durations, inputs, boluses, parameters, start, memory, out, status]
    pointers = [np.ascontiguousarray(a).ctypes.data_as(ctypes.c_void_p) for a in arrays]
    run = ctypes.CDLL(str(tmp_path / "model.so")).run
    run(people, len(durations), weeks, ctypes.c_double(1e-6), *pointers)
    assert status.tolist() == [1, 1, 1]
    for k in range(people):
        expected = integrate(model, schedule, [7.0, 14.0], {"gfr": float(gfr[k])}).states[0]
        assert np.allclose(out[:, :, k], expected, rtol=1e-8, atol=1e-9)


def test_a_model_without_parameters_or_inputs_is_still_c():
    model = Model("bare", {"a": 1.0}, {}, {}, lambda m, x, p, u: {"a": -x.a})
    text = cuda.source(compile_program(model))
    assert "#define PARAMETERS 1\n" in text
    assert "#define INPUTS 1\n" in text
    assert integrate(model, Schedule.rest(1.0), [1.0])["a"][0, 0] == pytest.approx(np.exp(-1.0), rel=1e-6)
