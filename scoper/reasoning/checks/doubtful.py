"""Doubtful cells of the article's table: whichever column their mark belongs to, the verdicts stay.

A mark that may belong to one column or the other is marked `soft`. Whole packs are built and evaluated, one for every
combination of readings of all doubtful cells. Read as speaking, a cell has its row conclude that column's technique; a
cell that carries no rule speaks after all other rules (it can say no more than that its technique is possible), one
that does carry rules hands them to the column: their conclusion becomes its technique.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from scoper.domain.decision import UNDECIDED
from scoper.reasoning.checks import Check, RuleFinding
from scoper.reasoning.outcome import outcome
from scoper.reasoning.pack import ArticleCell, Rule, RulePack
from scoper.reasoning.subject import Subject

COLUMNS = ("llm_orchestration", "plain_automation")
Reading = tuple[tuple[ArticleCell, str], ...]


def inspect(subject: Subject) -> Iterator[RuleFinding]:
    """Each golden verdict that is another one under some reading, with the first reading that shows it."""
    packs = list(readings(subject.pack))
    for case in subject.golden:
        before = outcome(subject.pack, case.answers).technique
        for reading, pack in packs:
            after = outcome(pack, case.answers).technique
            if before not in (after, UNDECIDED):
                read = ", ".join(f"{cell.signal} for {column}" for cell, column in reading)
                message = f"{case.id}: {before} becomes {after} when the doubtful cells are read {read}"
                rules = tuple(rule for cell, _ in reading for rule in cell.rules)
                yield RuleFinding("doubtful", "blocker", "article_table", rules, message, subject.telling(case.answers))
                break


def opened(subject: Subject) -> int:
    """The undecided golden cases that some reading of the doubtful cells decides."""
    packs = [pack for _, pack in readings(subject.pack)]
    undecided = [case.answers for case in subject.golden if outcome(subject.pack, case.answers).technique == UNDECIDED]
    return sum(any(outcome(pack, answers).technique != UNDECIDED for pack in packs) for answers in undecided)


def readings(pack: RulePack) -> Iterator[tuple[Reading, RulePack]]:
    """Every combination of one column for each doubtful cell, with the whole pack that it makes."""
    soft = [cell for cell in pack.cells if cell.mark == "soft"]
    columns = [tuple(dict.fromkeys((cell.technique, *COLUMNS))) for cell in soft]
    for chosen in product(*columns) if soft else ():
        reading = tuple(zip(soft, chosen, strict=True))
        yield reading, _read(pack, reading)


def _read(pack: RulePack, reading: Reading) -> RulePack:
    columns = {rule: column for cell, column in reading for rule in cell.rules}
    last = tuple(
        Rule(
            f"doubtful-{cell.signal}",
            "technique",
            10**6,
            {cell.signal: frozenset(("yes",))},
            column,
            cell.reason,
            "",
            cell.basis,
        )
        for cell, column in reading
        if not cell.rules
    )
    return replace(
        pack,
        tables=tuple(
            replace(
                table,
                rules=(*(replace(rule, then=columns.get(rule.id, rule.then)) for rule in table.rules), *last),
            )
            if table.kind == "technique"
            else table
            for table in pack.tables
        ),
    )


CHECK = Check("doubtful", "Doubtful cells decide nothing.", of_pack=inspect)
