"""What a check of steps takes and gives: steps, scores, and tests."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scoper.domain.tabular import Floats, Ints
from scoper.numerics.clues import Clue

TestKind = Literal["start", "impossible", "frequency", "mean", "spread", "surprise", "extreme", "reward", "clue"]
SPREAD = " (spread)"
REWARD = "reward"


@dataclass(frozen=True)
class Steps:
    """n steps in the order they were taken; all arrays (n,). successor is -1 where the outcome is no state of the spec.

    starts (E,): the state that every episode began in, -1 for none.
    """

    pair: Ints
    successor: Ints
    reward: Floats
    terminated: Ints
    starts: Ints


@dataclass(frozen=True)
class Score:
    """What is averaged: a number per state (S,). spread: whether its spread is tested too."""

    name: str
    values: Floats
    spread: bool = True


@dataclass(frozen=True)
class Test:
    """One test. subject: the score's name, or empty; place: the pair or state it is about, -1 for all steps together.

    effect: what was measured minus what the spec expects, per step; for extremes how many steps were expected beyond
    `bound` where none was seen. p: bound of the p-value, adjusted: corrected for all tests.
    """

    kind: TestKind
    subject: str
    effect: float
    n: int
    p: float
    adjusted: float = 1.0
    place: int = -1
    clue: Clue | None = None
    bound: float = math.nan
