"""Tool contracts: every planted fault of a schema is named, and a clean twin that looks alike has none."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.checks.conftest import Run

D = {"description": "d"}
CLEAN: dict[str, Any] = {
    "name": "find_order",
    "description": "Look up one order by its number; not for lists.",
    "parameters": {
        "type": "object",
        "additionalProperties": False,
        "required": ["id"],
        "properties": {"id": {"type": "string", "description": "order number"}},
    },
    "effect": "read",
    "timeout_s": 5,
    "errors": ["not_found"],
}


def case(name: str, wanted: str, props: Any = None, par: Any = None, **changed: Any) -> Any:
    """The clean contract with more properties, more words of its schema, or other words of its own."""
    contract = copy.deepcopy(CLEAN) | changed
    contract["parameters"]["properties"].update(props or {})
    contract["parameters"].update(par or {})
    return pytest.param(contract, set(filter(None, wanted.split(","))), id=name)


@pytest.mark.parametrize(
    ("contract", "wanted"),
    [
        case(
            "exclusive bounds",
            "impossible",
            props={"n": {"type": "integer", "exclusiveMinimum": 5, "exclusiveMaximum": 5, **D}},
        ),
        case(
            "min vs exclusiveMax",
            "impossible",
            props={"n": {"type": "number", "minimum": 5, "exclusiveMaximum": 5, **D}},
        ),
        case(
            "integer gap",
            "impossible",
            props={"n": {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2, **D}},
        ),
        case("number gap ok", "", props={"n": {"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 2, **D}}),
        case("min=max ok", "", props={"n": {"type": "integer", "minimum": 5, "maximum": 5, **D}}),
        case("const not in enum", "impossible", props={"n": {"type": "string", "enum": ["a", "b"], "const": "c", **D}}),
        case("const wrong type", "impossible", props={"n": {"type": "integer", "const": "c", **D}}),
        case("enum wrong type", "bad_enum", props={"n": {"type": "integer", "enum": ["a", "b"], **D}}),
        case("enum ok with null", "", props={"n": {"type": ["string", "null"], "enum": ["a", None], **D}}),
        case("default wrong type", "bad_default", props={"n": {"type": "integer", "default": "many", **D}}),
        case(
            "default outside bounds",
            "bad_default",
            props={"n": {"type": "integer", "minimum": 1, "maximum": 5, "default": 9, **D}},
        ),
        case("default ok", "", props={"n": {"type": "integer", "minimum": 1, "maximum": 5, "default": 3, **D}}),
        case("bad pattern", "bad_pattern", props={"n": {"type": "string", "pattern": "([a-z", "description": "d"}}),
        case("good pattern", "", props={"n": {"type": "string", "pattern": "^[a-z]+$", "description": "d"}}),
        case("array no items", "untyped", props={"n": {"type": "array", "description": "d"}}),
        case("array ok", "", props={"n": {"type": "array", "items": {"type": "string"}, "description": "d"}}),
        case("array items untyped", "untyped", props={"n": {"type": "array", "items": {}, "description": "d"}}),
        case(
            "nested required unknown",
            "required_unknown",
            props={
                "n": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["x"],
                    "properties": {"y": {"type": "string", **D}},
                    **D,
                }
            },
        ),
        case(
            "required under anyOf branch",
            "required_unknown",
            props={
                "n": {
                    "anyOf": [
                        {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["x"],
                            "properties": {"y": {"type": "string", **D}},
                        },
                        {"type": "null"},
                    ],
                    **D,
                }
            },
        ),
        case(
            "unknown type in anyOf", "unknown_type", props={"n": {"anyOf": [{"type": "strng"}, {"type": "null"}], **D}}
        ),
        case("ref missing", "unknown_ref", props={"n": {"$ref": "#/$defs/money"}}),
        case(
            "ref ok",
            "",
            props={"n": {"$ref": "#/$defs/money", "description": "d"}},
            par={"$defs": {"money": {"type": "number", "minimum": 0, "maximum": 9}}},
        ),
        case(
            "ref target faulty",
            "impossible",
            props={"n": {"$ref": "#/$defs/money", "description": "d"}},
            par={"$defs": {"money": {"type": "number", "minimum": 10, "maximum": 9}}},
        ),
        case("required twice", "", par={"required": ["id", "id"]}),
        case("type list unknown second", "unknown_type", props={"n": {"type": ["string", "integr"], **D}}),
        case("retries write idempotent", "", effect="write", idempotent=True, retries=3),
        case(
            "retries irreversible", "irreversible_without_gate,retry_not_idempotent", effect="irreversible", retries=1
        ),
        case("irreversible approved", "", effect="irreversible", approval=True),
        case("timeout zero", "no_timeout", timeout_s=0),
        case(
            "secret nested",
            "secret_argument",
            props={
                "n": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": [],
                    "properties": {"api_key": {"type": "string", **D}},
                    **D,
                }
            },
        ),
        case("token count no secret", "", props={"max_tokens": {"type": "integer", **D}}),
        case("apiKey camel", "secret_argument", props={"apiKey": {"type": "string", **D}}),
        case("accessToken camel", "secret_argument", props={"accessToken": {"type": "string", **D}}),
        case("private_key", "secret_argument", props={"private_key": {"type": "string", **D}}),
        case("token", "secret_argument", props={"auth-token": {"type": "string", **D}}),
        case("sql free", "free_command", effect="write", idempotent=True, props={"sql": {"type": "string", **D}}),
        case(
            "sql in nested",
            "free_command",
            effect="write",
            idempotent=True,
            props={
                "o": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": [],
                    "properties": {"shell_command": {"type": "string", **D}},
                    **D,
                }
            },
        ),
        case("encode no code", "", effect="write", idempotent=True, props={"encoding": {"type": "string", **D}}),
        case("postcode no code", "", effect="write", idempotent=True, props={"postcode": {"type": "string", **D}}),
        case("product_code", "", effect="write", idempotent=True, props={"country_code": {"type": "string", **D}}),
        case(
            "list of commands",
            "free_command",
            effect="write",
            idempotent=True,
            props={"commands": {"type": "array", "items": {"type": "string"}, **D}},
        ),
        case(
            "amount unlimited",
            "unlimited_number",
            effect="write",
            idempotent=True,
            props={"amount": {"type": "number", **D}},
        ),
        case(
            "amount only minimum",
            "unlimited_number",
            effect="write",
            idempotent=True,
            props={"amount": {"type": "number", "minimum": 0, **D}},
        ),
        case("no params", "", parameters={"type": "object", "additionalProperties": False, "properties": {}}),
        case("bool schema prop", "untyped", props={"n": True}),
    ],
)
def test_exactly_the_planted_faults_are_named(run: Run, contract: dict[str, Any], wanted: set[str]) -> None:
    result = run("tools", contracts=json.dumps([contract]))

    assert {fault.code for fault in result.outcome.faults if fault.severity != "info"} == wanted


def test_a_fault_deep_in_a_schema_stands_at_its_line(run: Run) -> None:
    schema = {**CLEAN["parameters"], "$defs": {"money": {"type": "number", "minimum": 10, "maximum": 9}}}
    text = json.dumps([{**CLEAN, "parameters": schema}], indent=1)
    found = next(f for f in run("tools", contracts=text).outcome.faults if f.code == "impossible")

    assert '"minimum": 10' in text.splitlines()[found.line - 1]
    assert "$defs.money" in found.claim
