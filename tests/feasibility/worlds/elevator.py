"""One elevator, a few floors, passengers who wait and ride. The owner counts passengers brought to the ground floor.

State: floor, waiting bit of every upper floor, riders, whether it was taken out of service. Actions: up, down, open
the door, rest, out of service.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State, World, held


class Elevator(World):
    """pay: brought, boarded (riders may step out again), waiting (minus those waiting). energy: of moves.

    leave: whether out of service is possible, and ends the episode.
    """

    actions = 5

    def __init__(
        self,
        pay: str = "brought",
        *,
        floors: int = 4,
        energy: float = 0.0,
        arrive: float = 0.15,
        leave: bool = False,
        fare: float = 1.0,
        **form: Any,
    ) -> None:
        self.pay, self.floors, self.energy, self.arrive = pay, floors, energy, arrive
        self.leave, self.fare = leave, fare
        self.parts = {"floor": floors, **{f"calls_{k}": 2 for k in range(1, floors)}, "riders": 3, "out": 2}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0, (0, *[1] + [0] * (self.floors - 3) + [1], 0, 0))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        floor, calls, riders, _ = state[0], list(state[1:-2]), state[-2], state[-1]
        if action == 4 and self.leave:
            return [Outcome(1.0, (floor, *calls, riders, 1), {"rest": 0.0}, 0.0, True)]
        brought = boarded = 0
        moved = int(action in (0, 1))
        if moved:
            floor = held(floor + (1, -1)[action], self.floors)
        elif action == 2 and floor == 0:
            brought, riders = riders, 0
        elif action == 2 and calls[floor - 1] and riders < 2:
            boarded, riders, calls[floor - 1] = 1, riders + 1, 0
        elif action == 2 and riders and self.pay == "boarded":
            riders, calls[floor - 1] = riders - 1, 1  # a rider steps out and calls again
        terms = {"energy": -self.energy * moved}
        if self.pay == "brought":
            terms["brought"] = self.fare * brought
        elif self.pay == "boarded":
            terms["boarded"] = self.fare * boarded
        else:
            terms["waiting"] = -self.fare * (sum(calls) + riders) / self.floors
        found = [Outcome(1.0, (floor, *calls, riders, 0), terms, float(brought))]
        free = [k for k, c in enumerate(calls) if not c]
        if self.arrive and free:
            found = [Outcome(1 - self.arrive, found[0].state, terms, float(brought))]
            for k in free:
                later = [1 if j == k else c for j, c in enumerate(calls)]
                found.append(Outcome(self.arrive / len(free), (floor, *later, riders, 0), terms, float(brought)))
        return found
