"""A bandit that has records alone is not sent to explore; one that may try things out is."""

import re

import pytest

from scoper.domain.questionnaire import Answer, Case
from scoper.services.library import load_library
from scoper.services.report_data import load_report_data
from scoper.services.reporting import render
from scoper.services.scaffolding import draft
from scoper.services.scoping import assess, make_dossier

LIBRARY = load_library()
SINGLE_CHOICES = {
    "language_and_tools": "no", "known_rules": "no", "reward_measurable": "yes", "sequential_delayed": "no",
    "solver_formulation": "no", "model_known": "no", "labelled_targets": "no", "expert_demonstrations": "no",
    "logged_decisions": "yes", "chosen_outcome_only": "yes",
}  # fmt: skip
EXPLORES = re.compile(r"explor|random draw|randomised comparison", re.IGNORECASE)


def case_of(**answers):
    given = {name: (Answer(answer=value),) for name, value in {**SINGLE_CHOICES, **answers}.items()}
    return Case(title="Which offer to show", summary="Offers were varied for a year.", answers=given)


@pytest.fixture(scope="module")
def data():
    return load_report_data()


def told(text):
    """The text without the condition that names open questions, one of which is called safe exploration."""
    return "\n".join(line for line in text.splitlines() if "Find out what could still stand in the way" not in line)


def monday(case, data):
    text = render(make_dossier(case, LIBRARY), "md", data=data)
    return text.partition("## What to do on Monday")[2].partition("\n## ")[0]


def test_with_records_alone_the_first_week_explores_nothing_and_learns_from_the_logs(data):
    case = case_of(data_without_environment="yes")
    week = told(monday(case, data))

    assert assess(case, LIBRARY).technique == "contextual_bandit"
    assert not EXPLORES.search(week)
    assert "doubly robust" in week


def test_with_trials_the_first_week_names_the_share_that_explores(data):
    case = case_of(data_without_environment="no", cheap_simulation="no", interaction_at_scale="yes")

    assert assess(case, LIBRARY).technique == "contextual_bandit"
    assert EXPLORES.search(monday(case, data))


def test_the_schema_of_a_log_that_is_all_there_will_be_asks_for_no_draw():
    case = case_of(data_without_environment="yes")
    files = draft(case, assess(case, LIBRARY), LIBRARY).files

    assert not EXPLORES.search(told(files["log_schema.md"]))
