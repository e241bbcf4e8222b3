from dataclasses import replace

import numpy as np

from fetuin.engine.plain import evaluate
from fetuin.engine.program import compile_program


def test_the_digest_follows_the_content(models):
    model = models["MINERAL"]
    one = compile_program(model).digest
    assert compile_program(replace(model, name="other")).digest == one
    changed = replace(
        model, rhs=lambda m, x, p, u: {**model.rhs(m, x, p, u), "pth": 300.0 * x.pth_store - 401.0 * x.pth}
    )
    assert compile_program(changed).digest != one


def test_what_does_not_move_is_hoisted_out_of_the_steps(models):
    program = compile_program(models["MINERAL"])
    used = {op[1] for name in ("rhs", "slopes") for op in program.routines[name].code if op[0] == "load"}
    assert used == {"y", "c", "d"}
    assert len(program.entries) < 0.2 * program.states**2


def test_amounts_are_read_as_at_least_zero(models, run):
    """Outside the positive orthant the equations are those of its border, and signed states keep their sign."""
    model = models["MINERAL"]
    program = compile_program(model)
    states = np.array(list(model.states.values()))
    states[model.state_names.index("binder")] = -0.3
    states[model.state_names.index("ca_out")] = -0.3
    p, u = list(model.parameters.values()), list(model.inputs.values())
    c, f = np.zeros(program.constants), np.zeros(program.states)
    run(program.routines["fixed"], p=p, c=c)
    run(program.routines["segment"], p=p, u=u, c=c)
    run(program.routines["rhs"], y=states, c=c, d=np.zeros(program.states), f=f)
    assert f[model.state_names.index("binder")] == 0.0
    assert np.allclose(f, evaluate(model, states), rtol=1e-12)
