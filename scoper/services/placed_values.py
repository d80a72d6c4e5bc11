"""A YAML file as a value of a pydantic model; every mistake is told at its place, with what is allowed there.

The model says what is allowed; nothing is said twice. Syntax problems come from `strict_yaml`, all of them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from scoper.domain.text import shown
from scoper.errors import InputError, Problem, did_you_mean, nearest
from scoper.services.strict_yaml import Node, examine, to_python

Model = TypeVar("Model", bound=BaseModel)


def read_value(text: str, source: str, model: type[Model], what: str) -> tuple[Model, Node]:
    """The value that `text` describes, and the tree it was read from; `what` names it (a gate file).

    Raises InputError with every problem in file order.
    """
    root, problems = examine(text, source)
    if root is None:
        raise InputError(problems)
    found = list(problems)
    if root.kind != "mapping":
        remedy = f"see the format of {what} in the help"
        found.append(Problem("file-type", f"{what} consists of 'key: value' lines", source, 1, 1, remedy))
        raise InputError(found)
    try:
        value = model.model_validate(to_python(root))
        if not found:
            return value, root
    except ValidationError as error:
        found += _problems(error, root, source, model, what)
    raise InputError(sorted(_once(found), key=lambda problem: (problem.line, problem.column)))


def place_of(root: Node, path: Sequence[object]) -> Node:
    """The node under a path of keys and positions, as deep as it leads."""
    node = root
    for part in path:
        if node.kind == "sequence" and isinstance(part, int) and part < len(node.children):
            node = node.children[part]
        elif node.kind == "mapping" and (child := node.get(str(part))) is not None:
            node = child
    return node


def key_of(root: Node, name: str) -> Node | None:
    """The key `name` of a mapping, for its place."""
    return next((key for key, _ in root.items if key.text == name), None)


def _once(problems: list[Problem]) -> list[Problem]:
    """One problem a place: what else is said of it follows from the first."""
    seen: dict[tuple[int, int], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.line, problem.column), problem)
    return list(seen.values())


def _problems(error: ValidationError, root: Node, source: str, model: type[BaseModel], what: str) -> Iterator[Problem]:
    rows = error.errors(include_url=False)
    for row in rows:
        path = tuple(row["loc"])
        parent, last = place_of(root, path[:-1]), path[-1] if path else ""
        if row["type"] == "extra_forbidden":
            node = key_of(parent, str(last)) or parent
            allowed = _keys(model, path[:-1])
            message = f"'{shown(str(last))}' is not a key of {what}"
            yield Problem("file-key", message, source, node.line, node.column, did_you_mean(str(last), allowed))
        elif row["type"] == "missing":
            remedy = f"add a line '{last}: {_only(model, str(last))}'"
            yield Problem("file-key", f"the key '{last}' is missing", source, parent.line, parent.column, remedy)
        else:
            node = place_of(root, path)
            yield _value(row, rows, node, source)


def _only(model: type[BaseModel], key: str) -> str:
    """The one value that a key can have, such as a format's version; dots where there are more."""
    field = model.model_fields.get(key)
    words = get_args(field.annotation) if field is not None else ()
    return str(words[0]) if len(words) == 1 else "..."


def _value(row: Any, rows: Sequence[Any], node: Node, source: str) -> Problem:
    """One wrong value; the words of all branches of a union are allowed together."""
    words = list(dict.fromkeys(word for other in rows if _same(other, row) for word in _words(other)))
    said = f"'{shown(node.text)}'" if node.kind == "scalar" else f"a {'list' if node.kind == 'sequence' else 'mapping'}"
    if words:
        near = nearest(node.text, words) if node.kind == "scalar" else None
        message = f"{said} is not allowed here; allowed: {', '.join(words)}"
        remedy = f"did you mean '{near}'?" if near else ""
        return Problem("file-value", message, source, node.line, node.column, remedy)
    return Problem("file-value", f"{said}: {_sentence(row)}", source, node.line, node.column)


def _same(other: Any, row: Any) -> bool:
    """Whether two complaints are about the same value; branches of a union add parts to the path."""
    return tuple(p for p in other["loc"] if not _branch(p)) == tuple(p for p in row["loc"] if not _branch(p))


def _branch(part: object) -> bool:
    return isinstance(part, str) and (
        part.startswith(("literal[", "function-", "tuple[", "constrained")) or "[" in part
    )


def _words(row: Any) -> list[str]:
    if row["type"] != "literal_error":
        return []
    expected = str(row.get("ctx", {}).get("expected", ""))
    return [word.strip().strip("'") for word in expected.replace(" or ", ", ").split(",") if word.strip()]


def _sentence(row: Any) -> str:
    context = row.get("ctx", {})
    known = {
        "greater_than_equal": f"it must be at least {context.get('ge')}",
        "less_than_equal": f"it must be at most {context.get('le')}",
        "too_short": "at least one is needed",
        "int_type": "a whole number is needed",
        "int_parsing": "a whole number is needed",
        "int_from_float": "a whole number is needed",
        "float_type": "a number is needed",
        "float_parsing": "a number is needed",
        "string_type": "a text is needed",
        "model_type": "'key: value' lines are needed",
        "dict_type": "'key: value' lines are needed",
        "mapping_type": "'key: value' lines are needed",
        "tuple_type": "a list is needed",
    }
    return known.get(row["type"], str(row["msg"]).lower())


def _keys(model: type[BaseModel], path: Sequence[object]) -> list[str]:
    """The keys of the (nested) model at a path."""
    current: type[BaseModel] = model
    for part in path:
        field = current.model_fields.get(str(part))
        inner = _models(field.annotation) if field is not None else []
        if inner:
            current = inner[0]
    return list(current.model_fields)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models(part)]
