"""Where episodes begin: a value or a law per state variable, or whole states with their probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoper.domain.mdp import Scalar, StartPoint, Variable
from scoper.errors import did_you_mean
from scoper.modelling.distributions import points
from scoper.services.spec_format import Sheet, Vocabulary, describe
from scoper.services.spec_laws import LAWS, read_law, sums_to_one
from scoper.services.spec_variables import holds, shown, word_or_number
from scoper.services.strict_yaml import Node

PROBABILITY = "probability"
Law = dict[Scalar, float]


def read_start(sheet: Sheet, node: Node, state: Mapping[str, Variable], known: Vocabulary) -> dict[str, object]:
    """The fields `start` and `joint_start`; `state` lacks the variables that have problems of their own."""
    if node.kind == "sequence":
        return {"joint_start": _joint(sheet, node, state, known)}
    entries = sheet.mapping(node, "start", "a mapping of state variables to values, or a list of states")
    sheet.only(entries, known.state, "start")
    result: dict[str, Any] = {}
    for name in known.state:
        if name not in entries:
            sheet.add("spec-missing-key", f"start lacks '{name}'", node, "every state variable needs a start value")
            continue
        value, path = entries[name][1], f"start.{name}"
        read = _law(sheet, value, path) if value.kind == "mapping" else _value(sheet, value, path)
        _check(sheet, list(read) if isinstance(read, dict) else [read], state.get(name), path, value)
        if read is not None:
            result[name] = read
    return {"start": result}


def _joint(sheet: Sheet, node: Node, state: Mapping[str, Variable], known: Vocabulary) -> tuple[StartPoint, ...]:
    if not node.children:
        sheet.add("spec-empty", "start has no state", node)
    rows = [sheet.mapping(child, f"start, state {n}") for n, child in enumerate(node.children, 1)]
    weighted = any(PROBABILITY in row for row in rows)
    shares: list[float] = []
    found: list[StartPoint] = []
    for number, (row, child) in enumerate(zip(rows, node.children, strict=True), 1):
        path = f"start, state {number}"
        sheet.only(row, (*known.state, PROBABILITY), path)
        if child.kind == "mapping":
            sheet.require(row, (*known.state, *([PROBABILITY] if weighted else [])), path, child)
        share: float | None = 1.0 / len(rows)
        if PROBABILITY in row:
            share = sheet.number(row[PROBABILITY][1], f"{path}: probability", low=0.0, high=1.0)
        point = {name: _value(sheet, row[name][1], f"{path}: {name}") for name in known.state if name in row}
        for name, value in point.items():
            _check(sheet, [value], state.get(name), f"{path}: {name}", row[name][1])
        if share is None or None in point.values() or len(point) < len(known.state):
            continue
        shares.append(share)
        found.append(StartPoint(state={k: v for k, v in point.items() if v is not None}, probability=share))
    if len(found) < len(rows) or not found:
        return ()
    return tuple(found) if sums_to_one(sheet, shares, "start", node) else ()


def _check(sheet: Sheet, values: list[Any], variable: Variable | None, path: str, node: Node) -> None:
    """Note the first value that is none of the variable's."""
    outside = [v for v in values if v is not None and variable is not None and not holds(variable, v)]
    if outside and variable is not None:
        if variable.kind == "categorical":
            message, words = f"{path} is {outside[0]}, which is not one of {shown(variable)}", map(str, variable.values)
            sheet.add("spec-start", message, node, did_you_mean(str(outside[0]), words))
            return
        value = outside[0] if isinstance(outside[0], str) else f"{outside[0]:.12g}"
        kind = "whole and within" if variable.kind == "integer" and "." in value else "within"
        sheet.add("spec-start", f"{path} is {value}, which is not {kind} {shown(variable)}", node)


def _value(sheet: Sheet, node: Node, path: str) -> Scalar | None:
    return None if sheet.is_todo(node, path, "a value") else word_or_number(sheet, node, path)


def _law(sheet: Sheet, node: Node, path: str) -> Law | None:
    """Values with probabilities: listed (also words), a range of whole numbers, an interval, or any law."""
    keys = {key.text for key, _ in node.items}
    if "values" in keys:
        return _listed(sheet, node, path)
    if keys & {"from", "to", "low", "high"}:
        law = read_law(sheet, _as_uniform(node), path)
    elif keys & set(LAWS):
        law = read_law(sheet, node, path)
    else:
        remedy = "a value, {values: {0: 0.5, 1: 0.5}}, {from: 0, to: 3} or a law"
        sheet.add("spec-start", f"{path} must be {remedy}, not {describe(node)}", node)
        return None
    if law is None:
        return None
    values, shares, _ = points(law)
    whole = bool((values == values.round()).all())
    return {int(v) if whole else v: p for v, p in zip(values.tolist(), shares.tolist(), strict=True)}


def _as_uniform(node: Node) -> Node:
    """`{from: 0, to: 3}` is short for `{uniform: {from: 0, to: 3}}`."""
    key = Node("scalar", "uniform", "", False, (), (), node.start, node.start)
    return Node("mapping", "", "", node.flow, ((key, node),), (), node.start, node.end)


def _listed(sheet: Sheet, node: Node, path: str) -> Law | None:
    entries = sheet.mapping(node, path)
    sheet.only(entries, ("values",), path)
    listed = sheet.mapping(entries["values"][1], path, "a mapping of values to probabilities")
    result: Law = {}
    for key, (key_node, share_node) in listed.items():
        value = word_or_number(sheet, key_node, path)
        share = sheet.number(share_node, f"the probability of {key} in {path}", low=0.0, high=1.0)
        if value is not None and value in result:
            sheet.add("spec-duplicate", f"{path} has a value twice", key_node)
        elif value is not None and share is not None:
            result[value] = share
    if len(result) < len(listed) or not listed:
        return None
    return result if sums_to_one(sheet, list(result.values()), path, node) else None
