"""How far people who label the same items agree, and beyond what chance would give.

Ratings are an items by raters matrix of whole numbers, -1 where a rater said nothing.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Ratings = NDArray[np.int64]
Floats = NDArray[np.float64]


def counts(ratings: Ratings) -> Ratings:
    """(items, classes): how many raters put an item into a class."""
    classes = int(ratings.max(initial=-1)) + 1
    return np.stack([(ratings == c).sum(axis=1) for c in range(classes)], axis=1) if classes else ratings[:, :0]


def pairwise(table: Ratings) -> tuple[Floats, Ratings]:
    """(items,) share of pairs of raters of an item that agree, for the items with two raters at least; those items."""
    n = table.sum(axis=1)
    rated = np.flatnonzero(n >= 2)
    agreeing = (table[rated] * (table[rated] - 1)).sum(axis=1)
    return agreeing / (n[rated] * (n[rated] - 1)), rated


def cohen_kappa(first: Ratings, second: Ratings) -> float:
    """(p_o - p_e) / (1 - p_e) of two raters with their own frequencies (Cohen 1960); nan where p_e is 1."""
    both = (first >= 0) & (second >= 0)
    a, b = first[both], second[both]
    if a.size == 0:
        return float("nan")
    observed = float((a == b).mean())
    classes = int(max(a.max(), b.max())) + 1
    expected = float((np.bincount(a, minlength=classes) / a.size) @ (np.bincount(b, minlength=classes) / b.size))
    return (observed - expected) / (1.0 - expected) if expected < 1.0 else float("nan")


def fleiss_kappa(table: Ratings) -> float:
    """Of items that all have the same number of raters (Fleiss 1971); nan where one class is all there is."""
    n = table.sum(axis=1)
    raters = int(n[0])
    agreement = float(((table * (table - 1)).sum(axis=1) / (raters * (raters - 1))).mean())
    chance = float(((table.sum(axis=0) / table.sum()) ** 2).sum())
    return (agreement - chance) / (1.0 - chance) if chance < 1.0 else float("nan")


def krippendorff_alpha(table: Ratings) -> float:
    """1 - D_o / D_e for nominal classes, any number of raters, gaps allowed (Krippendorff 2011); nan without spread.

    Items with fewer than two ratings say nothing. D_o: disagreeing pairs within items, each item weighted by
    1 / (raters - 1); D_e: disagreeing pairs among all ratings.
    """
    kept = table[table.sum(axis=1) >= 2].astype(np.float64)
    n = kept.sum(axis=1)
    total = float(n.sum())
    if total <= 1.0:
        return float("nan")
    observed = float(((n**2 - (kept**2).sum(axis=1)) / (n - 1.0)).sum()) / total
    margins = kept.sum(axis=0)
    expected = (total**2 - float((margins**2).sum())) / (total * (total - 1.0))
    return 1.0 - observed / expected if expected > 0.0 else float("nan")


def rater_accuracy(agreement: float, classes: int) -> float:
    """The accuracy q of equally good raters with independent, evenly spread errors who agree this often.

    Solves q^2 + (1 - q)^2 / (classes - 1) = agreement for the larger root (own; Dawid and Skene 1979 in its simplest
    form). At or below what guessing gives, 1 / classes.
    """
    if classes < 2:
        return 1.0
    k = float(classes)
    inner = (k - 1.0) * (k * agreement - 1.0)
    return (1.0 + math.sqrt(max(inner, 0.0))) / k
