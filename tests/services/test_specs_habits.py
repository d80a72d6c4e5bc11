"""What newcomers write in a spec file: the message says how it is written here, and one slip is one problem."""

import pytest

from scoper.errors import InputError
from scoper.services.specs import parse_spec

PLANT = """\
scoper_mdp: 1
name: Plant
discount: 0.99
horizon: 30
state: {wear: {from: 0, to: 4}, shift: {values: [early, late]}}
actions: {task: {values: [run, mend]}}
exogenous: {harm: {binomial: {n: 2, p: 0.3}}, energy: {values: {0: 0.5, 1: 0.5}}}
tables: {after: {early: 1, late: 0}, bill: [5, 20]}
next: {wear: "0 if task == mend else min(4, wear + harm)", shift: "late if after[shift] == 1 else early"}
reward: {made: "10 * (task == run) - bill[energy]", pause: "-1 * (task == mend)"}
start: {wear: 0, shift: early}
"""


def problems(old, new):
    assert PLANT.count(old) == 1
    with pytest.raises(InputError) as caught:
        parse_spec(PLANT.replace(old, new), "mdp.yaml")
    return [(p.line, p.message, p.remedy) for p in caught.value.problems]


def test_the_plant_as_written_is_sound():
    assert parse_spec(PLANT, "mdp.yaml").discount == 0.99


@pytest.mark.parametrize(
    ("old", "new", "line", "remedy"),
    [
        ("discount: 0.99", "discount: 99%", 3, "write 0.99"),
        ("discount: 0.99", 'discount: "0,99"', 3, "decimal point: 0.99"),
        ("p: 0.3", "p: 30%", 7, "write 0.3"),
        ("p: 0.3", 'p: "2,5 %"', 7, "write 0.025"),
        ("10 * (task", "10,5 * (task", 10, "decimal point: 10.5"),
        ("10 * (task", "10 EUR * (task", 10, "leave out EUR: units go under `units:`"),
        ("min(4, wear", "min(4; wear", 9, "arguments are separated by commas"),
    ],
)
def test_a_number_from_everyday_life_is_one_problem_with_its_spelling(old, new, line, remedy):
    ((at, _, said),) = problems(old, new)
    assert (at, said) == (line, remedy)


@pytest.mark.parametrize(
    ("key", "slip"),
    [("actions", "action"), ("state", "states"), ("exogenous", "exogenus"), ("tables", "table"), ("reward", "rewards")],
)
def test_a_misspelled_key_is_one_problem_and_not_its_consequences(key, slip):
    ((_, message, remedy),) = problems(f"\n{key}:", f"\n{slip}:")
    assert message == f"unknown key '{slip}' in the spec"
    assert remedy == f"did you mean '{key}'?"


def test_two_keys_near_the_same_one_are_not_guessed_between():
    found = problems("actions: {task", "action: {task: {values: [run]}}\nactons: {task")
    assert "the spec lacks 'actions'" in [message for _, message, _ in found]


def test_a_key_near_one_that_is_there_does_not_replace_it():
    ((line, message, _),) = problems("horizon: 30", "horizon: 30\naction: {other: {from: 0, to: 1}}")
    assert (line, message) == (5, "unknown key 'action' in the spec")


def test_what_is_wrong_below_a_misspelled_key_is_told_too():
    found = problems(
        "actions: {task: {values: [run, mend]}}", "action: {task: {values: [run, mend]}, grade: {from: 3, to: 1}}"
    )
    assert [message for _, message, _ in found] == [
        "unknown key 'action' in the spec",
        "actions.grade is empty: it goes from 3 to 1",
    ]


@pytest.mark.parametrize("law", ["{values: {cheap: 0.5, dear: 0.5}}", "{empirical: [cheap, dear]}"])
def test_draws_that_are_words_lead_to_numbers_and_a_table(law):
    found = problems("energy: {values: {0: 0.5, 1: 0.5}}", f"energy: {law}")
    assert len(found) == 2
    for (_, message, remedy), word in zip(found, ("cheap", "dear"), strict=True):
        assert message.endswith(f"must be a number, not '{word}'")
        assert remedy.startswith("draws are numbers only: use 0 and 1, and a table")


def test_a_table_of_words_leads_to_numbers():
    ((_, message, remedy),) = problems("after: {early: 1, late: 0}", "after: {early: late, late: 0}")
    assert message == "tables.after must be made of numbers, not 'late'"
    assert remedy.startswith("tables hold numbers only: use 0 and 1")


@pytest.mark.parametrize("number", ["9" * 400 + "%", "9" * 400 + ",5", "1" * 90_000])
def test_a_number_of_endless_digits_gets_no_spelling(number):
    ((_, message, remedy),) = problems("p: 0.3", f"p: '{number}'")
    assert "must be" in message
    assert "inf" not in remedy


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("environment: {id: FrozenLake-v1}\nhorizon: 5\n", 4, "'horizon' is for a spec with states and actions"),
        ("discount: 0.9\nidle_action: 0\n", 4, "'idle_action' is for a spec of an environment"),
    ],
)
def test_a_key_of_the_other_kind_of_spec_is_called_that(text, line, message):
    with pytest.raises(InputError) as caught:
        parse_spec(f"scoper_mdp: 1\nname: X\n{text}", "mdp.yaml")

    assert [p.line for p in caught.value.problems if message in p.message] == [line]
