"""Is the observation enough? Whether the past tells what the present observation and action do not.

An observation is Markov when next observation, reward and end depend on it and the action alone. Both an outcome and a
clue from the past are guessed from the present; if the present is enough, what is left of the one is uncorrelated with
what is left of the other, whatever the guesses' small errors (Shah and Peters 2020: generalised covariance measure).
All clues and outcomes are tested together by flipping the signs of the outcomes' residuals: the largest statistic of
every flip gives p-values that hold for the whole family (Westfall and Young 1993). A clue counts only if it also
explains a share of what was left open, out of sample, so that a poor guess of a knowable outcome accuses nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.empirical import Steps
from scoper.domain.tabular import Floats, Ints
from scoper.numerics.independence import crossed, flipped, modifiers
from scoper.numerics.past import Past, PastKind, pasts_of, present_of
from scoper.numerics.predicting import folds_of, gain, residuals

LEVEL = 0.01
LEAST_GAIN = 0.1
LEAST_SHARE = 0.02
"""Share of an outcome's whole variance that the past must explain beyond the present."""
LEAST_NEWS = 1e-3
"""Share of a clue's variance that the present must leave open for it to be a clue."""
MOST_ROWS = 3_000
FRAMES = (1, 2, 3, 4)
NEAR = 0.1
"""Share of what frames can gain at all that may be missing when they are called enough."""
AS_GOOD = 0.9
_LEAST_ROWS = 100


@dataclass(frozen=True)
class Dependency:
    """An outcome that a clue from the past explains beyond the present observation and action.

    gain: share of what the present leaves open; share: of the outcome's whole variance; p: corrected for all tests.
    """

    outcome: str
    kind: PastKind
    name: str
    lag: int
    gain: float
    share: float
    p: float


@dataclass(frozen=True)
class MarkovOrder:
    """found: the strongest clue of every outcome that has one, strongest first; others: all that were found as well.

    frames: the least number of observations and actions, the present ones included, that do as well as four; None when
    the strongest clues are none of them, or they do not help. errors: relative squared error of those outcomes by
    frames 1 to 4. unexplained: of every outcome, the share of its variance that the present leaves open. n_rows: steps
    used.
    """

    found: tuple[Dependency, ...]
    others: tuple[Dependency, ...]
    frames: int | None
    errors: tuple[float, ...]
    unexplained: dict[str, float]
    n_rows: int

    @property
    def is_markov(self) -> bool:
        """Whether nothing was found."""
        return not self.found


def markov_order(
    steps: Steps,
    rng: np.random.Generator,
    *,
    names: Sequence[str] = (),
    action: Floats | None = None,
    level: float = LEVEL,
) -> MarkovOrder:
    """Whether the observation components `names` suffice, from steps of policies that vary their actions.

    action (n, K): what the action's numbers stand for, their own groups when None. Fewer than 100 usable steps find
    nothing. Clues: observations and actions up to four timesteps back, the last reward, the episode's first
    observation, and the timestep with its periods.
    """
    labels = tuple(names) or tuple(f"observation {k}" for k in range(steps.before.shape[1]))
    rows = _drawn(steps, rng)
    present = present_of(steps, action)
    outcome_names, outcomes = _outcomes(steps, labels)
    if rows.size < _LEAST_ROWS or not outcome_names:
        return MarkovOrder((), (), None, (), {}, int(rows.size))
    fold = folds_of(steps.episode[rows], rng)
    ours = residuals(present[rows], outcomes[rows], fold, rng)
    open_ = dict(zip(outcome_names, ours.unexplained.tolist(), strict=True))
    wide = modifiers(present[rows])
    designs = [
        (past, crossed(left, wide))
        for past, left in _left_of_clues(present[rows], list(pasts_of(steps, labels, action)), rows, fold, rng)
    ]
    tested = [j for j in range(len(outcome_names)) if ours.unexplained[j] >= LEAST_SHARE]
    p = flipped(ours.values[:, tested], [design for _, design in designs], rng)
    all_found = []
    for at, j in enumerate(tested):
        for number, (past, design) in enumerate(designs):
            if p[at, number] > level:
                continue
            gained = gain(ours.values[:, j], design, fold)
            share = gained * float(ours.unexplained[j])
            if gained >= LEAST_GAIN and share >= LEAST_SHARE:
                found = Dependency(
                    outcome_names[j], past.kind, past.name, past.lag, gained, share, float(p[at, number])
                )
                all_found.append(found)
    best = _strongest(all_found, outcome_names)
    concerned = [outcome_names.index(d.outcome) for d in best if d.kind in ("observation", "action", "reward")]
    errors = _frame_errors(steps, present, outcomes[:, sorted(set(concerned))], rows, rng) if concerned else ()
    rest = tuple(d for d in all_found if d not in best)
    return MarkovOrder(best, rest, _enough(errors), errors, open_, int(rows.size))


