"""Would the golden cases notice a fault? Rules, conditions and their values are dropped, conditions negated, in turn.

A mutant is noticed when some golden case gets another outcome: another technique, family, readiness, condition,
qualifier, surrounding or note. Sets of cases are bits of one integer, so that hundreds of mutants take milliseconds.
(DeMillo, Lipton and Sayward 1978; the conditions' mutants are those of MC/DC, Chilenski and Miller 1994.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scoper.domain.decision import UNDECIDED
from scoper.reasoning.outcome import RL, first_hit
from scoper.reasoning.pack import Rule, RulePack, Table
from scoper.reasoning.rule_table import bits

MutantKind = Literal["rule dropped", "condition dropped", "condition negated", "value dropped"]


@dataclass(frozen=True)
class Mutant:
    """One fault: `when` is the rule's condition with the fault, None when the whole rule is gone."""

    table: str
    rule: str
    kind: MutantKind
    condition: str
    value: str
    when: Mapping[str, frozenset[str]] | None

    def sentence(self) -> str:
        """The fault in words."""
        what = " ".join(part for part in (self.condition, self.value) if part)
        return f"{self.rule}: {self.kind}" + (f" ({what})" if what else "")


def mutants(pack: RulePack) -> Iterator[Mutant]:
    """Every mutant of every rule, in the order of the pack."""
    for table in pack.tables:
        for rule in table.rules:
            yield Mutant(table.id, rule.id, "rule dropped", "", "", None)
            for name, values in rule.when.items():
                others = {n: v for n, v in rule.when.items() if n != name}
                yield Mutant(table.id, rule.id, "condition dropped", name, "", others)
                negated = frozenset(pack.input_variable(name).values) - values
                yield Mutant(table.id, rule.id, "condition negated", name, "", {**rule.when, name: negated})
                for value in sorted(values) if len(values) > 1 else ():
                    fewer = {**rule.when, name: values - {value}}
                    yield Mutant(table.id, rule.id, "value dropped", name, value, fewer)


def mutated(table: Table, mutant: Mutant) -> Table:
    """The table with the fault."""
    rules = []
    for rule in table.rules:
        if rule.id != mutant.rule:
            rules.append(rule)
        elif mutant.when is not None:
            rules.append(replace(rule, when=mutant.when))
    return replace(table, rules=tuple(rules))


def survivors(pack: RulePack, cases: Sequence[Mapping[str, str]]) -> tuple[Mutant, ...]:
    """The mutants that none of `cases` (complete answers) notices."""
    bench = Bench(pack, cases)
    return tuple(mutant for mutant in mutants(pack) if not bench.noticed(mutant))


