"""The JavaScript form in node gives the numbers of the compiled engine."""

import json
import shutil
import subprocess

import numpy as np
import pytest

from fetuin.engine.emit import javascript
from fetuin.engine.program import compile_program
from fetuin.engine.solve import integrate


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("case", ["A", "C"])
def test_equal_results_in_node(models, tmp_path, case):
    model, schedule, times = models["MINERAL"], models["case_schedule"](case, 9.0), [0.0, 0.3, 1.5, 3.7, 9.0]
    (tmp_path / "model.mjs").write_text(javascript.module(compile_program(model)), encoding="utf-8")
    asked = {"periods": javascript.schedule_json(schedule), "times": times, "parameters": {"gfr": 3.0}}
    call = f'import {{ simulate }} from "./model.mjs"; console.log(JSON.stringify(simulate({json.dumps(asked)})))'
    (tmp_path / "run.mjs").write_text(call, encoding="utf-8")
    done = subprocess.run(["node", "run.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    answer = json.loads(done.stdout)
    expected = integrate(model, schedule, times, {"gfr": 3.0})
    states = np.array([[row[s] for s in model.states] for row in answer["states"]])
    assert np.allclose(states, expected.states[0], rtol=1e-9, atol=1e-10)
    assert np.allclose([row["ionised"] for row in answer["outputs"]], expected["ionised"][0], rtol=1e-10)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_an_unknown_name_is_refused(models, tmp_path):
    (tmp_path / "model.mjs").write_text(javascript.module(compile_program(models["MINERAL"])), encoding="utf-8")
    call = 'import { simulate } from "./model.mjs"; simulate({ periods: [], times: [], parameters: { nope: 1 } })'
    (tmp_path / "run.mjs").write_text(call, encoding="utf-8")
    done = subprocess.run(["node", "run.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "parameter nope = 1" in done.stderr
