"""A rule pack as DMN 1.3 XML (OMG formal/2021-02-01): a decision table for each facet, the technique and the family.

Every table has the hit policy UNIQUE: first-hit tables are written with rows that exclude each other. An answer of
`unknown` is no input; DMN engines decide complete answers. Collected tables (readiness, notes) are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from scoper.domain.decision import UNDECIDED
from scoper.reasoning.diagram import Row, Variable
from scoper.reasoning.disjoint import disjoint_rows
from scoper.reasoning.outcome import RL
from scoper.reasoning.pack import RulePack, Table, rows_of

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
NO_FAMILY = "not_applicable"


@dataclass(frozen=True)
class _Decision:
    """One decision table: what it needs, its disjoint rows, and the values it may conclude."""

    name: str
    because: str
    inputs: tuple[Variable, ...]
    rows: tuple[Row, ...]
    outputs: tuple[str, ...]


def dmn_xml(pack: RulePack) -> str:
    """The pack's facets, technique and family as one DMN document; the same pack gives the same bytes."""
    decisions = _decisions(pack)
    names = _names(pack, decisions)
    ElementTree.register_namespace("", NAMESPACE)
    attributes = {"id": "scoper", "name": "scoper", "namespace": f"urn:scoper:{pack.digest}"}
    root = ElementTree.Element(f"{{{NAMESPACE}}}definitions", attributes)
    needed = {v.name for decision in decisions for v in decision.inputs} - {d.name for d in decisions}
    signals = [signal for signal in pack.questions if signal in needed]
    for signal in signals:
        _item(root, names[signal], pack.known_values(signal))
    for decision in decisions:
        _item(root, names[decision.name], decision.outputs)
    for signal in signals:
        data = _child(root, "inputData", id=f"input_{names[signal]}", name=names[signal])
        _child(data, "description").text = pack.questions[signal].text
        _child(data, "variable", id=f"variable_{names[signal]}", name=names[signal], typeRef=f"t_{names[signal]}")
    for decision in decisions:
        _decision(root, decision, names, set(signals))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _decisions(pack: RulePack) -> list[_Decision]:
    (technique,), (family,) = pack.of_kind("technique"), pack.of_kind("family")
    used = {v.name for v in pack.variables}
    decisions = [_first_hit(pack, facet, facet.default) for facet in pack.facets.values() if facet.id in used]
    decisions.append(_first_hit(pack, technique, UNDECIDED))
    inner = _first_hit(pack, family, family.default)
    learned = {technique.id: frozenset((RL,))}
    others = frozenset(technique.outputs) - {RL}
    rows = [Row({**learned, **row.when}, row.then) for row in inner.rows]
    if others:
        rows.append(Row({technique.id: others}, NO_FAMILY))
    first = Variable(technique.id, technique.outputs)
    outputs = (*family.outputs, NO_FAMILY)
    decisions.append(_Decision(family.id, family.because, (first, *inner.inputs), tuple(rows), outputs))
    return decisions


def _first_hit(pack: RulePack, table: Table, default: str) -> _Decision:
    variables = tuple(pack.input_variable(name) for name in table.inputs)
    rows = disjoint_rows(variables, rows_of(table), default)
    named = {name for row in rows for name in row.when}
    return _Decision(table.id, table.because, tuple(v for v in variables if v.name in named), rows, table.outputs)


def _names(pack: RulePack, decisions: Iterable[_Decision]) -> dict[str, str]:
    """FEEL names: a hyphen would be a minus sign, and a decision must not be called like an answer."""
    names = {signal: signal.replace("-", "_") for signal in pack.questions}
    for decision in decisions:
        plain = decision.name.replace("-", "_")
        names[decision.name] = f"{plain}_decision" if plain in names.values() else plain
    return names


def _decision(root: ElementTree.Element, decision: _Decision, names: Mapping[str, str], signals: set[str]) -> None:
    name = names[decision.name]
    element = _child(root, "decision", id=name, name=name)
    _child(element, "description").text = decision.because
    _child(element, "variable", id=f"variable_{name}", name=name, typeRef=f"t_{name}")
    for variable in decision.inputs:
        source = names[variable.name]
        required = _child(element, "informationRequirement", id=f"{name}_needs_{source}")
        if variable.name in signals:
            _child(required, "requiredInput", href=f"#input_{source}")
        else:
            _child(required, "requiredDecision", href=f"#{source}")
    table = _child(element, "decisionTable", id=f"table_{name}", hitPolicy="UNIQUE")
    for variable in decision.inputs:
        source = names[variable.name]
        column = _child(table, "input", id=f"{name}_in_{source}", label=source)
        expression = _child(column, "inputExpression", id=f"{name}_expression_{source}", typeRef="string")
        _child(expression, "text").text = source
        allowed = _child(column, "inputValues", id=f"{name}_values_{source}")
        _child(allowed, "text").text = _quoted(variable.values)
    output = _child(table, "output", id=f"{name}_out", label=name, name=name, typeRef="string")
    _child(_child(output, "outputValues", id=f"{name}_out_values"), "text").text = _quoted(decision.outputs)
    for number, row in enumerate(decision.rows, 1):
        _row(table, f"{name}_row_{number}", decision.inputs, row)


def _row(table: ElementTree.Element, identifier: str, inputs: Sequence[Variable], row: Row) -> None:
    rule = _child(table, "rule", id=identifier)
    for place, variable in enumerate(inputs, 1):
        entry = _child(rule, "inputEntry", id=f"{identifier}_{place}")
        values = row.when.get(variable.name)
        shown = "-" if values is None else _quoted(v for v in variable.values if v in values)
        _child(entry, "text").text = shown
    entry = _child(rule, "outputEntry", id=f"{identifier}_then")
    _child(entry, "text").text = _quoted((row.then,))


def _item(root: ElementTree.Element, name: str, values: Iterable[str]) -> None:
    item = _child(root, "itemDefinition", id=f"t_{name}", name=f"t_{name}")
    _child(item, "typeRef").text = "string"
    allowed = _child(item, "allowedValues", id=f"t_{name}_values")
    _child(allowed, "text").text = _quoted(values)


def _child(parent: ElementTree.Element, tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)


def _quoted(values: Iterable[str]) -> str:
    return ",".join(f'"{value}"' for value in values)
