"""A laboratory bench: a protocol of many steps, each to be done when the incubator is at the right warmth.

State: step of the protocol, warmth of the incubator (it goes round by itself when waited). Actions: add, mix, spin,
wait, pour the sample away. The owner wants the last step done.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State
from .forms import Formed

WAIT, POUR = 3, 4


class Bench(Formed):
    """protocol: how many steps it has. spoils: how many steps a wrong move costs. dry: a step that
    cannot be done any more.

    poured: what pouring away pays (and the owner gets); it ends the sample. second: price of a move. worth: of the
    last step. bonus: of progress: `steps` pays every step ahead, `potential` takes it back at a fall and at the end.
    cool: whether the warmth matters.
    """

    actions = 5

    def __init__(
        self,
        pay: str = "done",
        *,
        protocol: int = 6,
        spoils: int = 9,
        dry: int = -1,
        poured: float = 0.0,
        second: float = 0.0,
        true_second: float = 0.0,
        worth: float = 10.0,
        bonus: float = 0.0,
        cool: bool = True,
        **form: Any,
    ) -> None:
        self.pay, self.protocol, self.spoils, self.dry, self.poured = pay, protocol, spoils, dry, poured
        self.second, self.true_second, self.worth, self.bonus, self.cool = second, true_second, worth, bonus, cool
        self.parts = {"stage": protocol + 1, "warmth": 3}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1 / 3, (0, warmth)) for warmth in range(3)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        stage, warmth = state
        done, after = False, stage
        if action == POUR:
            terms = {"poured": self.poured, "time": -self.second}
            return [Outcome(1.0, state, terms, self.poured - self.true_second, True)]
        if action != WAIT:
            ready = not self.cool or warmth == (2 * stage + 1) % 3
            right = action == (stage * stage + stage // 2) % 3 and stage != self.dry
            after = stage + 1 if right and ready else max(stage - self.spoils, 0)
            done = after == self.protocol
        terms = {"done": self.worth * done, "time": -self.second}
        if self.pay == "steps":
            terms["progress"] = self.bonus * max(after - stage, 0)
        elif self.pay == "potential":
            terms["progress"] = self.bonus * ((0 if done else after) - stage)
        wanted = self.worth * done - self.true_second
        chances = ((0.8, (warmth + 1) % 3), (0.2, warmth)) if action == WAIT else ((1.0, warmth),)
        return [Outcome(p, (after, w), terms, wanted, done) for p, w in chances]
