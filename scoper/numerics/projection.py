"""When will the mean learning curve reach the target? Extrapolated with a band, or refused with a reason.

Three saturating laws of return against timesteps t are fitted to the seeds' curves: low + rise x with Hill's sigmoid
x = t^b / (t^b + m^b) (the form of Khatri et al. 2025 for reward against compute), with Weibull's (1951)
x = 1 - exp(-(t/m)^b), and the power law x = 1 - t^-c (Hestness et al. 2017). Seeds are drawn anew, and each time one of
the laws, by how well it fits what was seen; the band is Student's on the logarithm of the timesteps, as three seeds say
little of their spread. No law is validated for learning curves of small control tasks: a projection is a plan, never
evidence. A curve that has not taken off yet is flat, and nothing is said about it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.statistics import mean_interval, student_quantile

Floats = NDArray[np.float64]
Status = Literal["reached", "projected", "refused"]
Refusal = Literal["", "few", "flat", "short", "wide"]
WIDEST = 10.0
_LEAST_MARKS, _LEAST_SEEDS = 5, 2
_RESAMPLES = 200
_LEAST_WAY = 0.5
_FARTHEST = 1e4
_SHAPES = np.geomspace(0.5, 6.0, 9)
_MIDDLES = np.geomspace(0.03, 300.0, 25)
_INDEPENDENT = 0.1  # marks of a curve depend on each other, and no law is quite true: ten tell as much as one
_POWERS = np.geomspace(0.05, 3.0, 25)


@dataclass(frozen=True)
class Projection:
    """Timesteps per seed until the mean curve reaches `target`: middle, low and high of a band at `level`.

    status: reached (within what was measured: middle is the first mark at or above the target from which the mean
    curve stays there or ends), projected, or refused. refusal: few (marks or seeds), flat (no rise beyond its noise),
    short (the fitted laws level off below the target), wide (the band is wider than tenfold). factor is high/low; inf
    without a band. why: a sentence.
    """

    status: Status
    target: float
    level: float
    middle: float = math.inf
    low: float = math.inf
    high: float = math.inf
    refusal: Refusal = ""
    why: str = ""

    @property
    def factor(self) -> float:
        """How many times the low end the high end is."""
        return self.high / self.low if math.isfinite(self.high) and self.low > 0.0 else math.inf


@dataclass(frozen=True)
class Bill:
    """What reaching a target takes: hours and, where an hour has a price, its cost; (low, middle, high) each."""

    hours: tuple[float, float, float]
    cost: tuple[float, float, float] | None = None


def project(
    steps: Sequence[int] | Floats,
    returns: Sequence[Sequence[float]] | Floats,
    target: float,
    rng: np.random.Generator,
    *,
    level: float = 0.9,
    resamples: int = _RESAMPLES,
) -> Projection:
    """Project the mean of the curves `returns` (seeds, marks), all measured after `steps` (marks,), to `target`.

    Raises ValueError for steps that do not rise from above 0 and for returns that are not finite.
    """
    marks, curves = np.asarray(steps, dtype=np.float64), np.asarray(returns, dtype=np.float64)
    if curves.ndim != 2 or curves.shape[1] != marks.size or not np.isfinite(curves).all():
        raise ValueError("curves need one finite return per seed and mark")
    if marks.size == 0 or marks[0] <= 0 or (np.diff(marks) <= 0).any():
        raise ValueError("marks must rise from above 0 timesteps")
    mean = curves.mean(axis=0)
    if mean[-1] >= target:
        below = np.flatnonzero(mean < target)
        first = float(marks[0 if below.size == 0 else below[-1] + 1])
        return Projection("reached", target, level, first, first, first, why="the mean curve reaches it as measured")
    refused = _refused(curves, target, level)
    if refused is not None:
        return refused
    logs = _log_steps(marks, curves, target, rng, resamples)
    return _banded(logs, float(marks[-1]), target, level, curves.shape[0])


def bill(projection: Projection, steps_per_s: float, *, price_per_hour: float | None = None, n_seeds: int = 1) -> Bill:
    """Hours and cost of `n_seeds` runs, one after the other, at a measured speed of learning (timesteps/s, all in).

    Raises ValueError for a refused projection or a speed that is not positive: there is nothing to bill.
    """
    if projection.status == "refused" or not steps_per_s > 0.0:
        raise ValueError("hours need a projection that was not refused and a measured speed")
    steps = (projection.low, projection.middle, projection.high)
    low, middle, high = (n_seeds * count / steps_per_s / 3600.0 for count in steps)
    cost = None if price_per_hour is None else (low * price_per_hour, middle * price_per_hour, high * price_per_hour)
    return Bill((low, middle, high), cost)


def _refused(curves: Floats, target: float, level: float) -> Projection | None:
    """Too little to go by, or no rise: Student's interval of each seed's late third less its early third holds 0."""
    n_seeds, n_marks = curves.shape
    if n_marks < _LEAST_MARKS or n_seeds < _LEAST_SEEDS:
        why = f"{n_seeds} seeds with {n_marks} marks are too few to extrapolate"
        return Projection("refused", target, level, refusal="few", why=why)
    third = max(1, n_marks // 3)
    rises = curves[:, -third:].mean(axis=1) - curves[:, :third].mean(axis=1)
    if mean_interval(rises, level=level)[1] <= 0.0:
        why = "the curves do not rise beyond the noise between seeds"
        return Projection("refused", target, level, refusal="flat", why=why)
    mean = curves.mean(axis=0)
    start, now = float(mean.min()), float(mean[-third:].mean())
    if now - start < _LEAST_WAY * (target - start):
        why = f"less than {_LEAST_WAY:.0%} of the way to the target was seen"
        return Projection("refused", target, level, refusal="short", why=why)
    return None


def _banded(logs: Floats, last: float, target: float, level: float, n_seeds: int) -> Projection:
    miss = 0.5 - 0.5 * level
    least, middle, most = np.quantile(logs, [miss, 0.5, 1.0 - miss], method="higher")
    if not math.isfinite(most):
        why = "the fitted curves level off below the target, or reach it beyond 10,000 times what was trained"
        return Projection("refused", target, level, refusal="short", why=why)
    wider = student_quantile(1.0 - miss, n_seeds - 1) / NormalDist().inv_cdf(1.0 - miss)
    wider *= math.sqrt(n_seeds / (n_seeds - 1.0))
    low = last * math.exp(max(middle - wider * (middle - least), 0.0))
    high = last * math.exp(middle + wider * (most - middle))
    if high > WIDEST * low:
        why = f"the band from {low:.3g} to {high:.3g} timesteps is wider than {WIDEST:g}-fold"
        return Projection("refused", target, level, refusal="wide", why=why)
    return Projection("projected", target, level, math.exp(middle) * last, low, high)


def _log_steps(marks: Floats, curves: Floats, target: float, rng: np.random.Generator, resamples: int) -> Floats:
    """(resamples,) logarithm of the timesteps to the target, in units of the last mark; inf where never."""
    basis = _basis(marks / marks[-1])
    logs = np.empty(resamples)
    for index in range(resamples):
        # Rubin's Bayesian bootstrap (1981): weights instead of copies, as copies of three seeds repeat themselves.
        weights = rng.dirichlet(np.ones(curves.shape[0]))
        logs[index] = _crossing(basis, weights @ curves, target, rng)
    return logs


_GRID_SHAPES, _GRID_MIDDLES = (grid.ravel() for grid in np.meshgrid(_SHAPES, _MIDDLES))


def _basis(ages: Floats) -> Floats:
    """(laws, marks) shapes that rise to at most 1: Hill's on its grid, Weibull's on its grid, powers."""
    scaled = (ages / _GRID_MIDDLES[:, None]) ** _GRID_SHAPES[:, None]
    return np.concatenate([scaled / (1.0 + scaled), -np.expm1(-scaled), 1.0 - ages ** -_POWERS[:, None]])


def _age(law: int, wanted: float) -> float:
    """Where a law of the basis is at `wanted` < 1, in units of the last mark."""
    n = _GRID_SHAPES.size
    if law >= 2 * n:
        return float((1.0 - wanted) ** (-1.0 / _POWERS[law - 2 * n]))
    inner = wanted / (1.0 - wanted) if law < n else -math.log1p(-wanted)
    return float(_GRID_MIDDLES[law % n] * max(inner, 0.0) ** (1.0 / _GRID_SHAPES[law % n]))


def _crossing(basis: Floats, curve: Floats, target: float, rng: np.random.Generator) -> float:
    """Fit level and rise of every law by least squares, draw one by its likelihood, invert it at the target."""
    centred = basis - basis.mean(axis=1, keepdims=True)
    shifted = curve - curve.mean()
    slope = np.maximum((centred @ shifted) / np.maximum((centred**2).sum(axis=1), 1e-300), 0.0)
    left = ((shifted - slope[:, None] * centred) ** 2).sum(axis=1)
    noise = max(float(left.min()) / max(1, curve.size - 4), 1e-12 * float(shifted @ shifted), 1e-300)
    odds = np.exp(-0.5 * _INDEPENDENT * (left - left.min()) / noise)
    law = int(rng.choice(odds.size, p=odds / odds.sum()))
    if slope[law] <= 0.0:
        return math.inf
    wanted = float((target - curve.mean()) / slope[law] + basis[law].mean())
    if wanted >= 1.0:
        return math.inf
    age = _age(law, wanted)
    return math.log(max(age, 1.0)) if age <= _FARTHEST else math.inf
