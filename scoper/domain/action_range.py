"""Which part of a box of actions does anything: found by replaying one seed under larger and smaller actions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One component of a box from `low` to `high`, told by what was seen at shares of the way from rest to a bound.

    saturates: the least share tried from which on everything is alike on both sides, 1 where it never is. wakes: the
    largest share tried up to which nothing differs from rest, 0 where any does. moves: whether any share does anything.
    """

    name: str
    low: float
    high: float
    saturates: float
    wakes: float
    moves: bool


@dataclass(frozen=True)
class ActionRange:
    """parts: a component each; n_compared: replays from one seed in which only one component of one action differed."""

    parts: tuple[Part, ...]
    n_compared: int
