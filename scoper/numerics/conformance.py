"""Steps of a foreign simulator against the arrays of a spec: what is impossible, and what is too unlikely.

What the arrays exclude is certain from one witness. Everything else is a test whose p-value is a bound that holds for
every number of samples (see `scoper.numerics.tail_bounds`). Tests of all steps together, of single pairs and of clues
get a third of the level each, with Holm's correction within, so that a simulator that conforms is accused with
probability `level` at most, and thousands of pairs do not drown what shows in the whole. Whoever chose the actions may
have looked at the past: every test is a martingale under the spec.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.numerics.clues import Clue
from scoper.numerics.deviation import REWARD, SPREAD, Score, Steps, Test
from scoper.numerics.law_tests import POOLED_BELOW, cut_off, extremes, frequencies, start_means, surprise
from scoper.numerics.laws import Laws, start_law, visited_laws
from scoper.numerics.resolution import resolution, shift
from scoper.numerics.tail_bounds import holm, martingale_tail

_GROUPS = ("", "frequency", "clue")
_REWARD_TOLERANCE = 1e-5
"""Relative: a simulator may count in single precision."""


@dataclass(frozen=True)
class Conformance:
    """impossible, bad_rewards, bad_ends: numbers of the steps that the spec excludes; bad_starts: of the episodes.

    transition (n,): the step's number in the table, -1 where it is impossible. expected (n,): the spec's mean reward of
    the step, nan where it is impossible. residuals (n, J): outcome minus the spec's mean, per score and, last, the
    reward (only where the spec determines it, if one of these deviates); nan where there is none. tests: all; rejected:
    those below `level` once corrected, the least likely first. pairs (R,): those visited; visits (R,) of each.
    resolution (R,): an observed total-variation distance that would have been rejected. shifts (J,): a mean deviation
    per step that would have been shown in five cases of six.
    """

    level: float
    impossible: Ints
    bad_rewards: Ints
    bad_ends: Ints
    bad_starts: Ints
    transition: Ints
    expected: Floats
    residual_names: tuple[str, ...]
    residuals: Floats
    tests: tuple[Test, ...]
    rejected: tuple[Test, ...]
    pairs: Ints
    visits: Ints
    resolution: Floats
    shifts: Floats

    @property
    def conforms(self) -> bool:
        """Whether nothing deviates."""
        certain = (self.impossible, self.bad_rewards, self.bad_ends, self.bad_starts)
        return not self.rejected and not any(found.size for found in certain)


def check_steps(
    table: TabularMdp,
    squared_reward: Floats,
    steps: Steps,
    scores: Sequence[Score],
    clues: Sequence[Clue] = (),
    *,
    level: float = 1e-3,
) -> Conformance:
    """Everything that `steps` say against `table`; squared_reward (N,): expected square of the reward of a transition.

    Requires that every pair is available in the table.
    """
    pairs = np.unique(steps.pair)
    laws = visited_laws(table, squared_reward, pairs)
    row = laws.row_of(steps.pair)
    index = laws.match(row, steps.successor)
    starts = start_law(table)
    begun = starts.match(np.zeros(steps.starts.size, dtype=np.int64), steps.starts)
    known = index >= 0
    expected = np.where(known, laws.reward[index], np.nan)
    fixed = known & (laws.variance[index] == 0.0)
    slack = _REWARD_TOLERANCE * np.maximum(1.0, np.abs(np.nan_to_num(expected)))
    bad_rewards = np.flatnonzero(fixed & (np.abs(steps.reward - expected) > slack))
    bad_ends = np.flatnonzero(known & (steps.terminated.astype(np.bool_) != laws.terminates[index]))
    impossible, bad_starts = np.flatnonzero(~known), np.flatnonzero(begun < 0)
    tests: list[Test] = []
    if impossible.size and table.truncated_mass > 0.0:
        tests.append(cut_off(impossible.size, known.size, table.truncated_mass))
        impossible = impossible if tests[0].p < 1e-9 else impossible[:0]
    tests += frequencies("start", starts, begun, np.zeros(1, dtype=np.int64))
    tests += frequencies("frequency", laws, index, pairs)
    names, residuals, found = _averages(laws, row, steps, scores, clues)
    tests += found
    tests += surprise(laws, row, index)
    tests += start_means(starts, steps.starts, scores)
    rest = np.where(known, steps.reward - expected, np.nan)
    tests += _reward_means(rest, np.where(known, laws.variance[index], 0.0), clues)
    tests = [test for group in _GROUPS for test in _corrected([t for t in tests if _group(t) == group])]
    rejected = sorted((t for t in tests if t.adjusted <= level), key=lambda t: (t.p, -abs(t.effect)))
    visits = np.bincount(row[known], minlength=pairs.size)
    shares = {group: level / 3 / max(1, sum(_group(t) == group for t in tests)) for group in _GROUPS}
    return Conformance(
        level=level,
        impossible=impossible,
        bad_rewards=bad_rewards,
        bad_ends=bad_ends,
        bad_starts=bad_starts,
        transition=np.where(known, laws.transition[index], -1),
        expected=expected,
        residual_names=(*names, REWARD),
        residuals=np.column_stack([residuals, np.where(fixed, rest, np.nan) if bad_rewards.size else rest]),
        tests=tuple(tests),
        rejected=tuple(rejected),
        pairs=pairs,
        visits=visits,
        resolution=resolution(laws, visits, shares["frequency"], POOLED_BELOW),
        shifts=np.array([shift(laws, row, score.values, shares[""]) for score in scores]),
    )


def _group(test: Test) -> str:
    return test.kind if test.kind in _GROUPS else ""


def _corrected(tests: Sequence[Test]) -> list[Test]:
    """The tests of one group with their p-values corrected, also for the other groups."""
    adjusted = np.minimum(1.0, len(_GROUPS) * holm([test.p for test in tests]))
    return [_with(test, float(p)) for test, p in zip(tests, adjusted, strict=True)]


def _with(test: Test, adjusted: float) -> Test:
    return Test(test.kind, test.subject, test.effect, test.n, test.p, adjusted, test.place, test.clue, test.bound)


def _averages(
    laws: Laws, row: Ints, steps: Steps, scores: Sequence[Score], clues: Sequence[Clue]
) -> tuple[list[str], Floats, list[Test]]:
    """Names and residuals (n, J) of all scores, and their tests: the mean alone, extremes, and with every clue."""
    names: list[str] = []
    columns: list[tuple[Floats, Floats, float]] = []
    tests: list[Test] = []
    seen = steps.successor >= 0
    for score in scores:
        for spread in (False, True) if score.spread else (False,):
            away, variance, largest = _residual(laws, row, steps.successor, score.values, spread)
            away, variance = np.where(seen, away, 0.0), np.where(seen, variance, 0.0)
            name = score.name + (SPREAD if spread else "")
            names.append(name)
            columns.append((away, variance, largest))
            if variance.any():  # without variance every deviation is an impossible step, and certain
                p = martingale_tail(*(np.array([x]) for x in (away.sum(), variance.sum(), largest)))
                n = max(1, int(seen.sum()))
                tests.append(Test("spread" if spread else "mean", name, float(away.sum()) / n, n, float(p[0])))
        tests += extremes(laws, row, steps.successor, score)
    for clue in clues:
        features = _centred(clue.features())
        for name, (away, variance, largest) in zip(names, columns, strict=True):
            if not variance.any():
                continue
            tests += _against(clue, features, name, away, variance, largest)
    residuals = np.column_stack([c[0] for c in columns]) if columns else np.zeros((row.size, 0))
    return names, np.where(seen[:, None], residuals, np.nan), tests


def _residual(laws: Laws, row: Ints, successor: Ints, values: Floats, spread: bool) -> tuple[Floats, Floats, float]:
    """(n,) outcome minus mean, (n,) its variance under the spec, and how large it can be."""
    at = values[laws.outcome]
    mean, variance, largest = laws.moments(at)
    reached = values[np.maximum(successor, 0)]
    if spread:
        reached = (reached - mean[row]) ** 2
        mean, variance, largest = laws.moments((at - mean[laws.row]) ** 2)
    away = reached - mean[row]
    away = np.where(np.abs(away) <= 1e-9 * np.maximum(1.0, np.abs(mean[row])), 0.0, away)
    return away, variance[row], float(largest[np.unique(row)].max(initial=0.0))


def _centred(features: Floats) -> Floats:
    """(n, F) minus the mean of what came before, so that no constant deviation looks like one with the clue."""
    n = features.shape[0]
    before = np.cumsum(features, axis=0) - features
    return np.asarray(features - before / np.maximum(1, np.arange(n))[:, None], dtype=np.float64)


def _against(clue: Clue, features: Floats, name: str, away: Floats, variance: Floats, largest: float) -> Iterator[Test]:
    """One test per clue and score: the best of its features, times their number."""
    if not features.shape[1]:
        return
    total, spread = features.T @ away, (features**2).T @ variance
    p = martingale_tail(total, spread, np.abs(features).max(axis=0) * largest)
    best = int(np.argmin(p))
    size = float(np.sqrt(np.mean(features[:, best] ** 2))) or 1.0
    effect = float(total[best]) / (away.size * size)
    yield Test("clue", name, effect, int(away.size), min(1.0, float(p[best]) * p.size), clue=clue)


def _reward_means(rest: Floats, variance: Floats, clues: Sequence[Clue]) -> Iterator[Test]:
    """The mean of rewards that transitions do not determine: alone, and with every clue."""
    random = variance > 0.0
    n = int(random.sum())
    if not n:
        return
    away = np.where(random, np.nan_to_num(rest), 0.0)
    largest = float(np.abs(away).max())
    p = martingale_tail(np.array([away.sum()]), np.array([variance.sum()]), np.array([largest]))
    yield Test("reward", REWARD, float(away.sum()) / n, n, float(p[0]))
    for clue in clues:
        yield from _against(clue, _centred(clue.features()), REWARD, away, variance, largest)
