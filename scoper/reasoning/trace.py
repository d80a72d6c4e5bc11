"""What became of every rule: it holds, it may hold, or it cannot.

In a first-hit table a rule holds only where no rule before it can; what an earlier rule certainly decides closes the
later ones.
"""

from __future__ import annotations

from typing import Literal

from scoper.domain.decision import TraceEntry
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.pack import Rule, Table, TableKind

Status = Literal["hit", "open", "missed"]


def trace(knowledge: Knowledge, technique: str) -> tuple[TraceEntry, ...]:
    """Every rule of every table with its status, in the order of the pack."""
    return tuple(
        TraceEntry(
            rule=rule.id,
            table=table.id,
            status=status,
            concludes=rule.then,
            because=rule.because,
            source=rule.source,
            basis=rule.basis,
            advice=rule.advice,
        )
        for table in knowledge.pack.tables
        for rule, status in zip(table.rules, _statuses(knowledge, table, technique), strict=True)
    )


def certain_hits(knowledge: Knowledge, technique: str, kind: TableKind) -> tuple[Rule, ...]:
    """The rules of all tables of one kind that certainly hold."""
    return tuple(
        rule
        for table in knowledge.pack.of_kind(kind)
        for rule, status in zip(table.rules, _statuses(knowledge, table, technique), strict=True)
        if status == "hit"
    )


def open_signals(knowledge: Knowledge, technique: str, kind: TableKind) -> tuple[str, ...]:
    """The open questions on which it depends whether rules of one kind hold, in the order of the questions."""
    named = {
        name
        for table in knowledge.pack.of_kind(kind)
        for rule, status in zip(table.rules, _statuses(knowledge, table, technique), strict=True)
        for name in rule.when
        if status == "open" and name not in ("technique", *knowledge.facts)
    }
    return tuple(signal for signal in knowledge.pack.questions if signal in named)


def _statuses(knowledge: Knowledge, table: Table, technique: str) -> list[Status]:
    if table.kind == "family" and technique != "reinforcement_learning":
        return ["missed"] * len(table.rules)
    statuses: list[Status] = []
    earlier_open = decided = False
    for rule in table.rules:
        status: Status = "missed" if decided else _condition(knowledge, rule, technique)
        if table.hit_policy == "first" and status == "hit":
            status = "open" if earlier_open else "hit"
            decided = True
        earlier_open = earlier_open or status == "open"
        statuses.append(status)
    return statuses


def _condition(knowledge: Knowledge, rule: Rule, technique: str) -> Status:
    status: Status = "hit"
    for name, values in rule.when.items():
        allowed = frozenset((technique,)) if name == "technique" else _allowed(knowledge, name)
        if not allowed & values:
            return "missed"
        if not allowed <= values:
            status = "open"
    return status


def _allowed(knowledge: Knowledge, name: str) -> frozenset[str]:
    return knowledge.allowed[name] if name in knowledge.allowed else knowledge.allowed_values(name)
