"""A project in parts: a verdict for each part, circles, parts on their own."""

import pytest

from scoper.domain.questionnaire import Case
from scoper.services.case_format import parse_case
from scoper.services.library import load_library
from scoper.services.project import project_of
from scoper.services.scoping import assess

LIBRARY = load_library()


def case_of(overs: dict[str, list[str]], shared: str = "{}") -> Case:
    parts = "".join(f"  {name}: {{hands_to: [{', '.join(to)}]}}\n" for name, to in overs.items())
    return parse_case(f"scoper: 1\ntitle: T\nanswers: {shared}\nparts:\n{parts}", "c.yaml", LIBRARY.questions)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("overs", "circles", "alone"),
    [
        ({"a": ["b"], "b": ["c"], "c": []}, (), ()),
        ({"a": ["b"], "b": ["a"], "c": []}, (("a", "b"),), ("c",)),
        ({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}, (("a", "b", "c"),), ()),
        ({"a": ["b"], "b": ["a"], "c": ["d", "a"], "d": ["c"]}, (("a", "b"), ("c", "d")), ()),
        ({"a": ["b", "c"], "b": ["a"], "c": ["a"]}, (("a", "b", "c"),), ()),
        ({"a": []}, (), ()),
        ({"a": [], "b": []}, (), ("a", "b")),
    ],
)
def test_circles_are_the_groups_that_reach_each_other_and_alone_is_what_nothing_joins(
    overs: dict[str, list[str]], circles: tuple[tuple[str, ...], ...], alone: tuple[str, ...]
) -> None:
    project = project_of(case_of(overs), LIBRARY)
    assert project is not None
    assert (project.circles, project.alone) == (circles, alone)


def test_each_part_has_the_verdict_of_its_own_answers_over_the_shared_ones() -> None:
    text = (
        "scoper: 1\ntitle: T\nanswers: {language_and_tools: no, known_rules: yes, steps_fixed: yes}\nparts:\n"
        "  forms: {}\n  mails: {answers: {language_and_tools: yes, known_rules: no, action_space: discrete_large}}\n"
    )
    case = parse_case(text, "c.yaml", LIBRARY.questions)
    project = project_of(case, LIBRARY)
    assert project is not None
    assert [part.verdict.technique for part in project.parts] == ["plain_automation", "llm_orchestration"]
    assert project.parts[1].own == tuple(
        signal for signal in LIBRARY.questions if signal in ("language_and_tools", "known_rules", "action_space")
    )
    assert all(part.verdict == assess(part.case, LIBRARY) for part in project.parts)


def test_a_case_without_parts_is_no_project() -> None:
    assert project_of(Case(title="T"), LIBRARY) is None
