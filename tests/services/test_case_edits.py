from collections.abc import Callable
from pathlib import Path

import pytest

from scoper.domain.questionnaire import Answer
from scoper.errors import StorageError, UsageError
from scoper.services import case_edit
from scoper.services.cases import create_case, read_case, set_answer
from tests.services.case_texts import HEAD, QUESTIONS

YES, NO = Answer(answer="yes"), Answer(answer="no")
LONG = Answer(answer="partly", confidence="low", evidence="seen: twice", by="Ana")
LONG_FLOW = '{answer: partly, confidence: low, evidence: "seen: twice", by: Ana}'
LONG_BLOCK = '    answer: partly\n    confidence: low\n    evidence: "seen: twice"\n    by: Ana\n'


@pytest.mark.parametrize(
    ("before", "answers", "after"),
    [
        ("", (YES,), "answers:\n  known_rules: yes\n"),
        ("answers:\n", (YES,), "answers:\n  known_rules: yes\n"),
        ("answers:   # soon\ndomain: x\n", (YES,), "answers:   # soon\n  known_rules: yes\ndomain: x\n"),
        ("answers: {}  # soon\n", (YES,), "answers:  # soon\n  known_rules: yes\n"),
        ("answers: ~\n", (YES,), "answers:\n  known_rules: yes\n"),
        ("answers: {goal_shifts: no, }  # f\n", (YES,), "answers: {goal_shifts: no, known_rules: yes, }  # f\n"),
        ("answers: {known_rules: no}\n", (YES,), "answers: {known_rules: yes}\n"),
        ("answers: {known_rules: no}\n", (LONG,), f"answers: {{known_rules: {LONG_FLOW}}}\n"),
        ("answers: {known_rules: no, goal_shifts: yes}\n", (), "answers: {goal_shifts: yes}\n"),
        ("answers: {goal_shifts: yes, known_rules: no}\n", (), "answers: {goal_shifts: yes}\n"),
        ("answers: {known_rules: no}\n", (), "answers: {}\n"),
        (
            "answers:\n    goal_shifts: no # a\n# b\n",
            (YES,),
            "answers:\n    goal_shifts: no # a\n    known_rules: yes\n# b\n",
        ),
        ("answers:\n  known_rules:   'no'   # why\n", (YES,), "answers:\n  known_rules:   'yes'   # why\n"),
        ("answers:\n  known_rules: no   # why\n", (LONG,), f"answers:\n  known_rules:   # why\n{LONG_BLOCK}"),
        ("answers:\n  # c\n  known_rules: no # d\n  goal_shifts: no\n", (), "answers:\n  # c\n  goal_shifts: no\n"),
        ("answers:\n  known_rules: no", (), "answers:"),
        ("answers:\n  goal_shifts: no", (YES,), "answers:\n  goal_shifts: no\n  known_rules: yes"),
        (
            "answers:\n  known_rules: {by: Ana, answer: no} # d\n",
            (YES,),
            "answers:\n  known_rules: {answer: yes} # d\n",
        ),
        (
            "answers:\n  known_rules:\n    by: Ana # a\n    # b\n    answer: no # c\n    confidence: high\n",
            (Answer(answer="no", by="Bo", evidence="seen"),),
            "answers:\n  known_rules:\n    by: Bo # a\n    # b\n    answer: no # c\n    evidence: seen\n",
        ),
        (
            "answers:\n  known_rules:\n    answer: no\n    evidence: |\n      one\n      two\n\n  goal_shifts: no\n",
            (Answer(answer="no", evidence="three"),),
            "answers:\n  known_rules:\n    answer: no\n    evidence: three\n\n  goal_shifts: no\n",
        ),
        (
            "answers:\n  known_rules:\n  - answer: no # a\n    by: Ana\n  - {answer: yes, by: Bo}\n",
            (Answer(answer="yes", by="Ana"), Answer(answer="yes", by="Bo"), Answer(answer="no", by="Cy")),
            "answers:\n  known_rules:\n  - answer: yes # a\n    by: Ana\n  - {answer: yes, by: Bo}\n"
            "  - answer: no\n    by: Cy\n",
        ),
        (
            "answers:\n  known_rules: [{answer: no}, {answer: yes}, {answer: no}]\n",
            (NO,),
            "answers:\n  known_rules: [{answer: no}]\n",
        ),
        (
            "answers:\n  known_rules: no # x\n  goal_shifts: no\n",
            (YES, NO),
            "answers:\n  known_rules: # x\n    - answer: yes\n    - answer: no\n  goal_shifts: no\n",
        ),
        ("answers:\n  known_rules:\n    no\n", (YES,), "answers:\n  known_rules:\n    yes\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_an_edit_changes_one_span_and_nothing_else(
    tmp_path: Path, before: str, answers: tuple[Answer, ...], after: str, newline: str, mark: str
) -> None:
    path = tmp_path / "case.yaml"

    def whole(text: str) -> str:
        return mark + ("# mine\n" + HEAD + text).replace("\n", newline)

    path.write_bytes(whole(before).encode())
    file = set_answer(read_case(path, QUESTIONS), "known_rules", answers, QUESTIONS)
    assert path.read_bytes().decode() == file.text == whole(after)
    assert read_case(path, QUESTIONS) == file
    assert file.case.answers.get("known_rules", ()) == answers


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{scoper: 1, title: x}", "{scoper: 1, title: x, answers: {known_rules: yes}}"),
        ("{scoper: 1, title: x, answers: {}}\n", "{scoper: 1, title: x, answers: {known_rules: yes}}\n"),
        ("---\nscoper: 1\ntitle: x\n...\n", "---\nscoper: 1\ntitle: x\nanswers:\n  known_rules: yes\n...\n"),
        ("scoper: 1\ntitle: |+\n  x\n\n", "scoper: 1\ntitle: |+\n  x\nanswers:\n  known_rules: yes\n\n"),
        (
            '{"scoper": 1, "title": "x", "answers": {"known_rules": "no"}}',
            '{"scoper": 1, "title": "x", "answers": {"known_rules": "yes"}}',
        ),
    ],
)
def test_unusual_layouts_are_edited_too(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(before)
    set_answer(read_case(path, QUESTIONS), "known_rules", (YES,), QUESTIONS)
    assert path.read_text() == after


def test_when_the_least_edit_does_not_read_back_only_the_answers_block_is_rewritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(HEAD + "answers: # a\n  goal_shifts: {answer: no}\n# keep\ndomain:   x\n")
    monkeypatch.setattr(case_edit, "edited", lambda text, *_: text.replace("no", "yes"))
    set_answer(read_case(path, QUESTIONS), "known_rules", (LONG,), QUESTIONS)
    block = f"answers:\n  goal_shifts: no\n  known_rules:\n{LONG_BLOCK}"
    assert path.read_text() == HEAD + block + "# keep\ndomain:   x\n"


def test_nothing_is_written_when_no_text_reads_back_as_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(HEAD)
    monkeypatch.setattr(case_edit, "edited", lambda text, *_: "a: [")
    monkeypatch.setattr(case_edit, "rewritten", lambda text, *_: text)
    with pytest.raises(StorageError, match="cannot be written without changing something else"):
        set_answer(read_case(path, QUESTIONS), "known_rules", (YES,), QUESTIONS)
    assert path.read_text() == HEAD


@pytest.mark.parametrize(
    "meddle", [lambda path: path.write_text(HEAD + "# new\n"), Path.unlink, lambda path: path.write_bytes(b"\xff")]
)
def test_a_file_that_changed_on_disk_is_left_alone(tmp_path: Path, meddle: Callable[[Path], None]) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(HEAD)
    file = read_case(path, QUESTIONS)
    meddle(path)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(StorageError, match="changed on disk"):
        set_answer(file, "known_rules", (YES,), QUESTIONS)
    assert (path.read_bytes() if path.exists() else None) == before


def test_an_unknown_question_or_value_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    file = create_case(tmp_path / "case.yaml", title="x")
    with pytest.raises(UsageError, match="did you mean 'known_rules'"):
        set_answer(file, "known_rule", (YES,), QUESTIONS)
    with pytest.raises(UsageError, match="'yes' is not an answer to 'horizon'"):
        set_answer(file, "horizon", (YES,), QUESTIONS)
    assert read_case(file.path, QUESTIONS) == file


def test_the_same_answer_again_writes_nothing(tmp_path: Path) -> None:
    file = set_answer(create_case(tmp_path / "case.yaml", title="x"), "known_rules", (YES,), QUESTIONS)
    inode = file.path.stat().st_ino
    assert set_answer(file, "known_rules", (YES,), QUESTIONS) == file
    assert file.path.stat().st_ino == inode
