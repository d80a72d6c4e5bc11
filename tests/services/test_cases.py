import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.domain.questionnaire import CONFIDENCES, GRADED_VALUES, Answer, Case, Question
from scoper.errors import InputError, StorageError, UsageError
from scoper.services import case_edit
from scoper.services.case_format import parse_case, tidy
from scoper.services.cases import create_case, read_case, set_answer, set_spec


def question(name: str, kind: Any = "graded", values: tuple[str, ...] = GRADED_VALUES) -> Question:
    text = dict.fromkeys(("section", "text", "why", "example", "counter_example", "source"), "x")
    return Question(id=name, kind=kind, meanings=dict.fromkeys(values, "m"), **text)


QUESTIONS = {
    name: question(name)
    for name in ("reward_measurable", "cheap_simulation", "known_rules", "model_known", "goal_shifts", "steps_fixed")
}
QUESTIONS["horizon"] = question("horizon", "choice", ("one_step", "short", "long", "unknown"))
HEAD = "scoper: 1\ntitle: Reorder\n"


def loaded(text: str) -> Case:
    return parse_case(text, "case.yaml", QUESTIONS)


def complaints(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        loaded(text)
    return str(caught.value).split("\n")


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
        ("scoper_mdp: 1\nname: x\nstate: {}\n", "an MDP spec, not a case (`scoper probe` takes it)"),
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
    assert [entry.name for entry in tmp_path.iterdir()] == ["case.yaml"]


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.text(
    "ab :#-'\"\n\t\\{}[],é😀&*!|>%@`", max_size=30
)


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


# A random file is made of pieces, one per question, so that a test knows which bytes an edit must not touch.
ANSWERS = st.builds(
    Answer,
    answer=st.sampled_from(GRADED_VALUES),
    confidence=st.none() | st.sampled_from(CONFIDENCES),
    evidence=st.none() | ANY_TEXT,
    by=st.none() | st.sampled_from(["Ana", "Bo", "no", "Ünal: x", "7"]),
).map(tidy)
GIVEN = st.lists(ANSWERS, min_size=1, max_size=3).map(tuple)
COMMENT = st.sampled_from(["", "", "  # why: because", "   "])


@dataclasses.dataclass
class Layout:
    before: str
    pieces: dict[str, str]
    after: str
    newline: str

    def text(self) -> str:
        return self.before + "".join(self.pieces.values()) + self.after


def quoted(text: str) -> str:
    escapes = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(escapes.get(c, c if c.isprintable() else f"\\U{ord(c):08x}") for c in text) + '"'


@st.composite
def piece(draw: st.DrawFn, signal: str, answers: tuple[Answer, ...]) -> str:
    """One question's lines in a style that a person may have chosen."""

    def pairs(answer: Answer) -> list[str]:
        parts = draw(st.permutations([(k, v) for k, v in answer.model_dump().items() if v is not None]))
        return [f"{key}: {value if key in ('answer', 'confidence') else quoted(value)}" for key, value in parts]

    comment = draw(COMMENT)
    above = draw(st.sampled_from(["", "  # above\n", "\n"]))
    if len(answers) == 1 and answers[0] == Answer(answer=answers[0].answer):
        style = draw(st.sampled_from(["{}", "'{}'", '"{}"']))
        return f"{above}  {signal}: {style.format(answers[0].answer)}{comment}\n"
    flows = ["{" + ", ".join(pairs(answer)) + "}" for answer in answers]
    if draw(st.booleans()):
        return f"{above}  {signal}: {flows[0] if len(flows) == 1 else '[' + ', '.join(flows) + ']'}{comment}\n"
    inner = draw(COMMENT)
    if len(answers) == 1:
        return f"{above}  {signal}:{comment}\n" + "".join(f"     {pair}{inner}\n" for pair in pairs(answers[0]))
    dash = draw(st.sampled_from(["  -   ", "    - "]))
    lines = [
        f"{dash if n == 0 else '      '}{pair}{inner}\n" for answer in answers for n, pair in enumerate(pairs(answer))
    ]
    return f"{above}  {signal}:{comment}\n" + "".join(lines)


@st.composite
def layouts(draw: st.DrawFn) -> tuple[Layout, Case]:
    names = draw(st.lists(st.sampled_from([name for name in QUESTIONS if name != "horizon"]), min_size=1, unique=True))
    answers = {name: draw(GIVEN) for name in names}
    pieces = {name: draw(piece(name, answers[name])) for name in names}
    after = draw(st.sampled_from(["", "# the end\n", "domain: x # d\n", "\nsummary: |\n  a\n\n  b\n"]))
    layout = Layout(
        "# top\n" + HEAD + "answers:" + draw(COMMENT) + "\n", pieces, after, draw(st.sampled_from(["\n", "\r\n"]))
    )
    return layout, Case(title="Reorder", answers=answers)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(layouts(), st.sampled_from([n for n in QUESTIONS if n != "horizon"]), st.just(()) | GIVEN, st.data())
def test_a_random_edit_reads_back_and_keeps_every_other_byte(
    tmp_path: Path, made: tuple[Layout, Case], signal: str, new: tuple[Answer, ...], data: st.DataObject
) -> None:
    layout, case = made
    text = layout.text()
    if not layout.after and data.draw(st.booleans()):
        text = text[:-1]
    path = tmp_path / "case.yaml"
    path.write_bytes(text.replace("\n", layout.newline).encode())
    file = read_case(path, QUESTIONS)
    assert file.case.answers == case.answers
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(case_edit, "rewritten")  # the least edit must do
        changed = set_answer(file, signal, new, QUESTIONS)
    assert read_case(path, QUESTIONS) == changed
    assert changed.case.answers == {k: v for k, v in {**case.answers, signal: new}.items() if v}
    names = list(layout.pieces)
    position = names.index(signal) if signal in names else len(names)
    kept_before = layout.before + "".join(layout.pieces[name] for name in names[:position])
    kept_after = "".join(layout.pieces[name] for name in names[position + 1 :]) + layout.after
    kept_after = kept_after if text.endswith("\n") else kept_after.removesuffix("\n")
    assert changed.text.startswith(kept_before.rstrip("\n").replace("\n", layout.newline))
    assert changed.text.endswith(kept_after.replace("\n", layout.newline))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([n for n in QUESTIONS if n != "horizon"]), st.just(()) | GIVEN), max_size=12))
