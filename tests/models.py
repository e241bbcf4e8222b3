"""Models that the tests and benchmarks of the engine integrate.

`MINERAL` has the shape of a mineral economy (minutes to years in one system, saturating fluxes, steep sigmoids, a
short Newton iteration inside the right-hand side) and round numbers: it is a load for the solver, not physiology.
"""

from __future__ import annotations

from typing import Any

from fetuin.engine import Added, Bolus, Held, Model, Schedule, make_schedule


def _ionised(m: Any, calcium: Any, albumin: Any, phosphate: Any) -> Any:
    """Free calcium [mmol/L] among two ligands by three Newton steps from a good start."""
    free = 0.5 * calcium
    for _ in range(3):
        bound = albumin * free / (8.0 + free) + phosphate * free / (6.0 + free)
        slope = albumin * 8.0 / ((8.0 + free) * (8.0 + free)) + phosphate * 6.0 / ((6.0 + free) * (6.0 + free))
        free = free - (free + bound - calcium) / (1.0 + slope)
    return free


def mineral_rhs(m: Any, x: Any, p: Any, u: Any) -> dict[str, Any]:
    """Derivatives a day of amounts [mmol] and levels relative to 1."""
    ca, pi = x.ca_plasma / p.volume, x.pi_plasma / p.volume
    ionised = _ionised(m, ca, p.albumin, pi)
    gfr = p.gfr * 1.44
    passive_ca, passive_pi = 0.15 * 8.0 * x.ca_gut, 0.6 * 8.0 * x.pi_gut
    active_ca = p.gut.vmax * m.hill(x.calcitriol_effect, 1.0, 1.5) * x.ca_gut / (x.ca_gut + 3.0)
    bound = 20.0 * x.binder * x.pi_gut / (x.pi_gut + 5.0)
    exchange_ca = 6.0 * p.volume * (ca - x.ca_fast / 40.0)
    exchange_pi = 3.0 * p.volume * (pi - x.pi_fast / 60.0)
    cells = 4.0 * (x.pi_plasma - x.pi_cell / 40.0)
    formation, resorption = 8.0 * x.ob, 8.0 * x.oc
    threshold = p.kidney.tmp / (0.4 + 0.3 * x.pth_effect + 0.3 * x.fgf_effect)
    urine_pi = gfr * p.volume / 14.0 * m.softplus(pi - threshold, 0.05)
    urine_ca = gfr * m.softplus(0.6 * ca - 1.35 * m.pow(x.pth_effect, 0.05), 0.03)
    dialysed_ca = u.dialysis * 150.0 * (ionised - u.dialysate_ca)
    dialysed_pi = u.dialysis * 200.0 * x.pi_plasma / p.volume
    secretion = 1.0 - 0.97 * m.hill(ionised, 1.15 - 0.1 * x.mimetic / (0.5 + x.mimetic), p.pth.steepness)
    rankl = m.pow(x.pth_effect, 0.4)
    return {
        "ca_gut": u.meal * 25.0 - passive_ca - active_ca - 6.0 * x.ca_gut,
        "pi_gut": u.meal * 45.0 - passive_pi - bound - 3.0 * x.pi_gut,
        "binder": -6.0 * x.binder,
        "ca_plasma": passive_ca + active_ca - exchange_ca - urine_ca - dialysed_ca + resorption - formation,
        "pi_plasma": passive_pi - exchange_pi - cells - urine_pi - dialysed_pi + 0.46 * (resorption - formation),
        "ca_fast": exchange_ca,
        "pi_fast": exchange_pi,
        "pi_cell": cells,
        "bone": formation - resorption,
        "ca_out": urine_ca + 6.0 * x.ca_gut + dialysed_ca,
        "pth_store": 30.0 * x.gland * (0.3 + 0.7 * secretion) - 10.0 * x.pth_store * (0.2 + 2.8 * secretion),
        "pth": 300.0 * x.pth_store * (0.2 + 2.8 * secretion) * p.pth.gain - 400.0 * x.pth,
        "pth_effect": 2.0 * (m.pow(x.pth, 0.6) - x.pth_effect),
        "gland": 0.01 * (m.smooth_max(secretion / 0.5, 0.5, 0.2) - x.gland),
        "fgf": 1.2 * (pi / 1.2 * m.pow(x.calcitriol, 0.3) * 1.0 - x.fgf),
        "fgf_effect": 0.5 * (m.tanh(x.fgf / 3.0) * 3.1 - x.fgf_effect),
        "cyp27b1": 1.5 * (p.gfr / 100.0 * m.pow(x.pth_effect, 0.5) * 2.0 / (1.0 + x.fgf_effect) - x.cyp27b1),
        "calcitriol": 3.0 * (x.cyp27b1 - x.calcitriol * (0.5 + 0.5 * x.cyp24a1)),
        "cyp24a1": 0.8 * (m.hill(x.calcitriol, 1.0, 2.0) * 2.0 * m.pow(x.fgf_effect, 0.3) - x.cyp24a1),
        "calcitriol_effect": 1.0 * (x.calcitriol - x.calcitriol_effect),
        "ob": 0.03 * (0.5 + 0.5 * x.oc - x.ob) * m.pow(x.pth_effect, 0.2),
        "oc": 0.1 * (rankl * x.ob / (0.2 + 0.8 * x.ob) - x.oc),
        "mimetic_gut": -20.0 * x.mimetic_gut,
        "mimetic": 20.0 * x.mimetic_gut - 1.2 * x.mimetic,
    }


