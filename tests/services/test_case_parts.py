"""Parts of a case: what the reader takes and refuses, and changes of one part that leave every other byte alone."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.domain.questionnaire import Answer, HandOver
from scoper.errors import StorageError, UsageError
from scoper.services.cases import CaseFile, divided, in_parts, read_case, set_answer, set_spec
from tests.services.case_texts import HEAD, QUESTIONS, complaints, loaded

TWO = (
    HEAD + "answers: {known_rules: no}\nparts:\n  router:\n    hands_to: {planner: tickets}\n  planner: {title: Plan}\n"
)
NAMES = [name for name in QUESTIONS if name != "horizon"]


def test_a_part_is_a_case_with_the_shared_answers_and_its_own_before_them() -> None:
    case = loaded(TWO.replace("title: Plan", "title: Plan, answers: {known_rules: yes, horizon: long}"))
    router, planner = case.parts or ()
    assert (router.title, planner.title, router.hands_to) == (
        "router",
        "Plan",
        (HandOver(to="planner", what="tickets"),),
    )
    assert case.of_part(router).facts() == {"known_rules": "no"}
    assert case.of_part(planner).facts() == {"known_rules": "yes", "horizon": "long"}
    assert case.facts() == {"known_rules": "no"}


@pytest.mark.parametrize("written", ["b", "[b]", "{b: }", '{b: ""}'])
def test_a_hand_over_without_words_may_be_written_in_four_ways(written: str) -> None:
    case = loaded(HEAD + f"parts:\n  a: {{hands_to: {written}}}\n  b: {{}}\n")
    assert (case.parts or ())[0].hands_to == (HandOver(to="b"),)


@pytest.mark.parametrize("written", ["", " null", " {}"])
def test_no_parts_are_no_parts(written: str) -> None:
    assert loaded(HEAD + f"parts:{written}\n").parts is None


def test_every_problem_of_the_parts_comes_at_once_with_its_place() -> None:
    text = HEAD + (
        "parts:\n"
        "  Router: {title: x}\n"
        "  a:\n"
        "    titel: A\n"
        "    hands_to: {a: x, plan: y, b: {z: 1}}\n"
        "    answers: {known_rule: yes}\n"
        "  b: [c]\n"
        "  plane: {title: '', hands_to: [a, a]}\n"
    )
    told = complaints(text)
    places = {
        "case.yaml:4:3": "'Router' is not an id of a part",
        "case.yaml:6:5": "did you mean 'title'?",
        "case.yaml:7:16": "cannot hand over to itself",
        "case.yaml:7:22": "did you mean 'plane'?",
        "case.yaml:7:34": "must be a text",
        "case.yaml:8:15": "did you mean 'known_rules'?",
        "case.yaml:9:6": "part 'b' must be a mapping",
        "case.yaml:10:18": "the title is empty",
        "case.yaml:10:36": "twice",
    }
    assert len(told) == len(places)
    for line, (place, words) in zip(told, places.items(), strict=True):
        assert f"{place}:" in line
        assert words in line


@pytest.mark.parametrize("written", ["x", "[a, b]", "3"])
def test_parts_that_are_no_mapping_are_refused(written: str) -> None:
    assert "must hold one mapping per part" in complaints(HEAD + f"parts: {written}\n")[0]


def test_thirty_parts_are_taken_and_one_more_refused() -> None:
    def with_parts(n: int) -> str:
        return HEAD + "parts:\n" + "".join(f"  p{i}: {{}}\n" for i in range(n))

    assert len(loaded(with_parts(30)).parts or ()) == 30
    assert "31 parts are more than the 30" in complaints(with_parts(31))[0]


@pytest.mark.parametrize("name", ["a b", "1a", "a-b", "ä", "a" * 41])
def test_an_id_is_small_letters_digits_and_underscores(name: str) -> None:
    assert "is not an id of a part" in complaints(HEAD + f"parts:\n  '{name}': {{}}\n")[0]


def read(folder: Path, text: str, part: str | None = None, name: str = "case.yaml") -> CaseFile:
    path = folder / name
    path.write_bytes(text.encode())
    return read_case(path if part is None else path.with_name(f"{name}#{part}"), QUESTIONS)


def test_a_file_that_is_called_like_a_part_is_meant_itself(tmp_path: Path) -> None:
    read(tmp_path, TWO, name="case.yaml")
    assert read(tmp_path, HEAD, name="case.yaml#router").part is None
    assert divided(tmp_path / "case.yaml#planner") == (tmp_path / "case.yaml", "planner")
    assert divided(tmp_path / "new#case.yaml") == (tmp_path / "new#case.yaml", None)


def test_an_unknown_part_is_told_with_the_nearest_spelling(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no part 'ruter'.*did you mean 'router'\?"):
        read(tmp_path, TWO, "ruter")
    with pytest.raises(UsageError, match="the case has no parts"):
        read(tmp_path, HEAD, "router", name="whole.yaml")


def test_every_part_names_itself_as_a_command_takes_it(tmp_path: Path) -> None:
    file = read(tmp_path, TWO)
    assert [part.named.name for part in in_parts(file)] == ["case.yaml#router", "case.yaml#planner"]
    assert all(read_case(part.named, QUESTIONS) == part for part in in_parts(file))
    assert in_parts(read(tmp_path, HEAD)) == (read(tmp_path, HEAD),)


STYLES = (
    "  mine:  # why\n    title: Mine  # t\n",
    "  mine:\n      # deep\n      title: Mine\n      answers:  # none yet\n",
    "  mine:\n    answers:\n      # above\n      known_rules: yes  # so\n    hands_to: [other]\n",
    "  mine:\n    title: Mine\n    answers: {known_rules: yes, model_known: {answer: no, by: Bo}}  # flow\n",
    "  mine: {title: Mine, answers: {known_rules: yes}, hands_to: {other: x}}\n",
    "  mine: {title: Mine}\n",
    "  mine: {answers: {}}\n",
)
OTHER = "  other:  # o\n    answers:\n      known_rules: 'no'   # kept\n\n"
LAYOUTS = st.tuples(
    st.sampled_from(STYLES), st.booleans(), st.sampled_from(["", "# end\n"]), st.sampled_from(["\n", "\r\n"])
)


def laid(layout: tuple[str, bool, str, str]) -> tuple[str, str, str]:
    """What stands before the part, the part, what stands behind it."""
    mine, first, end, newline = layout
    before = HEAD + "answers:  # shared\n  model_known: partly\n  goal_shifts: no\nparts:\n" + ("" if first else OTHER)
    after = (OTHER if first else "") + end
    return before.replace("\n", newline), mine.replace("\n", newline), after.replace("\n", newline)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(LAYOUTS, st.sampled_from(NAMES), st.sampled_from(["yes", "no", "partly"]), st.none() | st.just("because: #1"))
def test_an_answer_of_a_part_keeps_every_other_byte(
    tmp_path: Path, layout: tuple[str, bool, str, str], signal: str, word: str, evidence: str | None
) -> None:
    before, mine, after = laid(layout)
    file = read(tmp_path, before + mine + after, "mine")
    new = (Answer(answer=word, evidence=evidence),)
    changed = set_answer(file, signal, new, QUESTIONS)
    assert changed.text.startswith(before)
    assert changed.text.endswith(after)
    assert changed.part == "mine"
    assert read_case(file.named, QUESTIONS) == changed
    assert changed.case.answers == {**file.case.answers, signal: new}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(LAYOUTS, st.sampled_from(["mine.mdp.yaml", "a b.yaml", "ä#1.yaml"]))
def test_a_spec_of_a_part_keeps_every_other_byte(tmp_path: Path, layout: tuple[str, bool, str, str], name: str) -> None:
    before, mine, after = laid(layout)
    file = read(tmp_path, before + mine + after, "mine")
    changed = set_spec(file, name, QUESTIONS)
    assert changed.text.startswith(before)
    assert changed.text.endswith(after)
    assert (changed.case.spec, changed.case.answers) == (name, file.case.answers)


def test_taking_back_a_part_s_own_answer_brings_the_shared_one_back(tmp_path: Path) -> None:
    file = read(tmp_path, TWO.replace("title: Plan", "title: Plan, answers: {known_rules: yes}"), "planner")
    assert file.case.facts() == {"known_rules": "yes"}
    assert set_answer(file, "known_rules", None, QUESTIONS).case.facts() == {"known_rules": "no"}


def test_a_part_is_not_written_over_what_somebody_else_changed(tmp_path: Path) -> None:
    file = read(tmp_path, TWO, "router")
    file.path.write_text(TWO + "# mine\n")
    with pytest.raises(StorageError):
        set_answer(file, "known_rules", (Answer(answer="yes"),), QUESTIONS)
    assert file.path.read_text().endswith("# mine\n")