def test_a_session_of_edits_ends_with_the_last_answer_to_each_question(
    tmp_path: Path, edits: list[tuple[str, tuple[Answer, ...]]]
) -> None:
    path = tmp_path / "case.yaml"
    path.unlink(missing_ok=True)
    file = create_case(path, title="x")
    comments = [line for line in file.text.split("\n") if line.startswith("#")]
    for signal, given_answers in edits:
        file = set_answer(file, signal, given_answers or None, QUESTIONS)
    assert read_case(path, QUESTIONS) == file
    assert file.case.answers == {signal: last for signal, last in dict(edits).items() if last}
    assert [line for line in file.text.split("\n") if line.startswith("#")] == comments


HEADS = {
    "title only": ("scoper: 1\ntitle: Reorder  # ours\n", "answers: {}\n"),
    "comments and a blank line": (
        "# mine\nscoper: 1\ntitle: Reorder\n",
        "\n# below\nanswers:\n  known_rules: yes  # why\n",
    ),
    "folded summary": ("scoper: 1\ntitle: R\nsummary: >-\n  One\n  two\n\n  three\n", "\nanswers: {}\n"),
    "domain before title": ("scoper: 1\ndomain: retail\ntitle: R\n", "answers: {}\n"),
    "answers above the title": ("scoper: 1\nanswers: {}\ntitle: R\n", ""),
    "windows line ends": ("scoper: 1\r\ntitle: R\r\n", "answers: {}\r\n"),
}


@pytest.mark.parametrize("label", HEADS)
def test_naming_the_spec_adds_one_line_below_the_head_and_nothing_else(tmp_path: Path, label: str) -> None:
    head, rest = HEADS[label]
    path = tmp_path / "case.yaml"
    path.write_bytes((head + rest).encode())
    newline = "\r\n" if "\r\n" in head else "\n"

    named = set_spec(read_case(path, QUESTIONS), "work/mdp.yaml", QUESTIONS)

    assert path.read_bytes() == f"{head}spec: work/mdp.yaml{newline}{rest}".encode()
    assert named == read_case(path, QUESTIONS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("spec: old.yaml  # the first\n", "spec: new.yaml  # the first\n"),
        ('spec: "old.yaml"\n', 'spec: "new.yaml"\n'),
        ("spec:  # none yet\n", "spec: new.yaml  # none yet\n"),
        ("spec:\n", "spec: new.yaml\n"),
    ],
)
def test_another_name_takes_the_place_of_the_old_one(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(HEAD + before + "answers: {}\n", encoding="utf-8")

    set_spec(read_case(path, QUESTIONS), "new.yaml", QUESTIONS)

    assert path.read_text(encoding="utf-8") == HEAD + after + "answers: {}\n"


def test_a_spec_is_named_in_a_case_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("{scoper: 1, title: R, answers: {}}\n", encoding="utf-8")

    set_spec(read_case(path, QUESTIONS), "a b, c.yaml", QUESTIONS)

    assert path.read_text(encoding="utf-8") == '{scoper: 1, title: R, spec: "a b, c.yaml", answers: {}}\n'


def test_no_spec_is_named_in_a_file_that_changed_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(HEAD, encoding="utf-8")
    read = read_case(path, QUESTIONS)
    path.write_text(HEAD + "# theirs\n", encoding="utf-8")

    with pytest.raises(StorageError, match="changed"):
        set_spec(read, "mdp.yaml", QUESTIONS)
    assert path.read_text(encoding="utf-8") == HEAD + "# theirs\n"


def test_a_spec_has_a_name(tmp_path: Path) -> None:
    read = create_case(tmp_path / "case.yaml", title="R")

    with pytest.raises(UsageError, match="name"):
        set_spec(read, " ", QUESTIONS)


@given(st.text(min_size=1, max_size=30), st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_reads_back_and_only_the_spec_differs(tmp_path: Path, name: str, summary: str) -> None:
    path = tmp_path / "case.yaml"
    path.unlink(missing_ok=True)
    file = create_case(path, title="R", summary=summary)
    try:
        named = set_spec(file, name, QUESTIONS)
    except (UsageError, StorageError):
        assert path.read_bytes() == file.text.encode()
        return
    assert named.case == file.case.model_copy(update={"spec": named.case.spec})
    assert read_case(path, QUESTIONS).case == named.case
