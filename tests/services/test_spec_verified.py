"""An answer on traces goes into a spec by the least edit: all else stays byte for byte, or nothing is written."""

import pytest

from scoper.domain.wanted import Verification
from scoper.errors import StorageError
from scoper.services.spec_verified import record, with_verified
from scoper.services.specs import parse_spec

DECLARED = """\
scoper_mdp: 1   # a shop
name: Shop
discount: 0.9
state: {x: {from: 0, to: 2}}
actions: {a: {from: 0, to: 1}}
next: {x: a}
reward: {r: x}  # pays
OBJECTIVE
terminated: "false"
start: {x: 0}   # last
"""
ANSWERS = [
    Verification(answer=True),
    Verification(answer=False, by="Ana: from #3", note='it "waits", {for} ever', shown="ab12"),
]
OBJECTIVES = [
    "# none",
    "objective: r  # the same",
    'objective: "x + 1"',
    "objective: {expression: r}   # why",
    "objective:\n  expression: r  # here\n  direction: maximise",
    "objective: {success: next_x == 2, verified: yes}",
    "objective:\n  success: next_x == 2\n  verified:  # old\n    answer: yes\n    by: Bo\n  monotone: [{more_of: x}]",
    "objective:\n    verified: {answer: yes, by: Bo}  # old\n    success: next_x == 2",
]


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_the_answer_changes(answer, objective, newline):
    text = DECLARED.replace("OBJECTIVE", objective).replace("\n", newline)
    before, after = parse_spec(text, "m"), with_verified(text, answer)
    read = parse_spec(after, "m")

    assert read.wanted.verified == answer
    assert read.objective == before.objective
    assert read.wanted.model_copy(update={"verified": None}) == before.wanted.model_copy(update={"verified": None})
    kept = [line for line in text.split(newline) if "verified" not in line and "objective" not in line]
    assert [line for line in kept if line not in after] in ([], ["    answer: yes"], ["    answer: yes", "    by: Bo"])


@pytest.mark.parametrize("objective", ["", "objective: {info: won, at: end}", "objective: {success: {info: won}}"])
def test_of_an_environment_too(objective):
    text = f"scoper_mdp: 1\nname: e\nenvironment: {{id: CartPole-v1}}\n{objective}\n# end\n"

    assert parse_spec(with_verified(text, ANSWERS[1]), "m").wanted.verified == ANSWERS[1]


def test_a_second_answer_takes_the_place_of_the_first():
    once = with_verified(DECLARED.replace("OBJECTIVE", "# none"), ANSWERS[0])
    twice = with_verified(once, ANSWERS[1])

    assert twice.count("verified") == 1
    assert with_verified(twice, ANSWERS[0]) == once


def test_a_file_that_changed_since_it_was_shown_is_left_alone(tmp_path):
    text = DECLARED.replace("OBJECTIVE", "# none")
    path = tmp_path / "mdp.yaml"
    path.write_text(text + "# mine\n")

    with pytest.raises(StorageError, match="changed on disk"):
        record(path, text, ANSWERS[0])
    assert path.read_text() == text + "# mine\n"
