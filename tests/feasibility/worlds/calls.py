"""A call centre: callers wait, agents answer, callers may be hung up on or passed to another desk.

State: callers waiting, callers at the second desk, whether the first one has a hard case. The owner counts cases that
are solved, minus callers lost.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State, World

HARD = 0.35
"""The share of hard cases."""


class CallCentre(World):
    """pay: solved, ratio (answered at once among those still there), answers (every pick-up), wait (minus the queue).

    Actions: answer, hang up on one, pass one on, close for the day.
    """

    actions = 4

    def __init__(
        self,
        pay: str = "solved",
        *,
        room: int = 8,
        arrival: float = 0.6,
        solve: float = 0.7,
        lost: float = 1.0,
        closing: bool = False,
        effort: float = 0.0,
        **form: Any,
    ) -> None:
        self.pay, self.room, self.arrival, self.solve = pay, room, arrival, solve
        self.lost, self.closing, self.effort = lost, closing, effort
        self.parts = {"waiting": room + 1, "passed": 4, "hard": 2, "closed": 2}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0 - HARD, (2, 0, 0, 0)), (HARD, (2, 0, 1, 0))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        waiting, passed, hard, _ = state
        if action == 3 and self.closing:
            return [Outcome(1.0, (waiting, passed, hard, 1), {"closed": 0.0}, -self.lost * waiting, True)]
        solved = 0.0
        if waiting and action in (0, 2):  # the first desk solves easy cases, the second one hard ones
            solved = self.solve if hard == action // 2 else 0.05 * (action == 0)
        chances = {
            (came, ok, later): (self.arrival if came else 1 - self.arrival)
            * (solved if ok else 1 - solved)
            * (HARD if later else 1 - HARD)
            for came in (0, 1)
            for ok in (0, 1)
            for later in (0, 1)
        }
        return [self._one(chance, state, action, *what) for what, chance in chances.items() if chance]

    def _one(self, chance: float, state: State, action: int, came: int, ok: int, later: int) -> Outcome:
        waiting, passed = state[:2]
        answered = int(action == 0 and waiting > 0)
        hung = int(action == 1 and waiting > 0)
        moved = int(action == 2 and waiting > 0 and passed < 3)
        solved = int(ok and (answered or moved))
        kept = moved - solved if moved else 0  # passed on and not solved there
        back = int(passed > 0 and action != 2)  # a caller passed on comes back to the queue
        now = waiting - hung - moved - (solved if answered else 0) + back
        overflow = max(0, now + came - self.room)
        after = (min(now + came, self.room), passed + kept - back, later, 0)
        wanted = solved - self.lost * (hung + overflow)
        if self.pay == "solved":
            terms = {"solved": float(solved), "lost": -self.lost * (hung + overflow)}
        elif self.pay == "ratio":
            terms = {"service_level": 1.0 / (1.0 + after[0])}
        elif self.pay == "answers":  # passing on counts as an answer, and so does the same caller again
            terms = {"answers": float(answered + 2 * moved)}
        else:
            terms = {"wait": -0.1 * after[0], "effort": -self.effort * (answered + moved)}
        return Outcome(chance, after, terms, wanted)
