"""All smallest sets of answers whose change makes another technique the named one: exact, and without a cap.

Flips are found one after another, each in a set of signals that holds none of those known; a set in which bounds leave
no room for one is closed. The known flips steer the search as the hitting sets of Reiter (1987) do: one that is not
known yet lacks some signal of each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scoper.reasoning.diagram import mixture, push
from scoper.reasoning.flip_bounds import START, Bounds, State, reachable_outcomes, unchanged
from scoper.reasoning.flip_changes import Change, all_changes, distinct, union
from scoper.reasoning.knowledge import Knowledge, named

Path = tuple[tuple[int, int], ...]  # (depth of a variable, number of its change), in order
_SAME = 12  # decimals in which probabilities are called equal


def smallest(sets: Iterable[int]) -> list[int]:
    """The sets (bits) of which no other one is a part."""
    kept: list[int] = []
    for one in sorted(set(sets), key=int.bit_count):
        if not any(other & one == other for other in kept):
            kept.append(one)
    return kept


def all_flips(knowledge: Knowledge) -> list[tuple[dict[str, str], str]]:
    """Every smallest change with the technique then named: fewer answers first, then in the diagram's order.

    Of several values with the same effect the first in the questions' order is taken.
    """
    search = _Search(knowledge)
    answers = [{change.number: change.answers for change in kept} for kept in search.changes]
    return [
        ({signal: value for depth, number in path for signal, value in answers[depth][number].items()}, to)
        for path, to in search.run()
    ]


class _Search:
    """One search over one `Knowledge`; `run` is called once. `known` are the flips so far, not all of them minimal."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.diagram, self.before = knowledge.pack.technique_diagram, knowledge.technique
        self.names, doubted = self.diagram.outcomes, bool(knowledge.reliability)
        self.changes = [distinct(all_changes(knowledge, depth)) for depth in range(len(self.diagram.variables))]
        self.rest = unchanged(self.diagram, [kept[0].weights for kept in self.changes])
        self.still = reachable_outcomes(self.diagram, [kept[0].open for kept in self.changes])
        self.bounds = Bounds(self.diagram, self.before, self.changes, doubted=doubted)
        self.known: list[int] = []

    def run(self) -> list[tuple[Path, str]]:
        """The first path of every smallest flip and technique then named, fewest signals first."""
        self._within_one_variable()
        single = sum(flip for flip in smallest(self.known) if flip.bit_count() == 1)
        self._hunt(self.bounds.below[0] & ~single, 0, self.bounds.targets)
        found = {key: path for flip in smallest(self.known) for key, path in self._ways(flip).items()}
        return [(path, to) for (_, to), path in sorted(found.items(), key=lambda one: (one[0][0].bit_count(), one[1]))]

    def _within_one_variable(self) -> None:
        here = START
        for depth, changes in enumerate(self.changes):
            for change in changes[1:]:
                if self._technique(depth + 1, self._moved(depth, here, change)) != self.before:
                    self.known.append(change.signals)
            here = self._moved(depth, here, changes[0])

    def _hunt(self, free: int, needed: int, targets: Sequence[int]) -> None:
        """Find a flip in every set of signals within `free` that holds `needed` and no known flip, while there is one.

        A flip that is not known yet lacks some signal of each known one, so the search splits on these signals.
        """
        if any(not flip & ~needed for flip in self.known) or not self.bounds.can_change(0, START, free, targets):
            return
        inside = [flip for flip in self.known if not flip & ~free]
        if inside:
            flip = min(inside, key=lambda one: (one & ~needed).bit_count())
        else:
            targets = [target for target in targets if self.bounds.moves(target, 0, START.mass, free)]
            flip = self._find(free, targets)
            if not flip:
                return
            self.known.append(flip)
        for signal in _bits(flip & ~needed):
            self._hunt(free & ~signal, needed, targets)
            needed |= signal

    def _find(self, free: int, targets: Sequence[int]) -> int:
        """The signals of some flip within `free`, or 0 when there is none; few changes are tried first."""
        left = [[change for change in kept if not change.signals & ~free] for kept in self.changes]
        hopeless: set[object] = set()

        def below(depth: int, state: State, signals: int) -> int:
            if not self.bounds.can_change(depth, state, free, targets):
                return 0
            if signals and self._technique(depth, state) != self.before:
                return signals
            key = (depth, _same(state))
            if depth == len(left) or key in hopeless:
                return 0
            for change in left[depth]:
                found = below(depth + 1, self._moved(depth, state, change), signals | change.signals)
                if found:
                    return found
            hopeless.add(key)
            return 0

        return below(0, START, 0)

    def _ways(self, flip: int) -> dict[tuple[int, str], Path]:
        """The techniques that changing exactly the signals of a smallest flip leads to, each with its first path."""
        states: dict[object, tuple[State, Path]] = {0: (START, ())}
        left = flip
        for depth, changes in enumerate(self.changes):
            here = flip & union(changes)
            left &= ~here
            reached: dict[object, tuple[State, Path]] = {}
            for state, path in states.values():
                for change in changes:
                    if change.signals == here:
                        moved = self._moved(depth, state, change)
                        longer = (*path, (depth, change.number)) if here else path
                        key = _same(moved)
                        if self._hopeful(depth + 1, moved, flip) and (key not in reached or longer < reached[key][1]):
                            reached[key] = (moved, longer)
            states = reached
            if not left:
                break
        found: dict[tuple[int, str], Path] = {}
        for state, path in states.values():
            to = self._technique(depth + 1, state)
            if to != self.before and path < found.get((flip, to), (*path, (0, 0))):
                found[flip, to] = path
        return found

    def _hopeful(self, depth: int, state: State, free: int) -> bool:
        return self.bounds.can_change(depth, state, free, self.bounds.targets)

    def _moved(self, depth: int, state: State, change: Change) -> State:
        level = self.diagram.levels[depth]
        nodes = frozenset(level[node][k] for node in state.nodes for k in change.open)
        return State(push(level, change.weights, state.mass), nodes)

    def _technique(self, depth: int, state: State) -> str:
        """The technique named when nothing more changes, as `Knowledge.technique` has it."""
        possible = {outcome for node in state.nodes for outcome in self.still[depth][node]}
        if len(possible) == 1:
            return self.names[possible.pop()]
        rows = [self.rest[depth][node] for node in state.mass]
        reached = mixture(rows, list(state.mass.values()), len(self.names))
        return named(dict(zip(self.names, reached, strict=True)))


def _same(state: State) -> object:
    return (state.nodes, *sorted((node, round(share, _SAME)) for node, share in state.mass.items()))


def _bits(signals: int) -> list[int]:
    return [1 << k for k in range(signals.bit_length()) if signals >> k & 1]
