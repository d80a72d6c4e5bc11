"""Chains and locks: a treasure behind a row of right choices, a consolation beside it, or nothing that counts.

State: how far the lock is open. A wrong choice falls back. The owner wants the treasure.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State, World, sure


class Lock(World):
    """length of the combination, arms per place. falls: how far a wrong choice falls (None: to the start).

    consolation: paid for a wrong first choice, which ends the episode. hint: paid for every right choice.
    """

    def __init__(
        self,
        *,
        length: int = 12,
        arms: int = 4,
        falls: int | None = None,
        treasure: float = 1.0,
        consolation: float = 0.0,
        hint: float = 0.0,
        broken: bool = False,
        **form: Any,
    ) -> None:
        self.length, self.arms, self.falls = length, arms, falls
        self.treasure, self.consolation, self.hint, self.broken = treasure, consolation, hint, broken
        self.parts = {"open": length + 1}
        self.actions = arms
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0, (0,))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        place = state[0]
        right = (7 * place + place * place // 2 + 1) % self.arms
        if action == right:
            if self.broken and place == self.length - 1:  # the last bolt never opens
                return sure((place,), {"treasure": 0.0})
            done = place + 1 == self.length
            terms = {"treasure": self.treasure * done, "hint": self.hint}
            return sure((place + 1,), terms, float(done), done)
        if self.consolation and action == (right + 1) % self.arms:
            return sure((0,), {"consolation": self.consolation * (1 + place / self.length)}, 0.0, True)
        after = 0 if self.falls is None else max(0, place - self.falls)
        return sure((after,), {"treasure": 0.0, "hint": 0.0})


class Slope(World):
    """A hill with a hut half a step away and a summit far off: every single step up costs, the summit pays much.

    Going down reaches a small hut that ends the day. State: height. Actions: up, down.
    """

    actions = 2

    def __init__(
        self,
        *,
        height: int = 18,
        hut: float = 1.0,
        summit: float = 20.0,
        step: float = 0.1,
        slip: float = 0.0,
        **form: Any,
    ) -> None:
        self.height, self.hut, self.summit, self.step_cost, self.slip = height, hut, summit, step, slip
        self.parts = {"height": height + 1}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0, (2,))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        ways = [(1.0 - self.slip, action), (self.slip, 1)] if self.slip and action == 0 else [(1.0, action)]
        found = []
        for chance, way in ways:
            after = state[0] + (1 if way == 0 else -1)
            top, low = after == self.height, after == 0
            terms = {"summit": self.summit * top, "hut": self.hut * low, "climb": -self.step_cost * (way == 0)}
            found.append(Outcome(chance, (after,), terms, self.summit / 20.0 * top + 0.05 * low, top or low))
        return found
