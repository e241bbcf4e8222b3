"""A model as one JavaScript module without dependencies: the same routines, the same integrator, one person.

    import { model, simulate } from "./body.mjs"
    const { states, outputs } = simulate({ periods: [{ repeats: 52, segments: [{ duration: 7, inputs: {}, boluses: {} }] }],
                                           times: [0, 7, 14], parameters: { "gut.rate": 5 } })

`states[k]` and `outputs[k]` are objects of names and values at `times[k]`. `schedule_json(schedule)` writes a schedule
in that form. Meant for sliders in a browser: a year of a body takes milliseconds to a second there.
"""

from __future__ import annotations

import json
from typing import Any

from fetuin.engine.emit.text import statements
from fetuin.engine.maths import LARGEST_EXPONENT, SMALLEST
from fetuin.engine.program import Program, Routine
from fetuin.engine.schedule import Schedule
from fetuin.engine.tableau import GAMMA, STAGES, A, C, H
from fetuin.engine.work import tolerances
from fetuin.notice import RESEARCH_USE

INTEGRATOR = """
function trial(s, h) {
  const { y, c, d, f, J, g, A, K, x, fresh, tol, rtol } = s;
  g[0] = 1 / (h * GAMMA);
  slopes(y, c, f, J);
  factor(J, c, g, A);
  for (let k = 0; k < STAGES; k++) {
    if (k > 0) {
      for (let i = 0; i < N; i++) {
        let total = y[i], moved = 0;
        for (let q = 0; q < k; q++) { total += TA[k][q] * K[q][i]; moved += TC[k][q] * K[q][i]; }
        fresh[i] = total; d[i] = moved / h;
      }
      rhs(fresh, c, d, f);
    }
    solve(A, f, K[k]);
    if (k === 0) residual(J, c, g, K[0], f, s.q);
  }
  let error = 0, low = 0;
  for (let i = 0; i < N; i++) {
    fresh[i] += K[STAGES - 1][i];
    const part = K[STAGES - 1][i] / (tol[0][i] * rtol + rtol * Math.max(Math.abs(y[i]), Math.abs(fresh[i])));
    error += part * part;
    low = Math.max(low, -fresh[i] * tol[1][i] / rtol);
  }
  return { error: Math.sqrt(error / N), sound: low <= 1 && s.q[0] <= 1e-9 };
}

function dense(s, i, theta) {
  let inner = 0;
  for (let r = 2; r >= 0; r--) {
    let part = 0;
    for (let q = 0; q < STAGES; q++) part += TH[r][q] * s.K[q][i];
    inner = part + theta * inner;
  }
  return (1 - theta) * s.y[i] + theta * (s.fresh[i] + (1 - theta) * inner);
}

function named(names, values) { return Object.fromEntries(names.map((name, k) => [name, values[k]])); }

function fill(target, names, given, kind) {
  for (const [name, value] of Object.entries(given ?? {})) {
    const k = names.indexOf(name);
    if (k < 0 || !Number.isFinite(value)) throw new Error(`${kind} ${name} = ${value}: unknown name or no finite number`);
    target[k] = value;
  }
  return target;
}

/** Integrate one person. Throws an Error that names the time and the state where it cannot be done. */
export function simulate({ periods, times, parameters = {}, start = {}, rtol = 1e-6 }) {
  const room = (n) => new Float64Array(Math.max(1, n));
  const p = fill(Float64Array.from(model.parameters.values), model.parameters.names, parameters, "parameter");
  const y = fill(Float64Array.from(model.states.values), model.states.names, start, "state");
  const s = { y, c: room(CONSTANTS), d: room(N), f: room(N), J: room(MOVING), g: room(1), A: room(FACTORS), q: room(1),
              fresh: room(N), K: Array.from({ length: STAGES }, () => room(N)), tol: TOLERANCES, rtol };
  const u = room(model.inputs.names.length), o = room(model.outputs.length), row = room(N);
  const states = [], outputs = [];
  let at = 0, next = 0;
  const write = (values) => {
    for (let i = 0; i < N; i++) row[i] = TOLERANCES[1][i] ? Math.max(values(i), 0) : values(i);
    observe(row, s.c, o);
    states.push(named(model.states.names, row)); outputs.push(named(model.outputs, o)); next++;
  };
  fixed(p, s.c);
  for (const period of periods) {
    const memory = period.segments.map(() => 0);
    for (let repeat = 0; repeat < (period.repeats ?? 1); repeat++) {
      period.segments.forEach((segment, k) => {
        fill(fill(u, model.inputs.names, named(model.inputs.names, model.inputs.values), "input"), model.inputs.names,
             segment.inputs, "input");
        segmentOf(p, u, s.c);
        while (next < times.length && times[next] <= 0) write((i) => y[i]);
        for (const [name, amount] of Object.entries(segment.boluses ?? {})) {
          fill(y, model.states.names, { [name]: y[model.states.names.indexOf(name)] + amount }, "state");
        }
        let inside = 0, wanted = memory[k] || Math.min(1e-3, segment.duration), first = true;
        while (segment.duration - inside > 1e-12 * segment.duration) {
          const left = segment.duration - inside;
          const h = wanted >= left ? left : wanted > 0.5 * left ? 0.5 * left : wanted;
          const { error, sound } = trial(s, h);
          let factor = error < 1e30 ? Math.min(6, Math.max(0.2, 0.9 * Math.pow(error + 1e-12, -0.2))) : 0.1;
          if (error <= 1 && sound) {
            const ends = left - h <= 1e-12 * segment.duration, began = at + inside;
            while (next < times.length && times[next] <= began + h + (ends ? 1e-9 : 0)) {
              const theta = ends && Math.abs(times[next] - began - h) <= 1e-9 ? 1 : Math.min((times[next] - began) / h, 1);
              write((i) => dense(s, i, theta));
            }
            y.set(s.fresh); inside += h; wanted = h * factor;
            if (first) { memory[k] = h * Math.min(factor, 2); first = false; }
          } else {
            wanted = h * (error <= 1 ? 0.25 : Math.min(factor, 0.9));
            if (wanted < 1e-13 * (1 + segment.duration)) {
              const worst = Array.from(s.K[STAGES - 1], (e, i) => Math.abs(e) / TOLERANCES[0][i]);
              throw new Error(`stopped at t = ${at + inside} on ${model.states.names[worst.indexOf(Math.max(...worst))]}`);
            }
          }
        }
        at += segment.duration;
      });
    }
  }
  return { times, states, outputs };
}
"""


