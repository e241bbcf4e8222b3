"""The integrator: people in lanes, each with its own step, its own place in its own schedule, and its own turn to go.

`march` takes trial steps (`step`, machine code of the model, see `engine.emit.lanes`) for all lanes at once and then
looks at each lane: accept, read outputs from the dense polynomial, begin the next segment, begin the next person.
A lane never waits for another one: when its person is done it takes the next from the queue, so people with different
regimens run side by side. The step that began each segment of a repeating week is remembered for the next week.

Nothing here knows the model; it is compiled once for all models (numba, cached) and calls them by address. Arrays are
bare pointers, because numba counts references to arrays at every call: that alone cost twice the arithmetic.
Two-dimensional arrays are [row][lane] for the lanes and [person][...] for what comes from outside.

The file is longer than most: numba sees a change only in the file of the function it caches, so the parts of `march`
stay together.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numba as nb
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from fetuin.engine.course import Course
from fetuin.engine.tableau import ORDER, STAGES, H

ADAPT, RECORD, REPLAY = 0, 1, 2
DONE, STEP_TOO_SMALL, TOO_MANY_STEPS, MESH_FULL = 1, -1, -2, -3
LARGEST_BACKWARD_ERROR = 1e-9
SMALLEST_STEP = 1e-13
"""In units of the segment's duration plus one."""
FIRST_STEP = 1e-3
SAFETY, LARGEST_GROWTH, LARGEST_CUT = 0.9, 6.0, 0.2
DEEPEST = 1.0
"""How far below zero, in absolute tolerances, a step may leave an amount."""
DENSE = tuple(weight for row in H for weight in row)


class Sizes(NamedTuple):
    """Addresses of the model's routines, and how many of everything."""

    step: int
    fixed: int
    segment: int
    commit: int
    lanes: int
    states: int
    parameters: int
    inputs: int
    longest: int
    """segments of the longest period"""
    times: int
    mesh: int
    mode: int
    most: int
    """steps after which a person is given up"""


class Task(NamedTuple):
    """What to integrate and where the answers go."""

    parameters: Any
    start: Any
    times: Any
    tolerances: Any
    out: Any
    """(people, times, states)"""
    status: Any
    """(people, 3): code, accepted steps, rejected steps"""
    wreck: Any
    """(people, 2 + 2 states): where it failed: time, step, states, last error of each state"""
    mesh: Any
    """step sizes recorded or replayed, one person"""


class Lanes(NamedTuple):
    """The state of the lanes; the last axis is the lane."""

    y: Any
    new: Any
    K: Any
    c: Any
    p: Any
    u: Any
    report: Any
    work: Any
    size: Any
    """(5, lane): step now, step wanted next, time within the segment, begin of the segment, accepted"""
    place: Any
    """(7, lane): person or -1, period, repeat, segment, first step of segment?, next output, place in the mesh"""
    memory: Any
    """(segments of a period, lane): the step that began this segment last time, or 0"""


NOW, NEXT, INSIDE, BEGAN, ACCEPTED, SIZES_ROWS = 0, 1, 2, 3, 4, 5
PERSON, PERIOD, REPEAT, SEGMENT, FRESH, OUTPUT, MESH, PLACE_ROWS = 0, 1, 2, 3, 4, 5, 6, 7
GO_ON, NEW_SEGMENT, NEW_PERSON = 0, 1, 2


@intrinsic
def _call(typingctx, address, arguments):  # type: ignore[no-untyped-def]
    """Call the machine code at an address with a tuple of pointers and doubles."""

    def generate(context, builder, signature, values):  # type: ignore[no-untyped-def]
        parts = [builder.extract_value(values[1], k) for k in range(len(arguments.types))]
        function = ir.FunctionType(ir.VoidType(), [part.type for part in parts])
        builder.call(builder.inttoptr(values[0], function.as_pointer()), parts)
        return context.get_dummy_value()

    return types.void(types.int64, arguments), generate


compiled = nb.njit(nogil=True, error_model="numpy")


