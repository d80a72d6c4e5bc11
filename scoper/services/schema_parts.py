"""Pieces that all JSON Schemas of scoper's files are made of.

Draft 7, which every editor reads. A schema describes the file as YAML 1.2 reads it, where yes and no are words. It
never refuses what scoper's own reader takes, and refuses what can be seen without knowing the rest of the file; the
reader stays the judge.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
MARK = "Written by scoper, which may replace this file."
TEXT: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
"""A text that is not empty; YAML takes some texts for numbers, and scoper's reader takes them back."""
MAYBE_TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
NUMBER: Schema = {"type": "number"}


def document(title: str, description: str, body: Schema) -> Schema:
    """A whole schema with its heading."""
    return {"$schema": DRAFT, "$comment": MARK, "title": title, "description": description, **body}


def closed(
    properties: Mapping[str, Schema], required: Sequence[str] = (), *, description: str = "", **more: Any
) -> Schema:
    """A mapping with these keys and no others."""
    told = {"description": description} if description else {}
    needed = {"required": list(required)} if required else {}
    return {"type": "object", **told, "properties": dict(properties), **needed, "additionalProperties": False, **more}


def mapping(values: Schema, *, least: int = 0, names: str = "", description: str = "") -> Schema:
    """A mapping of any names (of those that match `names`) to `values`."""
    told: Schema = {"description": description} if description else {}
    if least:
        told["minProperties"] = least
    if names:
        told["propertyNames"] = {"pattern": names}
    return {"type": "object", **told, "additionalProperties": values}


def listed(items: Schema, *, least: int = 0, description: str = "") -> Schema:
    """A list of `items`."""
    told: Schema = {"description": description} if description else {}
    if least:
        told["minItems"] = least
    return {"type": "array", **told, "items": items}


def words(allowed: Collection[str], meanings: Mapping[str, str] | None = None) -> Schema:
    """One of some words, with what each means where that is known."""
    told = {"enumDescriptions": [meanings.get(word, "") for word in allowed]} if meanings else {}
    return {"enum": list(allowed), **told}


def told(schema: Schema, description: str) -> Schema:
    """`schema` with another description."""
    return {**schema, "description": description}


def reference(name: str) -> Schema:
    """The definition of that name."""
    return {"$ref": f"#/definitions/{name}"}
