"""Expressions as a graph in which equal parts are one node.

Calling a right-hand side with `Expr` arguments writes its arithmetic into a `Graph`. Every node is an operation on
earlier nodes; asking for the same operation twice gives the same node, so common subexpressions are found while the
equations run and a straight-line Newton iteration costs its length, not the size of its expanded formula. Constants
are folded and the neutral elements of + and * vanish, nothing else is rewritten: the graph computes what the plain
function computes, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from fetuin.engine.maths import PLAIN, SMALLEST, Maths
from fetuin.errors import UsageError

STATE, PARAMETER, INPUT = "y", "p", "u"
LEAVES = (STATE, PARAMETER, INPUT)
UNARY = ("neg", "exp", "log", "sqrt", "sigmoid", "positive", "above", "floored")
BINARY = ("add", "sub", "mul", "div")
Node = tuple[Any, ...]


def _above(x: float) -> float:
    return 1.0 if x > 0.0 else 0.0


def _floored(x: float) -> float:
    return max(x, SMALLEST)


FOLD: dict[str, Callable[..., float]] = {
    "neg": lambda a: -a, "exp": PLAIN.exp, "log": PLAIN.log, "sqrt": PLAIN.sqrt, "sigmoid": PLAIN.sigmoid,
    "positive": PLAIN.positive, "above": _above, "floored": _floored,
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
}  # fmt: skip


class Graph:
    """Nodes in the order they were made: ("const", value), ("y", i), ("p", i), ("u", i) or (operation, *nodes)."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._known: dict[Node, int] = {}

    def add(self, *node: Any) -> int:
        """The number of this node, new or known."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = len(self.nodes)
            self.nodes.append(node)
        return found

    def constant(self, value: float) -> int:
        """A number."""
        return self.add("const", float(value))

    def value(self, node: int) -> float | None:
        """The number a node is, or None."""
        found = self.nodes[node]
        return found[1] if found[0] == "const" else None

    def unary(self, operation: str, a: int) -> int:
        """An operation on one node, folded where it is a number."""
        known = self.value(a)
        if known is not None:
            return self.constant(FOLD[operation](known))
        if operation == "neg" and self.nodes[a][0] == "neg":
            return self.nodes[a][1]
        if operation == "neg" and self.nodes[a][0] == "sub":
            return self.binary("sub", self.nodes[a][2], self.nodes[a][1])
        return self.add(operation, a)

    def binary(self, operation: str, a: int, b: int) -> int:
        """An operation on two nodes, with constants folded and neutral elements dropped."""
        x, y = self.value(a), self.value(b)
        if x is not None and y is not None:
            return self.constant(FOLD[operation](x, y))
        return getattr(self, "_" + operation)(a, b, x, y)

    def _add(self, a: int, b: int, x: float | None, y: float | None) -> int:
        if x == 0.0:
            return b
        if y == 0.0:
            return a
        if self.nodes[b][0] == "neg":
            return self.binary("sub", a, self.nodes[b][1])
        if self.nodes[a][0] == "neg":
            return self.binary("sub", b, self.nodes[a][1])
        return self.add("add", *sorted((a, b)))

    def _sub(self, a: int, b: int, x: float | None, y: float | None) -> int:
        if y == 0.0:
            return a
        if x == 0.0:
            return self.unary("neg", b)
        if a == b:
            return self.constant(0.0)
        if self.nodes[b][0] == "neg":
            return self.binary("add", a, self.nodes[b][1])
        return self.add("sub", a, b)

    def _mul(self, a: int, b: int, x: float | None, y: float | None) -> int:
        if x == 0.0 or y == 0.0:
            return self.constant(0.0)
        for one, other, number in ((a, b, x), (b, a, y)):
            if number == 1.0:
                return other
            if number == -1.0:
                return self.unary("neg", other)
            if self.nodes[one][0] == "neg":
                return self.unary("neg", self.binary("mul", self.nodes[one][1], other))
        return self.add("mul", *sorted((a, b)))

    def _div(self, a: int, b: int, x: float | None, y: float | None) -> int:
        if x == 0.0:
            return a
        if y == 1.0:
            return a
        if y is not None and y != 0.0:
            return self.binary("mul", a, self.constant(1.0 / y))
        if self.nodes[a][0] == "neg":
            return self.unary("neg", self.binary("div", self.nodes[a][1], b))
        return self.add("div", a, b)


class Expr:
    """A symbol: arithmetic on it writes nodes. It has no truth value, since an equation may not branch on a state."""

    __slots__ = ("graph", "node")

    def __init__(self, graph: Graph, node: int) -> None:
        self.graph, self.node = graph, node

    def _other(self, value: Any) -> int:
        return value.node if isinstance(value, Expr) else self.graph.constant(value)

    def _binary(self, operation: str, a: int, b: int) -> Expr:
        return Expr(self.graph, self.graph.binary(operation, a, b))

    def __add__(self, other: Any) -> Expr:
        return self._binary("add", self.node, self._other(other))

    def __radd__(self, other: Any) -> Expr:
        return self._binary("add", self._other(other), self.node)

    def __sub__(self, other: Any) -> Expr:
        return self._binary("sub", self.node, self._other(other))

    def __rsub__(self, other: Any) -> Expr:
        return self._binary("sub", self._other(other), self.node)

    def __mul__(self, other: Any) -> Expr:
        return self._binary("mul", self.node, self._other(other))

    def __rmul__(self, other: Any) -> Expr:
        return self._binary("mul", self._other(other), self.node)

    def __truediv__(self, other: Any) -> Expr:
        return self._binary("div", self.node, self._other(other))

    def __rtruediv__(self, other: Any) -> Expr:
        return self._binary("div", self._other(other), self.node)

    def __neg__(self) -> Expr:
        return Expr(self.graph, self.graph.unary("neg", self.node))

    def __pos__(self) -> Expr:
        return self

    def __pow__(self, exponent: Any) -> Expr:
        return Maths(SymbolPrimitives(self.graph)).pow(self, exponent)

    def __bool__(self) -> NoReturn:
        raise UsageError("an equation branched on a state, a parameter or an input.",
                         why="it is traced once and must be one formula for all values",
                         fix="use m.positive, m.maximum, m.smooth_step or an input of the schedule")  # fmt: skip

    def __float__(self) -> NoReturn:
        raise UsageError("an equation turned a symbol into a float.", fix="use only + - * / ** and the functions of m")

    __lt__ = __le__ = __gt__ = __ge__ = lambda self, _: self.__bool__()


class SymbolPrimitives:
    """The primitives of `engine.maths` on symbols of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def _apply(self, operation: str, x: Any) -> Expr:
        node = x.node if isinstance(x, Expr) else self.graph.constant(x)
        return Expr(self.graph, self.graph.unary(operation, node))

    def exp(self, x: Any) -> Expr:
        return self._apply("exp", x)

    def log(self, x: Any) -> Expr:
        return self._apply("log", x)

    def sqrt(self, x: Any) -> Expr:
        return self._apply("sqrt", x)

    def sigmoid(self, x: Any) -> Expr:
        return self._apply("sigmoid", x)

    def positive(self, x: Any) -> Expr:
        return self._apply("positive", x)
