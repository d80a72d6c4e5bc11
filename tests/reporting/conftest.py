"""Dossiers made of hand-built values, hostile texts and a Markdown parser for the reports' tests."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from scoper.domain.dossier import Dossier
from scoper.services.report_data import ReportData, load_report_data
from scoper.services.risk_files import Risk, When
from tests.reporting.hostile import FRAGMENTS, HOSTILE
from tests.reporting.values import CASE, PRECEDENTS, QUESTIONS, RESULT, verdict_for


@pytest.fixture(scope="session")
def hostile_texts() -> Callable[[int], list[str]]:
    """`hostile_texts(n)`: n texts glued from what means something to Markdown, HTML, Jinja2, terminals and GitHub."""

    def make(n: int) -> list[str]:
        chance = random.Random(7)
        return ["".join(chance.choice(FRAGMENTS) for _ in range(chance.randint(0, 8))) for _ in range(n)]

    return make


@pytest.fixture(scope="session")
def parser() -> MarkdownIt:
    """CommonMark with GitHub's tables and strike-through; HTML blocks are tokens of their own."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@pytest.fixture(scope="session")
def dossiers() -> Mapping[str, Dossier]:
    """One dossier per technique of the article, each with hostile texts wherever a user can write."""
    made = {}
    for technique in ("reinforcement_learning", "llm_orchestration", "plain_automation"):
        learns = technique == "reinforcement_learning"
        made[technique] = Dossier(
            rules_digest="rules-1",
            case=CASE,
            case_digest=CASE.digest(),
            questions=QUESTIONS,
            verdict=verdict_for(technique),
            spec_name="my spec.yaml" if learns else None,
            spec_digest="spec-1" if learns else None,
            result=RESULT if learns else None,
            result_spec_digest="spec-1" if learns else None,
            precedents=PRECEDENTS,
            precedents_digest="precedents-1",
            n_precedents=45,
            provenance={"scoper": "0.1.0"},
        )
    return made


@pytest.fixture(scope="session")
def data() -> ReportData:
    """The shipped words and steps, with risks and terms of the tests' own."""
    risks = (
        Risk(
            "r1",
            ("reinforcement_learning",),
            When({"reward_measurable": ("yes",)}),
            f"Risk | {HOSTILE}",
            "t",
            "d",
            "m",
            "o",
            "s",
        ),
        Risk("r2", ("plain_automation",), When({"known_rules": ("unknown",)}), "Rules rot", "t", "d", "m", "o", "s"),
        Risk(
            "r3",
            ("reinforcement_learning",),
            When({"reward_measurable": ("no",)}),
            "Does not apply",
            "t",
            "d",
            "m",
            "o",
            "s",
        ),
    )
    return replace(
        load_report_data(), risks=risks, glossary={"flip": "A change | of answers.", "floor": "No skill.", "x": "y"}
    )
