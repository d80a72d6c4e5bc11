"""An escape room of four chambers in a row: a key, a chest, a fuse, a keypad beside the way out.

State: chamber, stage (0 nothing, 1 key, 2 fuse, 3 light, 4 and more: digits typed). Actions: left, right, search, use,
ring for help. Search and use are also the two keys of the pad. The owner wants the players out.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State, held
from .forms import Formed

WAY = ((2, 2), (0, 3), (3, 3))
"""Chamber and action of the stages before the keypad, which hangs in chamber 1."""


class Escape(Formed):
    """digits: length of the code. strict: a useless search or use calls the warden: all is put back.

    circular: the key lies in the chest that it opens. help: paid for giving up, which ends the game. bonus: paid for
    progress of the stage: `steps` pays every step forward, `potential` takes it back at a fall. second: price of a
    step. slack: fall of one stage instead of all. hurry: what a step costs the owner. gamma: discount in the potential.
    """

    actions = 5

    def __init__(
        self,
        pay: str = "out",
        *,
        digits: int = 3,
        strict: bool = True,
        circular: bool = False,
        help: float = 0.0,
        out: float = 1.0,
        bonus: float = 0.0,
        second: float = 0.0,
        slack: bool = False,
        hurry: float = 0.0,
        gamma: float = 1.0,
        **form: Any,
    ) -> None:
        self.pay, self.digits, self.strict, self.circular, self.help = pay, digits, strict, circular, help
        self.out, self.bonus, self.second, self.slack, self.hurry = out, bonus, second, slack, hurry
        self.gamma = gamma
        self.parts = {"chamber": 4, "stage": 4 + digits}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0, (1, 0))]

    def after(self, chamber: int, stage: int, action: int) -> int:
        """The stage after a search or a use."""
        if stage < 3:
            right = (chamber, action) == WAY[stage] and not (self.circular and stage == 0)
        else:
            right = chamber == 1 and action == (3, 2, 2, 3, 2, 3, 3, 2)[(stage - 3) % 8]
        if right:
            return stage + 1
        if not self.strict or not stage:
            return stage
        return stage - 1 if self.slack else 0

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        chamber, stage = state
        if action == 4 and self.help:
            return [Outcome(1.0, state, {"help": self.help}, 0.0, True)]
        after = self.after(chamber, stage, action) if action in (2, 3) else stage
        place = held(chamber + (-1, 1)[action], 4) if action < 2 else chamber
        done = after == 3 + max(self.digits, 1)
        terms = {"out": self.out * done, "time": -self.second}
        if self.pay == "steps":
            terms["progress"] = self.bonus * max(after - stage, 0)
        elif self.pay == "potential":
            terms["progress"] = self.bonus * ((0 if done else self.gamma * after) - stage)
        return [Outcome(1.0, (place, after), terms, float(done) - self.hurry, done)]
