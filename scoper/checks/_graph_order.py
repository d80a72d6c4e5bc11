"""Which steps of a workflow may run at the same time, and which of those can block each other with locks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from scoper.checks._graph import Workflow

_MOST_RINGS = 20_000


def at_once(flow: Workflow) -> list[tuple[str, str]]:
    """Pairs of steps that may run at the same time: on different branches of one fan-out, and in no order.

    A way back through the fan-out itself orders nothing: both branches run again in the next round.
    """
    if flow.pairs:
        return flow.pairs
    order = list(flow.steps)
    place = {name: i for i, name in enumerate(order)}
    found: set[tuple[int, int]] = set()
    whole = _Round(flow, place, "")
    for name in order:
        if name not in flow.reached or all(len(branch) < 2 for branch in flow.steps[name].branches):
            continue
        after = _Round(flow, place, name) if name in flow.reach(name) else whole
        for branch in flow.steps[name].branches:
            for left, right in combinations([place[step] for step in dict.fromkeys(branch) if step != name], 2):
                found |= after.apart(left, right)
    waited = {i: {place[step] for step in waited_for(flow, order[i])} for i in {i for pair in found for i in pair}}
    flow.pairs.extend((order[a], order[b]) for a, b in sorted(found) if b not in waited[a] and a not in waited[b])
    return flow.pairs


class _Round:
    """What follows what, by numbers of steps as bits, without going through one step (a fan-out) again."""

    def __init__(self, flow: Workflow, place: Mapping[str, int], without: str) -> None:
        names = [name for name in _last_first(flow, without) if name != without]
        following = {place[n]: [place[m] for m in flow.steps[n].next if m != without] for n in names}
        leading: dict[int, list[int]] = {i: [] for i in following}
        for i, others in following.items():
            for j in others:
                leading[j].append(i)
        self._after = _spread(following)
        self._before = _spread(dict(reversed(leading.items())))

    def apart(self, left: int, right: int) -> set[tuple[int, int]]:
        """The pairs of two branches of which neither follows the other, the smaller number first.

        The first steps of the branches do not follow each other by going round a loop.
        """
        found = set()
        if self._after[left] >> right & 1 and self._after[right] >> left & 1:
            found.add((min(left, right), max(left, right)))
        others = self._after[right] | 1 << right
        for a in _numbers(self._after[left] | 1 << left):
            for b in _numbers(others & ~(self._after[a] | self._before[a] | 1 << a)):
                found.add((min(a, b), max(a, b)))
        return found


def _spread(following: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Bits of all that can be come to from each number; quick where the last come first."""
    reach = dict.fromkeys(following, 0)
    changed = True
    while changed:
        changed = False
        for i, others in following.items():
            bits = reach[i]
            for j in others:
                bits |= reach[j] | 1 << j
            if bits != reach[i]:
                reach[i], changed = bits, True
    return reach


def _last_first(flow: Workflow, first: str) -> list[str]:
    """The steps that can run, those behind a step before it as far as loops allow."""
    found: list[str] = []
    seen: set[str] = set()
    for start in (first or flow.start, flow.start):
        stack = [(start, False)]
        while stack:
            name, done = stack.pop()
            if done:
                found.append(name)
            elif name not in seen:
                seen.add(name)
                stack.append((name, True))
                stack += [(other, False) for other in flow.steps[name].next]
    return found


def _numbers(bits: int) -> Iterator[int]:
    """The places of the ones."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def waited_for(flow: Workflow, name: str) -> set[str]:
    """The steps that have ended when a step runs because something waited for them."""

    def earlier(at: str) -> list[str]:
        return [step for step in flow.steps[at].waits_for if step in flow.reached]

    def around(at: str) -> set[str]:
        return {at} | (flow.ahead(at) if at in flow.reached else set())

    found: set[str] = set()
    stack = [step for at in around(name) for step in earlier(at)]
    while stack:
        at = stack.pop()
        if at not in found:
            new = around(at) - found
            found |= new
            stack += [step for each in new for step in earlier(each)]
    return found


def lock_rings(
    flow: Workflow, holders: Sequence[str], pairs: set[tuple[str, str]]
) -> Iterator[list[tuple[str, str, str]]]:
    """Rings of (step, lock that it holds, lock that it wants), the shortest first; the first step is the file's first.

    The search is cut after some ten thousand partial rings, far beyond what a person writes.
    """
    taken = {name: list(combinations(flow.steps[name].locks, 2)) for name in holders}
    grown = [[(name, held, wanted)] for name in holders for held, wanted in taken[name]]
    work = 0
    while grown:
        longer = []
        for ring in grown:
            first, last = ring[0], ring[-1]
            after = holders[holders.index(first[0]) + 1 :]
            for name in after:
                if any((min(name, n, key=holders.index), max(name, n, key=holders.index)) not in pairs
                       for n, _, _ in ring):  # fmt: skip
                    continue
                for held, wanted in taken[name]:
                    work += 1
                    if held == last[2] and wanted == first[1]:
                        yield [*ring, (name, held, wanted)]
                    elif held == last[2] and work < _MOST_RINGS:
                        longer.append([*ring, (name, held, wanted)])
        grown = longer
