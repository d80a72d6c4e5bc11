# Case: @TITLE@
"""The pipeline rejects what it cannot read, never half-writes, and may run twice. Run: pytest test_pipeline.py"""

import csv
from pathlib import Path

import pipeline
import pytest

INPUT = Path(__file__).resolve().parent / "input.csv"
with INPUT.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def test_every_row_is_either_converted_or_rejected():
    done, rejected = pipeline.run(ROWS)
    assert len(done) + len(rejected) == len(ROWS)
    assert done


@pytest.mark.parametrize("field", [name for name in pipeline.FIELDS if pipeline.needed(name)])
def test_a_row_without_a_field_is_rejected_by_its_name(field):
    row = {**ROWS[0], field: ""}
    done, rejected = pipeline.run([row])
    assert done == []
    assert field in rejected[0]["because"]


@pytest.mark.parametrize("field", pipeline.FIELDS)
def test_a_row_of_another_form_is_rejected(field):
    assert pipeline.run([{**ROWS[0], field: "\x00?"}])[0] == []


def test_a_key_that_came_before_is_not_converted_again():
    assert len(pipeline.run([ROWS[0], ROWS[0]])[0]) == 1


def test_a_second_run_changes_nothing_and_leaves_no_half_file(tmp_path):
    target, rejects = tmp_path / "output.csv", tmp_path / "rejects.csv"
    texts = []
    for _ in range(2):
        assert pipeline.main(INPUT, target, rejects) == 0
        texts.append(target.read_bytes())
    assert texts[0] == texts[1]
    assert {path.name for path in tmp_path.iterdir()} == {"output.csv", "rejects.csv"}


def test_a_broken_input_leaves_the_last_output_as_it_was(tmp_path):
    source, target = tmp_path / "broken.csv", tmp_path / "output.csv"
    source.write_text("something else\n1\n2\n", encoding="utf-8")
    target.write_text("kept", encoding="utf-8")
    assert pipeline.main(source, target, tmp_path / "rejects.csv") == 1
    assert target.read_text(encoding="utf-8") == "kept"