def mineral_outputs(m: Any, x: Any, p: Any, u: Any) -> dict[str, Any]:
    """What a laboratory would read."""
    ca, pi = x.ca_plasma / p.volume, x.pi_plasma / p.volume
    return {"calcium": ca, "phosphate": pi, "ionised": _ionised(m, ca, p.albumin, pi)}


MINERAL = Model(
    name="mineral_test",
    states={
        "ca_gut": 1.7, "pi_gut": 2.6, "binder": 0.0, "ca_plasma": 33.0, "pi_plasma": 17.0, "ca_fast": 94.0,
        "pi_fast": 72.0, "pi_cell": 680.0, "bone": 25000.0, "ca_out": 0.0, "pth_store": 1.0, "pth": 1.0,
        "pth_effect": 1.0, "gland": 1.0, "fgf": 1.0, "fgf_effect": 1.0, "cyp27b1": 1.0, "calcitriol": 1.0,
        "cyp24a1": 1.0, "calcitriol_effect": 1.0, "ob": 1.0, "oc": 1.0, "mimetic_gut": 0.0, "mimetic": 0.0,
    },
    parameters={"volume": 14.0, "albumin": 8.0, "gfr": 100.0, "gut.vmax": 12.0, "kidney.tmp": 1.15,
                "pth.steepness": 20.0, "pth.gain": 1.3},
    inputs={"meal": 1.0, "dialysis": 0.0, "dialysate_ca": 1.25},
    rhs=mineral_rhs,
    outputs=mineral_outputs,
    signed=frozenset({"ca_out"}),
    units={"ca_plasma": "mmol", "calcium": "mmol/L"},
    scales={"ca_out": 100.0},
)  # fmt: skip


def _sessions() -> list:
    return [Held("dialysis", 1.0, start=day + 0.33, duration=4 / 24, every=7) for day in (0, 2, 4)]


def case_schedule(case: str, days: float) -> Schedule:
    """A: no events. B: dialysis thrice a week. C: B with three meals a day, binder with each, a daily calcimimetic."""
    if case == "A":
        return Schedule.rest(days)
    if case == "B":
        return make_schedule(days, _sessions())
    meals = [Added("meal", 8.0, start=hour / 24, duration=1 / 24, every=1) for hour in (8, 13, 19)]
    binder = [Bolus("binder", 0.5, start=hour / 24, every=1) for hour in (8, 13, 19)]
    return make_schedule(days, [*_sessions(), *meals, *binder, Bolus("mimetic_gut", 1.0, start=20 / 24, every=1)],
                         inputs={"meal": 0.0})  # fmt: skip
