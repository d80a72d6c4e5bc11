# Case: @TITLE@
"""What fits nothing or several patterns goes to a person, and no label is invented. Run: pytest test_rules.py"""

from pathlib import Path

import rules

ROWS = rules.read(Path(__file__).resolve().parent / "labelled_texts.csv")


def test_a_text_without_a_pattern_goes_to_a_person():
    assert rules.sort("") == rules.PERSON


def test_a_text_with_several_patterns_goes_to_a_person(monkeypatch):
    monkeypatch.setattr(rules, "PATTERNS", {"first": "a", "second": "b"})
    assert rules.sort("ab") == rules.PERSON
    assert rules.sort("a") == "first"


def test_every_label_of_the_patterns_is_one_that_people_gave():
    assert set(rules.PATTERNS) <= {row["label"] for row in ROWS}
    assert {rules.sort(row["text"]) for row in ROWS} <= {*rules.PATTERNS, rules.PERSON}
