"""A measured or proved return as a value; part of the protocol in `scoper.domain.probe`."""

from __future__ import annotations

from scoper.domain.decision import Basis
from scoper.domain.questionnaire import Value


class ReturnSummary(Value):
    """A policy's mean return with a 95 % interval over `n` episodes or seeds; low = mean = high when exact."""

    mean: float
    low: float
    high: float
    n: int
    basis: Basis
    policy: str = ""
