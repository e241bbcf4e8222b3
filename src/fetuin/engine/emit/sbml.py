"""A model, with a schedule, as SBML Level 3 Version 2, for any simulator that reads it.

States are parameters with rate rules, values used more than once are parameters with assignment rules, the schedule
is events: one for each segment of a period, which fires at `next_k`, sets the inputs, gives the boluses and moves
`next_k` on by the length of the period. `log` and the root see no argument below 1e-30, as in `engine.maths`; the cap
of `exp` at e^+-300 is left to the simulator. A dot in a name becomes two underscores.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from fetuin.engine.derive import arguments, reachable
from fetuin.engine.graph import Graph
from fetuin.engine.maths import SMALLEST
from fetuin.engine.model import Model
from fetuin.engine.program import trace
from fetuin.engine.schedule import Schedule
from fetuin.notice import RESEARCH_USE

NAMESPACES = 'xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"'
MATHML = 'xmlns="http://www.w3.org/1998/Math/MathML"'
TAGS = {"add": "plus", "sub": "minus", "mul": "times", "div": "divide", "exp": "exp"}
NEVER = 1e300


def identifier(name: str) -> str:
    """A name of the model as an SBML identifier."""
    return name.replace(".", "__")


def document(
    model: Model, schedule: Schedule | None = None, parameters: dict[str, float] | None = None, outputs: bool = True
) -> str:
    """The SBML document; `parameters` override defaults, `schedule` becomes events, `outputs` become rules."""
    graph, rhs, found = trace(model)
    writer = _Writer(model, graph, (*rhs, *(found.values() if outputs else ())))
    events = _Events(model, schedule)
    values = {**model.parameters, **(parameters or {})}
    declared = [_parameter(s, v + events.bolus0[k], model, False) for k, (s, v) in enumerate(model.states.items())]
    declared += [_parameter(n, v, model, True) for n, v in values.items()]
    declared += [_parameter(n, v, model, False) for n, v in zip(model.input_names, events.inputs0, strict=True)]
    declared += [f'<parameter id="v{node}" constant="false"/>' for node in writer.shared] + events.parameters
    rules = [_rule("assignment", f"v{node}", writer.body(node)) for node in writer.shared]
    rules += [_rule("rate", identifier(s), writer.text(rhs[k])) for k, s in enumerate(model.states)]
    if outputs:
        clear = {name: node for name, node in found.items() if name not in {**model.states, **values}}
        declared += [_parameter(name, None, model, False) for name in clear]
        rules += [_rule("assignment", identifier(name), writer.text(node)) for name, node in clear.items()]
    notes = f'<body xmlns="http://www.w3.org/1999/xhtml"><p>{escape(RESEARCH_USE)}</p></body>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<sbml {NAMESPACES}>\n<model id="{identifier(model.name)}">\n'
        f"<notes>{notes}</notes>\n<listOfParameters>\n" + "\n".join(declared) + "\n</listOfParameters>\n<listOfRules>\n"
        + "\n".join(rules) + "\n</listOfRules>\n" + events.text() + "</model>\n</sbml>\n"
    )  # fmt: skip


def _parameter(name: str, value: float | None, model: Model, constant: bool) -> str:
    unit = f" [{model.units[name]}]" if name in model.units else ""
    given = "" if value is None else f' value="{float(value)!r}"'
    fixed = "true" if constant else "false"
    return f'<parameter id="{identifier(name)}" name={quoteattr(name + unit)}{given} constant="{fixed}"/>'


def _rule(kind: str, variable: str, content: str) -> str:
    return f'<{kind}Rule variable="{variable}"><math {MATHML}>{content}</math></{kind}Rule>'


def _number(value: float) -> str:
    mantissa, _, exponent = repr(float(value)).partition("e")
    if exponent:
        return f'<cn type="e-notation">{mantissa}<sep/>{int(exponent)}</cn>'
    return f"<cn>{mantissa}</cn>"


def _apply(tag: str, *content: str) -> str:
    return f"<apply><{tag}/>{''.join(content)}</apply>"


class _Writer:
    """MathML of nodes; what is used twice is an identifier."""

    def __init__(self, model: Model, graph: Graph, outputs: tuple[int, ...]) -> None:
        self.graph = graph
        self.names = {"y": model.state_names, "p": model.parameter_names, "u": model.input_names}
        used = sorted(reachable(graph, outputs))
        uses = dict.fromkeys(used, 0)
        for node in (*(a for n in used for a in arguments(graph, n)), *outputs):
            uses[node] += 1
        leaves = ("const", "y", "p", "u")
        self.shared = [node for node in used if uses[node] > 1 and graph.nodes[node][0] not in leaves]
        self._shared = set(self.shared)

    def text(self, node: int) -> str:
        """An identifier where the node has one, else its formula."""
        return f"<ci> v{node} </ci>" if node in self._shared else self.body(node)

    def body(self, node: int) -> str:
        """The formula of a node."""
        operation, *rest = self.graph.nodes[node]
        if operation == "const":
            return _number(rest[0])
        if operation in self.names:
            return f"<ci> {identifier(self.names[operation][rest[0]])} </ci>"
        of = [self.text(a) for a in rest]
        if operation in TAGS:
            return _apply(TAGS[operation], *of)
        if operation == "neg":
            return _apply("minus", *of)
        if operation == "log":
            return _apply("ln", _above(of[0], SMALLEST))
        if operation == "sqrt":
            return _apply("root", _above(of[0], SMALLEST))
        if operation == "sigmoid":  # by subtraction: a minus of a minus is one that some simulators misread
            turned = _apply("exp", _apply("minus", _number(0.0), *of))
            return _apply("divide", _number(1.0), _apply("plus", _number(1.0), turned))
        if operation == "positive":
            return _above(of[0], 0.0)
        raise KeyError(operation)


def _above(content: str, floor: float) -> str:
    """max(content, floor); Level 3 Version 2 has the function, and a piecewise would write the content twice."""
    return _apply("max", content, _number(floor))


class _Events:
    """The segments of a schedule as events."""

    def __init__(self, model: Model, schedule: Schedule | None) -> None:
        self.model, self.parameters, self.events = model, [], []  # type: Model, list[str], list[str]
        self.inputs0, self.bolus0 = [float(v) for v in model.inputs.values()], [0.0] * len(model.states)
        begins, first = 0.0, True
        for durations, inputs, boluses, repeats in schedule.arrays(model) if schedule else ():
            offsets, length = durations.cumsum() - durations, float(durations.sum())
            for k, offset in enumerate(offsets):
                at, left = begins + offset, repeats
                if first:
                    self.inputs0, self.bolus0 = [float(v) for v in inputs[0]], [float(v) for v in boluses[0]]
                    at, left, first = at + length, repeats - 1, False
                if left > 0:
                    self._event(at, length, left, inputs[k], boluses[k])
            begins += length * repeats

    def _event(self, at: float, length: float, left: int, inputs: list[Any], boluses: list[Any]) -> None:
        name = f"next_{len(self.events)}"
        self.parameters.append(f'<parameter id="{name}" value="{float(at)!r}" constant="false"/>')
        last = at + (left - 0.5) * length
        following = _apply("plus", f"<ci> {name} </ci>", _number(length))
        move = (f"<piecewise><piece>{following}{_apply('lt', following, _number(last))}</piece>"
                f"<otherwise>{_number(NEVER)}</otherwise></piecewise>")  # fmt: skip
        settings = [(name, move)]
        settings += [(identifier(n), _number(v)) for n, v in zip(self.model.input_names, inputs, strict=True)]
        settings += [
            (identifier(s), _apply("plus", f"<ci> {identifier(s)} </ci>", _number(b)))
            for s, b in zip(self.model.state_names, boluses, strict=True)
            if b != 0.0
        ]
        time = '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time"> time </csymbol>'
        trigger = _apply("geq", time, f"<ci> {name} </ci>")
        assigned = "".join(
            f'<eventAssignment variable="{v}"><math {MATHML}>{m}</math></eventAssignment>' for v, m in settings
        )
        self.events.append(
            f'<event id="segment_{len(self.events)}" useValuesFromTriggerTime="true"><trigger initialValue="false" '
            f'persistent="true"><math {MATHML}>{trigger}</math></trigger>'
            f"<listOfEventAssignments>{assigned}</listOfEventAssignments></event>"
        )

    def text(self) -> str:
        """The list of events, or nothing."""
        return "<listOfEvents>\n" + "\n".join(self.events) + "\n</listOfEvents>\n" if self.events else ""
