"""Tests of whole laws: frequencies, extremes, likelihood, and the start."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from scoper.domain.tabular import Ints
from scoper.numerics.deviation import Score, Test, TestKind
from scoper.numerics.laws import Laws
from scoper.numerics.tail_bounds import binomial_tail, log_mixture_evidence, martingale_tail

POOLED_BELOW = 0.02
"""Outcomes less likely than this are one outcome to the test of a whole law; each is tested on its own besides."""
_LEAST_MISSED = 3.0


def cut_off(count: int, n: int, mass: float) -> Test:
    """Outcomes that only the tail cut off the laws could explain: at most (n mass)^count / count!."""
    log_p = count * math.log(min(1.0, n * mass)) - math.lgamma(count + 1)
    return Test("impossible", "", count / n, n, math.exp(min(0.0, log_p)))


def frequencies(kind: TestKind, laws: Laws, index: Ints, places: Ints) -> Iterator[Test]:
    """One test per law of more than one outcome: of all outcomes together, and of the one that deviates most."""
    count = np.bincount(index[index >= 0], minlength=laws.row.size)
    trials = np.bincount(laws.row, weights=count, minlength=laws.n_rows).astype(np.int64)
    cells = np.bincount(laws.row, minlength=laws.n_rows)
    single = binomial_tail(count, trials[laws.row], laws.chance)
    least = np.ones(laws.n_rows)
    np.minimum.at(least, laws.row, single)
    rare = laws.chance < POOLED_BELOW
    _, cell = np.unique(np.where(rare, -1 - laws.row, np.arange(laws.row.size)), return_inverse=True)
    n_cells = int(cell.max(initial=-1)) + 1
    pooled_count = np.bincount(cell, weights=count, minlength=n_cells).astype(np.int64)
    pooled_chance = np.minimum(1.0, np.bincount(cell, weights=laws.chance, minlength=n_cells))
    group = np.zeros(n_cells, dtype=np.int64)
    group[cell] = laws.row
    evidence = log_mixture_evidence(pooled_count, pooled_chance, group, laws.n_rows)
    whole = np.exp(-np.maximum(evidence, 0.0))
    p = np.minimum(1.0, 2.0 * np.minimum(whole, cells * least))
    away = np.bincount(laws.row, weights=np.abs(count - trials[laws.row] * laws.chance), minlength=laws.n_rows)
    for number in np.flatnonzero((cells > 1) & (trials > 0)):
        distance = 0.5 * float(away[number]) / float(trials[number])
        yield Test(kind, "", distance, int(trials[number]), float(p[number]), place=int(places[number]))


def extremes(laws: Laws, row: Ints, successor: Ints, score: Score) -> Iterator[Test]:
    """Whether the largest and the least outcome seen are as far out as the spec's law goes.

    None of the steps going beyond a bound has a probability of exp(-expected) at most; every value could be the bound.
    """
    reached = successor[successor >= 0]
    if not score.spread or not reached.size:
        return
    at = score.values[laws.outcome]
    visits = np.bincount(row, minlength=laws.n_rows)
    n_values = np.unique(at).size
    for name, bound, beyond in (
        ("most", float(score.values[reached].max()), at > float(score.values[reached].max())),
        ("least", float(score.values[reached].min()), at < float(score.values[reached].min())),
    ):
        chance = np.bincount(laws.row, weights=laws.chance * beyond, minlength=laws.n_rows)
        missed = float(visits @ chance)
        if missed > _LEAST_MISSED:
            p = min(1.0, n_values * math.exp(-missed))
            yield Test("extreme", f"{score.name}|{name}", missed, int(row.size), p, bound=bound)


def surprise(laws: Laws, row: Ints, index: Ints) -> Iterator[Test]:
    """Whether outcomes are as likely as those of the laws are on average: what no mean shows adds up here."""
    news = -np.log(laws.chance)
    mean, variance, largest = laws.moments(news)
    seen = index >= 0
    away = float((news[index] - mean[row])[seen].sum())
    total = float(variance[row][seen].sum())
    if total > 0.0:
        p = martingale_tail(np.array([away]), np.array([total]), np.array([largest[row].max()]))
        n = int(seen.sum())
        yield Test("surprise", "", away / n, n, float(p[0]))


def start_means(starts: Laws, begun: Ints, scores: Sequence[Score]) -> Iterator[Test]:
    """The mean of every score over the starts."""
    seen = begun[begun >= 0]
    for score in scores:
        mean, variance, largest = starts.moments(score.values[starts.outcome])
        away = float((score.values[seen] - mean[0]).sum()) if seen.size else 0.0
        if variance[0] > 0.0:
            p = martingale_tail(np.array([away]), variance * seen.size, largest)
            yield Test("start", score.name, away / max(1, seen.size), int(seen.size), float(p[0]))
