"""Traffic lights at a crossing: two queues, a green for one of them, a yellow step at every change.

The owner wants few cars standing. Actions: green for north, green for east.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State, World


class Crossing(World):
    """pay: standing (minus both queues), detector (queues beyond `reach` unseen), served, twice (served, and
    `double` for standing at green). change: what a change of lights costs.
    """

    actions = 2

    def __init__(
        self,
        pay: str = "standing",
        *,
        room: int = 9,
        north: float = 0.35,
        east: float = 0.25,
        reach: int = 2,
        change: float = 0.0,
        double: float = 0.0,
        flow: int = 1,
        **form: Any,
    ) -> None:
        self.pay, self.room, self.north, self.east = pay, room, north, east
        self.reach, self.change, self.double, self.flow = reach, change, double, flow
        self.parts = {"north": room + 1, "east": room + 1, "green": 2}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (4, 5, 0)), (0.5, (6, 3, 1))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        north, east, green = state
        changed = int(action != green)
        out_north = min(north, self.flow) if action == 0 and not changed else 0
        out_east = min(east, self.flow) if action == 1 and not changed else 0
        found = []
        for a, pa in ((1, self.north), (0, 1 - self.north)):
            for b, pb in ((1, self.east), (0, 1 - self.east)):
                after = (min(north - out_north + a, self.room), min(east - out_east + b, self.room), action)
                standing = after[0] + after[1]
                terms = {"change": -self.change * changed}
                if self.pay == "standing":
                    terms["standing"] = -standing / self.room
                elif self.pay == "detector":  # a long queue stands on the loop and no longer moves it
                    seen = sum(n if n <= self.reach else 0 for n in after[:2])
                    terms["detector"] = -seen / self.room
                elif self.pay == "served":
                    terms["served"] = float(out_north + out_east)
                elif self.pay == "twice":  # once when it leaves, and at every step that it stands before a green light
                    terms["served"] = float(out_north + out_east)
                    terms["at_green"] = self.double * after[action] / self.room
                found.append(Outcome(pa * pb, after, terms, -standing / self.room))
        return found