def module(program: Program) -> str:
    """The ECMAScript module."""
    model = program.model
    described = {
        "name": model.name,
        "notice": RESEARCH_USE,
        "states": {"names": list(model.states), "values": [float(v) for v in model.states.values()]},
        "parameters": {"names": list(model.parameters), "values": [float(v) for v in model.parameters.values()]},
        "inputs": {"names": list(model.inputs), "values": [float(v) for v in model.inputs.values()]},
        "outputs": list(program.outputs),
        "units": dict(model.units),
    }
    numbers = {"N": program.states, "STAGES": STAGES, "GAMMA": GAMMA, "CONSTANTS": program.constants,
               "MOVING": program.moving, "FACTORS": program.factors, "TA": A, "TC": C, "TH": H,
               "TOLERANCES": tolerances(model, 1.0).tolist()}  # fmt: skip
    parts = [f"// {model.name}: emitted by fetuin.engine. {RESEARCH_USE}"]
    parts += [f"export const model = {json.dumps(described)};"]
    parts += [f"const {name} = {json.dumps(value)};" for name, value in numbers.items()]
    parts += [
        f"const exp = (x) => Math.exp(Math.min(Math.max(x, -{LARGEST_EXPONENT}), {LARGEST_EXPONENT}));",
        f"const log = (x) => Math.log(Math.max(x, {SMALLEST}));",
        f"const sqrt = (x) => Math.sqrt(Math.max(x, {SMALLEST}));",
        "const sigmoid = (x) => 1 / (1 + exp(-x)), positive = (x) => Math.max(x, 0), above = (x) => (x > 0 ? 1 : 0);",
        f"const floored = (x) => Math.max(x, {SMALLEST}), abs = Math.abs, max = Math.max;",
    ]
    parts += [_routine(r) for r in program.routines.values()]
    return "\n".join(parts) + INTEGRATOR


def schedule_json(schedule: Schedule) -> list[dict[str, Any]]:
    """A schedule in the form `simulate` takes as `periods`."""
    return [
        {"repeats": p.repeats,
         "segments": [{"duration": s.duration, "inputs": dict(s.inputs), "boluses": dict(s.boluses)} for s in p.segments]}
        for p in schedule.periods
    ]  # fmt: skip


def _routine(routine: Routine) -> str:
    places = {a: (lambda k, a=a: f"{a}[{k}]") for a in routine.arrays}
    body = statements(routine, places, assign="const {0} = {1}", end=";")
    name = "segmentOf" if routine.name == "segment" else routine.name
    return f"function {name}({', '.join(routine.arrays)}) {{\n  " + "\n  ".join(body) + "\n}"
