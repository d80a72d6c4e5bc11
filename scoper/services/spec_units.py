"""Units that a spec declares, and whether its expressions respect them.

`units:` maps a variable, reward term or table to a unit. Where both sides of a sum, comparison or choice are declared,
different units are a problem; the terms of the reward are summed and share one unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scoper.modelling.expressions import ExpressionError, parse_expression
from scoper.modelling.model import AFTER
from scoper.modelling.units import Clash, Dimension, Measure, measure_of, parse_unit, unit_text
from scoper.services.spec_format import Sheet, Vocabulary
from scoper.services.strict_yaml import Node

PAID = ("reward", "objective")
"""Where a number as factor is mostly a price, so that nothing is asked."""

Entries = Mapping[str, tuple[Node, Node]]


@dataclass(frozen=True)
class Units:
    """The units as written, and what they mean."""

    texts: Mapping[str, str] = field(default_factory=dict)
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)


def read_units(sheet: Sheet, entries: Entries, known: Vocabulary) -> Units:
    """The declared units; those with problems are left out."""
    if "units" not in entries:
        return Units()
    rows = sheet.mapping(entries["units"][1], "units", "a mapping of names to units, for example {stock: pieces}")
    sheet.only(rows, [*known.before, *known.reward, *known.tables], "units")
    texts, dimensions = {}, {}
    for name, (_, node) in rows.items():
        text = sheet.text(node, f"units.{name}")
        dimension = parse_unit(text) if text is not None else None
        if text is not None and dimension is None:
            remedy = "words put together by * and /, for example pieces, EUR/piece, kWh; 1 for a plain number"
            sheet.add("spec-units", f"units.{name}: '{text[:40]}' is not a unit", node, remedy)
        elif text is not None and dimension is not None:
            texts[name], dimensions[name] = text, dimension
    return Units(texts, dimensions)


def check_units(sheet: Sheet, entries: Entries, units: Units, known: Vocabulary) -> None:
    """Note every place where different declared units meet."""
    if not units.dimensions or sheet.crowded:
        return
    names = frozenset([*known.after, *known.reward])
    measures = {name: Measure(dimension) for name, dimension in units.dimensions.items()}
    measures |= {AFTER + name: measures[name] for name in known.state if name in measures}
    terms: dict[str, tuple[Node, Measure]] = {}
    for path, node, target in _expressions(entries):
        if node.kind != "scalar":
            continue
        try:
            expression = parse_expression(node.text, names, known.words, known.tables)
        except ExpressionError:
            continue  # its own problems are noted already
        found, clashes = measure_of(expression, measures)
        for clash in clashes:
            _note(sheet, node, path, clash)
        wanted = measures.get(target)
        if path.split(".")[0] == "reward":
            terms[path] = node, wanted or found
        if wanted is not None and not clashes:
            _check_target(sheet, node, path, found, wanted)
    _check_terms(sheet, terms)


def _expressions(entries: Entries) -> Iterator[tuple[str, Node, str]]:
    """Path, node and the name whose unit is wanted ("" for none) of every expression."""
    for group in ("next", "reward", "baselines"):
        node = entries[group][1] if group in entries else None
        if node is not None and node.kind == "scalar" and group == "reward":
            yield "reward", node, "reward"
        for key, value in node.items if node is not None else ():
            path = f"{group}.{key.text}"
            if group == "baselines":
                yield from ((f"{path}.{name.text}", rule, name.text) for name, rule in value.items)
            else:
                yield path, value, key.text
    for single in ("terminated", "available", "objective"):
        inner = entries[single][1] if single in entries else None
        if inner is not None and inner.kind == "mapping":
            success = inner.get("success")
            if success is not None:
                condition = success.get("expression") if success.kind == "mapping" else success
                yield from [("objective.success", condition, "")] if condition is not None else []
            inner = inner.get("expression")
        yield from [(single, inner, "")] if inner is not None else []
    for several in ("invariants", "observation"):
        node = entries[several][1] if several in entries else None
        parts: Sequence[Node] = [*node.children, *(value for _, value in node.items)] if node is not None else []
        yield from ((f"{several}.{number}", part, "") for number, part in enumerate(parts, 1))


def _note(sheet: Sheet, node: Node, path: str, clash: Clash) -> None:
    column = sheet.column_of(node, clash.column)
    if clash.certain:
        sheet.add("spec-units", f"{path} {clash.message}", node, "multiply by what turns one into the other", column)
    elif path.split(".")[0] not in PAID:
        remedy = "if a number in it carries a unit, declare it as a table with that unit"
        sheet.caution(f"{path} {clash.message}", node, remedy, column)


def _check_target(sheet: Sheet, node: Node, path: str, found: Measure, wanted: Measure) -> None:
    if found.dimension is None or wanted.dimension is None or found.neutral or found.loose:
        return
    if found.dimension != wanted.dimension:
        message = f"{path} is declared in {unit_text(wanted.dimension)}, its expression is in"
        sheet.add("spec-units", f"{message} {unit_text(found.dimension)}", node, "correct one of the two")


def _check_terms(sheet: Sheet, terms: Mapping[str, tuple[Node, Measure]]) -> None:
    known = {
        path: (node, m.dimension)
        for path, (node, m) in terms.items()
        if m.dimension is not None and not m.neutral and not m.loose
    }
    if not known:
        return
    first, (_, dimension) = next(iter(known.items()))
    for path, (node, other) in known.items():
        if other != dimension:
            message = f"reward terms are summed, but {path} is in {unit_text(other)} and {first} in"
            sheet.add("spec-units", f"{message} {unit_text(dimension)}", node, "bring all terms to one unit")
