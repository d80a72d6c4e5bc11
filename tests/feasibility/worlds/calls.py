"""A call centre: callers wait, agents answer, callers may be hung up on or passed to another desk.

State: callers waiting, callers at the second desk, whether the last caller was passed on. The owner counts cases that
are solved, minus callers lost.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State, World


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
        self.parts = {"waiting": room + 1, "passed": 4, "closed": 2}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0, (2, 0, 0))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        waiting, passed, _ = state
        found = []
        if action == 3 and self.closing:
            return [Outcome(1.0, (waiting, passed, 1), {"closed": 0.0}, -self.lost * waiting, True)]
        for came in (0, 1):
            chance = self.arrival if came else 1 - self.arrival
            for ok in (0, 1):
                share = (self.solve if ok else 1 - self.solve) if action == 0 and waiting else (1.0 if ok else 0.0)
                if share:
                    found.append(self._one(chance * share, state, action, came, ok))
        return found

    def _one(self, chance: float, state: State, action: int, came: int, ok: int) -> Outcome:
        waiting, passed, _ = state
        answered = int(action == 0 and waiting > 0)
        solved = answered * ok
        hung = int(action == 1 and waiting > 0)
        moved = int(action == 2 and waiting > 0 and passed < 3)
        back = int(passed > 0 and action != 2)  # a caller passed on comes back to the queue
        now = waiting - solved - hung - moved + back
        overflow = max(0, now + came - self.room)
        after = (min(now + came, self.room), passed + moved - back, 0)
        wanted = solved - self.lost * (hung + overflow)
        if self.pay == "solved":
            terms = {"solved": float(solved), "lost": -self.lost * (hung + overflow)}
        elif self.pay == "ratio":
            terms = {"service_level": 1.0 / (1.0 + after[0])}
        elif self.pay == "answers":  # passing on counts as an answer, and so does the same caller again
            terms = {"answers": float(answered + 2 * moved)}
        else:
            terms = {"wait": -0.1 * after[0], "effort": -self.effort * answered}
        return Outcome(chance, after, terms, wanted)