@compiled
def _begin_segment(z, lanes, lane, course):  # type: ignore[no-untyped-def]
    """Boluses, inputs and the remembered step of the segment in which the lane stands now."""
    w = z.lanes
    k = lanes.place[SEGMENT * w + lane]
    s = course.first[lanes.place[PERIOD * w + lane]] + k
    for i in range(z.states):
        lanes.y[i * w + lane] += course.boluses[s * z.states + i]
    for i in range(z.inputs):
        lanes.u[i * w + lane] = course.inputs[s * z.inputs + i]
    lanes.size[INSIDE * w + lane] = 0.0
    lanes.place[FRESH * w + lane] = 1
    remembered = lanes.memory[k * w + lane]
    lanes.size[NEXT * w + lane] = remembered if remembered > 0.0 else min(FIRST_STEP, course.durations[s])


@compiled
def _begin_person(z, lanes, lane, person, course, task):  # type: ignore[no-untyped-def]
    """Load a person into a lane; outputs at or before time 0 are the start."""
    w, n = z.lanes, z.states
    for i in range(z.parameters):
        lanes.p[i * w + lane] = task.parameters[person * z.parameters + i]
    for i in range(n):
        lanes.y[i * w + lane] = task.start[person * n + i]
    for i in range(PLACE_ROWS):
        lanes.place[i * w + lane] = 0
    for i in range(z.longest):
        lanes.memory[i * w + lane] = 0.0
    lanes.place[PERSON * w + lane] = person
    lanes.place[PERIOD * w + lane] = course.mine[person * 2]
    lanes.size[BEGAN * w + lane] = 0.0
    k = 0
    while k < z.times and task.times[k] <= 0.0:
        for i in range(n):
            task.out[(person * z.times + k) * n + i] = task.start[person * n + i]
        k += 1
    lanes.place[OUTPUT * w + lane] = k
    _begin_segment(z, lanes, lane, course)


@compiled
def _advance(z, lanes, lane, course):  # type: ignore[no-untyped-def]
    """To the next segment, repeat or period of the lane's person; False where the schedule ends."""
    w, place = z.lanes, lanes.place
    period = place[PERIOD * w + lane]
    place[SEGMENT * w + lane] += 1
    if place[SEGMENT * w + lane] == course.many[period]:
        place[SEGMENT * w + lane] = 0
        place[REPEAT * w + lane] += 1
        if place[REPEAT * w + lane] == course.repeats[period]:
            person = place[PERSON * w + lane]
            if period + 1 == course.mine[person * 2] + course.mine[person * 2 + 1]:
                return False
            place[REPEAT * w + lane] = 0
            period += 1
            place[PERIOD * w + lane] = period
            for i in range(z.longest):
                lanes.memory[i * w + lane] = 0.0
    s = course.first[period] + place[SEGMENT * w + lane]
    weeks = place[REPEAT * w + lane] * course.lengths[period]
    lanes.size[BEGAN * w + lane] = course.begins[period] + weeks + course.offsets[s]
    _begin_segment(z, lanes, lane, course)
    return True


@compiled
def _plan_step(z, lanes, lane, course, task):  # type: ignore[no-untyped-def]
    """The size of the next trial step: the one wanted, shortened so that the segment's end is met exactly."""
    w = z.lanes
    s = course.first[lanes.place[PERIOD * w + lane]] + lanes.place[SEGMENT * w + lane]
    left = course.durations[s] - lanes.size[INSIDE * w + lane]
    h = lanes.size[NEXT * w + lane]
    if z.mode == REPLAY:
        h = task.mesh[lanes.place[MESH * w + lane]]
    elif h >= left:
        h = left
    elif h > 0.5 * left:
        h = 0.5 * left
    lanes.size[NOW * w + lane] = h


@compiled
def _dense(z, lanes, lane, i, theta):  # type: ignore[no-untyped-def]
    """State i of a lane at the fraction theta of its step."""
    w, n = z.lanes, z.states
    inner = 0.0
    for r in range(2, -1, -1):
        d = 0.0
        for q in range(STAGES):
            d += DENSE[r * STAGES + q] * lanes.K[(q * n + i) * w + lane]
        inner = d + theta * inner
    inner = lanes.new[i * w + lane] + (1.0 - theta) * inner
    return (1.0 - theta) * lanes.y[i * w + lane] + theta * inner


