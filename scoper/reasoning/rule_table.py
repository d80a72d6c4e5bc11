"""One decision table as lines over variables with a finite number of values, and where its lines meet.

Sets of lines are bits of one integer, so that a table of thousands of lines is compared in milliseconds. A table of a
rule pack and a user's own table become the same value here; what is wrong with it is for `scoper.reasoning.checks`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from scoper.reasoning.diagram import Variable
from scoper.reasoning.pack import HIT_POLICIES as HIT_POLICIES
from scoper.reasoning.pack import HitPolicy as HitPolicy

MAX_STEPS = 2_000_000


@dataclass(frozen=True)
class Spans(Variable):
    """A numeric variable cut into spans: `values` names one number of each, `bounds` the spans from low to high.

    A bound is (low, low included, high, high included); infinities are never included.
    """

    bounds: tuple[tuple[float, bool, float, bool], ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of a table. A variable that `when` leaves out may have any value; `then` is everything it concludes.

    `outputs` has what `then` says by the name of each output, where the table names them.
    """

    id: str
    when: Mapping[str, frozenset[str]]
    then: str
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleTable:
    """Lines in order of priority; `default` is None where the table concludes nothing when no line holds."""

    name: str
    variables: tuple[Variable, ...]
    lines: tuple[Line, ...]
    hit_policy: HitPolicy
    default: str | None = None

    @cached_property
    def size(self) -> int:
        """The number of cases: combinations of the variables' values."""
        return prod(len(variable.values) for variable in self.variables)

    @cached_property
    def holding(self) -> Mapping[str, Mapping[str, int]]:
        """Per variable and value, the lines (bits) that allow it."""
        table: dict[str, dict[str, int]] = {v.name: dict.fromkeys(v.values, 0) for v in self.variables}
        for index, line in enumerate(self.lines):
            for variable in self.variables:
                for value in line.when.get(variable.name, variable.values):
                    table[variable.name][value] |= 1 << index
        return table

    @cached_property
    def _meetings(self) -> dict[int, int]:
        return {}

    def meeting(self, index: int) -> int:
        """The lines (bits) that share a case with line `index`, itself included."""
        if index not in self._meetings:
            self._meetings[index] = self._meeting(index)
        return self._meetings[index]

    def _meeting(self, index: int) -> int:
        met = (1 << len(self.lines)) - 1
        for name, values in self.lines[index].when.items():
            here = 0
            for value in values:
                here |= self.holding[name][value]
            met &= here
        return met

    def covering(self, index: int) -> int:
        """The lines (bits) that hold wherever line `index` does, itself included."""
        over = (1 << len(self.lines)) - 1
        for variable in self.variables:
            for value in self.lines[index].when.get(variable.name, variable.values):
                over &= self.holding[variable.name][value]
        return over

    def shared_case(self, first: int, second: int) -> dict[str, str]:
        """One value for each variable that either line names, such that both hold; requires that they can."""
        one, two = self.lines[first].when, self.lines[second].when
        case = {}
        for variable in self.variables:
            if variable.name in one or variable.name in two:
                both = one.get(variable.name, frozenset(variable.values))
                both &= two.get(variable.name, frozenset(variable.values))
                case[variable.name] = next((value for value in variable.values if value in both), "")
        return case

    @cached_property
    def coverage(self) -> Coverage | None:
        """What the lines cover together; None when the table is too entangled to say within `MAX_STEPS`."""
        try:
            return _Descent(self).run()
        except OverflowError:
            return None


def bits(mask: int) -> Iterator[int]:
    """The positions of the ones of `mask`, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


Region = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Coverage:
    """`decides`: the lines (bits) that are the first to hold in some case; `uncovered`: cases in which none holds.

    `gaps` are disjoint regions without a line, at most ten of them; a variable left out may have any value.
    """

    decides: int
    uncovered: int
    gaps: tuple[Region, ...]


@dataclass(frozen=True)
class _Part:
    decides: int
    uncovered: int


class _Descent:
    """Splits a table variable by variable, the most used first; equal sets of remaining lines are visited once."""

    def __init__(self, table: RuleTable) -> None:
        used = {v.name: sum(v.name in line.when for line in table.lines) for v in table.variables}
        self.table = table
        self.order = sorted(table.variables, key=lambda variable: -used[variable.name])
        self.sizes = [prod(len(v.values) for v in self.order[depth:]) for depth in range(len(self.order) + 1)]
        self.branches = [self._branches(variable) for variable in self.order]
        self.certain = self._certain()
        self.memo: dict[tuple[int, int], _Part] = {}
        self.steps = 0

    def _branches(self, variable: Variable) -> list[tuple[int, list[str]]]:
        """Values that allow the same lines, together: (lines, values)."""
        groups: dict[int, list[str]] = {}
        for value in variable.values:
            groups.setdefault(self.table.holding[variable.name][value], []).append(value)
        return list(groups.items())

    def _certain(self) -> list[int]:
        """Per depth, the lines (bits) that no variable from there on can stop."""
        masks = [(1 << len(self.table.lines)) - 1]
        for variable in reversed(self.order):
            stopped = sum(1 << k for k, line in enumerate(self.table.lines) if variable.name in line.when)
            masks.append(masks[-1] & ~stopped)
        return masks[::-1]

    def run(self) -> Coverage:
        whole = self.part(0, (1 << len(self.table.lines)) - 1)
        gaps = tuple(self._gaps(0, (1 << len(self.table.lines)) - 1, {}, 10)) if whole.uncovered else ()
        return Coverage(whole.decides, whole.uncovered, gaps)

    def part(self, depth: int, alive: int) -> _Part:
        if not alive:
            return _Part(0, self.sizes[depth])
        sure = alive & self.certain[depth]
        if sure:
            lowest = sure & -sure
            alive &= (lowest << 1) - 1
            if alive == lowest:
                return _Part(lowest, 0)
        key = (depth, alive)
        if key not in self.memo:
            self.steps += len(self.branches[depth])
            if self.steps > MAX_STEPS:
                raise OverflowError
            parts = [(self.part(depth + 1, alive & mask), len(values)) for mask, values in self.branches[depth]]
            decides = 0
            for below, _ in parts:
                decides |= below.decides
            self.memo[key] = _Part(decides, sum(below.uncovered * n for below, n in parts))
        return self.memo[key]

    def _gaps(self, depth: int, alive: int, region: dict[str, frozenset[str]], limit: int) -> Iterator[Region]:
        if not alive:
            yield dict(region)
            return
        for mask, values in self.branches[depth]:
            if limit > 0 and self.part(depth + 1, alive & mask).uncovered:
                variable = self.order[depth]
                whole = len(values) == len(variable.values)
                inner = region if whole else region | {variable.name: frozenset(values)}
                for gap in self._gaps(depth + 1, alive & mask, inner, limit):
                    limit -= 1
                    yield gap
                    if limit <= 0:
                        return
