"""The routines of a model as LLVM vector code: one instruction works on several people at once.

Numba does not vectorise straight-line code with exponentials, so the instructions are written as LLVM IR on vectors
(`<8 x double>` where the processor has AVX-512, 4 with AVX, 2 elsewhere) and compiled through llvmlite, which numba
brings along; no C compiler is needed. exp and log are polynomials of their own (reductions as in fdlibm; largest
error found against the library: 2 units in the last place). Arrays are laid out as [place][lane].

`step` does one trial step of Rodas5P for all lanes, each with its own step size:

    step(y, c, h, tol, rtol, new, K, work, report)
    tol      [2][states]: absolute tolerance (times nothing), weight of a negative amount; the same in all lanes
    new      [states][lane]: the states after the step          K  [8][states][lane]: the stages
    report   [3][lane]: error (accepted below 1), depth below zero in tolerances, backward error of the linear systems

The file is longer than most: what writes one module of IR stands together, so that its names and its layout are seen at once.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from fetuin.engine.maths import LARGEST_EXPONENT, SMALLEST
from fetuin.engine.program import Program, Routine
from fetuin.engine.tableau import GAMMA, STAGES, A, C

FAST = "contract nsz arcp reassoc"
ARITHMETIC = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}
EXP_SERIES = (1.6059043836821613e-10, 2.08767569878681e-9, 2.505210838544172e-8, 2.755731922398589e-7,
              2.7557319223985893e-6, 2.48015873015873e-5, 1.984126984126984e-4, 1.388888888888889e-3,
              8.333333333333333e-3, 4.1666666666666664e-2, 0.16666666666666666, 0.5, 1.0, 1.0)  # fmt: skip
"""1/13! .. 1/0!: the Taylor series of e^r, |r| < 0.35, to 4e-18."""
LOG_SERIES = (0.14798198605116586, 0.15313837699209373, 0.1818357216161805, 0.22222198432149784, 0.2857142874366239,
              0.3999999999940942, 0.6666666666666735)  # fmt: skip
"""Coefficients of log((1+s)/(1-s)) in s^2: Sun Microsystems, fdlibm e_log.c (1993)."""
LN2_HIGH, LN2_LOW, LOG2_E = 0.6931471803691238, 1.9082149292705877e-10, 1.4426950408889634
ROUNDER = 6755399441055744.0
"""1.5 * 2^52: adding it rounds to a whole number and leaves that number in the low bits."""


def _hex(x: float) -> str:
    return f"0x{struct.unpack('<Q', struct.pack('<d', float(x)))[0]:016X}"


class _Text:
    """Lines of one function, in static single assignment, on vectors of `width` doubles."""

    def __init__(self, width: int) -> None:
        self.width, self.lines, self.count = width, [], 0  # type: int, list[str], int
        self.vector, self.whole, self.flags = f"<{width} x double>", f"<{width} x i64>", f"<{width} x i1>"

    def let(self, right: str) -> str:
        self.count += 1
        self.lines.append(f"  %v{self.count} = {right}")
        return f"%v{self.count}"

    def number(self, x: float) -> str:
        return "<" + ", ".join([f"double {_hex(x)}"] * self.width) + ">"

    def integer(self, x: int) -> str:
        return "<" + ", ".join([f"i64 {x}"] * self.width) + ">"

    def op(self, name: str, *of: str) -> str:
        """An arithmetic operation or a primitive."""
        v = self.vector
        if name in ARITHMETIC:
            return self.let(f"{ARITHMETIC[name]} {FAST} {v} {of[0]}, {of[1]}")
        if name == "neg":
            return self.let(f"fneg {FAST} {v} {of[0]}")
        if name in ("exp", "log"):
            return self.let(f"call {v} @v{name}({v} {of[0]})")
        if name == "sqrt":
            return self.let(f"call {v} @llvm.sqrt.v{self.width}f64({v} {self.max(of[0], self.number(SMALLEST))})")
        if name == "sigmoid":
            one = self.number(1.0)
            return self.op("div", one, self.op("add", one, self.op("exp", self.op("neg", of[0]))))
        if name == "positive":
            return self.max(of[0], self.number(0.0))
        if name == "floored":
            return self.max(of[0], self.number(SMALLEST))
        if name == "above":
            flag = self.let(f"fcmp ogt {v} {of[0]}, {self.number(0.0)}")
            return self.let(f"select {self.flags} {flag}, {v} {self.number(1.0)}, {v} {self.number(0.0)}")
        if name == "abs":
            return self.let(f"call {v} @llvm.fabs.v{self.width}f64({v} {of[0]})")
        if name == "max":
            return self.max(*of)
        raise KeyError(name)

    def max(self, a: str, b: str) -> str:
        """b where a < b, else a: a value that is no number stays one."""
        flag = self.let(f"fcmp olt {self.vector} {a}, {b}")
        return self.let(f"select {self.flags} {flag}, {self.vector} {b}, {self.vector} {a}")

    def fma(self, a: str, b: str, c: str) -> str:
        v = self.vector
        return self.let(f"call {v} @llvm.fma.v{self.width}f64({v} {a}, {v} {b}, {v} {c})")

    def at(self, array: str, place: int) -> str:
        return self.let(f"getelementptr double, ptr %{array}, i64 {place * self.width}")

    def load(self, pointer: str) -> str:
        return self.let(f"load {self.vector}, ptr {pointer}, align 8")

    def store(self, value: str, pointer: str) -> None:
        self.lines.append(f"  store {self.vector} {value}, ptr {pointer}, align 8")

    def splat(self, scalar: str) -> str:
        one = self.let(f"insertelement {self.vector} undef, double {scalar}, i32 0")
        return self.let(f"shufflevector {self.vector} {one}, {self.vector} undef, <{self.width} x i32> zeroinitializer")


def module(program: Program, width: int) -> str:
    """The LLVM IR of all routines of a model and of `step`, for vectors of `width` people."""
    parts = [_exp(width), _log(width), *(_routine(r, width) for r in program.routines.values())]
    parts += [_combination(s, program.states, width) for s in range(1, STAGES)]
    parts += [_judge(program.states, width), _step(program, width), _commit(program.states, width)]
    parts.append(_declarations(width))
    return "\n".join(parts)


def work_size(program: Program) -> int:
    """Places `step` needs in `work`: moving Jacobian entries, factors, right-hand sides, sums, g."""
    return program.moving + program.factors + 2 * program.states + 1


def _define(name: str, arguments: str, text: _Text, internal: bool = False) -> str:
    kind = "internal " if internal else ""
    return f"define {kind}void @{name}({arguments}) #0 {{\n" + "\n".join(text.lines) + "\n  ret void\n}\n"


def _routine(routine: Routine, width: int) -> str:
    text, values = _Text(width), []  # type: _Text, list[str]
    for operation, *rest in routine.code:
        if operation == "const":
            values.append(text.number(rest[0]))
        elif operation == "load":
            values.append(text.load(text.at(rest[0], rest[1])))
        elif operation == "store":
            text.store(values[rest[2]], text.at(rest[0], rest[1]))
            values.append("")
        else:
            values.append(text.op(operation, *(values[k] for k in rest)))
    arguments = ", ".join(f"ptr noalias %{a}" for a in routine.arrays)
    return _define(routine.name, arguments, text)


def _exp(width: int) -> str:
    """2^k e^r with k whole and |r| <= ln(2)/2; capped like `maths.exp`."""
    t = _Text(width)
    x = t.max("%x", t.number(-LARGEST_EXPONENT))
    x = t.op("neg", t.max(t.op("neg", x), t.number(-LARGEST_EXPONENT)))
    shifted = t.let(f"call {t.vector} @llvm.fma.v{width}f64({t.vector} {x}, {t.vector} {t.number(LOG2_E)}, "
                    f"{t.vector} {t.number(ROUNDER)})")  # fmt: skip
    k = t.let(f"fsub {t.vector} {shifted}, {t.number(ROUNDER)}")
    r = t.fma(k, t.number(-LN2_LOW), t.fma(k, t.number(-LN2_HIGH), x))
    series = t.number(EXP_SERIES[0])
    for c in EXP_SERIES[1:]:
        series = t.fma(series, r, t.number(c))
    bits = t.let(f"shl {t.whole} {t.let(f'bitcast {t.vector} {shifted} to {t.whole}')}, {t.integer(52)}")
    power = t.let(f"bitcast {t.whole} {t.let(f'add {t.whole} {bits}, {t.integer(1023 << 52)}')} to {t.vector}")
    result = t.let(f"fmul {t.vector} {series}, {power}")
    return _inline("vexp", result, t)


def _log(width: int) -> str:
    """k ln 2 + log(m), m in [sqrt(1/2), sqrt(2)); floored like `maths.log`."""
    t = _Text(width)
    bits = t.let(f"bitcast {t.vector} {t.max('%x', t.number(SMALLEST))} to {t.whole}")
    k = t.let(f"ashr {t.whole} {t.let(f'sub {t.whole} {bits}, {t.integer(0x3FE6A09E667F3BCD)}')}, {t.integer(52)}")
    shift = t.let(f"shl {t.whole} {k}, {t.integer(52)}")
    m = t.let(f"bitcast {t.whole} {t.let(f'sub {t.whole} {bits}, {shift}')} to {t.vector}")
    biased = t.let(f"add {t.whole} {k}, {t.integer(0x4338000000000000)}")
    e = t.let(f"fsub {t.vector} {t.let(f'bitcast {t.whole} {biased} to {t.vector}')}, {t.number(ROUNDER)}")
    f = t.let(f"fsub {t.vector} {m}, {t.number(1.0)}")
    s = t.let(f"fdiv {t.vector} {f}, {t.let(f'fadd {t.vector} {f}, {t.number(2.0)}')}")
    square = t.let(f"fmul {t.vector} {s}, {s}")
    series = t.number(LOG_SERIES[0])
    for c in LOG_SERIES[1:]:
        series = t.fma(series, square, t.number(c))
    rest = t.let(f"fmul {t.vector} {series}, {square}")
    half = t.let(f"fmul {t.vector} {t.let(f'fmul {t.vector} {f}, {f}')}, {t.number(0.5)}")
    q = t.let(f"fmul {t.vector} {s}, {t.let(f'fadd {t.vector} {half}, {rest}')}")
    q = t.fma(e, t.number(LN2_LOW), q)
    d = t.let(f"fsub {t.vector} {t.let(f'fsub {t.vector} {half}, {q}')}, {f}")
    return _inline("vlog", t.fma(e, t.number(LN2_HIGH), t.let(f"fneg {t.vector} {d}")), t)


def _inline(name: str, result: str, t: _Text) -> str:
    body = "\n".join(t.lines)
    return f"define internal {t.vector} @{name}({t.vector} %x) #1 {{\n{body}\n  ret {t.vector} {result}\n}}\n"


def _loop(t: _Text, states: int) -> Iterator[str]:
    """Open a loop over states; yields the offset of the state in an array of vectors, then closes the loop."""
    t.lines += ["  br label %loop", "loop:", "  %i = phi i64 [ 0, %entry ], [ %next, %loop ]"]
    t.lines += [f"  %o = mul nuw nsw i64 %i, {t.width}"]
    yield "%o"
    t.lines += ["  %next = add nuw nsw i64 %i, 1", f"  %more = icmp ult i64 %next, {states}"]
    t.lines += ["  br i1 %more, label %loop, label %done", "done:"]


def _combination(stage: int, states: int, width: int) -> str:
    """yt = y + sum A k and d = (1/h) sum C k; the last two stages add the previous k to yt."""
    t = _Text(width)
    t.lines.append("entry:")
    inverse = t.op("div", t.number(1.0), t.load("%h"))
    for o in _loop(t, states):
        stages = [
            t.load(t.let(f"getelementptr double, ptr %K, i64 {t.let(f'add i64 {o}, {q * states * width}')}"))
            for q in range(stage)
        ]
        new = t.let(f"getelementptr double, ptr %new, i64 {o}")
        if stage < STAGES - 2:
            total = t.load(t.let(f"getelementptr double, ptr %y, i64 {o}"))
            for a, k in zip(A[stage], stages, strict=True):
                total = t.fma(t.number(a), k, total)
        else:
            total = t.op("add", t.load(new), stages[-1])
        t.store(total, new)
        total = t.op("mul", t.number(C[stage][0]), stages[0])
        for c, k in zip(C[stage][1:], stages[1:], strict=True):
            total = t.fma(t.number(c), k, total)
        t.store(t.op("mul", total, inverse), t.let(f"getelementptr double, ptr %d, i64 {o}"))
    names = ("y", "K", "h", "new", "d")
    return _define(f"combine{stage}", ", ".join(f"ptr noalias %{a}" for a in names), t, internal=True)


def _judge(states: int, width: int) -> str:
    """Add the last stage to the states; the weighted error and how far below zero a state has come."""
    t = _Text(width)
    t.lines.append("entry:")
    relative = t.splat("%rtol")
    sums = "  %{0} = phi {1} [ {2}, %entry ], [ %{0}.next, %loop ]"
    for o in _loop(t, states):
        # the sums must stand right after the phi of the counter
        place = t.lines.index("  %i = phi i64 [ 0, %entry ], [ %next, %loop ]")
        t.lines[place + 1 : place + 1] = [sums.format(name, t.vector, t.number(0.0)) for name in ("error", "low")]
        last = t.load(
            t.let(f"getelementptr double, ptr %K, i64 {t.let(f'add i64 {o}, {(STAGES - 1) * states * width}')}")
        )
        pointer = t.let(f"getelementptr double, ptr %new, i64 {o}")
        new = t.op("add", t.load(pointer), last)
        t.store(new, pointer)
        old = t.load(t.let(f"getelementptr double, ptr %y, i64 {o}"))
        absolute = t.splat(t.let(f"load double, ptr {t.let('getelementptr double, ptr %tol, i64 %i')}"))
        size = t.max(t.op("abs", old), t.op("abs", new))
        part = t.op("div", last, t.fma(relative, size, absolute))
        weight = t.let(f"add i64 %i, {states}")
        depth = t.splat(t.let(f"load double, ptr {t.let(f'getelementptr double, ptr %tol, i64 {weight}')}"))
        low = t.max("%low", t.op("neg", t.op("mul", new, depth)))
        t.lines.append(f"  %error.next = call {t.vector} @llvm.fma.v{width}f64({t.vector} {part}, {t.vector} {part}, "
                       f"{t.vector} %error)")  # fmt: skip
        t.lines.append(f"  %low.next = fadd {t.vector} {low}, {t.number(-0.0)}")
    mean = t.op("mul", "%error.next", t.number(1.0 / states))
    t.store(t.let(f"call {t.vector} @llvm.sqrt.v{width}f64({t.vector} {mean})"), "%report")
    t.store("%low.next", t.at("report", 1))
    names = ("y", "K", "tol", "new", "report")
    return _define("judge", ", ".join(f"ptr noalias %{a}" for a in names) + ", double %rtol", t, internal=True)


def _step(program: Program, width: int) -> str:
    t, n = _Text(width), program.states
    t.lines.append("entry:")
    offsets = [0, program.moving, program.moving + program.factors]
    jac, factors, f, d, g = (t.at("work", k) for k in (*offsets, offsets[2] + n, offsets[2] + 2 * n))
    stages = [t.at("K", s * n) for s in range(STAGES)]
    step = t.op("mul", t.load("%h"), t.number(GAMMA))
    t.store(t.op("div", t.number(1.0), step), g)

    def call(name: str, *pointers: str) -> None:
        t.lines.append(f"  call void @{name}({', '.join(f'ptr {p}' for p in pointers)})")

    call("slopes", "%y", "%c", f, jac)
    call("factor", jac, "%c", g, factors)
    call("solve", factors, f, stages[0])
    call("residual", jac, "%c", g, stages[0], f, t.at("report", 2))
    for s in range(1, STAGES):
        call(f"combine{s}", "%y", "%K", "%h", "%new", d)
        call("rhs", "%new", "%c", d, f)
        call("solve", factors, f, stages[s])
    t.lines.append("  call void @judge(ptr %y, ptr %K, ptr %tol, ptr %new, ptr %report, double %rtol)")
    before = ", ".join(f"ptr noalias %{a}" for a in ("y", "c", "h", "tol"))
    after = ", ".join(f"ptr noalias %{a}" for a in ("new", "K", "work", "report"))
    return _define("step", f"{before}, double %rtol, {after}", t)


def _commit(states: int, width: int) -> str:
    """y becomes new in the lanes whose step was accepted (row 4 of the integrator's `size` above 1/2)."""
    t = _Text(width)
    t.lines.append("entry:")
    flag = t.let(f"fcmp ogt {t.vector} {t.load(t.at('size', 4))}, {t.number(0.5)}")
    for o in _loop(t, states):
        y = t.let(f"getelementptr double, ptr %y, i64 {o}")
        new = t.load(t.let(f"getelementptr double, ptr %new, i64 {o}"))
        t.store(t.let(f"select {t.flags} {flag}, {t.vector} {new}, {t.vector} {t.load(y)}"), y)
    return _define("commit", ", ".join(f"ptr noalias %{a}" for a in ("size", "new", "y")), t)


def _declarations(width: int) -> str:
    v = f"<{width} x double>"
    return "\n".join([
        *(f"declare {v} @llvm.{name}.v{width}f64({v})" for name in ("sqrt", "fabs")),
        f"declare {v} @llvm.fma.v{width}f64({v}, {v}, {v})",
        'attributes #0 = { nounwind "prefer-vector-width"="512" }',
        "attributes #1 = { alwaysinline nounwind }",
    ])  # fmt: skip