@compiled
def _read_outputs(z, lanes, lane, task, ends):  # type: ignore[no-untyped-def]
    """Outputs within the step just accepted, from the dense polynomial; amounts are not read below zero."""
    w, n = z.lanes, z.states
    person, k = lanes.place[PERSON * w + lane], lanes.place[OUTPUT * w + lane]
    h = lanes.size[NOW * w + lane]
    began = lanes.size[BEGAN * w + lane] + lanes.size[INSIDE * w + lane]
    slack = 1e-9 if ends else 0.0
    while k < z.times and task.times[k] <= began + h + slack:
        theta = min((task.times[k] - began) / h, 1.0)
        if ends and abs(task.times[k] - began - h) <= 1e-9:
            theta = 1.0
        for i in range(n):
            value = _dense(z, lanes, lane, i, theta)
            if task.tolerances[n + i] != 0.0:
                value = max(value, 0.0)
            task.out[(person * z.times + k) * n + i] = value
        k += 1
    lanes.place[OUTPUT * w + lane] = k


@compiled
def _growth(error):  # type: ignore[no-untyped-def]
    """By what to multiply a step that had this error."""
    if not error < 1e30:
        return 0.1
    return min(LARGEST_GROWTH, max(LARGEST_CUT, SAFETY * math.exp(-math.log(error + 1e-12) / ORDER)))


@compiled
def _accepted(z, lanes, lane):  # type: ignore[no-untyped-def]
    error, low, backward = lanes.report[lane], lanes.report[z.lanes + lane], lanes.report[2 * z.lanes + lane]
    if z.mode == REPLAY:
        return math.isfinite(error)
    return error <= 1.0 and low <= DEEPEST and backward <= LARGEST_BACKWARD_ERROR


@compiled
def _accept(z, lanes, lane, duration, task):  # type: ignore[no-untyped-def]
    """Move the lane's clock on by its step (its states follow in `commit`); True where the segment ends here."""
    w = z.lanes
    h = lanes.size[NOW * w + lane]
    ends = duration - lanes.size[INSIDE * w + lane] - h <= 1e-12 * duration
    _read_outputs(z, lanes, lane, task, ends)
    lanes.size[INSIDE * w + lane] += h
    factor = _growth(lanes.report[lane])
    lanes.size[NEXT * w + lane] = h * factor
    if lanes.place[FRESH * w + lane] == 1:
        lanes.memory[lanes.place[SEGMENT * w + lane] * w + lane] = h * min(factor, 2.0)
        lanes.place[FRESH * w + lane] = 0
    if z.mode == RECORD:
        task.mesh[lanes.place[MESH * w + lane]] = h
    lanes.place[MESH * w + lane] += 1
    return ends


@compiled
def _reject(z, lanes, lane):  # type: ignore[no-untyped-def]
    """Shorten the step: by the error, or to a quarter where the step is wrong in another way."""
    error = lanes.report[lane]
    factor = 0.25 if error <= 1.0 else min(_growth(error), 0.9)
    lanes.size[NEXT * z.lanes + lane] = lanes.size[NOW * z.lanes + lane] * factor


@compiled
def _give_up(z, lanes, lane, code, task):  # type: ignore[no-untyped-def]
    """Write down where and on what the lane's person failed; the lane is free."""
    w, n = z.lanes, z.states
    person = lanes.place[PERSON * w + lane]
    row = person * (2 + 2 * n)
    task.status[person * 3] = code
    task.wreck[row] = lanes.size[BEGAN * w + lane] + lanes.size[INSIDE * w + lane]
    task.wreck[row + 1] = lanes.size[NOW * w + lane]
    for i in range(n):
        task.wreck[row + 2 + i] = lanes.y[i * w + lane]
        task.wreck[row + 2 + n + i] = lanes.K[((STAGES - 1) * n + i) * w + lane]
    return NEW_PERSON


@compiled
def _judge(z, lanes, lane, course, task):  # type: ignore[no-untyped-def]
    """What follows from a trial step: go on, the segment is done, or the person has failed."""
    w = z.lanes
    person = lanes.place[PERSON * w + lane]
    duration = course.durations[course.first[lanes.place[PERIOD * w + lane]] + lanes.place[SEGMENT * w + lane]]
    if task.status[person * 3 + 1] + task.status[person * 3 + 2] >= z.most:
        return _give_up(z, lanes, lane, TOO_MANY_STEPS, task)
    if _accepted(z, lanes, lane):
        if z.mode == RECORD and lanes.place[MESH * w + lane] >= z.mesh:
            return _give_up(z, lanes, lane, MESH_FULL, task)
        lanes.size[ACCEPTED * w + lane] = 1.0
        task.status[person * 3 + 1] += 1
        return NEW_SEGMENT if _accept(z, lanes, lane, duration, task) else GO_ON
    task.status[person * 3 + 2] += 1
    _reject(z, lanes, lane)
    if z.mode == REPLAY or lanes.size[NEXT * w + lane] < SMALLEST_STEP * (1.0 + duration):
        return _give_up(z, lanes, lane, STEP_TOO_SMALL, task)
    return GO_ON


