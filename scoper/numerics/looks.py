"""Tests that look at the samples several times: boundaries that keep the error over all looks, by alpha spending.

What may be spent until a share of the samples is in: Lan and DeMets (1983), after Pocock or O'Brien and Fleming. The
boundaries are exact for few samples, not the normal approximations of the textbooks: for Student's t under normal
samples by a recursion over one angle, for the sign test by the binomial one. One-sided; the other side is the mirror.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Spending = Literal["pocock", "obrien_fleming", "at_once"]
_CELLS = 400
_HALVINGS = 60


def spent(share: float, error: float, spending: Spending) -> float:
    """How much of `error` may be used until a `share` (0 to 1) of the samples is in (Lan and DeMets 1983, section 3).

    pocock: error log(1 + (e - 1) share); obrien_fleming: 2 - 2 Phi(z / sqrt(share)), z the normal 1 - error/2 quantile;
    at_once: all of it from the first look on, for tests whose steps are coarse.
    """
    if not 0.0 < error < 1.0 or not 0.0 <= share <= 1.0:
        raise ValueError("spending needs an error within 0 and 1 and a share between them")
    if share == 0.0:
        return 0.0
    if spending == "at_once":
        return error
    if spending == "pocock":
        return error * math.log1p((math.e - 1.0) * share)
    normal = NormalDist()
    return 2.0 * normal.cdf(normal.inv_cdf(0.5 * error) / math.sqrt(share))


@lru_cache(maxsize=256)
def student_boundaries(looks: tuple[int, ...], error: float, spending: Spending = "pocock") -> tuple[float, ...]:
    """Per look the t statistic beyond which the mean is called above the bar: error `error` over all looks.

    Requires looks of at least 2 samples, rising. Exact for independent normal samples with any variance: with the bar
    as the mean, the angle a between the samples and the line of equal ones, t_n = sqrt(n-1) tan(a_n), is a Markov
    chain, sqrt(n+1) sin(a_{n+1}) = sqrt(n) sin(a_n) cos(b) + sin(b), where sqrt(n) tan(b) is Student's with n degrees
    of freedom and independent of all before (the direction of normal samples is independent of their length, Basu
    1955). The angle's law is kept on 400 cells below the boundary, each step from a cell is exact.
    """
    _check(looks, least=2)
    angles, mass = np.array([-0.5, 0.5]) * math.pi, np.array([0.5, 0.5])
    boundaries, used = [], 0.0
    for n in range(1, looks[-1]):
        edge = 0.5 * math.pi
        if n + 1 in looks:
            allowed = spent((n + 1) / looks[-1], error, spending) - used
            edge = _edge(angles, mass, n, allowed)
            used += float(mass @ _beyond(angles, np.array([edge]), n)[:, 0])
            boundaries.append(math.sqrt(n) * math.tan(edge))
        edges = np.linspace(-0.5 * math.pi, edge, _CELLS + 1)
        mass = -np.diff(mass @ _beyond(angles, edges, n))
        angles = 0.5 * (edges[1:] + edges[:-1])
    return tuple(boundaries)


@lru_cache(maxsize=256)
def sign_boundaries(looks: tuple[int, ...], error: float, spending: Spending = "at_once") -> tuple[int, ...]:
    """Per look the least number of samples above a bar for which the median is called above it.

    A number greater than the look's samples means that nothing can be called there. The error over all looks is
    `error` at most for any law: a sample is above its median with probability one half at most.
    """
    _check(looks, least=1)
    law, used, boundaries = np.array([1.0]), 0.0, []
    for n in range(1, looks[-1] + 1):
        law = 0.5 * (np.append(law, 0.0) + np.append(0.0, law))
        if n not in looks:
            continue
        allowed = spent(n / looks[-1], error, spending) - used
        tail = np.append(np.cumsum(law[::-1])[::-1], 0.0)
        least = int(np.flatnonzero(tail <= allowed * (1.0 + 1e-12))[0])
        used += float(tail[least])
        law[least:] = 0.0
        boundaries.append(least)
    return tuple(boundaries)


def _check(looks: tuple[int, ...], *, least: int) -> None:
    if not looks or looks[0] < least or any(b <= a for a, b in pairwise(looks)):
        raise ValueError(f"looks must rise from {least} or more samples, not {looks}")


def _edge(angles: Floats, mass: Floats, n: int, allowed: float) -> float:
    """The angle after n + 1 samples beyond which `allowed` probability lies."""
    low, high = 0.0, 0.5 * math.pi
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        tail = float(mass @ _beyond(angles, np.array([middle]), n)[:, 0])
        low, high = (low, middle) if tail <= allowed else (middle, high)
    return high


def _beyond(angles: Floats, edges: Floats, n: int) -> Floats:
    """(angles, edges) probability that the next angle is beyond an edge.

    sqrt(n) sin(a) cos(b) + sin(b) = A sin(b + turn) is above B for b + turn between asin(B/A) and pi - asin(B/A), and
    below -pi - asin(B/A): a far outlier widens the spread so much that t comes back towards 1 or -1.
    """
    slope = math.sqrt(n) * np.sin(angles)[:, None]
    reach, turn = np.hypot(1.0, slope), np.arctan(slope)
    sine = math.sqrt(n + 1.0) * np.sin(edges)[None, :] / reach
    first = np.arcsin(np.clip(sine, -1.0, 1.0))

    def share(angle: Floats) -> Floats:
        return _share_below(np.clip(angle, -0.5 * math.pi, 0.5 * math.pi), n)

    inner = share(math.pi - first - turn) - share(first - turn) + share(-math.pi - first - turn)
    return np.where(sine >= 1.0, 0.0, np.where(sine <= -1.0, 1.0, np.clip(inner, 0.0, 1.0)))


def _share_below(angle: Floats, n: int) -> Floats:
    """Law of b with density proportional to cos^(n-1) b, by the reduction formula of its integral."""
    sine, cosine = np.sin(angle), np.cos(angle)
    power = n - 1
    start = power % 2
    integral, whole = (sine + 1.0, 2.0) if start else (angle + 0.5 * math.pi, math.pi)
    for m in range(start + 2, power + 1, 2):
        integral = cosine ** (m - 1) * sine / m + (m - 1) / m * integral
        whole *= (m - 1) / m
    return np.asarray(integral / whole, dtype=np.float64)
