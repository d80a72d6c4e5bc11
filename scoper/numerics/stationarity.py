"""Do the rules stay the same over the simulator's life? Rewards and transitions of early episodes against late ones.

Steps are compared with others of the same state, action and policy phase, so that a policy that learns is no drift.
What these leave of an outcome, and that times numbers of the state and action, is summed per episode, and the order of
the episodes is permuted: within a phase they are exchangeable if nothing drifts. A slope over the order and a jump at
its middle are asked of all outcomes together (Westfall and Young 1993), and small effects do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.empirical import Steps
from scoper.domain.tabular import Bools, Floats, Ints
from scoper.numerics.independence import crossed, modifiers
from scoper.numerics.kernel import tally
from scoper.numerics.past import action_columns, groups_of
from scoper.numerics.permutations import orders, share_as_large
from scoper.numerics.predicting import residuals

LEVEL = 0.005
LEAST_EFFECT = 0.15
"""Standard deviations of a step's unexplained outcome by which late episodes must differ from early ones.

Both the difference of halves and the slope must say so: a jump has a slope 1.5 times its size, a slow drift one twice
the difference of its halves.
"""
LEAST_EPISODES = 8
STEEPER = 1.5
ROUNDS = 399
CELL_ROWS = 4
MOST_ROWS = 8_000


@dataclass(frozen=True)
class Drift:
    """An outcome that changes with the number of the episode.

    effect: mean of the second half of the episodes minus the first, in standard deviations of what the state, action
    and policy leave open, or of that times a number of the state or action, whichever drifts most clearly; slope: the
    same from the first to the last episode along a straight line; p: corrected for all outcomes.
    """

    outcome: str
    effect: float
    slope: float
    p: float


@dataclass(frozen=True)
class Stationarity:
    """drifts: what was found, the largest effect first. n_episodes: compared; fewer than eight find nothing.

    largest: the largest effect seen of any outcome, whether it counts or not.
    """

    drifts: tuple[Drift, ...]
    n_episodes: int
    largest: float

    @property
    def is_stationary(self) -> bool:
        """Whether nothing was found."""
        return not self.drifts


def stationarity(
    steps: Steps,
    rng: np.random.Generator,
    *,
    names: Sequence[str] = (),
    action: Floats | None = None,
    across: bool = False,
) -> Stationarity:
    """Whether rewards, ends, starts and changes of the observation `names` depend on when an episode was played.

    A change that falls together with a change of the policy counts only if `across` says that the observation is known
    to be sufficient: otherwise the policy alone may bring it about. Even then it shows the less, the less the two
    policies' actions overlap, as steps are compared with others of the same state and action.
    """
    labels = tuple(names) or tuple(f"observation {k}" for k in range(steps.before.shape[1]))
    order, episode = np.unique(steps.episode, return_inverse=True)
    if order.size < LEAST_EPISODES:
        return Stationarity((), int(order.size), 0.0)
    phase = np.zeros(order.size, dtype=np.int64) if across else _phase(steps, order)
    sums = [
        (name, *_sums(values, known, episode, order.size))
        for name, values, known in (*_outcomes(steps, labels, phase[episode], action, rng), *_starts(steps, labels))
    ]
    sums = [row for row in sums if (row[2] > 0).sum() >= LEAST_EPISODES]
    if not sums:
        return Stationarity((), int(order.size), 0.0)
    half, line = _contrasts(phase)
    seen = [_effects(total, weight, half, line) for _, total, weight in sums]
    drawn = [np.empty((ROUNDS, *effects.shape)) for effects in seen]
    for number, shuffled in enumerate(orders(phase, rng, ROUNDS)):
        for (_, total, weight), store in zip(sums, drawn, strict=True):
            store[number] = _effects(total[shuffled], weight[shuffled], half, line)
    sizes = [store.std(axis=0) + 1e-300 for store in drawn]
    tops = [(np.abs(store) / size).max(axis=(1, 2)) for store, size in zip(drawn, sizes, strict=True)]
    highest = np.max(tops, axis=0)
    found, largest = [], 0.0
    for (name, _, _), effects, size in zip(sums, seen, sizes, strict=True):
        strength = (np.abs(effects) / size).max(axis=0)
        agrees = np.minimum(np.abs(effects[0]), np.abs(effects[1]) / STEEPER) * (effects[0] * effects[1] > 0.0)
        largest = max(largest, float(agrees.max()))
        p = np.array([share_as_large(float(value), highest) for value in strength])
        column = int(np.argmax(np.where(p <= LEVEL, agrees, -1.0)))
        if p[column] <= LEVEL and agrees[column] >= LEAST_EFFECT:
            found.append(Drift(name, float(effects[0, column]), float(effects[1, column]), float(p[column])))
    return Stationarity(tuple(sorted(found, key=lambda d: -abs(d.effect))), int(order.size), largest)


def episode_sums(steps: Steps, labels: tuple[str, ...], rng: np.random.Generator) -> list[tuple[str, Floats, Floats]]:
    """Per outcome, of E episodes: sums (E, F) of what state and action leave of it, in spreads, and counts (E,)."""
    order, episode = np.unique(steps.episode, return_inverse=True)
    left = left_of_outcomes(steps, labels, rng)
    return [(name, *_sums(values, known, episode, order.size)) for name, values, known in left if known.any()]


def left_of_outcomes(
    steps: Steps, labels: tuple[str, ...], rng: np.random.Generator
) -> list[tuple[str, Floats, Bools]]:
    """Per outcome what state and action leave of it (n, F), plain and times indicators, and where it is known (n,)."""
    return _outcomes(steps, labels, np.zeros(steps.size, dtype=np.int64), None, rng, one_policy=True)


def _sums(values: Floats, known: Bools, episode: Ints, n_episodes: int) -> tuple[Floats, Floats]:
    """(E, F) sums of the columns (n, F) over every episode's known steps, in units of their spread, and counts (E,)."""
    spread = values[known].std(axis=0) if known.any() else np.zeros(values.shape[1])
    spread = np.where(spread > 1e-9 * np.maximum(1.0, np.abs(values).max(axis=0, initial=0.0)), spread, np.inf)
    scaled = values[known] / spread
    total = np.stack([tally(episode[known], column, n_episodes) for column in scaled.T], axis=1)
    return total, np.bincount(episode[known], minlength=n_episodes).astype(np.float64)


