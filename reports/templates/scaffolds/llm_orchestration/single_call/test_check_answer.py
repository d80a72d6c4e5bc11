# Case: @TITLE@
"""What does not fit the schema is rejected with its reason. Run: pytest test_check_answer.py

TODO: RIGHT is an answer that fits answer_schema.json; replace both together.
"""

import json

import check_answer
import pytest

SCHEMA = check_answer.SCHEMA
RIGHT = {"label": "ask", "reason": "no date"}
ITEM = {
    "type": "object",
    "required": ["owner"],
    "additionalProperties": False,
    "properties": {"owner": {"type": "string"}},
}
LIST = {"type": "array", "minItems": 1, "maxItems": 2, "items": ITEM}


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
    assert check_answer.faults(json.dumps({**RIGHT, name: {"of": "another kind"}}))


def test_a_field_that_nobody_asked_for_is_rejected():
    assert "extra is unknown" in check_answer.faults(json.dumps({**RIGHT, "extra": 1}))


@pytest.mark.parametrize(
    ("answer", "fits"), [([{"owner": "Ana"}], True), ([], False), ([{"owner": 3}], False), ([{}], False)]
)
def test_a_list_is_checked_item_by_item(answer, fits):
    assert (check_answer.faults(json.dumps(answer), LIST) == []) == fits


def test_a_word_of_the_schema_that_is_not_checked_is_refused(tmp_path):
    path = tmp_path / "schema.json"
    path.write_text(json.dumps({"type": "object", "properties": {"when": {"type": "string", "format": "date"}}}))
    with pytest.raises(ValueError, match="format"):
        check_answer.load(path)
