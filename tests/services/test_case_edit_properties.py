import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.domain.questionnaire import CONFIDENCES, GRADED_VALUES, Answer, Case
from scoper.services import case_edit
from scoper.services.case_format import tidy
from scoper.services.cases import create_case, read_case, set_answer
from tests.services.case_texts import ANY_TEXT, HEAD, QUESTIONS

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


@pytest.mark.slow
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


@pytest.mark.slow
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
