import pytest

from fetuin.engine.graph import Expr, Graph, SymbolPrimitives
from fetuin.engine.maths import Maths
from fetuin.errors import UsageError


def symbols():
    graph = Graph()
    return graph, Expr(graph, graph.add("y", 0)), Expr(graph, graph.add("p", 0)), Maths(SymbolPrimitives(graph))


def test_the_same_operation_is_one_node():
    graph, y, p, m = symbols()
    assert (y * p + 1).node == (1 + p * y).node
    before = len(graph.nodes)
    assert m.exp(y * p).node == m.exp(p * y).node
    assert len(graph.nodes) == before + 1


def test_neutral_elements_vanish_and_numbers_fold():
    graph, y, _, m = symbols()
    for same in (y + 0, 0 + y, y * 1, y / 1, y - 0, -1 * (-y), +y):
        assert same.node == y.node
    assert graph.value((y - y).node) == 0.0
    assert graph.value((y * 0).node) == 0.0
    assert graph.value(m.exp(Expr(graph, graph.constant(0.0))).node) == 1.0


def test_a_branch_on_a_symbol_is_refused_with_a_remedy():
    _, y, p, _ = symbols()
    with pytest.raises(UsageError, match="branched"):
        bool(y)
    with pytest.raises(UsageError, match=r"m\.positive"):
        max(y, p)
    with pytest.raises(UsageError, match="float"):
        float(y)
