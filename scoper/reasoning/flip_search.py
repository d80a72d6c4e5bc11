"""All smallest sets of answers whose change makes another technique the named one: exact, and without a cap.

Flips are found one after another, each in a set of signals that holds none of those known; a set in which bounds leave
no room for one is closed. The known flips steer the search as the hitting sets of Reiter (1987) do: one that is not
known yet lacks some signal of each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress

from scoper.reasoning.diagram import Diagram
from scoper.reasoning.flip_bounds import Bounds
from scoper.reasoning.flip_changes import Change, all_changes
from scoper.reasoning.flip_finding import START, Finder, State, bits
from scoper.reasoning.knowledge import Knowledge

Path = tuple[tuple[int, int], ...]  # (depth of a variable, number of its change), in order

_FEW = 16  # states that cost less to follow than to bound


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
    changes = [all_changes(knowledge, depth) for depth in range(len(knowledge.pack.technique_diagram.variables))]
    unanswered = sum(1 << k for k, signal in enumerate(knowledge.pack.questions) if signal not in knowledge.facts)
    return flips_among(knowledge, changes, unanswered=unanswered, doubted=bool(knowledge.reliability))


def flips_among(
    knowledge: Knowledge, changes: Sequence[Sequence[Change]], *, unanswered: int, doubted: bool
) -> list[tuple[dict[str, str], str]]:
    """`all_flips`, of the given changes per variable of the technique diagram only.

    `unanswered` holds the open signals (bits) whose every answer is among the changes; `doubted` says whether an answer
    before or after a change is not relied on, and the changes tell then what they leave open.
    """
    search = _Search(knowledge.pack.technique_diagram, knowledge.technique, changes, unanswered, doubted)
    answers = [{change.number: change.answers for change in kept} for kept in search.bounds.changes]
    return [
        ({signal: value for depth, number in path for signal, value in answers[depth][number].items()}, to)
        for path, to in search.run()
    ]


class _Search:
    """One search; `run` is called once. `known` are the flips so far, not all of them minimal.

    `moved` tells of a flip which targets the changes of its signals can move at most.
    """

    def __init__(
        self, diagram: Diagram, before: str, changes: Sequence[Sequence[Change]], unanswered: int, doubted: bool
    ) -> None:
        self.bounds = Bounds(diagram, before, changes, unanswered)
        self.finder = Finder(self.bounds, doubted=doubted)
        self.known: list[int] = []
        self.moved: dict[int, Sequence[int]] = {}
        self._changes = {(depth, c.number): c for depth, kept in enumerate(self.bounds.changes) for c in kept}
        self._states: dict[tuple[Path, int], State] = {}

    def run(self) -> list[tuple[Path, str]]:
        """The first path of every smallest flip and technique then named, fewest signals first."""
        self._within_one_variable()
        single = sum(flip for flip in smallest(self.known) if flip.bit_count() == 1)
        self._hunt(self.bounds.below[0] & ~single, 0, self.bounds.targets)
        found = {(flip, to): path for flip in smallest(self.known) for to, path in self._ways(flip).items()}
        return [(path, to) for (_, to), path in sorted(found.items(), key=lambda one: (one[0][0].bit_count(), one[1]))]

    def _within_one_variable(self) -> None:
        for depth, changes in enumerate(self.bounds.changes):
            here = self.finder.base[depth]
            targets = self.bounds.targets
            self.known += [c.signals for c in changes[1:] if self.finder.changed(depth, here, c, targets)]

    def _hunt(self, free: int, needed: int, targets: Sequence[int]) -> None:
        """Find a flip in every set of signals within `free` that holds `needed` and no known flip, while there is one.

        A flip that is not known yet lacks some signal of each known one, so the search splits on these signals.
        """
        inside = [flip for flip in self.known if not flip & ~free]
        if inside:
            flip = min(inside, key=lambda one: (one & ~needed).bit_count())
        else:
            targets = self.bounds.moving(targets, 0, START.mass, free)
            if not self.finder.can_change(0, START, free, targets):
                return
            flip = self.finder.find(free, targets)
            if not flip:
                return
            self.known.append(flip)
            self.moved[flip] = targets
        for signal in bits(flip & ~needed):
            self._hunt(free & ~signal, needed, targets)
            needed |= signal

    def _ways(self, flip: int) -> dict[str, Path]:
        """The techniques that changing exactly the signals of a smallest flip leads to, each with its first path."""
        finder, start = self.finder, self.finder.first(flip)
        targets = self.moved.get(flip, self.bounds.targets)
        paths: list[Path] = [()]
        found: dict[str, Path] = {}
        for depth in range(start, len(self.bounds.changes)):
            here, left = flip & self.bounds.signals[depth], flip & self.bounds.below[depth + 1]
            changes = [change for change in self.bounds.changes[depth] if change.signals == here] if here else []
            if not left:
                for path in paths:
                    state = self._state(path, depth)
                    for change in changes:
                        if finder.changed(depth, state, change, targets):
                            to, longer = finder.technique(depth, state, change), (*path, (depth, change.number))
                            found[to] = min(longer, found.get(to, longer))
                return found
            if here:
                reached: dict[object, Path] = {}
                for path in sorted((*path, (depth, change.number)) for path in paths for change in changes):
                    reached.setdefault(self._state(path, depth + 1).key, path)
                paths = list(reached.values())
            if len(paths) > _FEW:
                states = [self._state(path, depth + 1) for path in paths]
                hopeful = [finder.can_change(depth + 1, state, flip, targets) for state in states]
                paths = list(compress(paths, hopeful))
        return found

    def _state(self, path: Path, depth: int) -> State:
        """Where the changes of a path lead down to a depth; paths share their beginnings."""
        if not path:
            return self.finder.base[depth]
        key = (path, depth)
        found = self._states.get(key)
        if found is None:
            changing = path[-1][0] == depth - 1
            before = self._state(path[:-1] if changing else path, depth - 1)
            change = self._changes[path[-1]] if changing else self.bounds.changes[depth - 1][0]
            found = self._states[key] = self.finder.moved(depth - 1, before, change)
        return found
