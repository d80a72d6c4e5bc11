# Case: @TITLE@
"""Reject an answer that does not fit answer_schema.json: python check_answer.py '{"label": "ask", "reason": "no date"}'

Reads the words of JSON Schema under WORDS and refuses a schema with others, so that nothing in it goes unchecked. An
answer that is rejected goes to a person, never on. TODO: answer_schema.json is an example; put your own fields into it.
"""

import json
import re
import sys
from pathlib import Path

TYPES = {"object": dict, "array": list, "string": str, "number": (int, float), "integer": int, "boolean": bool}
WORDS = {"type", "enum", "required", "properties", "additionalProperties", "items", "minItems", "maxItems", "minLength"}
WORDS |= {"maxLength", "minimum", "maximum", "pattern", "description", "title"}


def unread(schema):
    """Words of a schema, and types, that `faults` would not check."""
    found = set(schema) - WORDS | ({schema["type"]} - set(TYPES) if "type" in schema else set())
    for inner in [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]:
        found |= unread(inner)
    return found


def load(path):
    schema = json.loads(Path(path).read_text(encoding="utf-8"))
    if unread(schema):
        raise ValueError(f"answer_schema.json says what this program does not check: {sorted(unread(schema))}")
    return schema


SCHEMA = load(Path(__file__).resolve().parent / "answer_schema.json")


def faults(text, schema=SCHEMA):
    """What is wrong with the model's answer, a sentence each."""
    try:
        answer = json.loads(text)
    except ValueError:
        return ["no JSON"]
    return list(_faults(answer, schema, "the answer"))


def _faults(value, schema, name):
    wanted = schema.get("type")
    if wanted and (not isinstance(value, TYPES[wanted]) or (isinstance(value, bool) and wanted != "boolean")):
        yield f"{name} is no {wanted}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{name} is none of {schema['enum']}"
    yield from _faults_of_one(value, schema, name)
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{name} has fewer or more items than it may have"
        for number, item in enumerate(value, start=1):
            yield from _faults(item, schema.get("items", {}), f"item {number} of {name}")
    if isinstance(value, dict):
        yield from _faults_of_fields(value, schema)


def _faults_of_one(value, schema, name):
    if isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{name} is shorter or longer than it may be"
        if not re.search(schema.get("pattern", ""), value):
            yield f"{name} is not of the form {schema['pattern']}"
    if isinstance(value, (int, float)) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{name} is smaller or larger than it may be"


def _faults_of_fields(value, schema):
    known = schema.get("properties", {})
    yield from (f"{each} is missing" for each in schema.get("required", ()) if each not in value)
    for each, inner in value.items():
        if each in known:
            yield from _faults(inner, known[each], each)
        elif schema.get("additionalProperties", True) is False:
            yield f"{each} is unknown"


if __name__ == "__main__":
    wrong = faults(sys.argv[1])
    sys.stdout.write("\n".join(wrong or ["fits"]) + "\n")
    sys.exit(bool(wrong))
