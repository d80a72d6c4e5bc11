"""Chance in a declarative spec: the laws of exogenous variables and the start state or start distribution."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from scoper.domain.mdp import Distribution, Scalar, Variable
from scoper.services.spec_format import Sheet, describe
from scoper.services.spec_variables import holds, shown, word_or_number
from scoper.services.strict_yaml import Node

LAWS: Mapping[str, str] = {
    "values": "{values: {0: 0.2, 1: 0.8}}",
    "poisson": "{poisson: 4.0}",
    "binomial": "{binomial: {n: 10, p: 0.3}}",
    "geometric": "{geometric: 0.3}",
    "uniform": "{uniform: {from: 0, to: 9}}",
    "normal": "{normal: {mean: 4.0, sd: 1.5}}",
    "empirical": "{empirical: {values: [3, 4, 4, 5]}}",
}
SUM_TOLERANCE = 1e-9


def read_laws(sheet: Sheet, node: Node) -> dict[str, Distribution]:
    """The exogenous variables in order; those with problems are left out."""
    result = {}
    for name, (key, value) in sheet.mapping(node, "exogenous", "a mapping of names to laws").items():
        sheet.name(key, "a variable")
        path = f"exogenous.{name}"
        if sheet.is_todo(value, path, "a law, for example " + LAWS["poisson"]):
            continue
        entries = sheet.mapping(value, path, "a law, for example " + LAWS["poisson"])
        sheet.only(entries, LAWS, path)
        known = [kind for kind in entries if kind in LAWS]
        if entries and len(known) != 1:
            sheet.add("spec-law", f"{path} must have exactly one law", value, "one of: " + ", ".join(LAWS))
            continue
        law = _law(sheet, known[0], entries[known[0]][1], f"{path}.{known[0]}") if known else None
        if law is not None:
            result[name] = law
    return result


def _law(sheet: Sheet, kind: str, node: Node, path: str) -> Distribution | None:
    parameters: dict[str, Any] | None
    match kind:
        case "values":
            parameters = _weighted(sheet, node, path)
        case "empirical":
            parameters = _samples(sheet, node, path)
        case "poisson":
            parameters = _numbers(sheet, node, path, {"mean": (0.0, 1e6)}, short="mean")
        case "geometric":
            parameters = _numbers(sheet, node, path, {"p": (1e-6, 1.0)}, short="p")
        case "binomial":
            parameters = _numbers(sheet, node, path, {"n": (0, 1e6), "p": (0.0, 1.0)}, whole=("n",))
        case "normal":
            parameters = _numbers(sheet, node, path, {"mean": (-1e9, 1e9), "sd": (1e-6, 1e6)})
        case _:
            parameters = _numbers(sheet, node, path, {"from": (-1e9, 1e9), "to": (-1e9, 1e9)}, whole=("from", "to"))
            if parameters and parameters["from"] > parameters["to"]:
                sheet.add("spec-empty-range", f"{path} is empty", node)
                return None
    return None if parameters is None else Distribution.model_validate({"kind": kind, "parameters": parameters})


def _numbers(
    sheet: Sheet,
    node: Node,
    path: str,
    bounds: Mapping[str, tuple[float, float]],
    *,
    short: str = "",
    whole: tuple[str, ...] = (),
) -> dict[str, Any] | None:
    """Named parameters; with `short` a single number is allowed instead of the mapping."""
    if short and node.kind != "mapping":
        value = sheet.number(node, path, low=bounds[short][0], high=bounds[short][1])
        return None if value is None else {short: value}
    entries = sheet.mapping(node, path, "a mapping of " + ", ".join(bounds))
    sheet.only(entries, tuple(bounds), path)
    if entries:
        sheet.require(entries, tuple(bounds), path, node)
    result: dict[str, Any] = {}
    for key, (low, high) in bounds.items():
        if key in entries:
            read = sheet.integer if key in whole else sheet.number
            value = read(entries[key][1], f"{path}.{key}", low=low, high=high)
            if value is not None:
                result[key] = value
    return result if len(result) == len(bounds) else None


def _weighted(sheet: Sheet, node: Node, path: str) -> dict[str, Any] | None:
    """A mapping of numbers to probabilities that sum to one."""
    entries = sheet.mapping(node, path, "a mapping of numbers to probabilities")
    values, shares = [], []
    for key, (key_node, share_node) in entries.items():
        value = sheet.number(key_node, f"a value of {path}")
        share = sheet.number(share_node, f"the probability of {key} in {path}", low=0.0, high=1.0)
        if value is not None and share is not None:
            values.append(value)
            shares.append(share)
    if not entries or len(values) < len(entries):
        return None
    if len(set(values)) < len(values):
        sheet.add("spec-duplicate", f"{path} has a value twice", node)
        return None
    if abs(math.fsum(shares) - 1.0) > SUM_TOLERANCE:
        sheet.add("spec-probabilities", f"the probabilities of {path} sum to {math.fsum(shares):.12g}, not 1", node)
        return None
    return {"values": values, "probabilities": shares}


def _samples(sheet: Sheet, node: Node, path: str) -> dict[str, Any] | None:
    """A list of observed numbers, bare or under `values`."""
    if node.kind == "mapping":
        entries = sheet.mapping(node, path)
        sheet.only(entries, ("values",), path)
        sheet.require(entries, ("values",), path, node)
        if "values" not in entries:
            return None
        node = entries["values"][1]
    if sheet.is_todo(node, path, "a list of observed numbers"):
        return None
    if node.kind != "sequence" or not node.children:
        sheet.add("spec-type", f"{path} must be a list of observed numbers, not {describe(node)}", node)
        return None
    values = [sheet.number(child, f"a value of {path}") for child in node.children]
    return None if None in values else {"values": values}


def read_start(sheet: Sheet, node: Node, state: Mapping[str, Variable], names: Collection[str]) -> dict[str, Any]:
    """Per state variable a value, or values with probabilities: {value: probability}.

    `names` are all state variables, also those of which nothing more is known because they have problems.
    """
    entries = sheet.mapping(node, "start", "a mapping of state variables to values")
    sheet.only(entries, names, "start")
    result: dict[str, Any] = {}
    for name in names:
        if name not in entries:
            sheet.add("spec-missing-key", f"start lacks '{name}'", node, "every state variable needs a start value")
            continue
        value = entries[name][1]
        path = f"start.{name}"
        read = _start_law(sheet, value, path) if value.kind == "mapping" else _start_value(sheet, value, path)
        variable = state.get(name)
        for single in read if isinstance(read, dict) else [read]:
            if variable is not None and single is not None and not holds(variable, single):
                sheet.add("spec-start", f"{path} is {single}, which is not within {shown(variable)}", value)
        if read is not None:
            result[name] = read
    return result


def _start_value(sheet: Sheet, node: Node, path: str) -> Scalar | None:
    return None if sheet.is_todo(node, path, "a value") else word_or_number(sheet, node, path)


def _start_law(sheet: Sheet, node: Node, path: str) -> dict[Scalar, float] | None:
    entries = sheet.mapping(node, path)
    if "values" in entries:
        sheet.only(entries, ("values",), path)
        shares = {
            k: sheet.number(share, f"the probability of {k} in {path}", low=0.0, high=1.0)
            for k, (_, share) in sheet.mapping(entries["values"][1], path).items()
        }
        values = {
            k: word_or_number(sheet, key, path) for k, (key, _) in sheet.mapping(entries["values"][1], path).items()
        }
        if None in shares.values() or None in values.values() or not shares:
            return None
        total = math.fsum(share for share in shares.values() if share is not None)
        if abs(total - 1.0) > SUM_TOLERANCE:
            sheet.add("spec-probabilities", f"the probabilities of {path} sum to {total:.12g}, not 1", node)
            return None
        return {v: s for k, s in shares.items() if s is not None and (v := values[k]) is not None}
    sheet.only(entries, ("from", "to"), path)
    sheet.require(entries, ("from", "to"), path, node)
    low, high = (sheet.integer(entries[k][1], f"{path}.{k}") if k in entries else None for k in ("from", "to"))
    if low is None or high is None or low > high or high - low >= 1_000_000:
        if low is not None and high is not None:
            sheet.add("spec-empty-range", f"{path} is empty or has more than a million values", node)
        return None
    return {value: 1.0 / (high - low + 1) for value in range(low, high + 1)}
