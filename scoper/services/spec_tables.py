"""The declared constants of a spec: tables that expressions look up.

A number, a list (keys 0, 1, ...) or a mapping of values to numbers; up to three of them inside one another. A table
with a problem is answered all the same, so that expressions which use it are not blamed for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from scoper.domain.mdp import Scalar, Table
from scoper.errors import did_you_mean
from scoper.services.spec_format import Sheet, describe
from scoper.services.spec_variables import word_or_number
from scoper.services.strict_yaml import Node

MAX_AXES = 3
MAX_NUMBERS = 100_000
FORMS = "a number, a list of numbers or a mapping of values to numbers"
NO_WORDS = "tables hold numbers only: use 0 and 1, and words in the expression, `late if after[x] == 1 else early`"

Keys = tuple[Scalar, ...]


def read_tables(sheet: Sheet, node: Node, words: Mapping[str, float]) -> dict[str, Table]:
    """The tables in order; `words` are the values of categorical variables, which may be keys."""
    result: dict[str, Table] = {}
    if not sheet.few(node, "tables", "tables"):
        return result
    for name, (key, value) in sheet.mapping(node, "tables", "a mapping of names to tables").items():
        sheet.name(key, "a table")
        result[name] = _table(sheet, value, f"tables.{name}", words)
    return result


def _table(sheet: Sheet, node: Node, path: str, words: Mapping[str, float]) -> Table:
    """The shape is that of the first entries; whatever differs from it is noted."""
    keys: list[Keys] = []
    inner = node
    while inner.kind != "scalar" and len(keys) < MAX_AXES:
        axis = _keys(sheet, inner, path, words)
        if not axis:
            return Table(keys=((0,),), values=(0.0,))
        keys.append(axis)
        inner = inner.children[0] if inner.kind == "sequence" else inner.items[0][1]
    if inner.kind != "scalar":
        sheet.add("spec-type", f"{path} has more than {MAX_AXES} axes", inner, "split it into several tables")
        return Table(keys=tuple((0,) for _ in keys), values=(0.0,))
    size = 1
    for axis in keys:
        size *= len(axis)
    if size > MAX_NUMBERS:
        sheet.add("spec-range", f"{path} has {size:,} numbers, at most {MAX_NUMBERS:,} are allowed", node)
        return Table(keys=tuple(axis[:1] for axis in keys), values=(0.0,))
    numbers: dict[tuple[int, ...], float] = {}
    _fill(sheet, node, path, words, keys, (), numbers)
    values = [numbers.get(place, 0.0) for place in product(*(range(len(axis)) for axis in keys))]
    return Table(keys=tuple(keys), values=tuple(values))


def _keys(sheet: Sheet, node: Node, path: str, words: Mapping[str, float]) -> Keys:
    """The keys of a list or mapping; what is wrong with them is noted."""
    if node.kind == "sequence":
        if not node.children:
            sheet.add("spec-empty", f"{path} is empty", node)
        return tuple(range(len(node.children)))
    if not node.items:
        sheet.add("spec-empty", f"{path} is empty", node)
        return ()
    keys: dict[Scalar, None] = {}
    for key, _ in node.items:
        value = word_or_number(sheet, key, path)
        if isinstance(value, str) and value not in words:
            remedy = did_you_mean(value, words) if words else "keys are numbers or values of a variable"
            sheet.add("spec-table-key", f"the key '{value}' of {path} is not a value of any variable", key, remedy)
        elif value in keys:
            sheet.add("spec-duplicate", f"{path} has the key {describe(key)} twice", key)
        elif value is not None:
            keys[value] = None
    return tuple(keys) or (0,)


def _fill(
    sheet: Sheet,
    node: Node,
    path: str,
    words: Mapping[str, float],
    keys: list[Keys],
    place: tuple[int, ...],
    numbers: dict[tuple[int, ...], float],
) -> None:
    """Put the numbers of `node`, which stands at `place`, into `numbers`."""
    if len(place) == len(keys):
        value = sheet.number(node, path, expected=FORMS if not keys else "made of numbers", remedy=NO_WORDS)
        numbers[place] = 0.0 if value is None else value
        return
    axis, shown = keys[len(place)], path if not place else f"{path}, row {place[0] + 1}"
    if node.kind == "scalar":
        if not sheet.is_todo(node, shown, FORMS):
            sheet.add("spec-type", f"{shown} must have {len(axis)} entries, not {describe(node)}", node)
        return
    children = list(node.children) if node.kind == "sequence" else [value for _, value in node.items]
    if place and place[-1] > 0 and _keys(sheet, node, shown, words) != axis:
        wanted = ", ".join(map(str, axis[:12])) + (", ..." if len(axis) > 12 else "")
        sheet.add("spec-table-shape", f"{shown} has other keys than the first row", node, f"they are: {wanted}")
        return
    for number, child in enumerate(children):
        _fill(sheet, child, path, words, keys, (*place, number), numbers)
