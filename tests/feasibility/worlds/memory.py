"""Worlds with more than a table's worth of trouble: delay, drift over time, rewards that are no numbers."""

from __future__ import annotations

import math
from typing import Any

from .base import Outcome, State, World, sure


class Stages(World):
    """A production line: the quality of what is set up now is only paid when it leaves the line `delay` steps later.

    State: the settings on the way (0 nothing, 1 bad, 2 good), the machine's need. Actions: three settings.
    noise: a symmetric amount on every reward.
    """

    actions = 3

    def __init__(self, *, delay: int = 5, noise: float = 0.0, **form: Any) -> None:
        self.delay, self.noise = delay, noise
        self.parts = {"need": 3, **{f"line_{k}": 3 for k in range(delay)}}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1 / 3, (need, *[0] * self.delay)) for need in range(3)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        need, line = state[0], state[1:]
        made = 2 if action == need else 1
        leaving = line[-1] if self.delay else made
        paid = {0: 0.0, 1: 0.0, 2: 1.0}[leaving]
        after = (made, *line[:-1]) if self.delay else ()
        found = []
        for later in range(3):
            for half, shock in [(0.5, self.noise), (0.5, -self.noise)] if self.noise else [(1.0, 0.0)]:
                terms = {"sold": paid, "market": shock} if shock else {"sold": paid}
                found.append(Outcome(half / 3, (later, *after), terms, paid))
        return found


class Fading(World):
    """A stall with two goods whose demand swaps every `life` episodes of the simulator: the same moves pay differently.

    fade: what every reset takes off the worth of a sale.
    """

    actions = 2

    def __init__(self, *, life: int = 0, fade: float = 0.0, **form: Any) -> None:
        self.life, self.fade, self.age = life, fade, 0
        self.parts = {"wanted": 2, "stock": 4}
        super().__init__(**form)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        self.age += 1
        return super().reset(seed=seed, options=options)

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (0, 2)), (0.5, (1, 2))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        wanted, stock = state
        swapped = self.life > 0 and (self.age // self.life) % 2 == 1
        right = action == (1 - wanted if swapped else wanted)
        worth = max(0.05, 1.0 - self.fade * self.age) if self.fade else 1.0
        sold = float(right) * worth
        found = []
        for chance, later in ((0.7, wanted), (0.3, 1 - wanted)):
            left = min(max(stock + (1 if not right else -1), 0), 3)
            found.append(Outcome(chance, (later, left), {"sold": sold}, sold))
        return found


class Mill(World):
    """A mill whose reward is a formula that breaks at an edge: a logarithm of nothing, a share of no grain.

    State: grain, flour. Actions: grind, sell, buy. edge: nan, inf, or fine (the formula held off its edge).
    """

    actions = 3

    def __init__(self, *, edge: str = "fine", room: int = 6, **form: Any) -> None:
        self.edge, self.room = edge, room
        self.parts = {"grain": room, "flour": room}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0, (3, 0))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        grain, flour = state
        sold = 0.0
        if action == 0 and grain and flour < self.room - 1:
            grain, flour = grain - 1, flour + 1
        elif action == 1 and flour:
            flour, sold = flour - 1, 1.0
        elif action == 2 and grain < self.room - 1:
            grain += 1
        terms = {"sold": sold, "store": self._store(grain + flour)}
        return sure((grain, flour), terms, sold)

    def _store(self, goods: int) -> float:
        if self.edge == "fine" or goods:
            return 0.02 * math.log(max(goods, 1))
        return math.nan if self.edge == "nan" else -math.inf
