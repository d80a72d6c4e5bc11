"""Doubtful cells of the article's table: whichever column their mark belongs to, the verdicts stay.

A mark that may belong to one column or the other is marked `soft` and carries no rule. Read as speaking, it can say no
more than that its technique is possible where the row holds: a rule after all others. Both columns are tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scoper.domain.decision import UNDECIDED
from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.outcome import outcome
from scoper.reasoning.pack import ArticleCell, Rule, RulePack
from scoper.reasoning.subject import Subject

COLUMNS = ("llm_orchestration", "plain_automation")


def inspect(subject: Subject) -> Iterator[RuleFinding]:
    """Each soft cell that carries rules, and each golden verdict that a reading turns into another."""
    said = [(case, outcome(subject.pack, case.answers).technique) for case in subject.golden]
    for cell in subject.pack.cells:
        if cell.mark != "soft":
            continue
        if cell.rules:
            message = f"the doubtful cell of {cell.signal} carries rules"
            yield RuleFinding("doubtful", "blocker", "article_table", cell.rules, message, {})
        for reading in readings(subject.pack, cell):
            for case, before in said:
                after = outcome(reading, case.answers).technique
                if before not in (after, UNDECIDED):
                    message = f"{case.id}: {before} becomes {after} when the doubtful cell of {cell.signal} speaks"
                    witness = subject.telling(case.answers)
                    yield RuleFinding("doubtful", "blocker", "article_table", (), message, witness)


def opened(subject: Subject) -> int:
    """The undecided golden cases that some reading of a doubtful cell would decide."""
    soft = [cell for cell in subject.pack.cells if cell.mark == "soft"]
    undecided = [case for case in subject.golden if case.expect.technique == UNDECIDED]
    return sum(any(case.answers[cell.signal] == "yes" for cell in soft) for case in undecided)


def readings(pack: RulePack, cell: ArticleCell) -> Iterator[RulePack]:
    """The pack with the cell's mark speaking in one column, then in the other."""
    for technique in dict.fromkeys((cell.technique, *COLUMNS)):
        when = {cell.signal: frozenset(("yes",))}
        rule = Rule("doubtful-cell", "technique", 10**6, when, technique, cell.reason, "", cell.basis)
        yield replace(
            pack,
            tables=tuple(
                replace(table, rules=(*table.rules, rule)) if table.kind == "technique" else table
                for table in pack.tables
            ),
        )


CHECK = Check("doubtful", "Doubtful cells decide nothing.", of_pack=inspect)
