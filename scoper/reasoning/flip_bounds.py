"""How far changes still to come can move a verdict: the bounds that keep the search for flips short, and exact.

Every bound is a relaxation: the best of all changes below is chosen for each node of the diagram on its own, so that
nothing is lost where it says that the named technique can no longer change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import or_

from scoper.domain.decision import TECHNIQUES, UNDECIDED
from scoper.reasoning.diagram import Diagram, Mass, mixture
from scoper.reasoning.flip_changes import Change, Weights, union
from scoper.reasoning.knowledge import MAJORITY

_SLACK = 1e-10  # of a bound, for rounding


@dataclass(frozen=True)
class State:
    """Where some changes lead: node probabilities, and the nodes possible where answers are doubted."""

    mass: Mass
    nodes: frozenset[int]


START = State({0: 1.0}, frozenset((0,)))


class Bounds:
    """What changes of the signals `free` can do at most, per depth and node of the diagram.

    The named technique changes when its own probability falls, or where none is named when another's rises: these are
    the `targets`. Rows of nodes depend on the free signals below them alone and are kept.
    """

    def __init__(self, diagram: Diagram, before: str, changes: Sequence[Sequence[Change]], *, doubted: bool) -> None:
        self.diagram, self.changes, self.doubted = diagram, changes, doubted
        self.own = diagram.outcomes.index(before) if before in diagram.outcomes else -1
        self.falls = before != UNDECIDED
        rising = [k for k, name in enumerate(diagram.outcomes) if name in TECHNIQUES]
        self.targets: Sequence[int] = [self.own] if self.falls else rising
        self.below = list(accumulate((union(kept) for kept in reversed(changes)), or_, initial=0))[::-1]
        self.rows: dict[tuple[int, int, int], list[float]] = {}
        self.sets: dict[tuple[bool, int, int], list[frozenset[int]]] = {}

    def can_change(self, depth: int, state: State, free: int, targets: Sequence[int]) -> bool:
        """False only when no further changes make another technique the named one."""
        if self.doubted:
            can_be = self._outcomes(False, depth, free)
            if frozenset().union(*(can_be[node] for node in state.nodes)) <= {self.own}:
                return False
            only = self._outcomes(True, depth, free)
            if frozenset.intersection(*(only[node] for node in state.nodes)) - {self.own}:
                return True
        return any(self.moves(target, depth, state.mass, free) for target in targets)

    def moves(self, target: int, depth: int, mass: Mass, free: int) -> bool:
        """Whether the probability of a target may cross the majority."""
        rows = self._extremes(target, depth, free & self.below[depth])
        share = sum([part * rows[node] for node, part in mass.items()])
        return share <= MAJORITY + _SLACK if self.falls else share > MAJORITY - _SLACK

    def _extremes(self, target: int, depth: int, free: int) -> list[float]:
        """Per node the least probability of a target that may fall, the greatest of one that may rise."""
        if depth == len(self.changes):
            return [float(k == target) for k in range(len(self.diagram.outcomes))]
        key = (target, depth, free)
        if key not in self.rows:
            under = self._extremes(target, depth + 1, free & self.below[depth + 1])
            kept = {change.weights for change in self.changes[depth] if not change.signals & ~free}
            laws = [[(k, share) for k, share in enumerate(weights) if share] for weights in kept]
            best = min if self.falls else max
            self.rows[key] = [
                best([sum([share * under[node[k]] for k, share in law]) for law in laws])
                for node in self.diagram.levels[depth]
            ]
        return self.rows[key]

    def _outcomes(self, only: bool, depth: int, free: int) -> list[frozenset[int]]:
        """Per node the outcomes that changes may leave possible, or with `only` may make the only possible one."""
        if depth == len(self.changes):
            return [frozenset((k,)) for k in range(len(self.diagram.outcomes))]
        key = (only, depth, free & self.below[depth])
        if key not in self.sets:
            under = self._outcomes(only, depth + 1, free)
            ways = {change.open for change in self.changes[depth] if not change.signals & ~free}
            join = frozenset.intersection if only else frozenset.union
            self.sets[key] = [
                frozenset().union(*(join(*(under[node[k]] for k in way)) for way in ways))
                for node in self.diagram.levels[depth]
            ]
        return self.sets[key]


def reachable_outcomes(diagram: Diagram, open_values: Sequence[Sequence[int]]) -> list[list[frozenset[int]]]:
    """Per depth and node the outcomes that the open values of the variables below lead to."""
    rows = [[frozenset((k,)) for k in range(len(diagram.outcomes))]]
    for level, values in zip(reversed(diagram.levels), reversed(open_values), strict=True):
        under = rows[-1]
        rows.append([frozenset().union(*(under[node[k]] for k in values)) for node in level])
    return rows[::-1]


def unchanged(diagram: Diagram, weights: Sequence[Weights]) -> list[list[list[float]]]:
    """Per depth and node the probability of every outcome when nothing below changes."""
    n = len(diagram.outcomes)
    rows = [[[1.0 if k == j else 0.0 for j in range(n)] for k in range(n)]]
    for level, law in zip(reversed(diagram.levels), reversed(weights), strict=True):
        under = rows[-1]
        rows.append([mixture([under[child] for child in node], law, n) for node in level])
    return rows[::-1]
