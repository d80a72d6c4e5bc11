"""p-values by rearranging: how often chance alone gives a statistic as large as the one seen (Fisher 1935).

One count is added above and below, so that the p-value is valid for any number of rearrangements (Phipson and Smyth
2010). Rearranging within strata keeps what differs between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from scoper.domain.tabular import Floats, Ints


def share_as_large(seen: float, others: Floats) -> float:
    """The p-value of `seen` among `others` (B,), statistics of rearranged samples, large ones being evidence."""
    slack = 1e-12 * max(1.0, abs(seen))
    return (1.0 + float((others >= seen - slack).sum())) / (1.0 + others.size)


def permutation_test(
    statistic: Callable[[Ints], float], strata: Ints, rng: np.random.Generator, *, rounds: int = 299
) -> tuple[float, float]:
    """The statistic of the identity order, and its p-value under random orders within `strata` (n,).

    `statistic` takes an order (n,): row i is given what row order[i] has.
    """
    seen = statistic(np.arange(strata.size))
    others = np.array([statistic(order) for order in orders(strata, rng, rounds)])
    return seen, share_as_large(seen, others)


def orders(strata: Ints, rng: np.random.Generator, rounds: int) -> Iterator[Ints]:
    """`rounds` random orders (n,) that move rows within their stratum only."""
    home = np.argsort(strata, kind="stable")
    for _ in range(rounds):
        drawn = np.lexsort((rng.random(strata.size), strata))
        order = np.empty(strata.size, dtype=np.int64)
        order[home] = drawn
        yield order


def between_share(values: Floats, group: Ints, strata: Ints) -> float:
    """Share of the variance of `values` (n,) within strata that the groups (n,) explain there, less what chance would.

    The correction is that of omega squared (Hays 1963): degrees of freedom times the mean square that is left.
    """
    n_strata, n_groups = int(strata.max(initial=0)) + 1, int(group.max(initial=0)) + 1
    size = np.bincount(strata, minlength=n_strata)
    mean = np.bincount(strata, weights=values, minlength=n_strata) / np.maximum(size, 1)
    centred = values - mean[strata]
    total = float(centred @ centred)
    cell = strata * n_groups + group
    count = np.bincount(cell, minlength=n_strata * n_groups)
    pulled = np.bincount(cell, weights=centred, minlength=count.size)
    between = float((pulled**2 / np.maximum(count, 1)).sum())
    freedom = int((count > 0).sum()) - int((size > 0).sum())
    left = values.size - int((count > 0).sum())
    if total <= 1e-12 * max(1.0, float(values @ values)) or freedom <= 0:
        return 0.0
    noise = (total - between) / left if left > 0 else total / max(1, values.size)
    return (between - freedom * noise) / (total + noise)
