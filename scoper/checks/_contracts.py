"""Tool contracts as people write them: a list of tools with JSON Schemas of their arguments, and faults of a schema.

Read are the plain form `{name, description, parameters, effect, ...}`, `{type: function, function: {...}}`, and
`{name, description, input_schema or inputSchema}`; a mapping with the list under `tools`, or of names to contracts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scoper.checks import Document
from scoper.checks._schema_values import value_faults
from scoper.domain.checks import Fault
from scoper.domain.findings import Severity
from scoper.domain.text import shown
from scoper.domain.tree import Asker, Tree
from scoper.errors import InputError, Problem

_SCHEMAS = ("parameters", "input_schema", "inputSchema")
_DEEPEST = 12
_SECRET = (
    "password", "secret", "api_key", "apikey", "access_token", "auth_token", "credential", "credentials", "private_key",
    "secret_key", "passwd", "bearer_token", "refresh_token",
)  # fmt: skip
_RUN = ("source", "python", "shell", "program", "script", "js", "javascript")
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
    where = f"{contract.name}{' ' + path if path else ''}"
    yield from _of_object(contract, at, path, source)
    for place, code, severity, claim, remedy in value_faults(at):
        yield _at(place, source, contract, code, severity, f"{where}: {claim}", remedy)
    yield from _of_reference(contract, at, where, source)
    properties = at.get("properties")
    for name, key, value in properties.items if properties is not None else ():
        inner = f"{path}.{name}" if path else name
        yield from _of_property(contract, name, key, value, inner, source)
        yield from _walk(contract, value, inner, source, depth + 1)
    for inner, part in _parts(at, path):
        yield from _walk(contract, part, inner, source, depth + 1)


def _parts(at: Tree, path: str) -> Iterator[tuple[str, Tree]]:
    """The schemas inside a schema beside its properties: items, alternatives, definitions."""
    for word in ("items", "additionalProperties", "not"):
        if (part := at.get(word)) is not None:
            yield f"{path}[]" if word == "items" else path, part
    for word in ("anyOf", "oneOf", "allOf", "prefixItems"):
        part = at.get(word)
        for child in part.children if part is not None else ():
            yield path, child
    for word in ("$defs", "definitions"):
        part = at.get(word)
        for name, _, child in part.items if part is not None else ():
            yield f"{word}.{name}", child


def _of_reference(contract: Contract, at: Tree, where: str, source: str) -> Iterator[Fault]:
    """A reference within the schema to a part that it does not have."""
    reference = at.get("$ref")
    if reference is None or not isinstance(reference.value, str) or not reference.value.startswith("#"):
        return
    found = contract.schema
    for word in reference.value[1:].split("/")[1:]:
        name = word.replace("~1", "/").replace("~0", "~")
        if found is not None and found.kind == "sequence" and name.isdigit():
            found = found.children[int(name)] if int(name) < len(found.children) else None
        else:
            found = found.get(name) if found is not None and found.kind == "mapping" else None
    if found is None:
        claim = f"{where}: refers to {shown(reference.value, 60)}, which the schema does not have"
        yield _at(reference, source, contract, "unknown_ref", "blocker", claim, "add it under $defs, or write it here")


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
    if _type(value) == "array" and not composed and _is_open(value):
        claim = f"{where}: is a list of anything: what its items are is not said"
        yield _at(key, source, contract, "untyped", "caution", claim, "items: {type: ...}")
    limited = composed or _is_limited(value)
    acts = contract.effect in ("write", "irreversible")
    texts = value if _type(value) == "string" else value.get("items") if _type(value) == "array" else None
    free = texts is not None and texts.kind == "mapping" and _type(texts) == "string" and not _is_limited(texts)
    if free and acts and not limited and _is_carried_out(name):
        claim = f"{where}: free text that is carried out, without a pattern or a list of values"
        yield _at(key, source, contract, "free_command", "blocker", claim, "enum or pattern; named operations instead")
    if any(word == _snake(name) or _snake(name).endswith(f"_{word}") for word in _SECRET):
        claim = f"{where}: a secret passes through the model"
        yield _at(key, source, contract, "secret_argument", "blocker", claim, "keep it in the tool's own configuration")
    ends = [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")]
    limits = all(any(value.get(word) is not None for word in either) for either in ends)
    if acts and _type(value) in ("number", "integer") and not (limits or composed):
        claim = f"{where}: a number that acts, without both a minimum and a maximum"
        yield _at(key, source, contract, "unlimited_number", "caution", claim, "minimum and maximum")


def _is_limited(at: Tree) -> bool:
    return any(at.get(word) is not None for word in ("maxLength", "pattern", "format", "enum", "const", "$ref"))


def _is_open(value: Tree) -> bool:
    """Whether a list says nothing of its items."""
    items = value.get("items")
    if items is None:
        return value.get("prefixItems") is None
    return items.kind == "mapping" and not items.items


def _is_carried_out(name: str) -> bool:
    """Whether a name says that its text is run or followed; a code of a country or a product is a label."""
    words = [word.removesuffix("s") for word in _snake(name).split("_")]
    if words[-1] == "code" and len(words) > 1:
        return words[0] in _RUN
    return any(word in _FREE for word in words)


def _snake(name: str) -> str:
    """`accessToken` and `auth-token` as `access_token` and `auth_token`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-. ]", "_", name).lower()


def _type(at: Tree) -> str | None:
    kind = at.get("type")
    if kind is None:
        return None
    if kind.kind == "sequence":
        named = [str(child.value) for child in kind.children if child.value not in ("null", None)]
        return named[0] if named else "null"
    return str(kind.value)
