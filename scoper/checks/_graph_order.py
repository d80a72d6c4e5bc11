"""Which steps of a workflow may run at the same time, and which of those can block each other with locks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from scoper.checks._graph import Workflow

_MOST_RINGS = 20_000


def at_once(flow: Workflow) -> list[tuple[str, str]]:
    """Pairs of steps that may run at the same time: on different branches of one fan-out, and in no order."""
    found: dict[tuple[str, str], None] = {}
    order = list(flow.steps)
    for name in flow.steps:
        if name not in flow.reached:
            continue
        for branch in flow.steps[name].branches:
            for left, right in combinations(dict.fromkeys(branch), 2):
                for a, b in product(flow.reach(left) | {left}, flow.reach(right) | {right}):
                    if a != b and not _ordered(flow, a, b):
                        found[(a, b) if order.index(a) < order.index(b) else (b, a)] = None
    return sorted(found, key=lambda pair: (order.index(pair[0]), order.index(pair[1])))


def _ordered(flow: Workflow, a: str, b: str) -> bool:
    return b in flow.reach(a) or a in flow.reach(b) or _waits(flow, a, b) or _waits(flow, b, a)


def _waits(flow: Workflow, name: str, other: str) -> bool:
    """Whether a step runs only after another, by its own waits or those of a step that always comes before it."""
    seen: set[str] = set()
    stack = [name]
    while stack:
        at = stack.pop()
        for earlier in flow.steps[at].waits_for:
            if earlier == other or other in _before(flow, earlier):
                return True
            if earlier not in seen:
                seen.add(earlier)
                stack.append(earlier)
        befores = flow.before(at)
        if len(befores) == 1 and befores[0] not in seen:
            seen.add(befores[0])
            stack.append(befores[0])
    return False


def _before(flow: Workflow, name: str) -> set[str]:
    """The chain of single predecessors of a step: they have ended when it has."""
    found: set[str] = set()
    at = name
    while True:
        befores = flow.before(at)
        if len(befores) != 1 or befores[0] in found:
            return found
        at = befores[0]
        found.add(at)


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
