# Case: @TITLE@
"""What does not fit the schema is rejected with its reason. Run: pytest test_check_answer.py"""

import json

import check_answer
import pytest

SCHEMA = check_answer.SCHEMA
RIGHT = {n: each["enum"][0] if "enum" in each else "because" for n, each in SCHEMA["properties"].items()}


def test_an_answer_that_fits_passes():
    assert check_answer.faults(json.dumps(RIGHT)) == []


@pytest.mark.parametrize("name", SCHEMA["required"])
def test_a_missing_field_is_named(name):
    assert f"{name} is missing" in check_answer.faults(json.dumps({k: v for k, v in RIGHT.items() if k != name}))


@pytest.mark.parametrize("text", ["", "Sure! {}", "[]", "null", '"accept"'])
def test_prose_and_other_json_are_rejected(text):
    assert check_answer.faults(text)


@pytest.mark.parametrize("name", SCHEMA["properties"])
def test_a_value_of_another_kind_is_rejected(name):
    assert check_answer.faults(json.dumps({**RIGHT, name: 17}))


def test_a_field_that_nobody_asked_for_is_rejected():
    assert "extra is unknown" in check_answer.faults(json.dumps({**RIGHT, "extra": 1}))
