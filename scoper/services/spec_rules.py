"""The expressions of a declarative spec: next, reward, termination, invariants, observation, baselines.

Each part sees the names that it may depend on and no others; every fault is noted where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoper.services.spec_format import Sheet, Vocabulary
from scoper.services.strict_yaml import Node

Entries = Mapping[str, tuple[Node, Node]]


def read_rules(sheet: Sheet, entries: Entries, known: Vocabulary) -> dict[str, object]:
    """The parts of the spec that are expressions, under the names of their fields."""
    return {
        "next": _next(sheet, entries, known),
        "reward": _reward(sheet, entries, known),
        "terminated": _single(sheet, entries, "terminated", list(known.state), known) or "false",
        "available": _single(sheet, entries, "available", [*known.state, *known.actions], known),
        "invariants": _invariants(sheet, entries, known),
        "observation": _observation(sheet, entries, known),
        "baselines": _baselines(sheet, entries, known),
    }


def _next(sheet: Sheet, entries: Entries, known: Vocabulary) -> dict[str, str]:
    if "next" not in entries:
        return {}
    node = entries["next"][1]
    rules = sheet.mapping(node, "next", "a mapping of every state variable to an expression")
    sheet.only(rules, known.state, "next")
    for name in known.state:
        if name not in rules and node.kind == "mapping":
            sheet.add("spec-missing-key", f"next lacks '{name}'", entries["next"][0], f"say what becomes of {name}")
    return _expressions(sheet, rules, "next", known.before, known)


def _reward(sheet: Sheet, entries: Entries, known: Vocabulary) -> dict[str, str]:
    if "reward" not in entries:
        return {}
    key, node = entries["reward"]
    if node.kind == "scalar" and not node.is_null:
        return _expressions(sheet, {"reward": (key, node)}, "reward", known.after, known)
    terms = sheet.mapping(node, "reward", "a mapping of named terms to expressions")
    if node.kind == "mapping" and not terms:
        sheet.add("spec-empty", "reward has no term", node)
    if not sheet.few(node, "reward", "terms"):
        return {}
    for term_key, _ in terms.values():
        sheet.name(term_key, "a reward term")
    return _expressions(sheet, terms, "reward", known.after, known)


def _expressions(sheet: Sheet, rules: Entries, path: str, names: list[str], known: Vocabulary) -> dict[str, str]:
    texts = {name: sheet.expression(value, f"{path}.{name}", names, known) for name, (_, value) in rules.items()}
    return {name: text for name, text in texts.items() if text is not None}


def _single(sheet: Sheet, entries: Entries, key: str, names: list[str], known: Vocabulary) -> str | None:
    return sheet.expression(entries[key][1], key, names, known) if key in entries else None


def _invariants(sheet: Sheet, entries: Entries, known: Vocabulary) -> tuple[str, ...]:
    if "invariants" not in entries:
        return ()
    node = entries["invariants"][1]
    if node.kind != "sequence":
        if not sheet.is_todo(node, "invariants", "a list of conditions"):
            sheet.add("spec-type", 'invariants must be a list of conditions, for example ["stock >= 0"]', node)
        return ()
    if not sheet.few(node, "invariants", "conditions"):
        return ()
    texts = [
        sheet.expression(child, f"invariants.{number}", known.after, known)
        for number, child in enumerate(node.children, 1)
    ]
    return tuple(text for text in texts if text is not None)


def _observation(sheet: Sheet, entries: Entries, known: Vocabulary) -> dict[str, str]:
    if "observation" not in entries:
        return {}
    node = entries["observation"][1]
    if not sheet.few(node, "observation", "names"):
        return {}
    if node.kind == "sequence" and node.children:
        texts = {
            child.text: sheet.expression(child, f"observation.{child.text}", known.state, known)
            for child in node.children
        }
        return {name: text for name, text in texts.items() if text is not None}
    seen = sheet.mapping(node, "observation", "a list of state variables, or a mapping of names to expressions")
    if node.kind == "mapping" and not seen:
        sheet.add("spec-empty", "observation shows nothing", node, "leave it out when everything is seen")
    for key, _ in seen.values():
        sheet.name(key, "an observation")
    return _expressions(sheet, seen, "observation", list(known.state), known)


def _baselines(sheet: Sheet, entries: Entries, known: Vocabulary) -> dict[str, dict[str, str]]:
    if "baselines" not in entries:
        return {}
    result: dict[str, dict[str, str]] = {}
    if not sheet.few(entries["baselines"][1], "baselines", "policies"):
        return result
    for name, (key, node) in sheet.mapping(entries["baselines"][1], "baselines", "a mapping of policies").items():
        path = f"baselines.{name}"
        sheet.name(key, "a baseline")
        rules = sheet.mapping(node, path, "a mapping of every action variable to an expression")
        sheet.only(rules, known.actions, path)
        if node.kind == "mapping":
            sheet.require(rules, known.actions, path, key)
        result[name] = _expressions(sheet, rules, path, list(known.state), known)
    return result
