"""A model as CUDA C: one thread integrates one person, with the same routines and the same integrator.

    extern "C" __global__ void march(people, segments, weeks, rtol, durations, inputs, boluses, parameters, start,
                                     memory, out, status)

One period for everybody (a dialysis week), repeated `weeks` times; states are written at the end of every repeat.
parameters [name][person], start [state][person], out [repeat][state][person], so that neighbours read together;
memory [segment][person] begins as zeros and keeps the step that began each segment;
status[person] is 1 where the person arrived, -1 where the step became too small (its rows are then left untouched).
Compile with NVRTC or nvcc (any architecture with double precision). Nothing in the package depends on it.
"""

from __future__ import annotations

from fetuin.engine.emit.text import statements
from fetuin.engine.maths import LARGEST_EXPONENT, SMALLEST
from fetuin.engine.program import Program, Routine
from fetuin.engine.tableau import GAMMA, STAGES, A, C
from fetuin.engine.work import tolerances
from fetuin.notice import RESEARCH_USE

ALIASES = {"exp": "exp_", "log": "log_", "sqrt": "sqrt_", "max": "fmax", "abs": "fabs"}
KERNEL = """
__device__ int trial(const double *y, const double *c, double h, double rtol, double *fresh, double (*K)[N],
                     double *d, double *f, double *J, double *F, double *error)
{
    double g[1] = {1.0 / (h * GAMMA)}, q[1];
    slopes(y, c, f, J);
    factor(J, c, g, F);
    for (int k = 0; k < STAGES; ++k) {
        if (k > 0) {
            for (int i = 0; i < N; ++i) {
                double total = y[i], moved = 0.0;
                for (int r = 0; r < k; ++r) { total += TA[k][r] * K[r][i]; moved += TC[k][r] * K[r][i]; }
                fresh[i] = total; d[i] = moved / h;
            }
            rhs(fresh, c, d, f);
        }
        solve(F, f, K[k]);
        if (k == 0) residual(J, c, g, K[0], f, q);
    }
    double sum = 0.0, low = 0.0;
    for (int i = 0; i < N; ++i) {
        fresh[i] += K[STAGES - 1][i];
        double part = K[STAGES - 1][i] / (rtol * (TOLERANCE[i] + fmax(fabs(y[i]), fabs(fresh[i]))));
        sum += part * part;
        low = fmax(low, -fresh[i] * WEIGHT[i] / rtol);
    }
    *error = sqrt(sum / N);
    return low <= 1.0 && q[0] <= 1e-9;
}

extern "C" __global__ void march(int people, int segments, int weeks, double rtol, const double *durations,
                                 const double *inputs, const double *boluses, const double *parameters,
                                 const double *start, double *memory, double *out, int *status)
{
    int person = blockIdx.x * blockDim.x + threadIdx.x;
    if (person >= people) return;
    double y[N], fresh[N], d[N], f[N], K[STAGES][N], c[CONSTANTS], J[MOVING], F[FACTORS], p[PARAMETERS], u[INPUTS];
    for (int i = 0; i < PARAMETERS; ++i) p[i] = parameters[(size_t)i * people + person];
    for (int i = 0; i < N; ++i) y[i] = start[(size_t)i * people + person];
    fixed(p, c);
    for (int week = 0; week < weeks; ++week) {
        for (int s = 0; s < segments; ++s) {
            for (int i = 0; i < INPUTS; ++i) u[i] = inputs[s * INPUTS + i];
            segment(p, u, c);
            for (int i = 0; i < N; ++i) y[i] += boluses[s * N + i];
            double *remembered = &memory[(size_t)s * people + person];
            double T = durations[s], inside = 0.0, wanted = *remembered > 0.0 ? *remembered : fmin(1e-3, T);
            int first = 1;
            while (T - inside > 1e-12 * T) {
                double left = T - inside, error;
                double h = wanted >= left ? left : (wanted > 0.5 * left ? 0.5 * left : wanted);
                int sound = trial(y, c, h, rtol, fresh, K, d, f, J, F, &error);
                double growth = error < 1e30 ? fmin(6.0, fmax(0.2, 0.9 * pow(error + 1e-12, -0.2))) : 0.1;
                if (error <= 1.0 && sound) {
                    for (int i = 0; i < N; ++i) y[i] = fresh[i];
                    inside += h; wanted = h * growth;
                    if (first) { *remembered = h * fmin(growth, 2.0); first = 0; }
                } else {
                    wanted = h * (error <= 1.0 ? 0.25 : fmin(growth, 0.9));
                    if (wanted < 1e-13 * (1.0 + T)) { status[person] = -1; return; }
                }
            }
        }
        for (int i = 0; i < N; ++i)
            out[((size_t)week * N + i) * people + person] = WEIGHT[i] > 0.0 ? fmax(y[i], 0.0) : y[i];
    }
    status[person] = 1;
}
"""


def source(program: Program) -> str:
    """The CUDA C source, for NVRTC or nvcc."""
    model = program.model
    sizes = {"N": program.states, "STAGES": STAGES, "CONSTANTS": max(1, program.constants),
             "MOVING": max(1, program.moving), "FACTORS": program.factors, "PARAMETERS": max(1, len(model.parameters)),
             "INPUTS": max(1, len(model.inputs))}  # fmt: skip
    absolute, weight = tolerances(model, 1.0)
    parts = [f"// {model.name}: emitted by fetuin.engine. {RESEARCH_USE}"]
    parts += [f"#define {name} {value}" for name, value in sizes.items()] + [f"#define GAMMA {GAMMA!r}"]
    parts += [_table("TA", A), _table("TC", C), _row("TOLERANCE", absolute), _row("WEIGHT", weight)]
    parts += [
        "#define INLINE __device__ __forceinline__ double",
        f"INLINE exp_(double x) {{ return exp(fmin(fmax(x, -{LARGEST_EXPONENT}), {LARGEST_EXPONENT})); }}",
        f"INLINE floored(double x) {{ return fmax(x, {SMALLEST}); }}",
        "INLINE log_(double x) { return log(floored(x)); }",
        "INLINE sqrt_(double x) { return sqrt(floored(x)); }",
        "INLINE sigmoid(double x) { return 1.0 / (1.0 + exp_(-x)); }",
        "INLINE positive(double x) { return fmax(x, 0.0); }",
        "INLINE above(double x) { return x > 0.0 ? 1.0 : 0.0; }",
    ]
    return "\n".join([*parts, *(_routine(r) for r in program.routines.values()), KERNEL])


def _row(name: str, values: object) -> str:
    numbers = ", ".join(repr(float(v)) for v in values)  # type: ignore[attr-defined]
    return f"__constant__ double {name}[N] = {{{numbers}}};"


def _table(name: str, rows: tuple[tuple[float, ...], ...]) -> str:
    padded = (", ".join(map(repr, (*row, *[0.0] * (STAGES - len(row))))) for row in rows)
    return f"__constant__ double {name}[STAGES][STAGES] = {{" + ", ".join(f"{{{r}}}" for r in padded) + "};"


def _routine(routine: Routine) -> str:
    places = {a: (lambda k, a=a: f"{a}[{k}]") for a in routine.arrays}
    body = statements(routine, places, assign="const double {0} = {1}", end=";", names=ALIASES)
    written = {op[1] for op in routine.code if op[0] == "store"}
    arguments = ", ".join(f"{'' if a in written else 'const '}double *{a}" for a in routine.arrays)
    return f"__device__ __noinline__ void {routine.name}({arguments})\n{{\n    " + "\n    ".join(body) + "\n}"
