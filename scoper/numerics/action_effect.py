"""Do the actions change anything, and each of their parts: next observations, rewards, ends?

Where observations repeat, the actions are permuted among the steps of the same observation, which is exact when the
policy looks at nothing else; two statistics are asked, the share explained overall and the largest effect in any one
observation. Elsewhere both outcome and action are guessed from the observation and what is left of them is compared
(`scoper.numerics.independence`). The largest statistic of every permutation corrects for all outcomes and parts
(Westfall and Young 1993); an effect below a floor is not named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.empirical import Steps
from scoper.domain.tabular import Floats, Ints
from scoper.numerics.independence import crossed, flipped, modifiers
from scoper.numerics.past import groups_of
from scoper.numerics.permutations import between_share, orders, share_as_large
from scoper.numerics.predicting import folds_of, gain, residuals

LEVEL = 0.01
LEAST_SHARE = 0.002
"""Share of what the observation leaves of an outcome that an action must explain."""
LEAST_LOCAL = 0.05
"""The same in one observation alone."""
ROUNDS = 149
CELL_ROWS = 6
MOST_ROWS, MOST_TESTED = 3_000, 10_000
_BINS = 6
_LEAST_ROWS = 50


@dataclass(frozen=True)
class Effect:
    """An outcome that part of the action changes.

    share: of what the observation leaves of the outcome; local: the largest such share in one observation, nan where
    observations do not repeat. p: corrected for all outcomes and parts.
    """

    outcome: str
    part: str
    share: float
    local: float
    p: float


@dataclass(frozen=True)
class ActionEffects:
    """effects: what was found, the largest first. idle: parts that were varied and of which no effect was found.

    constant: parts that never varied given the observation, so that nothing can be said of them. n_rows: steps used.
    """

    effects: tuple[Effect, ...]
    idle: tuple[str, ...]
    constant: tuple[str, ...]
    n_rows: int

    @property
    def any(self) -> bool:
        """Whether any effect was found."""
        return bool(self.effects)


def action_effects(
    steps: Steps,
    rng: np.random.Generator,
    *,
    names: Sequence[str] = (),
    parts: Sequence[str] = ("action",),
    action: Floats | None = None,
) -> ActionEffects:
    """Which `parts` of the action (n, K) change which outcome; the action's number is the one part when None.

    The steps must vary the actions, and choose them by the observation alone.
    """
    labels = tuple(names) or tuple(f"observation {k}" for k in range(steps.before.shape[1]))
    acted = (steps.action[:, None] if action is None else np.asarray(action)).astype(np.float64)
    table, outcome_names = _outcomes(steps, labels)
    usable = np.flatnonzero(np.isfinite(table).all(axis=1) & np.isfinite(steps.before).all(axis=1))
    if usable.size < _LEAST_ROWS or not outcome_names:
        return ActionEffects((), (), tuple(parts), int(usable.size))
    _, cell, count = np.unique(steps.before[usable], axis=0, return_inverse=True, return_counts=True)
    often = count[cell.ravel()] >= CELL_ROWS
    repeats = bool(2 * often.sum() >= usable.size)
    rows = _some(usable[often] if repeats else usable, MOST_TESTED if repeats else MOST_ROWS, rng)
    measure = _by_cells if repeats else _by_residuals
    return _judged(measure(steps, acted, table, rows, rng), outcome_names, tuple(parts), int(rows.size))


_Measured = tuple[Floats, Floats, Floats, list[bool]]
"""share (J, K), local (J, K), p (J, K) and whether each part varied."""


def _judged(measured: _Measured, outcomes: list[str], parts: tuple[str, ...], n_rows: int) -> ActionEffects:
    share, local, p, varied = measured
    moving = [k for k in range(len(parts)) if varied[k]]
    effects = [
        Effect(outcomes[j], parts[k], float(share[j, k]), float(local[j, k]), float(p[j, k]))
        for j in range(len(outcomes))
        for k in moving
        if p[j, k] <= LEVEL and (share[j, k] >= LEAST_SHARE or local[j, k] >= LEAST_LOCAL)
    ]
    found = {effect.part for effect in effects}
    return ActionEffects(
        effects=tuple(sorted(effects, key=lambda e: -e.share)),
        idle=tuple(parts[k] for k in moving if parts[k] not in found),
        constant=tuple(part for part, moves in zip(parts, varied, strict=True) if not moves),
        n_rows=n_rows,
    )


def _outcomes(steps: Steps, labels: tuple[str, ...]) -> tuple[Floats, list[str]]:
    columns = [(f"next {name}", steps.after[:, k] - steps.before[:, k]) for k, name in enumerate(labels)]
    columns += [("reward", steps.reward), ("end of the episode", steps.terminated.astype(np.float64))]
    kept = [(name, column) for name, column in columns if np.nanstd(column) > 1e-12]
    return (np.stack([c for _, c in kept], axis=1) if kept else np.zeros((steps.size, 0))), [name for name, _ in kept]


def _some(rows: Ints, most: int, rng: np.random.Generator) -> Ints:
    return rows if rows.size <= most else np.sort(rng.choice(rows, size=most, replace=False))


def _levels(values: Floats) -> Ints:
    """(n,) the value's number, or its sixth of the order where there are many."""
    distinct, code = np.unique(values, return_inverse=True)
    if distinct.size <= 4 * _BINS:
        return code.astype(np.int64)
    edges = np.quantile(values, np.linspace(0.0, 1.0, _BINS + 1)[1:-1])
    return np.searchsorted(np.unique(edges), values, side="right").astype(np.int64)


