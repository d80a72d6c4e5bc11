"""Chance in a declarative spec: the laws of exogenous variables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from scoper.domain.mdp import Distribution
from scoper.modelling.distributions import MAX_VALUES, most_values
from scoper.services.spec_csv import read_column
from scoper.services.spec_format import FARTHEST, Sheet, describe
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
ENDLESS = ("poisson", "binomial", "geometric", "normal")
"""Laws with tails that may be cut: `truncate` says how much of the probability may go."""
NO_WORDS = "draws are numbers only: use 0 and 1, and a table for what they stand for, `tables: {amount: [5, 20]}`"
DEFAULT_POINTS = 21
MAX_POINTS = 10_000
SUM_TOLERANCE = 1e-9
_FAR = 1e9

Entries = Mapping[str, tuple[Node, Node]]


def read_laws(sheet: Sheet, node: Node) -> dict[str, Distribution]:
    """The exogenous variables in order; those with problems are left out."""
    result: dict[str, Distribution] = {}
    if not sheet.few(node, "exogenous", "variables"):
        return result
    for name, (key, value) in sheet.mapping(node, "exogenous", "a mapping of names to laws").items():
        sheet.name(key, "a variable")
        sheet.places[f"exogenous.{name}"] = (key.line, key.column)
        law = read_law(sheet, value, f"exogenous.{name}")
        if law is not None:
            result[name] = law
    return result


def read_law(sheet: Sheet, node: Node, path: str) -> Distribution | None:
    """One law; None, with the problem noted, when it is none or has too many values."""
    if sheet.is_todo(node, path, "a law, for example " + LAWS["poisson"]):
        return None
    entries = sheet.mapping(node, path, "a law, for example " + LAWS["poisson"])
    sheet.only(entries, (*LAWS, "truncate"), path)
    known = [kind for kind in entries if kind in LAWS]
    if len(known) != 1:
        if node.kind == "mapping" and (known or not set(entries) - {"truncate"} or len(entries) > 1):
            sheet.add("spec-law", f"{path} must have exactly one law", node, "one of: " + ", ".join(LAWS))
        return None
    kind = known[0]
    parameters = _parameters(sheet, kind, entries[kind][1], f"{path}.{kind}")
    cut = _truncate(sheet, entries, kind, path)
    if parameters is None:
        return None
    law = Distribution.model_validate({"kind": kind, "parameters": parameters, "truncate": cut})
    if most_values(law) > MAX_VALUES:
        message = f"{path} has about {most_values(law):,.0f} values, at most {MAX_VALUES:,} are allowed"
        sheet.add("spec-law-size", message, entries[kind][1], _coarser(kind, most_values(law)))
        return None
    return law


def _coarser(kind: str, values: float) -> str:
    if kind == "normal":
        return f"add step: {math.ceil(values / MAX_VALUES)} or more, or count in larger units"
    if kind in ENDLESS:
        return "count in larger units or over a shorter timestep"
    return f"count in units {math.ceil(values / MAX_VALUES)} times as large"


def _truncate(sheet: Sheet, entries: Entries, kind: str, path: str) -> float | None:
    if "truncate" not in entries:
        return None
    key, node = entries["truncate"]
    if kind not in ENDLESS:
        sheet.add("spec-law", f"{path}: {kind} has no tails to truncate", key, "allowed with: " + ", ".join(ENDLESS))
        return None
    return sheet.number(node, f"{path}.truncate", low=1e-15, high=0.1)


def _parameters(sheet: Sheet, kind: str, node: Node, path: str) -> dict[str, Any] | None:
    match kind:
        case "values":
            return _weighted(sheet, node, path)
        case "empirical":
            return _samples(sheet, node, path)
        case "poisson":
            return _numbers(sheet, node, path, {"mean": (0.0, 1e6)}, short="mean")
        case "geometric":
            return _numbers(sheet, node, path, {"p": (1e-6, 1.0)}, short="p")
        case "binomial":
            return _numbers(sheet, node, path, {"n": (0, 1e6), "p": (0.0, 1.0)}, whole=("n",))
        case "normal":
            bounds = {"mean": (-_FAR, _FAR), "sd": (1e-6, 1e6)}
            return _numbers(sheet, node, path, bounds, optional={"step": (1e-6, _FAR)})
        case _:
            return _uniform(sheet, node, path)


def _uniform(sheet: Sheet, node: Node, path: str) -> dict[str, Any] | None:
    """Whole numbers {from, to}, or an interval of real numbers {low, high, points}."""
    real = node.kind == "mapping" and any(key.text in ("low", "high") for key, _ in node.items)
    ends = ("low", "high") if real else ("from", "to")
    more: dict[str, tuple[float, float]] = {"points": (2, MAX_POINTS)} if real else {}
    whole = ("points",) if real else ends
    found = _numbers(sheet, node, path, {end: (-_FAR, _FAR) for end in ends}, whole=whole, optional=more)
    if found is None:
        return None
    low, high = found[ends[0]], found[ends[1]]
    if low > high or (real and low == high):
        sheet.add("spec-empty-range", f"{path} is empty: it goes from {low:g} to {high:g}", node)
        return None
    return {**found, "points": found.get("points", DEFAULT_POINTS)} if real else found


def _numbers(
    sheet: Sheet,
    node: Node,
    path: str,
    bounds: Mapping[str, tuple[float, float]],
    *,
    short: str = "",
    whole: tuple[str, ...] = (),
    optional: Mapping[str, tuple[float, float]] | None = None,
) -> dict[str, Any] | None:
    """Named parameters; with `short` a single number is allowed instead of the mapping."""
    if short and node.kind != "mapping":
        value = sheet.number(node, path, low=bounds[short][0], high=bounds[short][1])
        return None if value is None else {short: value}
    entries = sheet.mapping(node, path, "a mapping of " + ", ".join(bounds))
    allowed = {**bounds, **(optional or {})}
    sheet.only(entries, tuple(allowed), path)
    if entries:
        sheet.require(entries, tuple(bounds), path, node)
    result: dict[str, Any] = {}
    for key, (low, high) in allowed.items():
        if key in entries:
            read = sheet.integer if key in whole else sheet.number
            value = read(entries[key][1], f"{path}.{key}", low=low, high=high)
            if value is not None:
                result[key] = value
    faulty = [key for key in allowed if key in entries and key not in result]
    return result if not faulty and all(key in result for key in bounds) else None


def _weighted(sheet: Sheet, node: Node, path: str) -> dict[str, Any] | None:
    """A mapping of numbers to probabilities that sum to one."""
    entries = sheet.mapping(node, path, "a mapping of numbers to probabilities")
    values, shares = [], []
    for key, (key_node, share_node) in entries.items():
        value = sheet.number(key_node, f"a value of {path}", low=-FARTHEST, high=FARTHEST, remedy=NO_WORDS)
        share = sheet.number(share_node, f"the probability of {key} in {path}", low=0.0, high=1.0)
        if value is not None and share is not None:
            values.append(value)
            shares.append(share)
    if not entries and node.kind == "mapping":
        sheet.add("spec-empty", f"{path} has no value", node)
    if not entries or len(values) < len(entries):
        return None
    if len(set(values)) < len(values):
        sheet.add("spec-duplicate", f"{path} has a value twice", node)
        return None
    return {"values": values, "probabilities": shares} if sums_to_one(sheet, shares, path, node) else None


def sums_to_one(sheet: Sheet, shares: list[float], path: str, node: Node) -> bool:
    """Whether probabilities sum to one; notes by how much they miss it."""
    total = math.fsum(shares)
    if abs(total - 1.0) <= SUM_TOLERANCE:
        return True
    missing = f"{1.0 - total:.6g} is missing" if total < 1.0 else f"that is {total - 1.0:.6g} too much"
    sheet.add("spec-probabilities", f"the probabilities of {path} sum to {total:.12g}, not 1", node, missing)
    return False


def _samples(sheet: Sheet, node: Node, path: str) -> dict[str, Any] | None:
    """A list of observed numbers, bare or under `values`, or a column of a CSV file."""
    if node.kind == "mapping":
        entries = sheet.mapping(node, path)
        if "csv" in entries or "column" in entries:
            sheet.only(entries, ("csv", "column"), path)
            sheet.require(entries, ("csv", "column"), path, node)
            both = "csv" in entries and "column" in entries
            return read_column(sheet, entries["csv"][1], entries["column"][1], path) if both else None
        sheet.only(entries, ("values", "csv", "column"), path)
        sheet.require(entries, ("values",), path, node)
        if "values" not in entries:
            return None
        node = entries["values"][1]
    if sheet.is_todo(node, path, "a list of observed numbers"):
        return None
    if node.kind != "sequence" or not node.children:
        sheet.add("spec-type", f"{path} must be a list of observed numbers, not {describe(node)}", node)
        return None
    values = [
        sheet.number(child, f"a value of {path}", low=-FARTHEST, high=FARTHEST, remedy=NO_WORDS)
        for child in node.children
    ]
    return None if None in values else {"values": values}