@compiled
def _trial(z, lanes, course, task, rtol, people_changed, segments_changed):  # type: ignore[no-untyped-def]
    """One trial step of every lane, with what depends on person and segment refreshed before."""
    w = z.lanes
    if people_changed:
        _call(z.fixed, (lanes.p, lanes.c))
    if people_changed or segments_changed:
        _call(z.segment, (lanes.p, lanes.u, lanes.c))
    for lane in range(w):
        lanes.size[ACCEPTED * w + lane] = 0.0
        if lanes.place[PERSON * w + lane] >= 0:
            _plan_step(z, lanes, lane, course, task)
        else:
            lanes.size[NOW * w + lane] = FIRST_STEP
    _call(z.step, (lanes.y, lanes.c, lanes.size, task.tolerances, rtol, lanes.new, lanes.K, lanes.work, lanes.report))


@compiled
def _settle(z, lanes, course, task, outcomes):  # type: ignore[no-untyped-def]
    """Judge every lane, then let the accepted ones have their new states."""
    for lane in range(z.lanes):
        outcomes[lane] = GO_ON
        if lanes.place[PERSON * z.lanes + lane] >= 0:
            outcomes[lane] = _judge(z, lanes, lane, course, task)
    _call(z.commit, (lanes.size, lanes.new, lanes.y))


@compiled
def _march(z, course, task, lanes, outcomes, first, last, rtol):  # type: ignore[no-untyped-def]
    """Integrate the people `first` .. `last` - 1; returns the number of steps of the whole block."""
    waiting, busy, blocks = first, 0, 0
    people_changed, segments_changed = True, True
    for lane in range(z.lanes):
        _begin_person(z, lanes, lane, min(waiting, last - 1), course, task)
        if waiting < last:
            waiting += 1
            busy += 1
        else:
            lanes.place[PERSON * z.lanes + lane] = -1
    while busy > 0:
        _trial(z, lanes, course, task, rtol, people_changed, segments_changed)
        people_changed, segments_changed = False, False
        blocks += 1
        _settle(z, lanes, course, task, outcomes)
        for lane in range(z.lanes):
            outcome = outcomes[lane]
            if outcome == NEW_SEGMENT:
                segments_changed = True
                if not _advance(z, lanes, lane, course):
                    task.status[lanes.place[PERSON * z.lanes + lane] * 3] = DONE
                    outcome = NEW_PERSON
            if outcome == NEW_PERSON:
                if waiting < last:
                    _begin_person(z, lanes, lane, waiting, course, task)
                    waiting += 1
                    people_changed = True
                else:
                    lanes.place[PERSON * z.lanes + lane] = -1
                    busy -= 1
    return blocks


_REAL, _WHOLE = types.CPointer(types.float64), types.CPointer(types.int64)
_SIGNATURE = types.int64(
    _WHOLE, *[_REAL] * 6, *[_WHOLE] * 4, *[_REAL] * 5, _WHOLE, *[_REAL] * 2,
    *[_REAL] * 9, _WHOLE, _REAL, _WHOLE, types.int64, types.int64, types.float64,
)  # fmt: skip


@nb.cfunc(_SIGNATURE, cache=True, error_model="numpy")
def march(  # type: ignore[no-untyped-def]
    sizes, durations, offsets, inputs, boluses, lengths, begins, first_, count, repeats, mine,
    parameters, start, times, tolerances, out, status, wreck, mesh,
    y, new, k, c, p, u, report, work, size, place, memory, outcomes, first, last, rtol,
):  # fmt: skip
    """`_march` with every array as a pointer, for ctypes."""
    z = Sizes(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[6], sizes[7], sizes[8], sizes[9],
              sizes[10], sizes[11], sizes[12])  # fmt: skip
    course = Course(durations, offsets, inputs, boluses, lengths, begins, first_, count, repeats, mine)
    task = Task(parameters, start, times, tolerances, out, status, wreck, mesh)
    lanes = Lanes(y, new, k, c, p, u, report, work, size, place, memory)
    return _march(z, course, task, lanes, outcomes, first, last, rtol)