def _by_cells(steps: Steps, acted: Floats, table: Floats, rows: Ints, rng: np.random.Generator) -> _Measured:
    cell = np.unique(steps.before[rows], axis=0, return_inverse=True)[1].ravel().astype(np.int64)
    groups = [_levels(acted[rows, k]) for k in range(acted.shape[1])]
    varied = [_varies_within(group, cell) for group in groups]
    moving = [k for k in range(len(groups)) if varied[k]]

    def both(order: Ints) -> Floats:
        rows_of = [[_statistics(table[rows, j], groups[k][order], cell) for k in moving] for j in range(table.shape[1])]
        return np.array(rows_of).reshape(table.shape[1], len(moving), 2)

    shape = table.shape[1], acted.shape[1]
    share, local, p = np.zeros(shape), np.zeros(shape), np.ones(shape)
    if not moving:
        return share, local, p, varied
    seen = both(np.arange(rows.size))
    drawn = np.array([both(order) for order in orders(cell, rng, ROUNDS)])
    middle, spread = drawn.mean(axis=0), drawn.std(axis=0) + 1e-9
    highest = ((drawn - middle) / spread).max(axis=(1, 2, 3))
    top = ((seen - middle) / spread).max(axis=2)
    share[:, moving], local[:, moving] = seen[:, :, 0], seen[:, :, 1]
    p[:, moving] = [[share_as_large(float(value), highest) for value in row] for row in top]
    return share, local, p, varied


def _varies_within(group: Ints, cell: Ints) -> bool:
    pairs = np.unique(np.stack([cell, group]), axis=1)
    return bool(pairs.shape[1] > np.unique(cell).size)


def _statistics(values: Floats, group: Ints, cell: Ints) -> tuple[float, float]:
    """The share explained within all cells, and the largest one within any, less what chance would explain."""
    return between_share(values, group, cell), _largest(values, group, cell)


def _largest(values: Floats, group: Ints, cell: Ints) -> float:
    n_cells, n_groups = int(cell.max()) + 1, int(group.max()) + 1
    size = np.bincount(cell, minlength=n_cells).astype(np.float64)
    centred = values - (np.bincount(cell, weights=values, minlength=n_cells) / size)[cell]
    total = np.bincount(cell, weights=centred**2, minlength=n_cells)
    both = cell * n_groups + group
    count = np.bincount(both, minlength=n_cells * n_groups).reshape(n_cells, n_groups)
    pulled = np.bincount(both, weights=centred, minlength=n_cells * n_groups).reshape(n_cells, n_groups)
    between = (pulled**2 / np.maximum(count, 1)).sum(axis=1)
    freedom = (count > 0).sum(axis=1) - 1
    left = size - freedom - 1
    tested = (freedom > 0) & (left >= 2 * CELL_ROWS) & (total > 1e-12 * np.maximum(1.0, size))
    if not tested.any():
        return 0.0
    noise = (total - between)[tested] / left[tested]
    return float(((between[tested] - freedom[tested] * noise) / (total[tested] + noise)).max())


def _by_residuals(steps: Steps, acted: Floats, table: Floats, rows: Ints, rng: np.random.Generator) -> _Measured:
    known, fold = steps.before[rows], folds_of(steps.episode[rows], rng)
    spread = table[rows].std(axis=0)
    ours = residuals(known, table[rows] / np.where(spread > 0.0, spread, 1.0), fold, rng)
    wide, designs, varied = modifiers(known), [], []
    for k in range(acted.shape[1]):
        part = residuals(known, groups_of(acted[rows, k]), fold, rng, thorough=False)
        left = np.where(part.unexplained > 1e-4, part.values, 0.0)
        varied.append(bool(left.any()))
        designs.append(crossed(left, wide))
    p = flipped(ours.values, designs, rng)
    share = np.array([[gain(ours.values[:, j], design, fold) for design in designs] for j in range(table.shape[1])])
    return np.maximum(share, 0.0), np.full(share.shape, np.nan), p, varied
