from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoper.errors import StorageError, UsageError
from scoper.services.cases import create_case, read_case, set_spec
from tests.services.case_texts import HEAD, QUESTIONS

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


@pytest.mark.slow
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
