"""Reading precedents, laying an organisation's own over them, and asking for the nearest."""

import runpy
from pathlib import Path

import pytest

from scoper.domain.questionnaire import Answer, Case
from scoper.errors import InputError
from scoper.services.library import data_path, load_library
from scoper.services.precedents import load_precedents, match_document, nearest, precedents_digest

BENCHMARK = runpy.run_path(str(Path(__file__).parent.parent / "benchmarks" / "precedents.py"))
OWN = """\
id: {id}
title: Which supplier to call
domain: purchasing
year: 2025
source: Internal review 12
source_seen: true
problem: Buyers choose a supplier for each part.
worked: {worked}
family: {family}
family_alternatives: []
research_grade: false
arguable: false
lesson: A rule did it.
answers: {answers}
disputed: {disputed}
"""
PLAIN = {"worked": "plain_automation", "family": "null", "disputed": "[]"}
FIVE = "{known_rules: yes, horizon: one_step, steps_fixed: yes, goal_shifts: no, labelled_targets: no}"


SHIPPED = len(list(data_path("rules", "precedents").glob("*.yaml")))


def case(answers):
    return Case(title="t", answers={signal: (Answer(answer=value),) for signal, value in answers.items()})


@pytest.fixture(scope="module")
def library():
    return load_library()


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "precedents"
    folder.mkdir()

    def write(identifier, **parts):
        name = parts.pop("name", identifier)
        text = OWN.format(**{"id": identifier, "answers": FIVE, **PLAIN, **parts})
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.mark.slow
def test_a_case_with_the_answers_of_a_precedent_finds_it_at_full_similarity(library):
    for precedent in load_precedents(library):
        matches = nearest(case(precedent.answers), library, top=3)
        itself = next(match for match in matches if match.precedent.id == precedent.id)

        assert itself.similarity == matches[0].similarity == 1.0
        assert itself.compared == len(precedent.answers)


def test_no_more_than_the_top_are_given_and_none_for_a_case_without_answers(library):
    answers = load_precedents(library)[0].answers

    assert [len(nearest(case(answers), library, top)) for top in (0, 1, 3, SHIPPED, SHIPPED + 1)] == [
        0,
        1,
        3,
        SHIPPED,
        SHIPPED,
    ]
    assert nearest(Case(title="t"), library) == ()
    assert nearest(case(dict(list(answers.items())[:4])), library) == ()


def test_respondents_who_disagree_make_a_signal_incomparable(library):
    precedent = load_precedents(library)[0]
    agreed = case(precedent.answers)
    split = {"language_and_tools": (Answer(answer="yes", by="Ana"), Answer(answer="no", by="Jo"))}
    match = nearest(agreed.model_copy(update={"answers": {**agreed.answers, **split}}), library, 1)[0]

    assert "language_and_tools" in precedent.answers
    assert "language_and_tools" not in match.same
    assert match.precedent.id == precedent.id
    assert match.compared == len(precedent.answers) - 1


def test_a_folder_adds_its_precedents_and_replaces_those_of_the_same_name(library, own):
    own("our-suppliers")
    folder = own("adyen-etl-platform")
    laid_over = load_library(folder)
    both = {precedent.id: precedent for precedent in load_precedents(laid_over)}

    assert len(both) == SHIPPED + 1
    assert both["adyen-etl-platform"].domain == "purchasing"
    assert nearest(case(both["our-suppliers"].answers), laid_over, 1)[0].similarity == 1.0
    assert laid_over.digest == library.digest


def test_the_digest_follows_the_content_of_the_precedents(library, own):
    shipped = load_precedents(library)

    assert precedents_digest(shipped) == precedents_digest(load_precedents(library))
    assert precedents_digest(shipped) != precedents_digest(load_precedents(load_library(own("ours"))))


def test_all_problems_of_all_files_come_at_once_with_their_places(own):
    own("first", worked="plain_automaton", answers="{known_rule: yes, horizon: unknown}")
    own("second", family="value_based", disputed="[known_rules]")
    own("third", worked="reinforcement_learning")
    folder = own("other", name="fourth")

    with pytest.raises(InputError) as raised:
        load_precedents(load_library(folder))
    text = str(raised.value)

    assert "first.yaml:8:9: 'plain_automaton'" in text
    assert "did you mean 'plain_automation'?" in text
    assert "did you mean 'known_rules'?" in text
    assert "'unknown' is not allowed here" in text
    assert "second.yaml:9:9: only reinforcement learning has a family" in text
    assert "'known_rules' is disputed and answered" in text
    assert "third.yaml:9:9: reinforcement learning needs a family" in text
    assert "fourth.yaml:1:5: the id 'other' must equal the file's name 'fourth'" in text


def test_a_file_that_is_no_yaml_is_a_problem_beside_the_others(own):
    folder = own("broken", answers="{known_rules: yes")
    own("nameless", name="named")

    with pytest.raises(InputError) as raised:
        load_precedents(load_library(folder))

    assert {Path(problem.source).stem for problem in raised.value.problems} == {"broken", "named"}


def test_control_characters_in_a_text_are_gone_once_it_is_read(library, own):
    folder = own("ours", worked='plain_automation\ntags: "\\e[31m"')
    with pytest.raises(InputError, match="unknown key 'tags'"):
        load_precedents(load_library(folder))
    path = folder / "precedents" / "ours.yaml"
    path.write_text(OWN.format(id="ours", answers=FIVE, **PLAIN).replace("A rule did it.", '"A \\e[31mrule\\u202e"'))
    loaded = {precedent.id: precedent for precedent in load_precedents(load_library(folder))}

    assert loaded["ours"].lesson == "A rule"


def test_a_match_as_a_document_holds_plain_values_only(library):
    match = nearest(case(load_precedents(library)[0].answers), library, 2)[1]
    document = match_document(match)

    assert set(document) >= {"id", "title", "worked", "lesson", "source", "similarity", "compared", "same", "different"}
    assert document["compared"] == len(document["same"]) + len(document["different"])
    assert all(set(each) == {"ours", "theirs"} for each in document["different"].values())
    assert document["similarity"] == pytest.approx(match.similarity, abs=1e-6)
    assert document["similarity"] < 1
    assert document["distance"] + document["similarity"] == pytest.approx(1, abs=2e-6)


@pytest.mark.slow
@pytest.mark.parametrize("answers", ["agreed", "interview", "blind"])
def test_left_out_projects_are_mostly_nearest_to_one_where_the_same_technique_worked(library, answers):
    found = BENCHMARK["left_out"](library, answers)

    assert len(found) == SHIPPED >= 45
    assert all(each.precedent.id not in [match.precedent.id for match in each.others] for each in found)
    assert sum(each.nearest_right for each in found) / len(found) >= 0.85
    assert sum(each.vote_right(3) for each in found) / len(found) >= 0.85
