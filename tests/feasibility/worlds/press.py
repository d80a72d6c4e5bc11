"""A print shop with one press: black and colour jobs, a wash between them, a camera that looks for misprints.

State: ink on the press, black jobs, colour jobs, camera parked. Actions: print slowly, print fast, wash, turn a job
away, park or unpark the camera.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State
from .forms import Formed


class Press(Formed):
    """wash: its price in the reward. fault: price of a misprint; smear: chance of one when printing fast.

    pay: good (sheets less misprints), camera (misprints that the camera sees), served (the share of the jobs in the
    shop that left it this hour, 1 in an empty shop). clip: bound of the hour's reward. bundle: jobs that come at once.
    """

    actions = 5

    def __init__(
        self,
        pay: str = "good",
        *,
        room: int = 5,
        arrive: float = 0.7,
        wash: float = 0.2,
        fault: float = 2.0,
        smear: float = 0.3,
        clip: float | None = None,
        refuse: float = 0.5,
        bundle: int = 1,
        **form: Any,
    ) -> None:
        self.pay, self.room, self.arrive, self.wash, self.fault, self.smear = pay, room, arrive, wash, fault, smear
        self.clip, self.refuse, self.bundle = clip, refuse, bundle
        self.parts = {"ink": 2, "black": room, "colour": room, "parked": 2}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (0, 2, 1, 0)), (0.5, (1, 1, 1, 0))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        ink, jobs, parked = state[0], [state[1], state[2]], state[3]
        ways = [(1.0, 0, 0)]
        washed = turned = 0
        if action in (0, 1):
            sheets = min(jobs[ink], 1 + action)
            jobs[ink] -= sheets
            s = self.smear if action == 1 else self.smear / 15
            ways = {
                0: [(1.0, 0, 0)],
                1: [(1 - s, 1, 0), (s, 0, 1)],
                2: [((1 - s) ** 2, 2, 0), (2 * s * (1 - s), 1, 1), (s * s, 0, 2)],
            }[sheets]
        elif action == 2:
            ink, washed = 1 - ink, 1
        elif action == 3 and sum(jobs):
            longest = int(jobs[1] > jobs[0])
            jobs[longest], turned = jobs[longest] - 1, 1
        elif action == 4:
            parked = 1 - parked
        found = []
        for p, good, bad in ways:
            wanted = good - self.fault * bad - 0.2 * washed - self.refuse * turned
            terms = self._terms(good, bad, washed, turned, sum(jobs), parked)
            for q, black, colour in self._arrivals():
                after = (ink, min(jobs[0] + black, self.room - 1), min(jobs[1] + colour, self.room - 1), parked)
                found.append(Outcome(p * q, after, terms, wanted))
        return found

    def _arrivals(self) -> list[tuple[float, int, int]]:
        some = 0.5 * self.arrive
        return [(some, self.bundle, 0), (some, 0, self.bundle), (1 - self.arrive, 0, 0)]

    def _terms(self, good: int, bad: int, washed: int, turned: int, left: int, parked: int) -> dict[str, float]:
        if self.pay == "served":
            done = good + bad
            return {"service_level": 1.0 if done + left == 0 else done / (done + left)}
        seen = bad if self.pay == "good" or not parked else 0
        terms = {
            "sheets": float(good + bad - seen),
            "misprints": -self.fault * seen,
            "wash": -self.wash * washed,
            "turned_away": -self.refuse * turned,
        }
        if self.clip is not None:
            return {"clipped": max(-self.clip, min(self.clip, sum(terms.values())))}
        return terms
