"""How far changes still to come can move a verdict: the bounds that keep the search for flips short, and exact.

Every bound is a relaxation: the best of all changes below is chosen for each node of the diagram on its own, so that
nothing is lost where it says that the named technique can no longer change. Only the extreme laws are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import accumulate
from operator import and_, itemgetter, or_
from typing import Any

from scoper.domain.decision import TECHNIQUES, UNDECIDED
from scoper.reasoning.diagram import Diagram, Mass
from scoper.reasoning.flip_changes import Change, Options, distinct, union
from scoper.reasoning.knowledge import MAJORITY

Bits = tuple[int, ...]
_SLACK = 1e-10  # of a bound, for rounding


def _picking(column: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What picks the entries of a row that a column names: twice as fast as a loop."""
    if len(column) > 1:
        return itemgetter(*column)
    (only,) = column
    return lambda row: (row[only],)


def _together(children: Sequence[int], law: Sequence[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    """The children that the values of a law lead to, each once with the shares of all its values."""
    if len(law) == 1:
        ((only, share),) = law
        return ((children[only], share),)
    shares: dict[int, float] = {}
    for k, share in law:
        shares[children[k]] = shares.get(children[k], 0.0) + share
    return tuple(shares.items())


def _common(*sets: int) -> int:
    return reduce(and_, sets)


def _either(*sets: int) -> int:
    return reduce(or_, sets)


class Bounds:
    """What changes of the signals `free` can do at most, per depth and node of the diagram.

    The named technique changes when its own probability falls, or where none is named when another's rises: these are
    the `targets`. Rows of nodes depend on the free signals below them alone and are kept.
    """

    def __init__(self, diagram: Diagram, before: str, changes: Sequence[Sequence[Change]], unanswered: int) -> None:
        self.diagram, self._all, self._unanswered = diagram, changes, unanswered
        self.changes = [distinct(some) for some in changes]
        self.columns = [tuple(zip(*level, strict=True)) for level in diagram.levels]
        own = diagram.outcomes.index(before) if before in diagram.outcomes else -1
        self.own_bit = 1 << own if own >= 0 else 0
        self.falls = before != UNDECIDED
        rising = [k for k, name in enumerate(diagram.outcomes) if name in TECHNIQUES]
        self.targets: Sequence[int] = [own] if self.falls else rising
        self.signals = [union(kept) for kept in self.changes]
        self.below = list(accumulate(reversed(self.signals), or_, initial=0))[::-1]
        n, bottom = len(diagram.outcomes), len(changes)
        self._rows: dict[tuple[int, int, int], Sequence[float]] = {
            (t, bottom, 0): [float(k == t) for k in range(n)] for t in range(n)
        }
        self._sets: dict[tuple[bool, int, int], Bits] = {
            (only, bottom, 0): tuple(1 << k for k in range(n)) for only in (False, True)
        }
        self._joins: dict[tuple[int, tuple[tuple[int, ...], ...], Bits], Bits] = {}
        self._below = [[_picking(column) for column in columns] for columns in self.columns]
        self._orders: dict[tuple[int, int, int, int, int], bool] = {}
        self._options: dict[tuple[int, int], Options] = {}
        self._ways: dict[tuple[int, int], Sequence[Sequence[tuple[int, float]]]] = {}

    def options(self, depth: int, free: int) -> Options:
        """The changes of one variable within the signals `free`."""
        key = (depth, free & self.signals[depth])
        if key not in self._options:
            self._options[key] = Options.of(self._all[depth], self.changes[depth], free, self._unanswered)
        return self._options[key]

    def row(self, target: int, depth: int, free: int) -> Sequence[float]:
        """Per node the least probability of a target that may fall, the greatest of one that may rise."""
        key = (target, depth, free & self.below[depth])
        found = self._rows.get(key)
        if found is None:
            under = self.row(target, depth + 1, free)
            parts = [self._mixed(depth, change, under) for change in self.options(depth, free).extreme]
            found = list(map(min if self.falls else max, *parts)) if len(parts) > 1 else parts[0]
            self._rows[key] = found
        return found

    def _mixed(self, depth: int, change: Change, under: Sequence[float]) -> Sequence[float]:
        below, law = self._below[depth], change.law
        if len(law) == 1:
            return below[law[0][0]](under)
        (first, share), *others = law
        mixed = [share * part for part in below[first](under)]
        for k, share in others:
            mixed = [so_far + share * part for so_far, part in zip(mixed, below[k](under), strict=True)]
        return mixed

    def ways(self, depth: int, change: Change) -> Sequence[Sequence[tuple[int, float]]]:
        """Per node its children with their shares under a change; values with the same child count together."""
        key = (depth, change.number)
        found = self._ways.get(key)
        if found is None:
            found = self._ways[key] = [_together(node, change.law) for node in self.diagram.levels[depth]]
        return found

    def after(self, depth: int, change: Change, target: int) -> Sequence[float]:
        """Per node the probability of a target when this is the last change."""
        key = (target, depth, ~change.number)
        if key not in self._rows:
            self._rows[key] = self._mixed(depth, change, self.row(target, depth + 1, 0))
        return self._rows[key]

    def possible(self, depth: int, change: Change) -> Bits:
        """Per node the outcomes (bits) that remain possible when this is the last change; where answers are doubted."""
        key = (False, depth, ~change.number)
        if key not in self._sets:
            self._sets[key] = self._joined(depth, [(k,) for k in change.open], self.reach(False, depth + 1, 0))
        return self._sets[key]

    def reach(self, only: bool, depth: int, free: int) -> Bits:
        """Per node the outcomes (bits) that changes can leave possible, or with `only` make the only possible one."""
        key = (only, depth, free & self.below[depth])
        found = self._sets.get(key)
        if found is None:
            options, under = self.options(depth, free), self.reach(only, depth + 1, free)
            ways = [change.open for change in options.narrowest] if only else [(k,) for k in options.widest]
            found = self._sets[key] = self._joined(depth, ways, under)
        return found

    def _joined(self, depth: int, ways: Sequence[tuple[int, ...]], under: Bits) -> Bits:
        """Per node the union, over ways, of what the values of a way have in common."""
        key = (depth, tuple(ways), under)
        found = self._joins.get(key)
        if found is None:
            parts = []
            for way in ways:
                sides = [self._below[depth][k](under) for k in way]
                parts.append(tuple(map(_common, *sides)) if len(way) > 1 else sides[0])
            found = tuple(map(_either, *parts)) if len(parts) > 1 else parts[0]
            self._joins[key] = found
        return found

    def share(self, mass: Mass, row: Sequence[float]) -> float:
        """The probability of a target that has that of `row` at each node; less is better where it has to fall."""
        share = 0.0
        for node, part in mass.items():
            share += part * row[node]
        return share

    def enough(self, share: float, slack: float = _SLACK) -> bool:
        """Whether a target's probability crosses the majority, up to the rounding of a bound."""
        return share <= MAJORITY + slack if self.falls else share > MAJORITY - slack

    def moving(self, targets: Sequence[int], depth: int, mass: Mass, free: int) -> list[int]:
        """The targets whose probability may cross the majority."""
        return [t for t in targets if self.enough(self.share(mass, self.row(t, depth, free)))]

    def settles(self, depth: int, nodes: frozenset[int], free: int) -> bool:
        """Whether changes may make another technique (or none) the only possible one; where answers are doubted."""
        row = self.reach(True, depth, free)
        return bool(reduce(and_, [row[node] for node in nodes]) & ~self.own_bit)

    def unsettles(self, depth: int, nodes: frozenset[int], free: int) -> bool:
        """Whether another technique (or none) can be left possible; where answers are doubted."""
        row = self.reach(False, depth, free)
        return any(row[node] & ~self.own_bit for node in nodes)

    def replaces(self, target: int, depth: int, free: int, mass: Mass, better: Change, worse: Change) -> bool:
        """Whether one extreme change does from a state at least what another one does, whatever is done below."""
        gained = [k for k, (a, b) in enumerate(zip(better.weights, worse.weights, strict=True)) if a > b]
        lost = [k for k, (a, b) in enumerate(zip(better.weights, worse.weights, strict=True)) if a < b]
        columns = self.columns[depth]
        return all(
            self._beats(target, depth + 1, free, columns[i][node], columns[k][node])
            for node in mass
            for i in gained
            for k in lost
        )

    def _beats(self, target: int, depth: int, free: int, better: int, worse: int) -> bool:
        """Whether one node leads to what is wanted of the target wherever another one does."""
        if better == worse:
            return True
        if depth == len(self.columns):
            return worse == target or better != target if self.falls else better == target or worse != target
        free &= self.below[depth]
        key = (target, depth, free, better, worse)
        found = self._orders.get(key)
        if found is None:
            one, other = self.diagram.levels[depth][better], self.diagram.levels[depth][worse]
            values = self.options(depth, free).values
            found = all(one[k] == other[k] or self._beats(target, depth + 1, free, one[k], other[k]) for k in values)
            self._orders[key] = found
        return found
