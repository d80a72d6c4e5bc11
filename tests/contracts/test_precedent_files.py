"""Every precedent is a real project with its source, told in own words, with the answers that two codings support."""

import re
from pathlib import Path

import pytest

from scoper.domain.decision import FAMILIES, TECHNIQUES
from scoper.services.precedents import KEYS
from scoper.services.strict_yaml import parse, read_text, to_python

ROOT = Path(__file__).resolve().parents[2]
SHARED_WORDS = 8


def read(path):
    return to_python(parse(read_text(path), path.name))


def words(text):
    return re.findall(r"[\w']+", text.lower())


def runs(text, length=SHARED_WORDS):
    found = words(text)
    return {tuple(found[k : k + length]) for k in range(len(found) - length + 1)}


VOCABULARY = read(ROOT / "tests" / "data" / "signals.yaml")
KNOWN = {entry["id"]: {"yes", "partly", "no"} for entry in VOCABULARY["graded"]}
KNOWN |= {entry["id"]: set(entry["values"]) - {"unknown"} for entry in VOCABULARY["choice"]}
CODED = {case["id"]: case for case in read(ROOT / "tests" / "data" / "precedent_cases.yaml")}
FOREIGN = [run for case in CODED.values() for told in ("description", "why") for run in runs(case[told])]
PATHS = sorted((ROOT / "rules" / "precedents").glob("*.yaml"))
FILES = [pytest.param(path, id=path.stem) for path in PATHS]
CODED_FILES = [pytest.param(path, id=path.stem) for path in PATHS if path.stem in CODED]


def agreed(case):
    """What both codings say, or the only one that knows; and where they disagree."""
    pairs = {s: {case[f"answers_{c}"].get(s, "unknown") for c in ("interview", "blind")} - {"unknown"} for s in KNOWN}
    return {s: min(v) for s, v in pairs.items() if len(v) == 1}, {s for s, v in pairs.items() if len(v) == 2}


def test_there_is_a_file_for_each_of_the_coded_projects():
    assert set(CODED) <= {path.stem for path in PATHS}
    assert len(CODED_FILES) == 45


@pytest.mark.parametrize("path", FILES)
def test_a_precedent_has_its_keys_in_order_and_is_named_like_its_file(path):
    precedent = read(path)

    assert tuple(precedent) == KEYS
    assert precedent["id"] == path.stem
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem)


@pytest.mark.parametrize("path", CODED_FILES)
def test_a_coded_precedent_keeps_what_is_published_about_it(path):
    precedent, case = read(path), CODED[path.stem]

    for key in ("title", "domain", "year", "source_seen", "family", "family_alternatives", "research_grade"):
        assert precedent[key] == case[key]
    assert precedent["source"] == " ".join(case["source"].split())
    assert precedent["worked"] == case["technique"]
    assert precedent["arguable"] == (case["ambiguity"] == "arguable")


@pytest.mark.parametrize("path", FILES)
def test_the_technique_is_known_and_a_family_stands_with_reinforcement_learning_only(path):
    precedent = read(path)

    assert precedent["worked"] in TECHNIQUES
    assert (precedent["family"] in FAMILIES) == (precedent["worked"] == "reinforcement_learning")
    assert set(precedent["family_alternatives"]) <= set(FAMILIES) - {precedent["family"]}
    assert not (precedent["family"] is None and precedent["family_alternatives"])


@pytest.mark.parametrize("path", FILES)
def test_a_precedent_has_a_source_to_look_up_and_enough_known_answers_to_be_compared(path):
    precedent = read(path)

    assert re.search(r"https?://|\w\.\w+/|arXiv|\b(19|20)\d\d\b|README\.md|\.csv|\w/\w", precedent["source"])
    assert 1950 <= precedent["year"] <= 2100
    assert len(precedent["answers"]) >= 10
    assert all(value in KNOWN.get(signal, {value}) for signal, value in precedent["answers"].items())


@pytest.mark.parametrize("path", CODED_FILES)
def test_the_answers_are_those_on_which_the_codings_agree_or_that_one_alone_knew(path):
    precedent = read(path)
    answers, disputed = agreed(CODED[path.stem])

    assert precedent["answers"] == answers
    assert set(precedent["disputed"]) == disputed
    assert len(precedent["disputed"]) == len(disputed)


@pytest.mark.parametrize("path", FILES)
def test_problem_and_lesson_are_short_and_in_own_words(path):
    precedent = read(path)

    assert 60 <= len(precedent["problem"]) <= 340
    assert 60 <= len(precedent["lesson"]) <= 300
    for told, most in (("problem", 3), ("lesson", 2)):
        assert len(re.findall(r"[.?](?=\s|$)", precedent[told])) <= most
        assert precedent[told].endswith(".")
        assert runs(precedent[told]).isdisjoint(FOREIGN)


@pytest.mark.parametrize("path", FILES)
def test_an_agent_is_said_to_be_a_learning_or_an_llm_agent(path):
    precedent = read(path)
    bare = re.compile(r"(?<!learning )(?<!LLM )(?<!multi-)\bagents?\b", re.IGNORECASE)

    assert [key for key in ("problem", "lesson") if bare.search(precedent[key])] == []


def test_every_technique_and_every_family_has_a_precedent():
    precedents = [read(path) for path in PATHS]

    assert {precedent["worked"] for precedent in precedents} == set(TECHNIQUES)
    assert {precedent["family"] for precedent in precedents} == {None, *FAMILIES}


def test_no_two_precedents_teach_in_the_same_words():
    told = [run for path in PATHS for run in runs(read(path)["lesson"])]

    assert len(told) == len(set(told))
