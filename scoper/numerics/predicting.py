"""What is left of numbers after the best guess from others, out of sample: means of cells, ridge, or kernel ridge.

Several plain predictors are tried and each target keeps the one with the least error on rows that were left out. They
need not be perfect: `scoper.numerics.markov_order` multiplies two kinds of residuals, so that their errors do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints

FOLDS = 5
CELL_ROWS = 8
"""Rows per distinct input from which on the mean of a cell is a predictor."""
LANDMARKS = 150
WIDTHS = (0.5, 1.0, 2.0)
"""Of the kernel, times the median distance of the landmarks."""
RIDGES = (1e-6, 1e-4, 1e-2, 1.0)
"""Share of the design's mean eigenvalue that is added to all of them."""
MOST_PRODUCTS = 8
ROUNDS, RATE, SHRINK = 150, 0.3, 4.0
"""Of the boosted partitions: how many, the share of a mean that is added, and rows' worth of caution in a mean."""
MOST_LEVELS = 40


@dataclass(frozen=True)
class Residuals:
    """values (n, J): target minus its guess; unexplained (J,): their share of the targets' variance, 0 for constants.

    method: of every target, the predictor that was kept.
    """

    values: Floats
    unexplained: Floats
    method: tuple[str, ...]


def folds_of(episode: Ints, rng: np.random.Generator) -> Ints:
    """(n,) fold of every row: whole episodes where there are enough of them, else stretches of rows."""
    _, code = np.unique(episode, return_inverse=True)
    if int(code.max(initial=0)) + 1 >= 2 * FOLDS:
        return np.asarray(rng.permutation(int(code.max()) + 1)[code] % FOLDS, dtype=np.int64)
    return np.asarray(np.arange(episode.size) * 4 * FOLDS // max(1, episode.size) % FOLDS, dtype=np.int64)


def residuals(
    inputs: Floats, targets: Floats, fold: Ints, rng: np.random.Generator, *, thorough: bool = True
) -> Residuals:
    """Every row's `targets` (n, J) minus what rows of other folds make of its `inputs` (n, p).

    thorough: partitions, products and several widths are tried as well.
    """
    total = ((targets - targets.mean(axis=0)) ** 2).sum(axis=0)
    varies = total > 1e-12 * np.maximum(1.0, (targets**2).sum(axis=0))
    kept, least = targets - targets.mean(axis=0), total.copy()
    method = np.full(targets.shape[1], "mean", dtype=object)
    for name, guess in _guesses(inputs, targets, fold, rng, thorough):
        left = targets - guess
        error = (left**2).sum(axis=0)
        better = varies & (error < least)
        kept, least = np.where(better, left, kept), np.where(better, error, least)
        method[better] = name
    share = np.where(varies, least / np.where(varies, total, 1.0), 0.0)
    return Residuals(np.where(varies, kept, 0.0), share, tuple(method))


def _guesses(
    inputs: Floats, targets: Floats, fold: Ints, rng: np.random.Generator, thorough: bool
) -> Iterator[tuple[str, Floats]]:
    _, cell = np.unique(inputs, axis=0, return_inverse=True)
    cell = cell.ravel()
    if inputs.shape[0] >= CELL_ROWS * (int(cell.max(initial=0)) + 1):
        yield "cells", _cell_means(cell, targets, fold)
    spread = inputs.std(axis=0)
    scaled = (inputs - inputs.mean(axis=0))[:, spread > 1e-12] / spread[spread > 1e-12]
    if not scaled.shape[1]:
        return
    yield from _ridges("linear", scaled, targets, fold)
    if thorough and scaled.shape[1] <= MOST_PRODUCTS:
        yield from _ridges("quadratic", np.concatenate([scaled, products(scaled)], axis=1), targets, fold)
    if thorough:
        yield "partitions", _boosted(scaled, targets, fold, rng)
    for width, design in _kernels(scaled, rng, WIDTHS if thorough else WIDTHS[1:2]):
        yield from _ridges(f"kernel {width:g}", np.concatenate([scaled, design], axis=1), targets, fold)


def products(columns: Floats) -> Floats:
    """(n, p (p + 1) / 2) products of all pairs of columns, squares included."""
    one, other = np.triu_indices(columns.shape[1])
    return np.asarray(columns[:, one] * columns[:, other], dtype=np.float64)


def _cell_means(cell: Ints, targets: Floats, fold: Ints) -> Floats:
    n_cells, guess = int(cell.max()) + 1, np.empty_like(targets)
    for number in range(FOLDS):
        out = fold == number
        count = np.bincount(cell[~out], minlength=n_cells).astype(np.float64)
        middle = targets[~out].mean(axis=0) if (~out).any() else targets.mean(axis=0)
        for j in range(targets.shape[1]):
            mean = np.bincount(cell[~out], weights=targets[~out, j], minlength=n_cells)
            guess[out, j] = np.where(count > 0, mean / np.maximum(count, 1.0), middle[j])[cell[out]]
    return guess


def _boosted(scaled: Floats, targets: Floats, fold: Ints, rng: np.random.Generator) -> Floats:
    """Means of random partitions, each of what those before left over: for what jumps, as thresholds and ends do."""
    rows, n_targets = scaled.shape[0], targets.shape[1]
    guess = np.stack([targets[fold != k].mean(axis=0) for k in range(FOLDS)])[fold]
    fitted = [np.broadcast_to(targets[fold != k].mean(axis=0), targets.shape).copy() for k in range(FOLDS)]
    levels = [np.unique(column) for column in scaled.T]
    for _ in range(ROUNDS):
        cell = np.zeros(rows, dtype=np.int64)
        for column in rng.choice(scaled.shape[1], size=min(scaled.shape[1], int(rng.integers(1, 5))), replace=False):
            own, parts = levels[column], int(rng.integers(2, 12))
            whole = own.size <= MOST_LEVELS and rng.random() < 0.5
            edges = own[1:] if whole else rng.choice(scaled[:, column], size=parts - 1)
            cell = cell * (edges.size + 1) + np.searchsorted(np.sort(edges), scaled[:, column], side="right")
        _, cell = np.unique(cell, return_inverse=True)
        size = int(cell.max()) + 1
        for number in range(FOLDS):
            kept = fold != number
            count = np.bincount(cell[kept], minlength=size)
            for j in range(n_targets):
                left = np.bincount(cell[kept], weights=(targets[kept, j] - fitted[number][kept, j]), minlength=size)
                fitted[number][:, j] += (RATE * left / (count + SHRINK))[cell]
    for number in range(FOLDS):
        guess[fold == number] = fitted[number][fold == number]
    return np.asarray(guess, dtype=np.float64)


def _kernels(scaled: Floats, rng: np.random.Generator, widths: tuple[float, ...]) -> Iterator[tuple[float, Floats]]:
    """Gaussian kernels with landmarks drawn from the rows (Williams and Seeger 2001)."""
    rows = rng.choice(scaled.shape[0], size=min(LANDMARKS, scaled.shape[0]), replace=False)
    marks = scaled[rows]
    squared = (scaled**2).sum(axis=1)[:, None] + (marks**2).sum(axis=1)[None, :] - 2.0 * scaled @ marks.T
    squared = np.maximum(squared, 0.0)
    middle = float(np.median(squared[rows]))
    for width in widths if middle > 0.0 else ():
        yield width, np.exp(-squared / (2.0 * width**2 * middle))


def _ridges(name: str, design: Floats, targets: Floats, fold: Ints) -> Iterator[tuple[str, Floats]]:
    """One guess per penalty; each fold's normal equations are decomposed once."""
    guesses = [np.empty_like(targets) for _ in RIDGES]
    whole, cross = design.T @ design, design.T @ targets
    n, total, wanted = design.shape[0], design.sum(axis=0), targets.sum(axis=0)
    for number in range(FOLDS):
        out = fold == number
        x, y = design[out], targets[out]
        left = max(1, n - x.shape[0])
        centre, level = (total - x.sum(axis=0)) / left, (wanted - y.sum(axis=0)) / left
        gram = whole - x.T @ x - left * np.outer(centre, centre)
        pull = cross - x.T @ y - left * np.outer(centre, level)
        values, vectors = np.linalg.eigh(gram)
        values = np.maximum(values, 0.0)
        turned, seen = vectors.T @ pull, (x - centre) @ vectors
        scale = max(float(values.mean()), 1e-300)
        for guess, ridge in zip(guesses, RIDGES, strict=True):
            guess[out] = level + seen @ (turned / (values + ridge * scale)[:, None])
    yield from ((name, guess) for guess in guesses)


def gain(residual: Floats, design: Floats, fold: Ints) -> float:
    """Share of the `residual` (n,) that `design` (n, F) explains out of sample; below 0 for worse than nothing."""
    total = float(residual @ residual)
    if total <= 0.0 or not design.shape[1]:
        return 0.0
    spread = np.sqrt((design**2).mean(axis=0))
    scaled = design[:, spread > 1e-12] / spread[spread > 1e-12]
    if not scaled.shape[1]:
        return 0.0
    left = [float(((residual - guess[:, 0]) ** 2).sum()) for _, guess in _ridges("", scaled, residual[:, None], fold)]
    return 1.0 - min(left) / total
