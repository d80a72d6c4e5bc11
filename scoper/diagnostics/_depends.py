"""Which parts of the observation an amount depends on, all else being equal, and what each value of a part is worth.

Transitions that differ in one part only - before or after the step - are compared: an amount that is the same in all of
them does not look at that part. This separates a reward that never sees what the owner cares for from one that sees
what the owner does not care for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scoper.diagnostics._signs import Signs, variance
from scoper.domain.tabular import Floats, Ints

NEVER, OFTEN = 0.002, 0.02
"""Share of an amount's variance within such groups: at most that for none, from there on for a dependence."""
_INFORMED, _ROUNDS, _MOST_VALUES = 0.05, 80, 60


@dataclass(frozen=True)
class Part:
    """name of a part of the observation. reward, wanted: the share of their variance that it alone moves.

    group (N,): number of the transitions that are alike in all else; after (N,), change (N,): number of the part's
    value after the step, and of its values before and after. weight (N,): zero where nothing is comparable.
    """

    name: str
    reward: float
    wanted: float
    group: Ints
    after: Ints
    change: Ints
    weight: Floats

    @property
    def unseen(self) -> bool:
        """Whether the owner's number depends on it and the reward does not."""
        return self.reward <= NEVER and self.wanted >= OFTEN

    @property
    def idle(self) -> bool:
        """Whether the reward depends on it and the owner's number does not."""
        return self.wanted <= NEVER and self.reward >= OFTEN

    def worth(self, amount: Floats) -> Iterator[tuple[str, Floats]]:
        """(N,) what the part adds to an amount (N,), all else being equal: by its value after, or by its change."""
        for by, number in (("value", self.after), ("change", self.change)):
            effect = np.zeros(int(number.max()) + 1)
            for _ in range(_ROUNDS):
                rest = _means(amount - effect[number], self.group, self.weight)[self.group]
                effect = _means(amount - rest, number, self.weight)
            yield by, np.asarray(effect[number], dtype=np.float64)


def parts_of(signs: Signs) -> tuple[Part, ...]:
    """Every part of the observation that can be compared; nothing where states have numbers only, or without U."""
    if signs.wanted is None or len(signs.components) < 2:
        return ()
    table, found = signs.world.table, []
    columns = [np.unique(values, return_inverse=True)[1] for _, values in signs.components]
    weight = signs.mix + signs.random.times / max(float(signs.random.times.sum()), 1e-300)
    ends = table.terminates.astype(np.int64)
    for at, (name, values) in enumerate(signs.components):
        known = np.unique(values)
        if not 2 <= known.size <= _MOST_VALUES:
            continue
        others = [column for k, column in enumerate(columns) if k != at]
        keys = np.stack(
            [*(c[signs.source] for c in others), signs.action, ends, *(c[table.successor] for c in others)], axis=1
        )
        group = np.unique(keys, axis=0, return_inverse=True)[1].ravel()
        own = columns[at][signs.source] * known.size + columns[at][table.successor]
        change = np.unique(own, return_inverse=True)[1].ravel()
        pairs = np.unique(np.stack([group, own], axis=1)[weight > 0.0], axis=0)
        several = np.bincount(pairs[:, 0], minlength=int(group.max()) + 1) > 1
        used = np.where(several[group], weight, 0.0)
        if float(used.sum()) < _INFORMED * float(weight.sum()):
            continue
        shares = [_moved(amount, group, used, weight) for amount in (signs.reward, signs.wanted)]
        found.append(Part(name, shares[0], shares[1], group, columns[at][table.successor], change, used))
    return tuple(found)


def _moved(amount: Floats, group: Ints, used: Floats, weight: Floats) -> float:
    """Share of an amount's variance that lies within the groups."""
    total = variance(amount, weight)
    if total <= 0.0:
        return 0.0
    within = amount - _means(amount, group, used)[group]
    return float(used @ within**2) / float(used.sum()) / total


def _means(amount: Floats, group: Ints, weight: Floats) -> Floats:
    mass = np.bincount(group, weights=weight)
    return np.asarray(np.bincount(group, weights=weight * amount) / np.maximum(mass, 1e-300), dtype=np.float64)
