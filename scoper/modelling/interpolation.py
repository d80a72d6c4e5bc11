"""Intervals of real numbers on evenly spaced points: a value becomes its two neighbours with the weights between them.

Multilinear interpolation weights are not negative and sum to one, so they are transition probabilities of a finite
chain that has the same mean as the step it stands for (Kushner and Dupuis 2001, Numerical Methods for Stochastic
Control Problems in Continuous Time, section 5; Davies 1997, Multidimensional Triangulation and Interpolation for
Reinforcement Learning). The chain approximates the problem; it is not the problem.
"""

from __future__ import annotations

import numpy as np

from scoper.domain.tabular import Bools, Floats, Ints

ROUNDING = 1e-12
"""Values that are nearer than this share of a cell to a point are on the point."""


def corners(points: Floats, value: Floats) -> tuple[Ints, Floats]:
    """The number of the point below every value and the weight of the point above it, for `points` (K,) ascending.

    Values beyond the ends count as the ends; the point below is at most K - 2 unless there is one point only.
    """
    if points.size == 1:
        return np.zeros(value.shape, dtype=np.int64), np.zeros(value.shape)
    place = (np.clip(value, points[0], points[-1]) - points[0]) / (points[-1] - points[0]) * (points.size - 1)
    nearest = np.rint(place)
    place = np.where(np.abs(place - nearest) <= ROUNDING * points.size, nearest, place)
    below = np.minimum(np.floor(place), points.size - 2)
    return below.astype(np.int64), np.clip(place - below, 0.0, 1.0)


def beyond(points: Floats, value: Floats) -> Bools:
    """Where a value lies outside the interval by more than rounding."""
    slack = 1e-9 * max(1.0, abs(float(points[0])), abs(float(points[-1])))
    return np.asarray((value < points[0] - slack) | (value > points[-1] + slack))


def note(name: str, n_points: int, low: float, high: float, *, of: str) -> str:
    """What a reader of the arrays must know about an interval that stands on points."""
    cell = (high - low) / max(1, n_points - 1)
    if of == "action":
        ends = f"{name} may be any number from {low:g} to {high:g}"
        return f"{ends}; the arrays offer {n_points:,} values {cell:.3g} apart"
    return (
        f"{name} is a real number from {low:g} to {high:g}; the arrays hold {n_points:,} points {cell:.3g} apart and "
        "split every step between its neighbouring points (linear interpolation), so their values approximate the "
        "problem's and are not bounds on them"
    )
