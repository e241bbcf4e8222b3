import pytest

from fetuin.engine import Model
from fetuin.engine.maths import PLAIN
from fetuin.engine.model import namespace
from fetuin.errors import UsageError


def one(rhs, **rest):
    return Model("one", {"a": 1.0}, {"k": 2.0}, {"u": 0.0}, rhs, **rest)


def test_a_dotted_name_is_a_nested_namespace():
    p = namespace({"gut.rate": 5.0, "gut.deep.er": 6.0, "loss": 1.0})
    assert (p.gut.rate, p.gut.deep.er, p.loss) == (5.0, 6.0, 1.0)


def test_the_right_hand_side_must_answer_every_state():
    model = one(lambda m, x, p, u: {"b": 0.0})
    with pytest.raises(UsageError, match=r"missing \['a'\], unknown \['b'\]"):
        model.derivatives(PLAIN, None, None, None)


def test_refuses_scales_of_unknown_states_and_values_that_are_no_numbers():
    with pytest.raises(UsageError, match="scales"):
        one(lambda m, x, p, u: {"a": 0.0}, scales={"z": 1.0})
    with pytest.raises(UsageError, match="k = nan"):
        Model("m", {"a": 1.0}, {"k": float("nan")}, {}, lambda m, x, p, u: {"a": 0.0})
