"""What a policy does, told: sentences, and how its time is shared out among states. Values only."""

from __future__ import annotations

from typing import Literal

from scoper.domain.decision import Basis
from scoper.domain.questionnaire import Value


class OccupancyShare(Value):
    """A state, or a cell of what was observed, and the share of the timesteps that is spent there."""

    label: str
    share: float


class OccupancyMap(Value):
    """The same over two components. cells: a row per label of y, a share per label of x."""

    x_name: str
    x_labels: tuple[str, ...]
    y_name: str
    y_labels: tuple[str, ...]
    cells: tuple[tuple[float, ...], ...]


class StateMap(Value):
    """Value or best action over the two components of a solved table's states.

    cells: a row per label of y, a number per label of x, None where there is no such state. Of a policy they are the
    action itself, a number of the quantity `of`, or its place in `words`. timed: the policy's first timestep is shown.
    """

    kind: Literal["value", "policy"]
    x_name: str
    x_labels: tuple[str, ...]
    y_name: str
    y_labels: tuple[str, ...]
    cells: tuple[tuple[float | None, ...], ...]
    of: str = ""
    words: tuple[str, ...] = ()
    timed: bool = False


class Conduct(Value):
    """What the policy that earns the most reward does. policy: which one that is, in words.

    states: where its time goes, the most visited first; rest: the share of all others, `n_rest` of them. map: None
    unless states have two components.
    """

    policy: str
    basis: Basis
    sentences: tuple[str, ...]
    states: tuple[OccupancyShare, ...] = ()
    rest: float = 0.0
    n_rest: int = 0
    map: OccupancyMap | None = None
