"""One flip within a set of signals, or the proof that there is none.

That there is one shows already at the extreme laws (`flip_changes.extreme`), of which there are few: a probability is
linear in each variable's law. Where answers are doubted two things are besides told from the outcomes that remain
possible, taken at the answers' word: that another technique is the only one, and that the present one is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from scoper.reasoning.diagram import Mass
from scoper.reasoning.flip_bounds import Bounds
from scoper.reasoning.flip_changes import Change
from scoper.reasoning.knowledge import named


class State:
    """Where some changes lead: node probabilities, and the nodes possible where answers are doubted.

    `onward` and `lasts` remember where one more change leads, and whether a last one is a flip, by its number.
    """

    def __init__(self, mass: Mass, nodes: frozenset[int]) -> None:
        self.mass, self.nodes = mass, nodes
        self.onward: dict[int, State] = {}
        self.lasts: dict[tuple[int, tuple[int, ...]], bool] = {}

    @cached_property
    def key(self) -> object:
        """Equal for states that are the same."""
        return self.nodes, frozenset(self.mass.items())


START = State({0: 1.0}, frozenset((0,)))
_PATIENCE = 15  # states in vain; then a flip of more signals is taken, which the search splits further


def bits(signals: int) -> list[int]:
    """A set of signals one by one."""
    return [1 << k for k in range(signals.bit_length()) if signals >> k & 1]


class Finder:
    """Searches one after another within the bounds of one `Knowledge`; `base` are the states without a change."""

    def __init__(self, bounds: Bounds, *, doubted: bool) -> None:
        self.bounds, self.doubted = bounds, doubted
        self.masked = False  # whether a majority was crossed while the named technique is the only possible one
        self.hopeless: dict[object, bool] = {}  # from which states no target crosses, and whether masked
        self.closed: dict[int, list[int]] = {target: [] for target in bounds.targets}  # within which none crosses
        self.base = [State(START.mass, START.nodes)]  # what it remembers is of these bounds alone
        for depth, kept in enumerate(bounds.changes):
            self.base.append(self.moved(depth, self.base[-1], kept[0]))

    def find(self, free: int, targets: Sequence[int]) -> int:
        """The signals of some flip within `free`, or 0 when there is none; the targets are those that may move."""
        self.masked = False
        for target in targets if free else ():
            within = self._crossing(free, target)
            if within:
                return self._few(within, (target,), _PATIENCE) or self._fewer(within, target)
        within = self._settling(free) if self.doubted and free else 0
        if within:
            return self._few(within, (), _PATIENCE) or within
        return self._few(free, targets, 0) if self.masked else 0

    def first(self, signals: int) -> int:
        """The depth of the first variable with one of some signals."""
        return next((d for d, own in enumerate(self.bounds.signals) if own & signals), len(self.bounds.signals))

    def can_change(self, depth: int, state: State, free: int, targets: Sequence[int]) -> bool:
        """False only when no further changes make another technique the named one."""
        bounds = self.bounds
        if self.doubted and not bounds.unsettles(depth, state.nodes, free):
            return False
        if self.doubted and bounds.settles(depth, state.nodes, free):
            return True
        return any(bounds.enough(bounds.share(state.mass, bounds.row(t, depth, free))) for t in targets)

    def changed(self, depth: int, state: State, change: Change, targets: Sequence[int]) -> bool:
        """Whether one last change at `depth` makes another technique the named one; by majority, one of the targets."""
        key = (change.number, tuple(targets))
        found = state.lasts.get(key)
        if found is None:
            found = state.lasts[key] = self._changed(depth, state, change, targets)
        return found

    def _changed(self, depth: int, state: State, change: Change, targets: Sequence[int]) -> bool:
        bounds = self.bounds
        if self.doubted:
            row, possible = bounds.possible(depth, change), 0
            for node in state.nodes:
                possible |= row[node]
            if not possible & (possible - 1):
                return possible != bounds.own_bit
        shares = (bounds.share(state.mass, bounds.after(depth, change, target)) for target in targets)
        return any(bounds.enough(share, 0.0) for share in shares)

    def technique(self, depth: int, state: State, change: Change) -> str:
        """The technique named after one last change at `depth`, as `Knowledge.technique` has it."""
        names = self.bounds.diagram.outcomes
        if self.doubted:
            row, possible = self.bounds.possible(depth, change), 0
            for node in state.nodes:
                possible |= row[node]
            if not possible & (possible - 1):
                return names[possible.bit_length() - 1]
        rows = [self.bounds.after(depth, change, k) for k in range(len(names))]
        return named({name: self.bounds.share(state.mass, row) for name, row in zip(names, rows, strict=True)})

    def moved(self, depth: int, state: State, change: Change) -> State:
        """Where one more change leads."""
        found = state.onward.get(change.number)
        if found is None:
            found = state.onward[change.number] = self._moved(depth, state, change)
        return found

    def _moved(self, depth: int, state: State, change: Change) -> State:
        mass: dict[int, float] = {}
        so_far, ways = mass.get, self.bounds.ways(depth, change)
        for node, part in state.mass.items():
            for child, share in ways[node]:
                mass[child] = so_far(child, 0.0) + part * share
        if not self.doubted:
            return State(mass, state.nodes)
        columns = self.bounds.columns[depth]
        return State(mass, frozenset([columns[k][node] for k in change.open for node in state.nodes]))

    def _crossing(self, free: int, target: int) -> int:
        """The signals of extreme changes with which a target's probability crosses the majority, or 0."""
        if any(not free & ~other for other in self.closed[target]):
            return 0
        first = self.first(free)
        before, self.masked = self.masked, False
        found = self._crossing_below(first, self.base[first], 0, free, target)
        if not found and not self.masked:
            self.closed[target].append(free)
        self.masked |= before
        return found

    def _crossing_below(self, depth: int, state: State, signals: int, free: int, target: int) -> int:
        bounds = self.bounds
        while not free & bounds.signals[depth]:
            state = self.moved(depth, state, bounds.changes[depth][0])
            depth += 1
        key = (target, depth, free & bounds.below[depth], state.key)
        if key in self.hopeless:
            self.masked |= self.hopeless[key]
            return 0
        before, self.masked = self.masked, False
        last, ahead = self._ahead(depth, state, free, target)
        if last:
            return signals | last
        tried: list[Change] = []
        for change, moved in ahead if free & bounds.below[depth + 1] else ():
            if any(bounds.replaces(target, depth, free, state.mass, other, change) for other in tried):
                continue
            found = self._crossing_below(depth + 1, moved, signals | change.signals, free, target)
            if found:
                return found
            tried.append(change)
        self.hopeless[key] = self.masked
        self.masked |= before
        return 0

    def _ahead(self, depth: int, state: State, free: int, target: int) -> tuple[int, list[tuple[Change, State]]]:
        """The signals of a change that is a flip already; else the ways ahead, the most hopeful first."""
        bounds, row = self.bounds, self.bounds.row(target, depth + 1, free)
        ways: list[tuple[float, int, Change, State]] = []
        for change in bounds.options(depth, free).extreme:
            if change.signals and self.changed(depth, state, change, (target,)):
                return change.signals, []
            moved = self.moved(depth, state, change)
            share = bounds.share(moved.mass, row)
            if bounds.enough(share):
                ways.append((share if bounds.falls else -share, change.number, change, moved))
        if ways and not free & bounds.below[depth + 1]:
            self.masked |= self.doubted
        return 0, [(change, moved) for _, _, change, moved in sorted(ways)]

    def _fewer(self, within: int, target: int) -> int:
        """The signals of a crossing flip out of which none can be left, given those of some."""
        for signal in bits(within):
            free = within & ~signal
            if signal & within and self.bounds.moving((target,), 0, START.mass, free):
                within = self._crossing(free, target) or within
        return within

    def _settling(self, free: int) -> int:
        """The signals of a change that makes another technique (or none) the only possible one, or 0."""
        bounds = self.bounds
        hopeless: set[object] = set()

        def below(depth: int, nodes: frozenset[int], signals: int) -> int:
            if (depth, nodes) in hopeless or not bounds.settles(depth, nodes, free):
                return 0
            if not free & bounds.below[depth]:
                return signals
            columns = bounds.columns[depth]
            for change in bounds.options(depth, free).narrowest:
                left = frozenset([columns[k][node] for k in change.open for node in nodes])
                found = below(depth + 1, left, signals | change.signals)
                if found:
                    return found
            hopeless.add((depth, nodes))
            return 0

        first = self.first(free)
        return below(first, self.base[first].nodes, 0)

    def _few(self, free: int, targets: Sequence[int], patience: int) -> int:
        """The signals of some flip within `free`, or 0 when there is none; few changes are tried first.

        With some `patience` 0 is said as well when so many states led to no flip.
        """
        bounds = self.bounds
        hopeless: set[object] = set()

        def below(depth: int, state: State, signals: int) -> int:
            while not free & bounds.signals[depth]:
                state = self.moved(depth, state, bounds.changes[depth][0])
                depth += 1
            key = (depth, state.key)
            if key in hopeless or 0 < patience <= len(hopeless):
                return 0
            for change in bounds.options(depth, free).every:
                if change.signals and self.changed(depth, state, change, targets):
                    return signals | change.signals
                if free & bounds.below[depth + 1]:
                    moved = self.moved(depth, state, change)
                    if self.can_change(depth + 1, moved, free, targets):
                        found = below(depth + 1, moved, signals | change.signals)
                        if found:
                            return found
            hopeless.add(key)
            return 0

        first = self.first(free)
        return below(first, self.base[first], 0)
