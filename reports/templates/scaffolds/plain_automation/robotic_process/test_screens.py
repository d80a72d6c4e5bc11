# Case: @TITLE@
"""The path is short enough for a robot and no screen is without an exception. Run: pytest test_screens.py

screens.csv: one screen a line in the order of a case; how it is known, what else can appear, what is done then.
"""

import csv
from pathlib import Path

import pytest

with (Path(__file__).resolve().parent / "screens.csv").open(encoding="utf-8", newline="") as file:
    SCREENS = list(csv.DictReader(file))
LIMITS = {"application": 5, "decisions": 5, "clicks": 500}


@pytest.mark.parametrize("name", ["decisions", "clicks"])
def test_a_case_stays_within_the_rule_of_five(name):
    assert sum(int(screen[name]) for screen in SCREENS) <= LIMITS[name]


def test_a_case_needs_few_applications():
    assert len({screen["application"] for screen in SCREENS}) <= LIMITS["application"]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen["screen"])
def test_every_screen_is_recognised_and_has_an_answer_to_what_else_appears(screen):
    assert screen["known_by"].strip()
    assert screen["also_possible"].strip()
    assert screen["then"].strip()


def test_every_screen_stands_once():
    assert len({screen["screen"] for screen in SCREENS}) == len(SCREENS)
