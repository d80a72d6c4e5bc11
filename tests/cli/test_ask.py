"""`scoper ask` through a pipe: what a person at a screen reader, over ssh or with a script gets."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scoper.domain.questionnaire import Answer
from scoper.interfaces.cli.dialogue_text import ended
from scoper.services.cases import create_case, set_answer
from scoper.services.scoping import interview
from tests.cli.asking import LIBRARY, ask, asked, case
from tests.in_process import scoper

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "case.yaml"


def test_a_whole_interview_ends_with_the_verdict_of_its_answers_and_the_next_command(path: Path) -> None:
    example = case(EXAMPLES / "warehouse_reorder.yaml").case
    answers: dict[str, tuple[Answer, ...]] = {}
    while (state := interview(example.model_copy(update={"answers": answers}), LIBRARY)) and not state.certain:
        assert state.next_signal is not None
        answers[state.next_signal] = (Answer(answer=example.value_of(state.next_signal)),)
    run = ask(path, *(given[0].answer for given in answers.values()), "")
    assert (run.returncode, run.stderr) == (0, "")
    assert asked(run.stdout) == list(answers)
    assert case(path).case.answers == answers
    assert "Certain: reinforcement learning" in run.stdout
    assert "VERDICT  reinforcement learning" in run.stdout
    assert run.stdout.rstrip().split("\n")[-1].startswith(f"Next: scoper run {path}")


def test_a_new_case_is_asked_for_its_title_and_summary(path: Path) -> None:
    run = ask(path, "", "Größe: 1", "One: paragraph", options=())
    assert run.returncode == 0
    assert (case(path).case.title, case(path).case.summary) == ("Größe: 1", "One: paragraph")
    assert len(asked(run.stdout)) == 1


def test_it_announces_itself_in_one_line_and_uses_no_escapes_whatever_the_terminal(path: Path) -> None:
    dumb = {**os.environ, "TERM": "dumb", "COLUMNS": "1000"}
    run = ask(path, options=("--title", "Mails \x1b[31m", "--color", "always"), env=dumb)
    assert run.stdout.split("\n")[0].startswith("scoper asks about 'Mails'")
    assert run.stdout.split("\n")[1] == ""
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", run.stdout)


def test_numbers_and_words_choose_and_every_answer_is_acknowledged_once_saved(path: Path) -> None:
    run = ask(path, "1", "PARTLY")
    first, second, _ = asked(run.stdout)
    assert re.findall("^Saved: .*", run.stdout, re.M) == [f"Saved: {first} = yes", f"Saved: {second} = partly"]
    assert case(path).case.facts() == {first: "yes", second: "partly"}


def test_an_answer_is_in_the_file_before_it_is_acknowledged(path: Path) -> None:
    command = [sys.executable, "-m", "scoper", "ask", str(path), "--title", "Mails"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for count, word in enumerate(["no", "no", "unknown", "partly"], 1):
            process.stdin.write(word + "\n")
            process.stdin.flush()
            for line in process.stdout:
                if line.startswith("Saved: "):
                    break
            signal, value = line.removeprefix("Saved: ").strip().split(" = ")
            assert len(case(path).case.answers) == count
            assert case(path).case.answers[signal] == (Answer(answer=value),)
        process.kill()


@pytest.mark.slow
def test_a_line_that_is_not_understood_saves_nothing_and_asks_again(path: Path) -> None:
    run = ask(path, "yess", "9", "x" * 200_000, b"\xff\x00", "", "s yes")
    assert "Not understood: 'yess'. Did you mean 'yes'? Nothing was saved." in run.stdout
    assert "Not understood: '9'. Type 1 to 5" in run.stdout
    assert run.stdout.count("Not understood") == 4
    assert case(path).case.answers == {}
    assert len(set(asked(run.stdout))) == 2  # an empty line repeats the question; s went on to another


def test_why_example_and_counter_example_are_told_on_demand(path: Path) -> None:
    run = ask(path, "?")
    question = LIBRARY.questions[asked(run.stdout)[0]]
    told = [
        f"Why we ask: {question.why}",
        f"Example: {question.example}",
        f"Counter-example: {question.counter_example}",
    ]
    assert [line for line in told if line in run.stdout] == told


def test_y_is_yes_and_a_bare_n_is_no_while_n_with_a_text_is_a_note(path: Path) -> None:
    run = ask(path, "y", "n", "n nobody looked", "N")
    first, second, third, *_ = asked(run.stdout)
    answers = case(path).case.answers
    assert [answers[signal][0].answer for signal in (first, second, third)] == ["yes", "no", "no"]
    assert [answers[signal][0].evidence for signal in (first, second, third)] == [None, None, "nobody looked"]


def test_a_bare_n_where_no_is_no_choice_asks_for_the_text_of_a_note(path: Path) -> None:
    run = ask(path, "j horizon", "n")
    assert "n needs a text" in run.stdout
    assert not case(path).case.answers


def test_a_name_records_beside_the_answers_of_others(path: Path) -> None:
    ana, bo = Answer(answer="yes", evidence="seen", by="Ana"), Answer(answer="no", by="Bo")
    set_answer(create_case(path, title="x"), "known_rules", (ana, bo), LIBRARY.questions)
    ask(path, "j known_rules", "partly", options=("--by", "Bo"))
    assert case(path).case.answers["known_rules"] == (ana, Answer(answer="partly", by="Bo"))


def test_skipped_questions_come_back_when_the_others_are_done(path: Path) -> None:
    run = ask(path, *["s"] * 26, "y", "yes")
    order = asked(run.stdout)
    first_round = len(set(order))
    assert f"y goes on with {first_round} more" in run.stdout
    assert order[first_round] == order[0]
    assert list(case(path).case.answers) == [order[0]]


def test_the_end_of_the_input_midway_loses_nothing_and_the_next_call_resumes(path: Path) -> None:
    first = ask(path, "yes", "no")
    assert first.returncode == 0
    resumed = ask(path, "unknown", options=())
    assert asked(resumed.stdout)[0] == asked(first.stdout)[2]
    assert re.search(r"^Question 3 \(up to \d+ left\)", resumed.stdout, re.M)
    assert list(case(path).case.answers) == asked(first.stdout)
    assert f"scoper ask {path}" in first.stdout


def test_without_a_title_no_file_is_made(path: Path) -> None:
    for typed in ((), ("", " ")):
        run = ask(path, *typed, options=())
        assert run.returncode == 2
        assert "a case needs a title" in run.stderr
        assert not path.exists()


def test_review_and_jump_show_and_change_earlier_answers(path: Path) -> None:
    run = ask(path, "yes", "no", "r", "j horison", "j horizon", "long", "q", "no")
    first, second, *_ = asked(run.stdout)
    assert f"  {first} = yes\n  {second} = no\n" in run.stdout or f"  {second} = no\n  {first} = yes\n" in run.stdout
    assert "There is no question 'horison': did you mean 'horizon'?" in run.stdout
    assert case(path).case.facts() == {first: "yes", second: "no", "horizon": "long"}


def test_after_a_certain_verdict_the_rest_may_be_asked(path: Path) -> None:
    path.write_text("scoper: 1\ntitle: Bills\nanswers: {language_and_tools: no, known_rules: yes}\n")
    left = interview(case(path).case, LIBRARY)
    assert left.certain
    assert left.open
    run = ask(path, "y", "unknown", options=())
    assert "Certain: plain automation" in run.stdout
    assert asked(run.stdout)[0] == left.open[0]
    assert case(path).case.answers[left.open[0]] == (Answer(answer="unknown"),)


def test_a_file_changed_by_somebody_else_meanwhile_is_read_again_not_overwritten(path: Path) -> None:
    command = [sys.executable, "-m", "scoper", "ask", str(path), "--title", "Mails"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("Type a number"):
                break
        path.write_text(path.read_text() + "domain: theirs\n")
        output, _ = process.communicate("yes\nyes\n")
    assert "Not saved: the file was changed by somebody else" in output
    assert output.count("Saved: ") == 1
    assert case(path).case.domain == "theirs"
    assert list(case(path).case.facts().values()) == ["yes"]


def test_with_json_the_one_document_on_stdout_is_that_of_assess(path: Path) -> None:
    run = ask(path, "yes", options=("--title", "Mails", "--json"))
    assess = scoper("assess", path, "--json")
    assert json.loads(run.stdout) == json.loads(assess.stdout)
    assert "Saved: " in run.stderr


@pytest.mark.parametrize(
    ("text", "options", "code", "words"),
    [
        (None, ("--no-input",), 2, "--no-input"),
        (None, ("--title", " "), 2, "needs a title"),
        ("scoper: 1\ntitle: x\nanswers: {known_rules: maybe}\n", (), 2, "case.yaml:3:24: 'maybe' is not an answer"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(
    path: Path, text: str | None, options: tuple[str, ...], code: int, words: str
) -> None:
    if text:
        path.write_text(text)
    run = ask(path, "yes", options=options)
    assert run.returncode == code
    assert words in run.stderr
    assert (path.read_text() if path.exists() else None) == text


def test_commands_are_understood_as_words_too_and_nothing_is_repeated_in_silence(tmp_path):
    case = tmp_path / "case.yaml"
    lines = ["no", "undo", "help", "j", "no", "yes", "bla", ""]

    run = scoper("ask", case, "--title", "Words", input="\n".join(lines) + "\n")

    assert run.returncode == 0, run.stderr
    assert "Did you mean 'no'" not in run.stdout
    assert "j needs the name of a question" in run.stdout
    assert "Not understood: 'bla'" in run.stdout


def test_the_interview_ends_when_only_what_is_unknown_could_change_the_technique() -> None:
    nothing = case(EXAMPLES / "warehouse_reorder.yaml").case.model_copy(update={"answers": {}})
    unknown = {signal: (Answer(answer="unknown"),) for signal in LIBRARY.questions}
    nothing_known = interview(nothing.model_copy(update={"answers": unknown}), LIBRARY)
    assert nothing_known.final
    assert not nothing_known.certain
    decisive = next(q.signal for q in interview(nothing, LIBRARY).verdict.next_questions if q.matters == "technique")
    one_left = {signal: answers for signal, answers in unknown.items() if signal != decisive}
    assert not interview(nothing.model_copy(update={"answers": one_left}), LIBRARY).final
    assert decisive in ended(nothing_known, ())


def test_answers_that_newly_exclude_each_other_are_named_once_right_after_the_answer(path: Path) -> None:
    run = ask(path, "j sequential_delayed", "no", "j horizon", "long", "j known_rules", "no", "j horizon", "short")
    lines = run.stdout.split("\n")
    told = [line for line in lines if line.startswith("Contradiction: ")]
    assert len(told) == 1
    pairs, advice = told[0].removeprefix("Contradiction: ").split(". ", 1)
    assert sorted(pairs.split(", ")) == ["horizon = long", "sequential_delayed = no"]
    assert advice.startswith("One of the two answers must be wrong")
    assert re.search(r"^  To correct it: .*\bj horizon\b", lines[lines.index(told[0]) + 1])
    assert lines[lines.index(told[0]) - 1] == "Saved: horizon = long"


def test_a_contradiction_that_was_corrected_is_named_again_when_it_comes_back(path: Path) -> None:
    run = ask(path, "j sequential_delayed", "no", "j horizon", "long", "u", "long")
    assert run.stdout.count("Contradiction: ") == 2


def test_plain_may_be_said_of_the_interview_that_always_is(path: Path) -> None:
    assert f"about 'Mails'; each answer is saved at once in {path}" in " ".join(
        ask(path, "q", options=("--title", "Mails", "--plain")).stdout.split()
    )


def test_a_folder_that_is_not_there_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    ended = ask(tmp_path / "typo" / "case.yaml", "Mails", options=())

    assert ended.returncode == 4
    assert "title" not in ended.stdout
    assert "create the folder first" in ended.stderr


def test_an_interview_that_is_left_names_the_report_so_far(path: Path) -> None:
    assert f"scoper report {path} -o report.md" in ask(path, "q").stdout


def test_of_a_case_that_cannot_be_read_nothing_else_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "x.yaml"
    folder.mkdir()
    run = scoper("ask", folder, "--title", "a", input="")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("scoper: error[file-is-folder]")
