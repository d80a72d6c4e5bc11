"""Tool contracts as people write them: a list of tools with JSON Schemas of their arguments, and faults of a schema.

Read are the plain form `{name, description, parameters, effect, ...}`, `{type: function, function: {...}}`, and
`{name, description, input_schema or inputSchema}`; a mapping with the list under `tools`, or of names to contracts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scoper.checks import Document
from scoper.domain.checks import Fault
from scoper.domain.findings import Severity
from scoper.domain.text import shown
from scoper.domain.tree import Asker, Tree
from scoper.errors import InputError, Problem

_TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
_SCHEMAS = ("parameters", "input_schema", "inputSchema")
_BOUNDS = (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"))
_DEEPEST = 12
_SECRET = ("password", "secret", "api_key", "apikey", "access_token", "auth_token", "credential", "credentials")
_FREE = ("sql", "query", "command", "code", "script", "shell", "path", "url")


@dataclass(frozen=True)
class Contract:
    """One tool; schema is None where there is none. retries: how often it is tried again after an error."""

    name: str
    at: Tree
    description: str
    schema: Tree | None
    effect: str
    idempotent: bool | None
    timeout: float | None
    retries: int
    approval: bool
    errors: bool


def read_contracts(document: Document) -> tuple[Contract, ...]:
    """The contracts of a document; raises InputError with every mistake of form."""
    ask = Asker(document.source, "tools")
    root = document.root
    listed = root.get("tools") if root.kind == "mapping" else root
    if listed is None and root.kind == "mapping" and root.items:
        listed = root
    if listed is None or listed.kind == "scalar" or not (listed.children or listed.items):
        problem = Problem("tools", "there is no tool", document.source, root.line, root.column, "a list of contracts")
        raise InputError(problem)
    if listed.kind == "mapping":
        found = [_contract(ask, value, name) for name, _, value in listed.items]
    else:
        found = [_contract(ask, child, "") for child in listed.children]
    names = [contract.name for contract in found]
    for i, contract in enumerate(found):
        if contract.name in names[:i]:
            ask.add(contract.at, f"the tool '{shown(contract.name, 40)}' stands twice")
    ask.stop()
    return tuple(found)


def _contract(ask: Asker, at: Tree, name: str) -> Contract:
    inner = at.get("function") if at.kind == "mapping" else None
    body = inner if inner is not None and inner.kind == "mapping" else at
    if body.kind != "mapping":
        ask.add(at, "a contract is a mapping with a name and parameters")
    named = body.get("name")
    if named is None and not name and body.kind == "mapping":
        ask.add(body, "'name' is missing here")
    schema = next((found for key in _SCHEMAS if (found := body.get(key)) is not None), None)

    def entry(key: str) -> Tree | None:
        found = body.get(key)
        return found if found is not None else at.get(key)

    idempotent = entry("idempotent")
    timeout = entry("timeout_s")
    errors = entry("errors")
    described = body.get("description")
    return Contract(
        ask.text(named, name),
        body,
        str(described.value or "").strip() if described is not None and described.kind == "scalar" else "",
        schema,
        ask.text(entry("effect"), ""),
        None if idempotent is None else ask.flag(idempotent),
        None if timeout is None else ask.number(timeout, 0.0),
        int(ask.number(entry("retries"), 0.0)),
        ask.flag(entry("approval")),
        errors is not None and bool(errors.children or errors.items or errors.value),
    )


def schema_faults(contract: Contract, source: str) -> Iterator[Fault]:
    """What the schema of the arguments leaves open or excludes."""
    if contract.schema is None:
        claim = f"{contract.name}: no schema of its arguments"
        yield _at(contract.at, source, contract, "no_schema", "blocker", claim, "parameters: {type: object, ...}")
        return
    kind = _type(contract.schema)
    if kind != "object":
        claim = f"{contract.name}: the arguments are no object but {kind or 'of no type'}"
        yield _at(contract.schema, source, contract, "not_an_object", "blocker", claim, "type: object")
    yield from _walk(contract, contract.schema, "", source, 0)


def _at(at: Tree, source: str, contract: Contract, code: str, severity: Severity, claim: str, remedy: str) -> Fault:
    return Fault(
        code=code, severity=severity, claim=claim, source=source, line=at.line, column=at.column,
        evidence={"tool": contract.name}, remedy=remedy,
    )  # fmt: skip


def _walk(contract: Contract, at: Tree, path: str, source: str, depth: int) -> Iterator[Fault]:
    if at.kind != "mapping" or depth > _DEEPEST:
        return
    yield from _of_object(contract, at, path, source)
    yield from _of_value(contract, at, path, source)
    properties = at.get("properties")
    for name, key, value in properties.items if properties is not None else ():
        inner = f"{path}.{name}" if path else name
        yield from _of_property(contract, name, key, value, inner, source)
        yield from _walk(contract, value, inner, source, depth + 1)
    items = at.get("items")
    if items is not None:
        yield from _walk(contract, items, f"{path}[]", source, depth + 1)


def _of_object(contract: Contract, at: Tree, path: str, source: str) -> Iterator[Fault]:
    properties = at.get("properties")
    names = [name for name, _, _ in properties.items] if properties is not None else []
    required = at.get("required")
    where = f"{contract.name}{' ' + path if path else ''}"
    for child in required.children if required is not None else ():
        if child.value not in names:
            claim = f"{where}: '{shown(str(child.value), 40)}' is required and no property of it"
            yield _at(child, source, contract, "required_unknown", "blocker", claim, f"properties: {', '.join(names)}")
    if _type(at) == "object" and properties is not None:
        more = at.get("additionalProperties")
        if more is None or more.value is True:
            claim = f"{where}: takes names that nobody declared"
            yield _at(at, source, contract, "open_object", "info", claim, "additionalProperties: false")
        if names and required is None:
            claim = f"{where}: says of none of its {len(names)} arguments that it is required"
            yield _at(at, source, contract, "nothing_required", "caution", claim, "required: [...], or []")


def _of_value(contract: Contract, at: Tree, path: str, source: str) -> Iterator[Fault]:
    where = f"{contract.name}{' ' + path if path else ''}"
    kind, choices = _type(at), at.get("enum")
    if kind is not None and kind not in _TYPES:
        claim = f"{where}: '{shown(kind, 40)}' is no type of JSON Schema"
        yield _at(at, source, contract, "unknown_type", "blocker", claim, ", ".join(_TYPES))
    for low, high in _BOUNDS:
        a, b = at.get(low), at.get(high)
        if a is not None and b is not None and _number(a) > _number(b):
            claim = f"{where}: {low} {a.value} is above {high} {b.value}, so no value is allowed"
            yield _at(a, source, contract, "impossible", "blocker", claim, "swap them")
    if choices is not None:
        values = [str(child.value) for child in choices.children]
        if len(values) != len(set(values)) or not values:
            claim = f"{where}: its list of values is empty or names one twice"
            yield _at(choices, source, contract, "bad_enum", "caution", claim, "")
        default = at.get("default")
        if default is not None and str(default.value) not in values:
            claim = f"{where}: the default '{shown(str(default.value), 40)}' is none of its values"
            yield _at(default, source, contract, "bad_default", "blocker", claim, ", ".join(values[:10]))


def _of_property(contract: Contract, name: str, key: Tree, value: Tree, path: str, source: str) -> Iterator[Fault]:
    where = f"{contract.name} {path}"
    composed = any(value.get(word) is not None for word in ("enum", "const", "$ref", "anyOf", "oneOf", "allOf"))
    if value.kind != "mapping" or (_type(value) is None and not composed):
        claim = f"{where}: has no type, so anything is allowed"
        yield _at(key, source, contract, "untyped", "caution", claim, "type: string, number, ...")
        return
    if value.get("description") is None and value.get("enum") is None:
        claim = f"{where}: says neither what it means nor in which unit"
        yield _at(key, source, contract, "undescribed", "info", claim, "description: ...")
    limited = composed or any(value.get(word) is not None for word in ("maxLength", "pattern", "format"))
    acts = contract.effect in ("write", "irreversible")
    if _type(value) == "string" and acts and not limited and any(word in name.lower() for word in _FREE):
        claim = f"{where}: free text that is carried out, without a pattern or a list of values"
        yield _at(key, source, contract, "free_command", "blocker", claim, "enum or pattern; named operations instead")
    if any(word == name.lower() or name.lower().endswith(f"_{word}") for word in _SECRET):
        claim = f"{where}: a secret passes through the model"
        yield _at(key, source, contract, "secret_argument", "blocker", claim, "keep it in the tool's own configuration")
    limits = any(value.get(word) is not None for word in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"))
    if acts and _type(value) in ("number", "integer") and not (limits or composed):
        claim = f"{where}: a number that acts, without a minimum or a maximum"
        yield _at(key, source, contract, "unlimited_number", "caution", claim, "minimum and maximum")


def _type(at: Tree) -> str | None:
    kind = at.get("type")
    if kind is None:
        return None
    if kind.kind == "sequence":
        named = [str(child.value) for child in kind.children if child.value not in ("null", None)]
        return named[0] if named else "null"
    return str(kind.value)


def _number(at: Tree) -> float:
    return float(at.value) if isinstance(at.value, int | float) else 0.0
