"""The environment form of a spec, read and written: a pointer to a Gymnasium environment; nothing is imported."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from scoper.domain.mdp import EnvironmentSpec
from scoper.services.spec_format import Sheet
from scoper.services.spec_objective import Names, read_objective
from scoper.services.strict_yaml import Node, to_python

ENVIRONMENT_KEYS = ("scoper_mdp", "name", "summary", "environment", "discount", "objective", "idle_action", "limits")
ENTRY_POINT = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")

Entries = Mapping[str, tuple[Node, Node]]


def environment_text(name: str, where: Mapping[str, Any], kwargs: Mapping[str, Any] | None, discount: float) -> str:
    """The spec of an environment as a user would write it; where: its id, or its entry point and path."""
    environment = {**where, **({"kwargs": dict(kwargs)} if kwargs else {})}
    head = f"scoper_mdp: 1\nname: {json.dumps(name)}\n"
    return f"{head}environment: {json.dumps(environment)}\ndiscount: {discount:.15g}\n"


def read_environment(sheet: Sheet, entries: Entries) -> EnvironmentSpec | None:
    """The spec, or None when something was noted."""
    values: dict[str, object] = {}
    for key in ("name", "summary"):
        if key in entries:
            values[key] = sheet.text(entries[key][1], key)
    if "discount" in entries:
        values["discount"] = sheet.number(entries["discount"][1], "discount", low=0.0, high=1.0)
    values |= _where(sheet, *entries["environment"])
    if "objective" in entries:
        values["objective"], values["wanted"] = read_objective(sheet, entries["objective"][1], Names())
    if "idle_action" in entries:
        node = entries["idle_action"][1]
        values["idle_action"], values["places"] = _action(sheet, node), {"idle_action": (node.line, node.column)}
    if "limits" in entries:
        values |= _limits(sheet, entries["limits"][1])
    return None if sheet.problems else EnvironmentSpec.model_validate(values)


def _where(sheet: Sheet, key: Node, node: Node) -> dict[str, object]:
    parts = sheet.mapping(node, "environment", "{id: ...} or {entry_point: 'package.module:Class'}")
    sheet.only(parts, ("id", "entry_point", "path", "kwargs"), "environment")
    if node.kind == "mapping" and ("id" in parts) == ("entry_point" in parts):
        sheet.add("spec-environment", "environment needs exactly one of 'id' and 'entry_point'", key)
    if "path" in parts and "entry_point" not in parts:
        sheet.add("spec-environment", "'path' belongs to an 'entry_point'", parts["path"][0])
    values: dict[str, object] = {}
    for name in ("id", "entry_point", "path"):
        if name in parts:
            values[name] = sheet.text(parts[name][1], f"environment.{name}")
    point = values.get("entry_point")
    if isinstance(point, str) and not ENTRY_POINT.fullmatch(point):
        remedy = "write it as package.module:Class"
        sheet.add("spec-environment", f"'{point}' is not an entry point", parts["entry_point"][1], remedy)
    if "kwargs" in parts:
        values["kwargs"] = {
            k: to_python(v) for k, (_, v) in sheet.mapping(parts["kwargs"][1], "environment.kwargs").items()
        }
        _refuse_todo(sheet, parts["kwargs"][1], "environment.kwargs")
    return values


def _refuse_todo(sheet: Sheet, node: Node, path: str) -> None:
    sheet.is_todo(node, path, "a value")
    for child in node.children:
        _refuse_todo(sheet, child, path)
    for key, value in node.items:
        _refuse_todo(sheet, value, f"{path}.{key.text}")


def _action(sheet: Sheet, node: Node) -> object:
    if node.kind == "sequence" and node.children:
        numbers = [sheet.number(child, "idle_action") for child in node.children]
        return None if None in numbers else tuple(numbers)
    value = sheet.number(node, "idle_action", expected="a number or a list of numbers")
    return int(value) if value is not None and value == int(value) and "." not in node.text else value


def _limits(sheet: Sheet, node: Node) -> dict[str, object]:
    parts = sheet.mapping(node, "limits", "{seconds_per_step: 1.0, memory_mb: 2048}")
    sheet.only(parts, ("seconds_per_step", "memory_mb"), "limits")
    values: dict[str, object] = {}
    if "seconds_per_step" in parts:
        values["seconds_per_step"] = sheet.number(
            parts["seconds_per_step"][1], "limits.seconds_per_step", low=1e-6, high=1e6
        )
    if "memory_mb" in parts:
        values["memory_mb"] = sheet.integer(parts["memory_mb"][1], "limits.memory_mb", low=64, high=1e7)
    return values
