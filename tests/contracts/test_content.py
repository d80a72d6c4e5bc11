"""The files that a domain expert may change keep what the interview, the reports and other programs rely on."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from scoper.domain.questionnaire import CONFIDENCES, GRADED_VALUES
from scoper.services.risk_files import RUNGS
from scoper.services.strict_yaml import parse, read_text, to_python

ROOT = Path(__file__).resolve().parents[2]
QUESTION_KEYS = ["id", "order", "section", "kind", "row", "text", "why", "example", "counter_example", "meanings"]
QUESTION_KEYS += ["source", "effort", "find_out"]
QUESTION_LIMITS = {"text": 220, "why": 240, "example": 200, "counter_example": 200}
SECTIONS = {"goal", "decisions", "environment", "data", "organisation", "size"}
RISK_KEYS = ["id", "applies_to", "when", "title", "trigger", "detection", "mitigation", "owner", "source", "basis"]
RISK_KEYS += ["catalogue"]
RISK_LIMITS = {"title": 60, "trigger": 200, "detection": 220, "mitigation": 220}
CASE_KEYS = ["scoper", "title", "summary", "domain", "spec", "answers", "parts"]
ANSWER_KEYS = {"answer", "confidence", "evidence", "by"}


def read(path: Path) -> Any:
    return to_python(parse(read_text(path), path.name))


def named(folder: str, pattern: str = "*.yaml") -> list[Any]:
    paths = sorted((ROOT / folder).glob(pattern))
    return [pytest.param(path, id=path.stem) for path in paths if not path.name.endswith(".mdp.yaml")]


VOCABULARY = read(ROOT / "tests" / "data" / "signals.yaml")
SIGNALS: dict[str, tuple[str, ...]] = {
    **{entry["id"]: GRADED_VALUES for entry in VOCABULARY["graded"]},
    **{entry["id"]: tuple(entry["values"]) for entry in VOCABULARY["choice"]},
}
FOLLOW_UPS = named("rules/follow_ups")
FACTS: dict[str, tuple[str, ...]] = {
    **SIGNALS,
    **{param.id: tuple(read(param.values[0])["meanings"]) for param in FOLLOW_UPS},
    "rung": RUNGS,
}
ROWS = {entry["id"]: entry["row"] for entry in VOCABULARY["graded"] if "row" in entry}
QUESTIONS = named("rules/questions")
RISKS = named("rules/risks")
CASES = named("examples")


def test_every_signal_of_the_vocabulary_has_a_question() -> None:
    assert len(SIGNALS) == 26
    assert set(SIGNALS) <= {param.id for param in QUESTIONS}


@pytest.mark.parametrize("path", QUESTIONS)
def test_a_question_has_its_keys_in_order_and_is_named_like_its_file(path: Path) -> None:
    question = read(path)
    assert list(question) == [key for key in QUESTION_KEYS if key in question]
    assert set(QUESTION_KEYS) - set(question) <= {"row"}
    assert question["id"] == path.stem


@pytest.mark.parametrize("path", QUESTIONS)
def test_a_question_offers_the_values_of_its_signal_and_belongs_to_its_row(path: Path) -> None:
    question = read(path)
    assert tuple(question["meanings"]) == SIGNALS.get(path.stem, tuple(question["meanings"]))
    assert "unknown" in question["meanings"]
    assert (question["kind"] == "graded") == (tuple(question["meanings"]) == GRADED_VALUES)
    assert question.get("row") == ROWS.get(path.stem)
    assert question["section"] in SECTIONS
    assert question["effort"] in {"minutes", "days", "weeks"}


@pytest.mark.parametrize("path", QUESTIONS)
def test_a_question_fits_a_terminal_of_80_by_24(path: Path) -> None:
    question = read(path)
    too_long = [key for key, limit in QUESTION_LIMITS.items() if len(question[key]) > limit]
    assert too_long == []
    assert [value for value, text in question["meanings"].items() if len(text) > 110] == []


@pytest.mark.parametrize("path", QUESTIONS)
def test_a_question_is_one_or_two_sentences_with_a_question_mark(path: Path) -> None:
    text = read(path)["text"]
    assert "?" in text
    assert len(re.findall(r"[.?](?=\s|$)", text)) <= 2


@pytest.mark.parametrize("path", QUESTIONS)
def test_meanings_of_one_question_all_differ_and_unknown_is_never_no(path: Path) -> None:
    meanings = read(path)["meanings"]
    assert len(set(meanings.values())) == len(meanings)
    assert "open" in meanings["unknown"]


def test_questions_are_asked_in_one_order() -> None:
    orders = [read(param.values[0])["order"] for param in QUESTIONS]
    assert all(isinstance(order, int) for order in orders)
    assert len(set(orders)) == len(orders)


def test_a_section_is_asked_in_one_go() -> None:
    questions = sorted((read(param.values[0]) for param in QUESTIONS), key=lambda question: question["order"])
    sections = [question["section"] for question in questions]
    changes = sum(before != after for before, after in itertools.pairwise(sections))
    assert changes == len(set(sections)) - 1


@pytest.mark.parametrize(
    ("signal", "value", "number"),
    [
        ("interaction_at_scale", "text", "100,000"),
        ("baseline_adequate", "text", "5 %"),
        ("steps_fixed", "text", "90 %"),
        ("horizon", "text", "2 to 20"),
        ("horizon", "text", "more than 20"),
        ("state_space", "text", "million"),
        ("state_space", "text", "50"),
        ("action_space", "text", "50"),
        ("expert_demonstrations", "text", "hundreds"),
        ("cheap_simulation", "text", "weeks"),
    ],
)
def test_questions_ask_with_the_number_that_decides(signal: str, value: str, number: str) -> None:
    assert number in read(ROOT / "rules" / "questions" / f"{signal}.yaml")[value]


@pytest.mark.parametrize("path", RISKS)
def test_a_risk_has_its_keys_in_order_and_is_named_like_its_file(path: Path) -> None:
    risk = read(path)
    assert list(risk) == [key for key in RISK_KEYS if key in risk]
    assert set(RISK_KEYS) - set(risk) <= {"when", "catalogue"}
    assert risk["id"] == path.stem
    assert risk["basis"] in {"cited", "inferred"}
    assert [key for key, limit in RISK_LIMITS.items() if len(risk[key]) > limit] == []


@pytest.mark.parametrize("path", RISKS)
def test_a_risk_names_known_techniques_and_answers(path: Path) -> None:
    risk = read(path)
    assert risk["applies_to"]
    assert set(risk["applies_to"]) <= set(VOCABULARY["techniques"])
    for signal, values in risk.get("when", {}).items():
        assert set(values) <= set(FACTS[signal])
        assert 0 < len(values) < len(FACTS[signal])


@pytest.mark.parametrize("path", RISKS)
def test_the_detection_of_a_risk_can_be_measured(path: Path) -> None:
    measure = r"\d|zero|\b(count|share|cycle|compare|cost|curve|twice|half|doubles|shrinks|exceeds|below)\b"
    assert re.search(measure, read(path)["detection"], re.IGNORECASE)


@pytest.mark.parametrize("technique", VOCABULARY["techniques"])
def test_every_technique_has_risks_that_hold_whatever_was_answered(technique: str) -> None:
    risks = [read(param.values[0]) for param in RISKS]
    always = [risk["id"] for risk in risks if technique in risk["applies_to"] and "when" not in risk]
    assert always


def test_the_three_failures_of_orchestration_are_in_the_register() -> None:
    ids = {param.id for param in RISKS}
    assert {"prompt_drift", "tool_call_deadlock", "corrupted_context"} <= ids


def test_the_glossary_explains_every_term_in_one_sentence() -> None:
    glossary = read(ROOT / "rules" / "glossary.yaml")
    wanted = {"question", "signal", "decision table", "hit policy", "gap", "overlap", "technique", "family", "verdict"}
    wanted |= {"reason", "flip", "MDP spec", "tabular MDP", "exogenous variable", "reward term", "return", "discount"}
    wanted |= {
        "terminated",
        "truncated",
        "floor",
        "ceiling",
        "gap share",
        "objective",
        "baseline",
        "finding",
        "dossier",
    }
    assert wanted <= set(glossary)
    assert [term for term, text in glossary.items() if not re.fullmatch(r"[^\n]+[^.]\.", text) or ". " in text] == []


def answers_of(case: dict[str, Any]) -> list[tuple[str, Any]]:
    """The answers of a case and of its parts."""
    own = [case, *case.get("parts", {}).values()]
    return [pair for holder in own for pair in holder.get("answers", {}).items()]


@pytest.mark.parametrize("path", CASES)
def test_an_example_case_uses_known_keys_signals_and_values(path: Path) -> None:
    case = read(path)
    assert list(case) == [key for key in CASE_KEYS if key in case]
    assert case["scoper"] == 1
    for signal, given in answers_of(case):
        for entry in given if isinstance(given, list) else [given]:
            answer = entry if isinstance(entry, dict) else {"answer": entry}
            assert answer["answer"] in FACTS[signal]
            assert set(answer) <= ANSWER_KEYS
            assert answer.get("confidence", "low") in CONFIDENCES


@pytest.mark.parametrize("path", CASES)
def test_an_example_case_is_told_with_evidence_and_leaves_something_open(path: Path) -> None:
    case = read(path)
    given = answers_of(case)
    assert len([signal for signal, said in given if not isinstance(said, str)]) >= 8
    assert set(SIGNALS) - {signal for signal, _ in given}


def test_the_spec_that_a_case_names_stands_beside_it() -> None:
    specs = [read(param.values[0]).get("spec") for param in CASES]
    assert sum(spec is not None for spec in specs) >= 2
    assert [spec for spec in specs if spec and not (ROOT / "examples" / spec).is_file()] == []
