"""The sparse analytic Jacobian of a traced right-hand side, by forward accumulation over the graph.

Each node carries its partial derivatives by the states it depends on, and no others. What a flux shared by several
compartments depends on is derived once and used by all of them. Exact, apart from kinks (`positive`), where the slope
of the lower side is taken.
"""

from __future__ import annotations

from fetuin.engine.graph import BINARY, STATE, Graph

Slopes = dict[int, int]
"""{state: node of the partial derivative}."""


def jacobian(graph: Graph, outputs: tuple[int, ...]) -> dict[tuple[int, int], int]:
    """{(row, state): node} of every entry that is not identically zero."""
    needed = reachable(graph, outputs)
    slopes: dict[int, Slopes] = {}
    for node in sorted(needed):
        slopes[node] = _slopes(graph, node, slopes)
    zero = graph.constant(0.0)
    return {(i, j): d for i, out in enumerate(outputs) for j, d in sorted(slopes[out].items()) if d != zero}


def reachable(graph: Graph, outputs: tuple[int, ...]) -> set[int]:
    """The nodes on which `outputs` depend, themselves included."""
    found: set[int] = set()
    waiting = list(outputs)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(arguments(graph, node))
    return found


def arguments(graph: Graph, node: int) -> tuple[int, ...]:
    """The nodes an operation works on; none for a leaf."""
    operation, *rest = graph.nodes[node]
    if operation in ("const", "y", "p", "u"):
        return ()
    return tuple(rest)


def _slopes(graph: Graph, node: int, known: dict[int, Slopes]) -> Slopes:
    operation, *rest = graph.nodes[node]
    if operation == STATE:
        return {rest[0]: graph.constant(1.0)}
    inner = [known[a] for a in arguments(graph, node)]
    if not any(inner):
        return {}
    if operation in BINARY:
        return _binary(graph, operation, node, rest, inner)
    factor = _unary_slope(graph, operation, node, rest[0])
    return {j: graph.binary("mul", factor, d) for j, d in inner[0].items()}


def _binary(graph: Graph, operation: str, node: int, of: list[int], inner: list[Slopes]) -> Slopes:
    (a, b), (da, db) = of, inner
    if operation == "mul":
        return _merge(graph, "add", _scaled(graph, da, b), _scaled(graph, db, a))
    if operation == "div":
        inverse = graph.binary("div", graph.constant(1.0), b)
        return _merge(graph, "sub", _scaled(graph, da, inverse), _scaled(graph, db, graph.binary("mul", node, inverse)))
    return _merge(graph, operation, da, db)


def _scaled(graph: Graph, slopes: Slopes, factor: int) -> Slopes:
    return {j: graph.binary("mul", factor, d) for j, d in slopes.items()}


def _merge(graph: Graph, operation: str, left: Slopes, right: Slopes) -> Slopes:
    merged = dict(left)
    for j, d in right.items():
        if j in merged:
            merged[j] = graph.binary(operation, merged[j], d)
        else:
            merged[j] = d if operation == "add" else graph.unary("neg", d)
    return merged


def _unary_slope(graph: Graph, operation: str, node: int, a: int) -> int:
    """The derivative of one primitive, as a node."""
    one = graph.constant(1.0)
    if operation == "neg":
        return graph.constant(-1.0)
    if operation == "exp":
        return node
    if operation == "log":
        return graph.binary("div", one, graph.unary("floored", a))
    if operation == "sqrt":
        return graph.binary("div", graph.constant(0.5), node)
    if operation == "sigmoid":
        return graph.binary("mul", node, graph.binary("sub", one, node))
    if operation == "positive":
        return graph.unary("above", a)
    return graph.constant(0.0)  # above, floored: flat or never derived again
