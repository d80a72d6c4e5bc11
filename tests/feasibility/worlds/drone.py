"""A drone that photographs fields on a grid and comes home, while its battery runs down over houses, nests and a lake.

State: row, column, battery, fields done. Actions: north, south, west, east, land (at home,
or wet in the lake; anywhere else it hovers). The owner wants photographs brought
home, nests left alone and the drone whole.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State, held
from .forms import Formed


class Drone(Formed):
    """A map of rows: H home, 1 and 2 fields, n nest, ~ lake, # building. charge: battery at the start.

    pay: photos, near (getting nearer to the next field is paid, getting farther is free), cost (time costs, whichever
    way the flight ends). nest, true_nest: price of a flight over a nest. wreck, true_wreck: of a drone lost. storm:
    chance of being blown down over the lake. wraps: the battery's byte runs below nothing and is full again.
    home: whether photographs count only when they are brought home.
    """

    actions = 5

    def __init__(
        self,
        pay: str = "photos",
        *,
        plan: tuple[str, ...] | list[str] = ("H...", ".~..", "..1.", "...2"),
        charge: int = 16,
        photo: float = 1.0,
        nest: float = 2.0,
        true_nest: float = 2.0,
        wreck: float = 1.0,
        true_wreck: float = 1.0,
        storm: float = 0.0,
        wind: float = 0.0,
        time: float = 0.02,
        hurry: float = 0.0,
        wraps: bool = False,
        home: bool = False,
        closer: float = 0.3,
        **form: Any,
    ) -> None:
        self.pay, self.plan, self.charge, self.photo, self.nest, self.true_nest = (
            pay,
            plan,
            charge,
            photo,
            nest,
            true_nest,
        )
        self.wreck, self.true_wreck, self.storm, self.wind, self.time = wreck, true_wreck, storm, wind, time
        self.hurry, self.wraps, self.home, self.closer = hurry, wraps, home, closer
        self.at = {sign: (r, c) for r, row in enumerate(plan) for c, sign in enumerate(row) if sign in "H12"}
        self.fields = [self.at[sign] for sign in "12" if sign in self.at]
        self.parts = {"row": len(plan), "column": len(plan[0]), "battery": charge + 1, "done": 4}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0, (*self.at["H"], self.charge, 0))]

    def way(self, row: int, column: int, done: int) -> int:
        """How far it is to the next field, or home."""
        left = [f for k, f in enumerate(self.fields) if not done >> k & 1] or [self.at["H"]]
        return min(abs(row - r) + abs(column - c) for r, c in left) + 10 * (len(left) - 1)

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        row, column = state[:2]
        if action == 4:
            return self._landed(state)
        moves = ((-1, 0), (1, 0), (0, -1), (0, 1))
        ways = [(1 - self.wind, action), (self.wind, 3)] if self.wind else [(1.0, action)]
        found = []
        for p, way in ways:
            r, c = held(row + moves[way][0], len(self.plan)), held(column + moves[way][1], len(self.plan[0]))
            r, c = (row, column) if self.plan[r][c] == "#" else (r, c)
            found += self._flown(p, state, r, c)
        return found

    def _flown(self, chance: float, state: State, row: int, column: int) -> list[Outcome]:
        battery, done = state[2] - 1, state[3]
        sign = self.plan[row][column]
        new = 0
        for k, field in enumerate(self.fields):
            if field == (row, column) and not done >> k & 1:
                done, new = done | 1 << k, new + 1
        nest = float(sign == "n")
        terms = {"photos": self.photo * new, "time": -self.time, "nest": -self.nest * nest}
        if self.pay == "near":
            terms["nearer"] = self.closer * max(self.way(*state[:2], state[3]) - self.way(row, column, state[3]), 0)
        wanted = (0.0 if self.home else 1.0 * new) - self.true_nest * nest - self.hurry
        fallen = self.storm if sign == "~" else 0.0
        empty = battery <= 0
        found = []
        if empty and self.wraps:  # the byte runs over; the real drone would lie in the grass
            battery, empty, wanted = self.charge, False, wanted - self.true_wreck
        if fallen:
            lost = {**terms, "wreck": -self.wreck}
            found.append(Outcome(chance * fallen, (row, column, 0, done), lost, wanted - self.true_wreck, True))
        if empty:
            terms, wanted = {**terms, "wreck": -self.wreck}, wanted - self.true_wreck
        found.append(Outcome(chance * (1 - fallen), (row, column, max(battery, 0), done), terms, wanted, empty))
        return found

    def _landed(self, state: State) -> list[Outcome]:
        row, column, _, done = state
        at_home = (row, column) == self.at["H"]
        if not at_home and self.plan[row][column] != "~":
            return self._flown(1.0, state, row, column)
        brought = bin(done).count("1") * self.home * at_home
        wet = float(self.plan[row][column] == "~")
        terms = {"brought": self.photo * brought, "wreck": -self.wreck * wet}
        return [Outcome(1.0, state, terms, float(brought) - self.true_wreck * wet, True)]
