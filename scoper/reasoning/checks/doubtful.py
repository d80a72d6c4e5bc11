"""Doubtful cells of the article's table: both readings must lead to the same verdict.

A mark that may belong to one column or the other is marked `soft`. Read as speaking, it can say no more than that its
technique is possible where the row holds, so it speaks after every rule and only where they leave the verdict open.
Each of the two columns is tried on every golden case.
"""

from __future__ import annotations

from collections.abc import Iterator

from scoper.domain.decision import UNDECIDED
from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.outcome import outcome
from scoper.reasoning.pack import ArticleCell
from scoper.reasoning.subject import Subject

OTHER_COLUMN = {"llm_orchestration": "plain_automation", "plain_automation": "llm_orchestration"}


def inspect(subject: Subject) -> Iterator[RuleFinding]:
    """Each soft cell that a rule rests on, and each golden case that a reading would decide otherwise."""
    for cell in subject.pack.cells:
        if cell.mark != "soft":
            continue
        if cell.rules:
            message = f"{cell.signal}: a doubtful cell must carry no rule"
            yield RuleFinding("doubtful", "blocker", "article_table", cell.rules, message, {})
        for technique in dict.fromkeys((cell.technique, OTHER_COLUMN.get(cell.technique, cell.technique))):
            yield from _decided_otherwise(subject, cell, technique)


def _decided_otherwise(subject: Subject, cell: ArticleCell, technique: str) -> Iterator[RuleFinding]:
    for case in subject.golden:
        said = outcome(subject.pack, case.answers).technique
        if said == UNDECIDED and case.answers[cell.signal] == "yes":
            message = (
                f"{case.id} is undecided; read for {technique}, the doubtful cell of {cell.signal} would decide it"
            )
            witness = subject.telling(case.answers)
            yield RuleFinding("doubtful", "info", "article_table", (), message, witness)


CHECK = Check("doubtful", "Doubtful cells decide nothing.", of_pack=inspect)
