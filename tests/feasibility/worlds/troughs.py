"""Three troughs on a dry pasture and one pump, and a ridge that is climbed cell by cell.

The farmer counts dry troughs and water; the climber's owner counts summits.
"""

from __future__ import annotations

import itertools
from typing import Any

from .base import Outcome, State, held
from .forms import Formed


class Troughs(Formed):
    """State: levels of three troughs. Action: which of three valves are open. Two at once are filled, three are not.

    drinks: chance that a trough loses a measure. dry: price of a dry trough. water: price of an open valve. kick: what
    the weather adds to or takes from the step's reward, evenly. sizes: what each trough counts.
    """

    actions = (2, 2, 2)
    top = 3

    def __init__(
        self,
        *,
        drinks: float = 0.4,
        dry: float = 1.0,
        water: float = 0.1,
        true_water: float | None = None,
        kick: float = 0.0,
        sizes: tuple[float, ...] | list[float] = (1.0, 1.0, 1.0),
        **form: Any,
    ) -> None:
        self.drinks, self.dry, self.water, self.kick, self.sizes = drinks, dry, water, kick, tuple(sizes)
        self.true_water = water if true_water is None else true_water
        self.parts = {"north": self.top + 1, "middle": self.top + 1, "south": self.top + 1}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (2, 1, 0)), (0.5, (0, 1, 2))]

    def outcomes(self, state: State, action: tuple[int, ...]) -> list[Outcome]:
        opened = sum(action)
        rise = 2 if opened == 1 else 1 if opened == 2 else 0
        dry = sum(size * (level == 0) for size, level in zip(self.sizes, state, strict=True))
        terms = {"dry": -self.dry * dry, "water": -self.water * opened}
        wanted = -self.dry * dry - self.true_water * opened
        found: dict[tuple[State, float], float] = {}
        for drunk in itertools.product((0, 1), repeat=3):
            p = 1.0
            for d in drunk:
                p *= self.drinks if d else 1.0 - self.drinks
            moves = zip(state, drunk, action, strict=True)
            after = tuple(held(level - d + rise * a, self.top + 1) for level, d, a in moves)
            for half, shock in ((0.5, self.kick), (0.5, -self.kick)) if self.kick else ((1.0, 0.0),):
                found[after, shock] = found.get((after, shock), 0.0) + p * half
        return [
            Outcome(p, after, {**terms, "weather": shock} if self.kick else terms, wanted)
            for (after, shock), p in found.items()
        ]


EAST, WEST, NORTH, SOUTH = range(4)


class Ridge(Formed):
    """A ridge goes east and north in turns, cell by cell; a step beside it is a fall, which ends the climb.

    State: cells done, and which of two ridges it is (the second one starts north). summit: of how many cells. gap: a
    cell that nobody gets across, or none. hut: what turning back (west) at the foot pays, and the owner gets, which
    ends it. fall: price of a fall. minute: price of a step. rope: worth of a cell, as a potential that is taken back.
    again: a wrong step only leads one cell back.
    """

    actions = 4

    def __init__(
        self,
        *,
        summit: int = 4,
        worth: float = 10.0,
        gap: int = -1,
        hut: float = 0.0,
        fall: float = 0.0,
        minute: float = 0.0,
        true_minute: float = 0.0,
        rope: float = 0.0,
        two: bool = False,
        again: bool = False,
        facts: bool = False,
        **form: Any,
    ) -> None:
        self.summit, self.worth, self.gap, self.hut, self.fall, self.minute = summit, worth, gap, hut, fall, minute
        self.true_minute, self.rope, self.two, self.again, self.facts = true_minute, rope, two, again, facts
        self.parts = {"cell": summit + 1, "ridge": 2}
        super().__init__(**form)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        below = self._state[0]
        observation, reward, terminated, truncated, info = super().step(action)
        if self.facts and self.owner is not None:
            info |= {"on_summit": self._state[0] == self.summit, "climbed": 40 * (self._state[0] - below)}
        return observation, reward, terminated, truncated, info

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (0, 0)), (0.5, (0, 1))] if self.two else [(1.0, (0, 0))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        cell, ridge = state
        ahead = NORTH if (cell + ridge) % 2 else EAST
        behind = SOUTH if (cell - 1 + ridge) % 2 else WEST
        after, fell, home = cell, False, False
        if action == ahead and cell != self.gap:
            after = cell + 1
        elif cell == 0 and action == WEST:
            home = self.hut > 0.0
        elif (cell and action == behind) or self.again:
            after = max(cell - 1, 0)
        elif action != ahead:
            fell = True
        done = after == self.summit
        over = done or fell or home
        terms = {"summit": self.worth * done, "minute": -self.minute, "fall": -self.fall * fell, "hut": self.hut * home}
        if self.rope:
            terms["rope"] = self.rope * ((0 if over else after) - cell)
        wanted = self.worth * done + self.hut * home - self.fall * fell - self.true_minute
        return [Outcome(1.0, (after, ridge), terms, wanted, over)]
