"""The state and action variables of a declarative spec, and the names and words of its expressions."""

from __future__ import annotations

import math
from collections.abc import Mapping

from scoper.domain.mdp import Scalar, Variable
from scoper.services.spec_format import FARTHEST, NAME, Sheet, describe
from scoper.services.strict_yaml import Node, to_python

Entries = Mapping[str, tuple[Node, Node]]
FORMS = "{from: 0, to: 9}, {values: [a, b]} or {low: 0.0, high: 1.0, points: 21}"
MAX_POINTS = 1_000_000


def read_variables(sheet: Sheet, node: Node, path: str) -> dict[str, Variable]:
    """The variables under `path` in order; those with problems are left out."""
    result = {}
    entries = sheet.mapping(node, path, f"a mapping of names to {FORMS}")
    if node.kind == "mapping" and not entries:
        sheet.add("spec-empty", f"{path} has no variable", node)
    if not sheet.few(node, path, "variables"):
        return {}
    for name, (key, value) in entries.items():
        sheet.name(key, "a variable")
        sheet.places[f"{path}.{name}"] = (key.line, key.column)
        variable = _variable(sheet, value, f"{path}.{name}")
        if variable is not None:
            result[name] = variable
    return result


def _variable(sheet: Sheet, node: Node, path: str) -> Variable | None:
    entries = sheet.mapping(node, path, FORMS)
    if not entries:
        return None
    keys = set(entries)
    if "values" in keys:
        sheet.only(entries, ("values",), path)
        return _listed(sheet, entries["values"][1], path)
    if keys & {"low", "high"}:
        sheet.only(entries, ("low", "high", "points"), path)
        return _interval(sheet, entries, path, node)
    sheet.only(entries, ("from", "to"), path)
    if "points" in keys:
        sheet.add(
            "spec-type", f"points in {path} belong to real numbers", entries["points"][0], "{low: ..., high: ...}"
        )
    sheet.require(entries, ("from", "to"), path, node)
    bounds = [sheet.integer(entries[k][1], f"{path}.{k}") if k in entries else None for k in ("from", "to")]
    if bounds[0] is None or bounds[1] is None:
        return None
    if bounds[0] > bounds[1]:
        sheet.add("spec-empty-range", f"{path} is empty: it goes from {bounds[0]} to {bounds[1]}", node)
        return None
    return Variable(kind="integer", low=bounds[0], high=bounds[1])


def _interval(sheet: Sheet, entries: Entries, path: str, node: Node) -> Variable | None:
    sheet.require(entries, ("low", "high"), path, node)
    low, high = (
        sheet.number(entries[k][1], f"{path}.{k}", low=-FARTHEST, high=FARTHEST) if k in entries else None
        for k in ("low", "high")
    )
    if low is None or high is None:
        return None
    if not low < high:
        sheet.add("spec-empty-range", f"{path} is empty: low {low:g} is not below high {high:g}", node)
        return None
    if "points" not in entries:
        return Variable(kind="continuous", low=low, high=high)
    count = sheet.integer(entries["points"][1], f"{path}.points", low=2, high=MAX_POINTS)
    return None if count is None else Variable(kind="continuous", low=low, high=high, points=count)


def _listed(sheet: Sheet, node: Node, path: str) -> Variable | None:
    if sheet.is_todo(node, f"{path}.values", "a list of values"):
        return None
    if node.kind != "sequence" or not node.children:
        sheet.add("spec-type", f"{path}.values must be a list with at least one value, not {describe(node)}", node)
        return None
    values: dict[Scalar, None] = {}
    for child in node.children:
        value = word_or_number(sheet, child, path)
        if value is not None and value in values:
            sheet.add("spec-duplicate", f"{path} has the value {describe(child)} twice", child)
        elif value is not None:
            values[value] = None
    if len({isinstance(value, str) for value in values}) > 1:
        sheet.add("spec-type", f"{path}.values mixes words and numbers", node, "use either")
        return None
    return Variable(kind="categorical", values=tuple(values)) if len(values) == len(node.children) else None


def word_or_number(sheet: Sheet, node: Node, path: str) -> Scalar | None:
    """A value of a variable: a word of at most 40 characters or a finite number."""
    value = to_python(node) if node.kind == "scalar" else None
    if sheet.is_todo(node, f"a value of {path}", "a word or a number"):
        return None
    if isinstance(value, bool) or value is None or (isinstance(value, float) and not math.isfinite(value)):
        sheet.add("spec-type", f"a value of {path} must be a word or a number, not {describe(node)}", node)
        return None
    if isinstance(value, int | float) and abs(value) > FARTHEST:
        sheet.add("spec-range", f"a value of {path} must be within -{FARTHEST:g} and {FARTHEST:g}", node)
        return None
    if isinstance(value, str) and len(value) > 40:
        sheet.add("spec-type", f"a value of {path} is longer than 40 characters", node)
        return None
    return value if isinstance(value, str | int | float) else None


def check_names(sheet: Sheet, groups: Mapping[str, Entries], words: Mapping[str, float]) -> None:
    """No name may stand for two things."""
    seen: dict[str, str] = {}
    for group, entries in groups.items():
        for name, (key, _) in entries.items():
            if name in seen:
                sheet.add("spec-duplicate", f"'{name}' in {group} is already a name in {seen[name]}", key, "rename one")
            elif name in words and NAME.fullmatch(name):
                sheet.add("spec-duplicate", f"'{name}' in {group} is also a value of a variable", key, "rename one")
            seen.setdefault(name, group)


def holds(variable: Variable, value: Scalar) -> bool:
    """Whether `value` is one of the variable's."""
    if variable.kind == "categorical":
        return value in variable.values
    if isinstance(value, str) or variable.low is None or variable.high is None:
        return False
    return variable.low <= value <= variable.high and (variable.kind == "continuous" or value == int(value))


def shown(variable: Variable) -> str:
    """The variable's values in a few words."""
    if variable.kind == "categorical":
        text = ", ".join(map(str, variable.values[:12]))
        return text + (", ..." if len(variable.values) > 12 else "")
    return f"{variable.low:g} and {variable.high:g}"
