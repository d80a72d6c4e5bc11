"""A case that says when it has to be looked at again: what is read, what is due, what stays byte for byte."""

import pytest

from scoper.domain.due import parse_date
from scoper.domain.questionnaire import Answer, Case, Trigger
from scoper.services.cases import read_case, set_answer, set_spec
from scoper.services.due import Present, due
from tests.services.case_texts import HEAD, QUESTIONS, complaints, loaded

RULES, OTHER = "0123456789abcdef", "fedcba9876543210"
TEXT = f"""{HEAD}review_by: 2027-01-31   # the board meets
update_when:
  # what to watch
  - The supplier changes
  - {{answers: {{cheap_simulation: [yes, partly]}}, note: simulator}}
  - rules_other_than: {RULES}
answers:
  known_rules: yes  # for now
"""


def test_dates_and_conditions_are_read():
    case = loaded(TEXT)

    assert case.review_by == "2027-01-31"
    assert case.update_when == (
        Trigger(note="The supplier changes"),
        Trigger(note="simulator", answers={"cheap_simulation": ("yes", "partly")}),
        Trigger(rules_other_than=RULES),
    )


def test_a_case_that_says_nothing_of_it_keeps_its_digest_and_its_json():
    case = Case(title="x")

    assert set(case.model_dump()) == {"title", "summary", "domain", "spec", "answers"}
    assert case.digest() != case.model_copy(update={"review_by": "2027-01-31"}).digest()
    assert Case.model_validate(loaded(TEXT).model_dump(mode="json")) == loaded(TEXT)


def test_every_mistake_is_told_at_its_place_with_what_is_allowed():
    told = complaints(
        f"{HEAD}review_by: 2027-1-31\nupdate_when:\n  - ''\n  - {{answers: {{cheap_simulaton: yes}}, nots: a}}\n"
        "  - {rules_other_than: 12}\n  - {probe: infeasibl}\n  - [a]\nreveiw_by: 2027-01-01\n"
    )

    assert [line.split(": ")[0] for line in told] == [
        "case.yaml:3:12",
        "case.yaml:5:5",
        "case.yaml:6:16",
        "case.yaml:6:39",
        "case.yaml:7:24",
        "case.yaml:8:13",
        "case.yaml:9:5",
        "case.yaml:10:1",
    ]
    assert "2027-01-31" in told[0]
    assert "did you mean 'cheap_simulation'?" in told[2]
    assert "did you mean 'note'?" in told[3]
    assert "did you mean 'infeasible'?" in told[5]
    assert "did you mean 'review_by'?" in told[7]


@pytest.mark.parametrize("text", ["2027-02-29", "2027-1-1", "20270101", "2027-W01-1", "soon", ""])
def test_only_days_of_the_calendar_written_in_one_way_are_dates(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(("today", "is_due"), [("2027-01-30", False), ("2027-01-31", False), ("2027-02-01", True)])
def test_a_date_is_due_the_day_after_it(today, is_due):
    found = due(Case(title="x", review_by="2027-01-31"), Present(RULES), today)

    assert found.due is is_due
    assert [reason.kind for reason in found.reasons] == ["date"] * is_due


def test_without_a_day_no_date_is_due_however_old():
    assert not due(Case(title="x", review_by="1999-01-01"), Present(RULES)).due


def case_with(trigger, answer="unknown"):
    return Case(title="x", update_when=(trigger,), answers={"cheap_simulation": (Answer(answer=answer),)})


@pytest.mark.parametrize(
    ("trigger", "present", "kind"),
    [
        (Trigger(answers={"cheap_simulation": ("yes", "partly")}), Present(RULES), "answers"),
        (Trigger(rules_other_than=OTHER), Present(RULES), "rules"),
        (Trigger(spec_other_than=OTHER), Present(RULES, spec_digest=RULES), "spec"),
        (Trigger(probe=("infeasible",)), Present(RULES, probe="infeasible"), "probe"),
    ],
)
def test_a_condition_that_holds_makes_a_case_due_whatever_the_day(trigger, present, kind):
    found = due(case_with(trigger, "partly"), present)

    assert [reason.kind for reason in found.reasons] == [kind]


@pytest.mark.parametrize(
    ("trigger", "present"),
    [
        (Trigger(answers={"cheap_simulation": ("yes",)}), Present(RULES)),
        (Trigger(rules_other_than=RULES), Present(RULES)),
        (Trigger(spec_other_than=RULES), Present(RULES, spec_digest=RULES)),
        (Trigger(probe=("infeasible",)), Present(RULES, probe="feasible")),
        (Trigger(rules_other_than=OTHER, answers={"cheap_simulation": ("yes",)}), Present(RULES)),
    ],
)
def test_a_condition_of_which_a_part_does_not_hold_is_not_due(trigger, present):
    assert not due(case_with(trigger, "no"), present).due


def test_what_only_people_can_see_is_watched_and_what_cannot_be_looked_up_is_said():
    case = Case(title="x", update_when=(Trigger(note="The supplier changes"), Trigger(probe=("infeasible",))))
    found = due(case, Present(RULES))

    assert (found.due, found.watch) == (False, ("The supplier changes",))
    assert found.unseen == ("probe = infeasible: there is no probe of the present spec",)


def test_editing_a_case_leaves_these_lines_and_their_comments_byte_for_byte(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(TEXT)
    head = TEXT[: TEXT.index("answers:\n  known")]

    file = set_answer(read_case(path, QUESTIONS), "goal_shifts", (Answer(answer="no", evidence="x"),), QUESTIONS)
    file = set_answer(file, "known_rules", None, QUESTIONS)
    file = set_spec(file, "mdp.yaml", QUESTIONS)

    assert path.read_text().replace("spec: mdp.yaml\n", "").startswith(head)
    assert file.case.update_when == loaded(TEXT).update_when
    assert read_case(path, QUESTIONS).case.review_by == "2027-01-31"