def _left_of_clues(
    present: Floats, pasts: list[Past], rows: Ints, fold: Ints, rng: np.random.Generator
) -> Iterator[tuple[Past, Floats]]:
    """Every clue with what the present leaves of it (n, F), zero where it is unknown; those known alike in one go."""
    groups: dict[bytes, list[Past]] = {}
    for past in pasts:
        groups.setdefault(past.known.tobytes(), []).append(past)
    for group in groups.values():
        known = group[0].known[rows]
        if known.sum() < _LEAST_ROWS:
            continue
        values = np.concatenate([past.values[rows][known] for past in group], axis=1)
        part = residuals(present[known], values, fold[known], rng, thorough=False)
        ends = np.cumsum([past.values.shape[1] for past in group])
        for past, end in zip(group, ends, strict=True):
            own = slice(end - past.values.shape[1], end)
            left = np.zeros((rows.size, past.values.shape[1]))
            left[known] = np.where(part.unexplained[own] > LEAST_NEWS, part.values[:, own], 0.0)
            if left.any():
                yield past, left


def _drawn(steps: Steps, rng: np.random.Generator) -> Ints:
    """The rows that are used: all of enough whole episodes, drawn, as far as there is room."""
    usable = np.flatnonzero(np.isfinite(steps.reward) & np.isfinite(steps.before).all(axis=1))
    usable = usable[np.isfinite(steps.after[usable]).all(axis=1)]
    if usable.size <= MOST_ROWS:
        return usable
    return np.sort(rng.choice(usable, size=MOST_ROWS, replace=False))


def _outcomes(steps: Steps, labels: tuple[str, ...]) -> tuple[list[str], Floats]:
    """Standardised changes of the observation, the reward and the end; those that never vary are left out."""
    columns = [
        *(
            (f"next {name}", steps.after[:, k] - steps.before[:, k])
            for k, name in enumerate(labels)
        ),
        ("reward", steps.reward),
        ("end of the episode", steps.terminated.astype(np.float64)),
    ]  # fmt: skip
    kept = [(name, column) for name, column in columns if np.nanstd(column) > 1e-12]
    if not kept:
        return [], np.zeros((steps.size, 0))
    scaled = [(column - np.nanmean(column)) / np.nanstd(column) for _, column in kept]
    return [name for name, _ in kept], np.stack(scaled, axis=1)


def _strongest(found: list[Dependency], names: list[str]) -> tuple[Dependency, ...]:
    """Of every outcome the first clue that explains nearly as much as the one that explains most."""
    best = []
    for name in names:
        own = [d for d in found if d.outcome == name]
        if own:
            most = max(d.gain for d in own)
            best.append(next(d for d in own if d.gain >= AS_GOOD * most))
    return tuple(sorted(best, key=lambda d: -d.share))


def _frame_errors(
    steps: Steps, present: Floats, outcomes: Floats, rows: Ints, rng: np.random.Generator
) -> tuple[float, ...]:
    """Mean share of the outcomes' variance that is left by 1, 2, 3 and 4 frames, on the same rows."""
    rows = rows[steps.timestep[rows] >= FRAMES[-1] - 1]
    if rows.size < _LEAST_ROWS:
        rows = np.flatnonzero(steps.timestep >= FRAMES[-1] - 1)[:MOST_ROWS]
    if rows.size < _LEAST_ROWS:
        return ()
    fold, errors = folds_of(steps.episode[rows], rng), []
    for frames in FRAMES:
        stacked = np.concatenate([present[rows - lag] for lag in range(frames)], axis=1)
        errors.append(float(residuals(stacked, outcomes[rows], fold, rng).unexplained.mean()))
    return tuple(errors)


def _enough(errors: tuple[float, ...]) -> int | None:
    if not errors:
        return None
    best, first = min(errors), errors[0]
    if best >= (1.0 - NEAR) * first:
        return None
    return next(k for k, error in zip(FRAMES, errors, strict=True) if error - best <= NEAR * (first - best) + 1e-12)
