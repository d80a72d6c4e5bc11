"""The JSON Schema of a gate file: that of its model, with the signals and answers of the rules in use.

The model also takes one value where it lists several, and true and false for yes and no; so does the schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoper.domain.gate import gate_schema as model_schema
from scoper.domain.questionnaire import Question
from scoper.services.case_format import allowed_values
from scoper.services.follow_ups import follow_ups_of
from scoper.services.schema_parts import Schema, closed, document, listed, words

_OF_SIGNALS = ("answered", "evidence", "of")
"""Keys whose lists name questions; elsewhere a list of texts is just that."""


def gate_schema(signals_only: Mapping[str, Question]) -> Schema:
    """The schema of a gate about cases with these questions."""
    questions = {**signals_only, **follow_ups_of(signals_only)}
    made = _widened(model_schema(), tuple(questions))
    made["definitions"] = made.pop("$defs", {})
    values = {name: _one_or_more(_value(question)) for name, question in questions.items()}
    told = made["properties"]["answers"].get("description", "")
    made["properties"]["answers"] = {**closed(values, description=told), "type": ["object", "null"]}
    for key in ("title", "description"):
        made.pop(key, None)
    return document("scoper gate", "What a case has to meet, for scoper: `scoper gate CASE FILE`.", made)


def _value(question: Question) -> Schema:
    allowed = allowed_values(question)
    schema = words(allowed, question.meanings)
    return {"enum": [*schema["enum"], True, False]} if "yes" in allowed else schema


def _one_or_more(schema: Schema) -> Schema:
    return {"anyOf": [schema, listed(schema, least=1)]}


def _widened(part: Any, signals: tuple[str, ...], key: str = "") -> Any:
    """A part of the model's schema as the reader takes it; `key` is the property that it describes."""
    if isinstance(part, list):
        return [_widened(each, signals, key) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "array":
        items = words(signals) if key in _OF_SIGNALS else _widened(part["items"], signals)
        return {"anyOf": [{"type": "array", "items": items, "minItems": 1}, items]}
    made = {name: _inner(name, value, signals, key) for name, value in part.items()}
    if made.get("enum") == ["yes", "no"]:
        return {"enum": ["yes", "no", True, False]}
    if "$ref" in made:
        made["$ref"] = str(made["$ref"]).replace("#/$defs/", "#/definitions/")
    return made


def _inner(name: str, value: Any, signals: tuple[str, ...], key: str) -> Any:
    if name in ("properties", "$defs"):
        return {inner: _widened(schema, signals, inner) for inner, schema in value.items()}
    return _widened(value, signals, key) if name in ("anyOf", "oneOf", "allOf", "items") else value
