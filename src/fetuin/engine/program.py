"""From a traced model to straight-line routines, which the emitters print in their language.

A routine is a list of instructions on numbered values: ("const", number), ("load", array, place),
("store", array, place, value) and the operations of `engine.graph`. What depends on parameters alone is computed once
a person (`fixed`), what depends on inputs too once a segment (`segment`); both are kept in the array `c`.

    fixed(p, c)                  segment(p, u, c)
    rhs(y, c, d, f)              f = d + right-hand side(y)
    slopes(y, c, f, J)           right-hand side and the entries of the Jacobian that move with y
    factor(J, c, g, A)           the LU factors of g I - J
    solve(A, r, x)               x with (g I - J) x = r
    residual(J, c, g, x, r, q)   q = largest backward error of x, row by row
    observe(y, c, o)             the outputs of the model

States are amounts: `y` is read as max(y, 0) unless the state is signed, so that outside the positive orthant the
equations are those of its border and lead back inside, while sums of states that are conserved stay conserved.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from fetuin.engine.derive import arguments, jacobian, reachable
from fetuin.engine.eliminate import Elimination, plan
from fetuin.engine.graph import Expr, Graph, SymbolPrimitives
from fetuin.engine.maths import Maths
from fetuin.engine.model import Model, namespace

Instruction = tuple[Any, ...]
ROUTINES = ("fixed", "segment", "rhs", "slopes", "factor", "solve", "residual", "observe")


@dataclass
class Routine:
    """A name, the arrays it reads and writes, and its instructions; instruction k makes value k."""

    name: str
    arrays: tuple[str, ...]
    code: list[Instruction] = field(default_factory=list)
    _known: dict[Instruction, int] = field(default_factory=dict, repr=False)

    def do(self, *instruction: Any) -> int:
        """Append an instruction (or find it among the pure ones) and return the number of its value."""
        if instruction[0] != "store" and instruction in self._known:
            return self._known[instruction]
        self.code.append(instruction)
        self._known[instruction] = len(self.code) - 1
        return len(self.code) - 1

    def operations(self) -> int:
        """Arithmetic operations, loads and stores not counted."""
        return sum(op[0] not in ("const", "load", "store") for op in self.code)


@dataclass(frozen=True)
class Program:
    """The routines of a model and the sizes of their arrays."""

    model: Model
    graph: Graph
    rhs: tuple[int, ...]
    outputs: dict[str, int]
    entries: dict[tuple[int, int], int]
    """Nodes of the Jacobian."""
    elimination: Elimination
    routines: dict[str, Routine]
    places: dict[tuple[int, int], int]
    """Place in `J` of the entries of the Jacobian that depend on the states."""
    slot: dict[int, int]
    """Place in `c` of a hoisted node."""

    @property
    def moving(self) -> int:
        """Entries of the Jacobian that depend on the states."""
        return len(self.places)

    @property
    def constants(self) -> int:
        """Places of `c`."""
        return len(self.slot)

    def where(self, i: int, j: int) -> tuple[int, float]:
        """Where an entry of the Jacobian is found: (0, place in J), (1, place in c) or (2, its value)."""
        node = self.entries[i, j]
        if (i, j) in self.places:
            return 0, self.places[i, j]
        value = self.graph.value(node)
        return (2, value) if value is not None else (1, self.slot[node])

    @property
    def states(self) -> int:
        """Number of states."""
        return len(self.rhs)

    @property
    def factors(self) -> int:
        """Numbers stored for the LU factors."""
        return len(self.elimination.slots)

    @property
    def digest(self) -> str:
        """Hash of the content: any change of an equation, a folded number or an order changes it."""
        text = repr([(r.name, r.code) for r in self.routines.values()])
        return hashlib.sha256(text.encode()).hexdigest()[:24]


def trace(model: Model) -> tuple[Graph, tuple[int, ...], dict[str, int]]:
    """Call the model once with symbols: the graph, the node of each derivative, the node of each output."""
    graph = Graph()
    maths = Maths(SymbolPrimitives(graph))
    x, p, u = (
        namespace({name: Expr(graph, graph.add(kind, k)) for k, name in enumerate(names)})
        for kind, names in (("y", model.state_names), ("p", model.parameter_names), ("u", model.input_names))
    )
    rhs = tuple(_node(graph, e) for e in model.derivatives(maths, x, p, u))
    found = model.outputs(maths, x, p, u) if model.outputs else {}
    return graph, rhs, {name: _node(graph, e) for name, e in found.items()}


def _node(graph: Graph, value: Any) -> int:
    return value.node if isinstance(value, Expr) else graph.constant(float(value))


def compile_program(model: Model) -> Program:
    """Trace, derive, order, and write the routines."""
    graph, rhs, outputs = trace(model)
    entries = jacobian(graph, rhs)
    elimination = plan(len(rhs), frozenset(entries))
    writer = _Writer(model, graph, (*rhs, *entries.values(), *outputs.values()))
    moving = {entry: k for k, entry in enumerate(e for e, node in entries.items() if writer.level[node] == MOVING)}
    routines = [
        *writer.hoisted(),
        writer.plain("rhs", ("y", "c", "d", "f"), [("f", i, node) for i, node in enumerate(rhs)], add="d"),
        writer.plain("slopes", ("y", "c", "f", "J"), [("f", i, node) for i, node in enumerate(rhs)]
                     + [("J", k, entries[e]) for e, k in moving.items()]),
        _factor(writer, entries, moving, elimination),
        _solve(elimination),
        _residual(writer, entries, moving, len(rhs)),
        writer.plain("observe", ("y", "c", "o"), [("o", k, node) for k, node in enumerate(outputs.values())]),
    ]  # fmt: skip
    return Program(model, graph, rhs, outputs, entries, elimination, {r.name: r for r in routines},
                   moving, writer.slot)  # fmt: skip


FIXED, SEGMENT, MOVING = 0, 1, 2


class _Writer:
    """Knows which nodes are hoisted into `c` and writes the others where they are needed."""

    def __init__(self, model: Model, graph: Graph, outputs: tuple[int, ...]) -> None:
        self.graph, self.outputs = graph, outputs
        self.signed = [s in model.signed for s in model.state_names]
        self.level: dict[int, int] = {}
        self.slot: dict[int, int] = {}
        used = sorted(reachable(graph, outputs))
        for node in used:
            kind = graph.nodes[node][0]
            own = {"y": MOVING, "u": SEGMENT}.get(kind, FIXED)
            self.level[node] = max([own, *(self.level[a] for a in arguments(graph, node))])
        for node in used:
            for a in arguments(graph, node):
                if self.level[a] < self.level[node]:
                    self._keep(a)
        for node in outputs:
            if self.level[node] < MOVING:
                self._keep(node)

    def _keep(self, node: int) -> None:
        if self.graph.nodes[node][0] != "const":
            self.slot.setdefault(node, len(self.slot))

    def hoisted(self) -> tuple[Routine, Routine]:
        """`fixed` and `segment`."""
        fixed, segment = Routine("fixed", ("p", "c")), Routine("segment", ("p", "u", "c"))
        for routine, level in ((fixed, FIXED), (segment, SEGMENT)):
            made: dict[int, int] = {}
            for node, place in self.slot.items():
                if self.level[node] == level:
                    routine.do("store", "c", place, self.value(routine, node, made, level))
        return fixed, segment

    def plain(self, name: str, arrays: tuple[str, ...], stores: list[tuple[str, int, int]], add: str = "") -> Routine:
        """A routine that stores nodes; with `add`, each is added to the same place of that array."""
        routine, made = Routine(name, arrays), {}  # type: Routine, dict[int, int]
        for array, place, node in stores:
            value = self.value(routine, node, made, MOVING)
            if add:
                value = routine.do("add", value, routine.do("load", add, place))
            routine.do("store", array, place, value)
        return routine

    def value(self, routine: Routine, node: int, made: dict[int, int], level: int) -> int:
        """The value of a node inside a routine of some level, computed or loaded at its first use."""
        for each in sorted(self._missing(node, made, level)):
            made[each] = self._write(routine, each, made, level)
        return made[node]

    def _missing(self, node: int, made: dict[int, int], level: int) -> set[int]:
        found: set[int] = set()
        waiting = [node]
        while waiting:
            each = waiting.pop()
            if each in found or each in made:
                continue
            found.add(each)
            if not (each in self.slot and self.level[each] < level):
                waiting.extend(arguments(self.graph, each))
        return found

    def _write(self, routine: Routine, node: int, made: dict[int, int], level: int) -> int:
        operation, *rest = self.graph.nodes[node]
        if operation == "const":
            return routine.do("const", rest[0])
        if node in self.slot and self.level[node] < level:
            return routine.do("load", "c", self.slot[node])
        if operation in ("p", "u"):
            return routine.do("load", operation, rest[0])
        if operation == "y":
            raw = routine.do("load", "y", rest[0])
            return raw if self.signed[rest[0]] else routine.do("positive", raw)
        return routine.do(operation, *(made[a] for a in rest))

    def entry(self, routine: Routine, node: int, place: int | None) -> int:
        """An entry of the Jacobian: from `J` where it moves, else from `c` or a number."""
        if place is not None:
            return routine.do("load", "J", place)
        number = self.graph.value(node)
        return routine.do("const", number) if number is not None else routine.do("load", "c", self.slot[node])


def _factor(
    writer: _Writer, entries: dict[tuple[int, int], int], moving: dict[tuple[int, int], int], plan_: Elimination
) -> Routine:
    routine = Routine("factor", ("J", "c", "g", "A"))
    place = {v: k for k, v in enumerate(plan_.order)}
    g = routine.do("load", "g", 0)
    w: dict[tuple[int, int], int] = {(k, k): g for k in range(plan_.size)}
    for (i, j), node in entries.items():
        value = writer.entry(routine, node, moving.get((i, j)))
        w[place[i], place[j]] = routine.do("sub", g, value) if i == j else routine.do("neg", value)
    one = routine.do("const", 1.0)
    below = {k: [i for i in range(k + 1, plan_.size) if (i, k) in plan_.filled] for k in range(plan_.size)}
    right = {k: [j for j in range(k + 1, plan_.size) if (k, j) in plan_.filled] for k in range(plan_.size)}
    for k in range(plan_.size):
        inverse = routine.do("div", one, w[k, k])
        for i in below[k]:
            w[i, k] = routine.do("mul", w[i, k], inverse)
            for j in right[k]:
                product = routine.do("mul", w[i, k], w[k, j])
                w[i, j] = routine.do("sub", w[i, j], product) if (i, j) in w else routine.do("neg", product)
        w[k, k] = inverse
    for entry, slot in plan_.slots.items():
        routine.do("store", "A", slot, w[entry])
    return routine


def _solve(plan_: Elimination) -> Routine:
    routine = Routine("solve", ("A", "r", "x"))
    slots, size, b = plan_.slots, plan_.size, {}  # type: dict[Any, int], int, dict[int, int]
    for i in range(size):
        b[i] = routine.do("load", "r", plan_.order[i])
        for j in (j for j in range(i) if (i, j) in plan_.filled):
            b[i] = routine.do("sub", b[i], routine.do("mul", routine.do("load", "A", slots[i, j]), b[j]))
    for i in reversed(range(size)):
        for j in (j for j in range(i + 1, size) if (i, j) in plan_.filled):
            b[i] = routine.do("sub", b[i], routine.do("mul", routine.do("load", "A", slots[i, j]), b[j]))
        b[i] = routine.do("mul", b[i], routine.do("load", "A", slots[i, i]))
        routine.do("store", "x", plan_.order[i], b[i])
    return routine


def _residual(
    writer: _Writer, entries: dict[tuple[int, int], int], moving: dict[tuple[int, int], int], size: int
) -> Routine:
    """max over rows of |g x - J x - r| / (|g x| + sum |J x| + |r|): the componentwise backward error."""
    routine = Routine("residual", ("J", "c", "g", "x", "r", "q"))
    worst, tiny = routine.do("const", 0.0), routine.do("const", 1e-300)
    for i in range(size):
        terms = [routine.do("load", "r", i)]
        own = routine.do("mul", routine.do("load", "g", 0), routine.do("load", "x", i))
        for (row, j), node in entries.items():
            if row == i:
                value = writer.entry(routine, node, moving.get((row, j)))
                terms.append(routine.do("mul", value, routine.do("load", "x", j)))
        left, size_of = own, routine.do("add", routine.do("abs", own), tiny)
        for term in terms:
            left = routine.do("sub", left, term)
            size_of = routine.do("add", size_of, routine.do("abs", term))
        worst = routine.do("max", worst, routine.do("div", routine.do("abs", left), size_of))
    routine.do("store", "q", 0, worst)
    return routine