class Bench:
    """The golden cases side by side: which of them (bits) notice a mutant."""

    def __init__(self, pack: RulePack, cases: Sequence[Mapping[str, str]]) -> None:
        self.pack = pack
        self.all = (1 << len(cases)) - 1
        self.tables = {table.id: table for table in pack.tables}
        (self.technique,), (self.family,) = pack.of_kind("technique"), pack.of_kind("family")
        self.where: dict[str, dict[str, int]] = {name: {} for name in (*pack.questions, *pack.facets, "technique")}
        for index, answers in enumerate(cases):
            self._note(index, answers)
        self.conclusions = {t.id: self._conclusions(t) for t in (self.technique, self.family)}
        self.held = {t.id: [self._holds(r.when) for r in t.rules] for t in pack.tables}

    def _note(self, index: int, answers: Mapping[str, str]) -> None:
        values = dict(answers)
        for facet in self.pack.facets.values():
            values[facet.id] = first_hit(facet, answers, facet.default)
        values["technique"] = first_hit(self.technique, values, UNDECIDED)
        for name, value in values.items():
            column = self.where.setdefault(name, {})
            column[value] = column.get(value, 0) | 1 << index

    def _holds(self, when: Mapping[str, frozenset[str]], changed: Mapping[str, Mapping[str, int]] | None = None) -> int:
        mask = self.all
        for name, values in when.items():
            column = changed[name] if changed and name in changed else self.where.get(name, {})
            here = 0
            for value in values:
                here |= column.get(value, 0)
            mask &= here
        return mask

    def _default(self, table: Table) -> str:
        return UNDECIDED if table.kind == "technique" else table.default

    def _conclusions(self, table: Table, changed: Mapping[str, Mapping[str, int]] | None = None) -> dict[str, int]:
        """Conclusion to the cases (bits) in which a first-hit table draws it."""
        held = ((rule, self._holds(rule.when, changed)) for rule in table.rules)
        return self._first(held, self._default(table), self.all)

    def _first(self, held: Iterable[tuple[Rule, int]], default: str, cases: int) -> dict[str, int]:
        found: dict[str, int] = {}
        for rule, mask in held:
            if hit := mask & cases:
                found[rule.then] = found.get(rule.then, 0) | hit
                cases &= ~hit
        if cases:
            found[default] = found.get(default, 0) | cases
        return found

    def noticed(self, mutant: Mutant) -> int:
        """The cases (bits) whose outcome the mutant changes."""
        table = self.tables[mutant.table]
        index = next(k for k, rule in enumerate(table.rules) if rule.id == mutant.rule)
        before = self.held[table.id][index]
        after = 0 if mutant.when is None else self._holds(mutant.when)
        if table.hit_policy == "collect":
            return self._collected(table, index, before ^ after)
        moved = self._moved(table, index, before, after)
        if table.kind == "technique":
            return self._apart(moved, self.conclusions[table.id])
        if table.kind == "family":
            return self._apart(moved, self.conclusions[table.id]) & self.where["technique"].get(RL, 0)
        return self._through(table, moved)

    def _collected(self, table: Table, index: int, touched: int) -> int:
        if table.kind in ("qualifier", "surrounding"):
            then = table.rules[index].then
            for k, mask in enumerate(self.held[table.id]):
                if k != index and table.rules[k].then == then:
                    touched &= ~mask
        return touched

    def _moved(self, table: Table, index: int, before: int, after: int) -> dict[str, int]:
        """What the mutated table concludes in the cases in which the mutated rule gains or loses the word."""
        held = self.held[table.id]
        earlier = 0
        for mask in held[:index]:
            earlier |= mask
        touched = (before ^ after) & ~earlier
        rows = [(table.rules[index], after), *zip(table.rules[index + 1 :], held[index + 1 :], strict=True)]
        return self._first(rows, self._default(table), touched)

    @staticmethod
    def _apart(moved: Mapping[str, int], original: Mapping[str, int]) -> int:
        apart = 0
        for then, mask in moved.items():
            apart |= mask & ~original.get(then, 0)
        return apart

    def _through(self, facet: Table, moved: Mapping[str, int]) -> int:
        """The cases in which the facet's new value changes technique or family."""
        touched = self._apart(moved, self.where[facet.id])
        if not touched:
            return 0
        column = {value: mask & ~touched for value, mask in self.where[facet.id].items()}
        for value, mask in moved.items():
            column[value] = column.get(value, 0) | mask & touched
        changed = {facet.id: column}
        technique = self._conclusions(self.technique, changed)
        family = self._conclusions(self.family, changed)
        flipped = self._apart(technique, self.conclusions[self.technique.id])
        learned = technique.get(RL, 0) & self.where["technique"].get(RL, 0)
        return flipped | self._apart(family, self.conclusions[self.family.id]) & learned


def noticing(bench: Bench, all_mutants: Iterable[Mutant]) -> dict[int, int]:
    """Per case (its index), the number of mutants that only it notices."""
    alone: dict[int, int] = {}
    for mutant in all_mutants:
        found = list(bits(bench.noticed(mutant)))
        if len(found) == 1:
            alone[found[0]] = alone.get(found[0], 0) + 1
    return alone
