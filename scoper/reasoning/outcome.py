"""What a rule pack says of one complete set of answers, read rule by rule; no diagram is involved.

That independence makes it the yardstick of golden cases: what the diagrams compute is compared with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoper.domain.decision import READINESS as READINESS
from scoper.domain.decision import Readiness
from scoper.reasoning.pack import Rule, RulePack, Table, TableKind

RL = "reinforcement_learning"


@dataclass(frozen=True)
class Outcome:
    """Everything that can be concluded; `conditions` and `notes` are the ids of the rules that state them."""

    technique: str
    family: str | None
    readiness: Readiness
    conditions: frozenset[str]
    qualifiers: frozenset[str]
    surroundings: frozenset[str]
    notes: frozenset[str]


@dataclass(frozen=True)
class GoldenCase:
    """A reviewed case: complete answers and the outcome that stands for them. `table` groups cases into files."""

    id: str
    table: str
    answers: Mapping[str, str]
    expect: Outcome
    because: str = ""


def holds(rule: Rule, values: Mapping[str, str]) -> bool:
    """Whether every condition of a rule holds."""
    return all(values[name] in allowed for name, allowed in rule.when.items())


def first_hit(table: Table, values: Mapping[str, str], default: str) -> str:
    """What a table with one conclusion says."""
    return next((rule.then for rule in table.rules if holds(rule, values)), default)


def worst(rules: Iterable[Rule]) -> Readiness:
    """The least ready of what readiness rules conclude."""
    said = {rule.then for rule in rules}
    return next((level for level in reversed(READINESS) if level in said), "go")


def outcome(pack: RulePack, answers: Mapping[str, str]) -> Outcome:
    """The outcome of complete answers: a known value for every signal of the pack."""
    values = dict(answers)
    for facet in pack.facets.values():
        values[facet.id] = first_hit(facet, answers, facet.default)
    (technique_table,), (family_table,) = pack.of_kind("technique"), pack.of_kind("family")
    technique = first_hit(technique_table, values, "undecided")
    values["technique"] = technique
    hits: dict[TableKind, list[Rule]] = {"readiness": [], "qualifier": [], "surrounding": [], "conflict": []}
    for table in pack.tables:
        if table.kind in hits:
            hits[table.kind] += [rule for rule in table.rules if holds(rule, values)]
    return Outcome(
        technique=technique,
        family=first_hit(family_table, values, family_table.default) if technique == RL else None,
        readiness=worst(hits["readiness"]),
        conditions=frozenset(rule.id for rule in hits["readiness"]),
        qualifiers=frozenset(rule.then for rule in hits["qualifier"]),
        surroundings=frozenset(rule.then for rule in hits["surrounding"]),
        notes=frozenset(rule.id for rule in hits["conflict"]),
    )
