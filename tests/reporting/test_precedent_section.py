"""What a report says about the nearest real projects, and that it never counts as a verdict."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from scoper.domain.dossier import Dossier
from scoper.domain.questionnaire import Answer, Case
from scoper.interfaces.cli.precedent_text import precedent_lines
from scoper.services.library import load_library
from scoper.services.precedent_bearing import Used, bearing, standing
from scoper.services.precedents import load_precedents, nearest, precedents_digest
from scoper.services.report_data import ReportData
from scoper.services.reporting import render
from scoper.services.scoping import assess, make_dossier
from scoper.services.templating import sentence

TITLE = "Nearest real projects"


def section(text: str) -> str:
    return text.partition(f"\n## {TITLE}\n")[2].partition("\n## ")[0]


def case(answers: Mapping[str, str]) -> Case:
    return Case(title="t", answers={signal: (Answer(answer=value),) for signal, value in answers.items()})


@pytest.mark.parametrize(
    ("worked", "said"),
    [
        ((("a", 0.1), ("a", 0.2), ("a", 0.3)), "agree"),
        ((("b", 0.1), ("a", 0.2), ("a", 0.3)), "contradict"),  # the nearest one differs
        ((("a", 0.1), ("b", 0.2), ("c", 0.3)), "split"),  # the nearest one agrees
        ((("b", 0.1), ("a", 0.1), ("a", 0.3)), "split"),  # two are nearest together
        ((("a", 0.1), ("a", 0.2), ("b", 0.3)), "split"),
        ((("a", 0.1), ("b", 0.2)), "split"),
        ((), "open"),
    ],
)
def test_projects_contradict_when_the_nearest_used_something_else(
    worked: tuple[tuple[str, float], ...], said: str
) -> None:
    assert standing("a", [Used(*each) for each in worked]) == said


@pytest.mark.parametrize(
    ("worked", "said"),
    [
        ("aabbb", "The 2 nearest used A, as the verdict says; the 3 farther ones did not: there it was B."),
        ("ab", "The nearest one used A, as the verdict says; the farther one did not: there it was B."),
        (
            "abac",
            "The nearest one used A, as the verdict says; of the 3 farther ones 1 did too, "
            "in the others it was B or C.",
        ),
        ("baa", "In the project nearest of all, B worked, not A. 2 of these 3 used A; elsewhere it was B. Look"),
        ("bbaaa", "In the project nearest of all, B worked, not A. 3 of these 5 used A; elsewhere it was B. Look"),
        (
            "bca",
            "In the project nearest of all, B worked, not A. Only 1 of these 3 used A; elsewhere it was B or C. Look",
        ),
    ],
)
def test_what_the_projects_say_is_told_from_the_nearest_on(worked: str, said: str) -> None:
    found = bearing("a", [Used(each, place / 10) for place, each in enumerate(worked)], str.upper)

    assert found.sentence.startswith(said)
    assert found.alarm == {
        "a": "",
        "baa": "The nearest one contradicts the verdict.",
    }.get(worked if worked == "baa" else worked[0], "The nearest ones contradict the verdict.")


def test_projects_that_are_nearest_together_and_disagree_are_only_counted() -> None:
    found = bearing("a", [Used("b", 0.1), Used("a", 0.1), Used("a", 0.3)], str.upper)

    assert found.sentence == "They do not all agree: 2 of these 3 used A, as the verdict says; in the others it was B."


def test_the_command_says_of_the_verdict_what_the_report_says(data: ReportData) -> None:
    library = load_library()
    here = case(dict(list(load_precedents(library)[3].answers.items())[:9]))
    dossier = make_dossier(here, library)
    technique = dossier.verdict.technique
    lines = " ".join(precedent_lines(here, technique, nearest(here, library, 5), 45))
    used = [Used(each.worked, each.distance, each.arguable) for each in dossier.precedents]
    said = bearing(technique, used, lambda name: data.name("techniques", name))

    assert f"{said.alarm} {said.sentence}".strip() in " ".join(lines.split())
    assert said.sentence in section(render(dossier, "md", data=data))


def test_every_project_comes_with_its_problem(data: ReportData) -> None:
    library = load_library()
    dossier = make_dossier(case(load_precedents(library)[3].answers), library)
    text = section(render(dossier, "md", data=data))

    assert len(dossier.precedents) == 5
    assert all(sentence(each.problem) in text for each in dossier.precedents)


def test_an_undecided_verdict_is_neither_borne_out_nor_contradicted() -> None:
    assert standing("undecided", [Used("a", 0.1)]) == "open"


def test_a_dossier_carries_the_nearest_projects_as_the_command_lists_them_and_keeps_the_verdict() -> None:
    library = load_library()
    known = load_precedents(library)
    here = case(dict(list(known[3].answers.items())[:9]))
    dossier = make_dossier(here, library)
    expected = nearest(here, library, 5)

    assert [each.id for each in dossier.precedents] == [each.precedent.id for each in expected]
    assert [each.distance for each in dossier.precedents] == [round(float(each.distance), 6) for each in expected]
    assert (dossier.precedents_digest, dossier.n_precedents) == (precedents_digest(known), len(known))
    assert dossier.verdict == assess(here, library)
    for each in dossier.precedents:
        theirs = next(p.answers for p in known if p.id == each.id)
        told = {*each.same, *(d.signal for d in each.different), *each.uncompared}
        assert told == set(theirs) | set(here.facts())


def test_a_case_that_is_a_precedent_is_told_so(data: ReportData) -> None:
    library = load_library()
    precedent = load_precedents(library)[0]
    text = section(render(make_dossier(case(precedent.answers), library), "md", data=data))

    assert f'This case has the same answers as "{precedent.title}", neither more nor fewer.' in text
    assert "its agreement is no second opinion" in text
    assert re.search(rf"\| 1 \| {re.escape(precedent.title)} .*\| 0 \| (\d+) of \1 \|", text)


def test_the_same_answers_as_far_as_both_go_are_not_called_the_same_case(data: ReportData) -> None:
    library = load_library()
    precedent = load_precedents(library)[0]
    fewer = dict(list(precedent.answers.items())[:-1])
    text = section(render(make_dossier(case(fewer), library), "md", data=data))

    assert "neither more nor fewer" not in text
    assert f"Wherever both are known ({len(fewer)} answers), this case answers as" in text
    assert "1 further answer is known in only one of the two" in text


def test_nothing_comparable_is_said_plainly(data: ReportData) -> None:
    library = load_library()
    text = section(render(make_dossier(case({"known_rules": "yes"}), library), "md", data=data))

    assert f"Nothing is comparable: of the {len(load_precedents(library))} published projects" in text
    assert "which has 1." in text
    assert "|" not in text


def test_a_dossier_saved_before_there_were_precedents_gives_a_report_without_the_section(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    document = json.loads(render(dossiers["plain_automation"], "json"))
    for key in ("precedents", "precedents_digest", "n_precedents"):
        del document[key]
    for question in document["verdict"]["next_questions"]:
        for key in ("may_change", "matters", "effort", "find_out"):
            del question[key]
    old = Dossier.model_validate(document)
    text = render(old, "md", data=data)

    assert TITLE not in text
    assert "precedents" not in text.partition("## Provenance")[2]
    assert "| – | – | 0.31 bits | days of work | Look known_rules up. |" in text


def test_the_section_says_that_no_verdict_comes_from_it_and_how_each_project_differs(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    text = section(render(dossiers["reinforcement_learning"], "md", data=data))

    assert "no verdict is made from precedents" in text
    assert "cheap simulation (yes here, no there)" in text
    assert "arguable, experts could differ" in text
    assert "(cited, not read for this)" in text
    assert "lists neither under *Differs in* nor as not known, disputed or not comparable are the same there." in text
    assert "not named under *Differs in*" not in text
    assert "Not known there" not in text


def test_an_answer_that_only_the_other_project_could_be_compared_by_is_named_as_not_comparable(
    dossiers: Mapping[str, Dossier], data: ReportData
) -> None:
    dossier = dossiers["reinforcement_learning"]
    first, *others = dossier.precedents
    less = first.model_copy(update={"same": tuple(each for each in first.same if each != "goal_shifts")})
    text = section(render(dossier.model_copy(update={"precedents": (less, *others)}), "md", data=data))

    assert text.count("Not known there, disputed, or not comparable: goal or world shifts.") == 1


def test_a_contradiction_is_marked_in_words_and_in_the_table(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    text = section(render(dossiers["llm_orchestration"], "md", data=data))

    assert "> **The nearest ones contradict the verdict.**" in text
    assert "In the project nearest of all, reinforcement learning worked, not LLM orchestration." in text
    assert "None of these 2 used LLM orchestration." in text
    assert text.count("**not as here:**") == 2


def test_the_provenance_names_the_digest_of_the_precedents(dossiers: Mapping[str, Dossier], data: ReportData) -> None:
    provenance = render(dossiers["plain_automation"], "md", data=data).partition("## Provenance")[2]

    assert "| precedents (45) | `precedents-1` |" in provenance


def test_precedents_of_an_own_folder_are_in_the_report_as_text(tmp_path: Path, data: ReportData) -> None:
    folder = tmp_path / "precedents"
    folder.mkdir()
    answers = "{known_rules: yes, horizon: one_step, steps_fixed: yes, goal_shifts: no, labelled_targets: no}"
    lines = [
        'title: "Own | <script>x</script> {{ 7 * 7 }}"\ndomain: purchasing\nyear: 2025\nsource: Internal review 12',
        "source_seen: true\nproblem: Buyers choose.\nworked: plain_automation\nfamily: null\nfamily_alternatives: []",
        f"research_grade: false\narguable: false\nlesson: A rule did it.\nanswers: {answers}\ndisputed: []\n",
    ]
    (folder / "ours.yaml").write_text("\n".join(["id: ours", *lines]), encoding="utf-8")
    library = load_library(tmp_path)
    ours = next(each for each in load_precedents(library) if each.id == "ours")
    dossier = make_dossier(case(ours.answers), library)
    page = render(dossier, "html", data=data)

    assert dossier.precedents[0].id == "ours"
    assert dossier.n_precedents == len(load_precedents(load_library())) + 1
    assert dossier.precedents_digest != make_dossier(case(ours.answers), load_library()).precedents_digest
    assert "Own | &lt;script&gt;x&lt;/script&gt; {{ 7 * 7 }}" in page
    assert "<script" not in page
    assert Dossier.model_validate_json(render(dossier, "json")) == dossier
