"""A village bakery's oven, a foundry that pours what the day's order asks for, a belt of bottles to be sorted.

Bakery, state: hour, buns on the shelf, oven (empty, baking, ready, burnt). Actions: wait, load, unload. The owner wants
buns sold and none burnt.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .base import Outcome, State
from .forms import Formed

COMING = (0.1, 0.5, 0.9, 0.7, 0.3, 0.3, 0.8, 0.6)
"""The chance of a customer, by the hour; half of them want two buns."""


class Bakery(Formed):
    """pay: sold, loaded (a tray counts as sold when it goes into the oven as well), burnt (the slip: burnt trays are
    paid), empty (the logarithm of the buns on the shelf is charged), fixed, visitors (who comes is paid). dead: the
    buttons are not connected, the oven has its own clock. life: after so many days the two buttons
    of the oven are swapped. tray: price of a tray; smoke: of a burnt one.
    """

    actions = 3

    def __init__(
        self,
        pay: str = "sold",
        *,
        tray: float = 0.5,
        smoke: float = 1.0,
        life: int = 0,
        dead: bool = False,
        **form: Any,
    ) -> None:
        self.pay, self.tray, self.smoke, self.life, self.age = pay, tray, smoke, life, 0
        self.dead = dead
        self.changes = bool(life)
        self.parts = {"hour": 8, "buns": 7, "oven": 4}
        super().__init__(**form)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        self.age += 1
        return super().reset(seed=seed, options=options)

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (0, 0, 0)), (0.5, (0, 2, 0))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        hour, buns, oven = state
        if self.life and (self.age // self.life) % 2:
            action = (0, 2, 1)[action]
        if self.dead:
            action = (1, 0, 0, 0)[hour % 4] if oven < 2 else 2
        load, out = action == 1 and oven == 0, action == 2 and oven > 0
        burnt = float(out and oven == 3)
        baked = 3 if out and oven == 2 else 0
        heat = 1 if load else 0 if out else min(oven + 1, 3) if oven else 0
        found = []
        come = COMING[hour]
        for chance, want in ((1.0 - come, 0), (0.5 * come, 1), (0.5 * come, 2)):
            sold = min(buns, want)
            shelf = min(buns - sold + baked, 6)
            costs = {"trays": -self.tray * load, "burnt": -self.smoke * burnt, "stale": -0.05 * buns}
            wanted = sold + sum(costs.values()) - 0.3 * (want - sold)
            terms = {"sold": float(sold), "missed": -0.3 * (want - sold), **costs}
            if self.pay == "loaded":
                terms["loaded"] = 6.0 * load
            elif self.pay == "burnt":
                terms["burnt"] = self.smoke * burnt
            elif self.pay == "empty":
                with np.errstate(divide="ignore"):
                    terms["shelf"] = 0.1 * float(np.log(buns / 6))
            elif self.pay == "fixed":
                terms = {"day": 0.5}
            elif self.pay == "visitors":
                terms = {"visitors": float(want) - 0.8}
            found.append(Outcome(chance, ((hour + 1) % 8, shelf, heat), terms, wanted))
        return found


class Foundry(Formed):
    """Moulds are poured with one of three metals; the order, one for the whole shift, stands on a note.

    State: order, note (0 gone), heat of the furnace, stamp of the mould. Actions: the metals. A change of metal cools
    nothing, a wrong one spoils the mould and the furnace's heat. keeps: the note stays on the wall.
    """

    actions = 3

    def __init__(self, *, keeps: bool = False, stamps: int = 1, **form: Any) -> None:
        self.keeps, self.stamps = keeps, stamps
        self.parts = {"order": 3, "note": 4, "heat": 2, "stamp": stamps}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0 / 3 / self.stamps, (k, k + 1, 1, s)) for k in range(3) for s in range(self.stamps)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        order, note, heat, _ = state
        good = float(action == order)
        paid = good * (1.0 if heat else 0.5) - 0.4 * (1.0 - good)
        shown = note if self.keeps else 0
        return [
            Outcome(1.0 / self.stamps, (order, shown, int(good), s), {"castings": paid}, paid)
            for s in range(self.stamps)
        ]


class Sorter(Formed):
    """Bottles come on a belt by chance, each of a colour and a weight; each goes into one of four bins.

    What comes next has nothing to do with the bin, unless a bin overflows (fills: a bin used twice in a row holds up
    the belt, and the bottle is lost). State: colour, weight, last bin.
    """

    actions = 4

    def __init__(self, *, fills: bool = False, **form: Any) -> None:
        self.fills = fills
        self.parts = {"colour": 5, "weight": 3, "last": 4}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(0.2, (colour, 1, 0)) for colour in range(5)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        colour, weight, last = state
        right = (colour + 2 * weight) % 4
        value = (2.0 if action == right else 0.6 if (action + 1) % 4 == right else -0.5) * (1 + weight)
        if self.fills and action == last:
            value = -0.2
        kept = action if self.fills else 0
        laws = [(c, w, (0.3, 0.25, 0.2, 0.15, 0.1)[c] * (0.5, 0.3, 0.2)[w]) for c in range(5) for w in range(3)]
        return [Outcome(p, (c, w, kept), {"glass": value}, value) for c, w, p in laws]
