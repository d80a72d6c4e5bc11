from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.domain.questionnaire import Answer, Case
from scoper.errors import StorageError, UsageError
from scoper.services.cases import create_case, read_case, set_answer
from tests.services.case_texts import ANY_TEXT, HEAD, QUESTIONS, complaints, loaded


def test_short_long_and_several_answers_are_read() -> None:
    case = loaded(
        HEAD
        + """summary: |
  First line
  second line
domain: retail
spec: mdp.yaml
answers:
  reward_measurable: yes
  known_rules: false
  model_known: TRUE
  horizon: long
  cheap_simulation:
    answer: partly
    confidence: medium
    evidence: "Model of 2024"
    by: Ana
  goal_shifts:
    - {answer: no, by: Ana}
    - {answer: not_applicable, by: Bo}
"""
    )
    assert (case.title, case.summary, case.domain, case.spec) == (
        "Reorder",
        "First line\nsecond line",
        "retail",
        "mdp.yaml",
    )
    assert case.answers == {
        "reward_measurable": (Answer(answer="yes"),),
        "known_rules": (Answer(answer="no"),),
        "model_known": (Answer(answer="yes"),),
        "horizon": (Answer(answer="long"),),
        "cheap_simulation": (Answer(answer="partly", confidence="medium", evidence="Model of 2024", by="Ana"),),
        "goal_shifts": (Answer(answer="no", by="Ana"), Answer(answer="not_applicable", by="Bo")),
    }


def test_a_title_that_looks_like_a_number_stays_the_text_that_was_written() -> None:
    assert loaded("scoper: 1\ntitle: 0012\nsummary: yes\n") == Case(title="0012", summary="yes")


@pytest.mark.parametrize("answers", ["", "answers:\n", "answers: {}\n", "answers: null # none\n"])
def test_no_answers_are_fine(answers: str) -> None:
    assert loaded(HEAD + answers).answers == {}


def test_every_problem_is_reported_in_file_order_with_place_allowed_values_and_nearest_spelling() -> None:
    text = """scoper: 1
titel: x
summary: [a]
known_rules: yes
answers:
  reward_measurable: ye
  reward_mesurable: yes
  cheap_simulation:
    answer: yes
    confidense: low
    confidence: hi
  horizon: not_applicable
  horizon: 1
  known_rules:
  model_known: [x, {by: Ana}]
  goal_shifts: []
  steps_fixed: {answer: [yes], evidence: {a: b}}
"""
    such = "such as '- {answer: yes, by: Ana}'"
    graded = "allowed: yes, partly, no, unknown, not_applicable"
    assert complaints(text) == [
        "case.yaml: the title is missing (add a line 'title: ...')",
        "case.yaml:2:1: 'titel' is not a key of a case file (did you mean 'title'?)",
        "case.yaml:3:10: 'summary' must be a text, not a list",
        "case.yaml:4:1: 'known_rules' is not a key of a case file (indent it under 'answers:')",
        f"case.yaml:6:22: 'ye' is not an answer to 'reward_measurable'; {graded} (did you mean 'yes'?)",
        "case.yaml:7:3: there is no question 'reward_mesurable' (did you mean 'reward_measurable'?)",
        "case.yaml:10:5: 'confidense' is not part of an answer (did you mean 'confidence'?)",
        "case.yaml:11:17: 'hi' is not a confidence; allowed: low, medium, high (did you mean 'high'?)",
        "case.yaml:12:12: 'not_applicable' is not an answer to 'horizon'; allowed: one_step, short, long, unknown",
        "case.yaml:13:3: the key 'horizon' stands here a second time, first on line 12 (remove one of the two)",
        "case.yaml:13:12: '1' is not an answer to 'horizon'; allowed: one_step, short, long, unknown",
        "case.yaml:14:15: the answer to 'known_rules' is empty (write 'unknown' or remove the line)",
        f"case.yaml:15:17: each answer in a list for 'model_known' must be a mapping ({such})",
        "case.yaml:15:20: 'answer' is missing for 'model_known' (add 'answer: ...')",
        "case.yaml:16:16: the list of answers to 'goal_shifts' is empty (remove the line)",
        f"case.yaml:17:25: a list is not an answer to 'steps_fixed'; {graded}",
        "case.yaml:17:42: 'evidence' must be a text, not a mapping",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: x\n", "format version is missing"),
        ("scoper: one\ntitle: x\n", "format version must be 1"),
        ("scoper: 0\ntitle: x\n", "format version must be 1"),
        ("scoper: '1'\ntitle: x\n", "format version must be 1"),
        ("scoper: true\ntitle: x\n", "format version must be 1"),
        ("scoper: 1\ntitle: ' '\n", "title is empty"),
        ("scoper: 1\ntitle:\n", "title is empty"),
        ("- scoper\n", "'key: value' lines"),
        ("scoper_mdp: 1\nname: x\nstate: {}\n", "an MDP spec, not a case (`scoper probe case.yaml` takes it"),
        (HEAD + "answers: yes\n", "'question: answer' lines"),
    ],
)
def test_a_case_without_its_frame_is_refused(text: str, words: str) -> None:
    (complaint,) = complaints(text)
    assert words in complaint


def test_a_newer_format_is_refused_with_advice_and_nothing_else_is_held_against_it() -> None:
    assert complaints("scoper: 2\nname: x\nname: y\n") == [
        "case.yaml:1:9: this file has format 2; this scoper reads format 1 (upgrade scoper)"
    ]


def test_a_flood_of_mistakes_is_cut_off() -> None:
    text = HEAD + "answers:\n" + "".join(f"  reward_measurabl{n}: yes\n" for n in range(20_000))
    assert len(complaints(text)) == 100


def test_loaded_text_holds_no_escapes_but_the_file_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    text = 'scoper: 1\ntitle: "a\\e[31mb\\u202e"\nsummary: "x\\ty\\r\\nz\\x07"\n'
    path.write_text(text)
    file = read_case(path, QUESTIONS)
    assert (file.case.title, file.case.summary) == ("ab", "x y\nz")
    set_answer(file, "known_rules", (Answer(answer="no"),), QUESTIONS)
    assert path.read_text().startswith(text)


def test_a_created_case_reads_back_equal_and_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    summary = "A long paragraph: with 'quotes', # marks and - dashes. " * 8
    file = create_case(path, title="  Größe: 1\n", summary=summary, domain="retail")
    assert read_case(path, QUESTIONS) == file
    assert file.case == Case(title="Größe: 1", summary=summary.strip(), domain="retail")
    assert max(map(len, file.text.split("\n"))) <= 120
    with pytest.raises(StorageError, match="exists already"):
        create_case(path, title="Other")
    with pytest.raises(UsageError, match="needs a title"):
        create_case(tmp_path / "b.yaml", title=" \x1b[0m ")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".scoper", "case.yaml"]


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_title_and_summary_survive_creation(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "case.yaml"
    path.unlink(missing_ok=True)
    title, summary = data.draw(ANY_TEXT), data.draw(ANY_TEXT)
    try:
        file = create_case(path, title=title, summary=summary, domain=data.draw(ANY_TEXT))
    except UsageError:
        assert not path.exists()
    else:
        assert read_case(path, QUESTIONS) == file