def _effects(total: Floats, weight: Floats, half: Floats, line: Floats) -> Floats:
    """(2, F) late minus early mean, and the slope along the places within the phase."""
    late, early = half > 0, half < 0
    jump = total[late].sum(axis=0) / max(weight[late].sum(), 1e-300)
    jump = jump - total[early].sum(axis=0) / max(weight[early].sum(), 1e-300)
    bent = line - float((weight * line).sum() / max(weight.sum(), 1e-300))
    slope = bent @ total / max(float((weight * bent * bent).sum()), 1e-300)
    return np.stack([jump, slope])


def _phase(steps: Steps, order: Ints) -> Ints:
    """(E,) a number per episode, equal for those in which the same policy acted; all alike when that is not known."""
    if not steps.phase or order.max(initial=0) >= len(steps.phase):
        return np.zeros(order.size, dtype=np.int64)
    return np.unique([steps.phase[k] for k in order], return_inverse=True)[1].astype(np.int64)


def _outcomes(
    steps: Steps,
    labels: tuple[str, ...],
    phase: Ints,
    action: Floats | None,
    rng: np.random.Generator,
    *,
    one_policy: bool = False,
) -> list[tuple[str, Floats, Bools]]:
    """Per outcome what state, action and phase leave of it (n,), and where that is known (n,).

    one_policy: all steps are of one, so that no policy that learns can pass for a rule that swaps what actions do.
    """
    columns = [(f"next {name}", steps.after[:, k] - steps.before[:, k]) for k, name in enumerate(labels)]
    columns += [("reward", steps.reward), ("end of the episode", steps.terminated.astype(np.float64))]
    columns = [(name, column) for name, column in columns if np.nanstd(column) > 1e-12]
    if not columns:
        return []
    table = np.stack([column for _, column in columns], axis=1)
    usable = np.isfinite(table).all(axis=1) & np.isfinite(steps.before).all(axis=1)
    acted = action_columns(steps, action)
    inputs = np.concatenate([steps.before, acted, groups_of(phase.astype(np.float64))], axis=1)
    _, cell, count = np.unique(inputs[usable], axis=0, return_inverse=True, return_counts=True)
    often = count[cell.ravel()] >= CELL_ROWS
    left = np.zeros_like(table)
    rows = np.flatnonzero(usable)
    if 2 * often.sum() >= rows.size:
        rows, code = rows[often], np.unique(cell.ravel()[often], return_inverse=True)[1]
        for j in range(table.shape[1]):
            mean = np.bincount(code, weights=table[rows, j]) / np.bincount(code)
            left[rows, j] = table[rows, j] - mean[code]
    else:
        rows = rows if rows.size <= MOST_ROWS else np.sort(rng.choice(rows, size=MOST_ROWS, replace=False))
        fold = rng.integers(0, 5, size=rows.size)
        left[rows] = residuals(inputs[rows], table[rows], fold, rng, thorough=False).values
    known = np.zeros(steps.size, dtype=np.bool_)
    known[rows] = True
    wide = np.zeros((steps.size, 0))
    if rows.size:
        own = modifiers(inputs[rows])
        if (
            one_policy and own.shape[1] < inputs.shape[1]
        ):  # not all columns have room: a rule that swaps swaps what an action does
            own = np.concatenate([modifiers(acted[rows]), modifiers(steps.before[rows])], axis=1)
        wide = np.zeros((steps.size, own.shape[1]))
        wide[rows] = own
    return [(name, crossed(left[:, [j]], wide), known) for j, (name, _) in enumerate(columns)]


def _starts(steps: Steps, labels: tuple[str, ...]) -> list[tuple[str, Floats, Bools]]:
    first = steps.timestep == 0
    return [
        (f"first {name}", np.where(first, steps.before[:, k], 0.0)[:, None], first & np.isfinite(steps.before[:, k]))
        for k, name in enumerate(labels)
        if first.any() and np.nanstd(steps.before[first, k]) > 1e-12
    ]


def _contrasts(group: Ints) -> tuple[Floats, Floats]:
    """(E,) -1 and 1 for the first and second half of a phase's episodes, and the place from 0 to 1 within it."""
    half, line = np.zeros(group.size), np.zeros(group.size)
    for number in np.unique(group):
        rows = np.flatnonzero(group == number)
        place = np.arange(rows.size)
        half[rows] = np.sign(2.0 * place - (rows.size - 1)) if rows.size > 1 else 0.0
        line[rows] = place / max(1, rows.size - 1)
    return half, line
