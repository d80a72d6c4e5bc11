"""The cross-entropy method: draw candidates, keep the elite, draw the next ones like it (Szita and Lőrincz 2006).

Pure: candidates and their scores in, the law of the next ones out. The noise that keeps the law from collapsing too
early falls off linearly, as there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats

POPULATION, ELITE = 24, 6


@dataclass(frozen=True)
class Law:
    """Independent normal weights: centre and spread, both of the weights' shape."""

    centre: Floats
    spread: Floats

    def draw(self, rng: np.random.Generator, n: int = POPULATION) -> Floats:
        """(n, ...) candidates."""
        return self.centre + self.spread * rng.standard_normal((n, *self.centre.shape))


def wide(shape: tuple[int, ...]) -> Law:
    """Where a search begins: around zero, one wide."""
    return Law(np.zeros(shape), np.ones(shape))


def after(tried: Floats, scores: Floats, noise: float, n_elite: int = ELITE) -> Law:
    """The law of the `n_elite` candidates (P, ...) with the highest scores (P,), its spread widened by `noise`."""
    elite = tried[best_first(scores)[:n_elite]]
    return Law(elite.mean(axis=0), elite.std(axis=0) + noise)


def best_first(scores: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """(P,) the candidates in the order of their scores, the earlier first of equal ones."""
    return np.argsort(-np.asarray(scores), kind="stable")
