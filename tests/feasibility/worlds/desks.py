"""Offers to visitors, cues that are forgotten, plants that do not listen."""

from __future__ import annotations

from typing import Any

from .base import Outcome, State, World, sure


class Offers(World):
    """A visitor of some kind comes, an offer is made, another visitor comes: the next one does not depend on the offer.

    fatigue: the offer made last works less (then the offers do matter later). flat: one offer is best for every kind.
    effect: False when offers change nothing at all. by_visitor: who comes is paid, not what is sold.
    """

    def __init__(
        self,
        *,
        kinds: int = 4,
        offers: int = 4,
        fatigue: float = 0.0,
        flat: bool = False,
        effect: bool = True,
        by_visitor: bool = False,
        **form: Any,
    ) -> None:
        self.kinds, self.offers, self.fatigue, self.flat, self.effect = kinds, offers, fatigue, flat, effect
        self.by_visitor = by_visitor
        self.parts = {"kind": kinds, "last": offers}
        self.actions = offers
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0 / self.kinds, (k, 0)) for k in range(self.kinds)]

    def sale(self, kind: int, last: int, action: int) -> float:
        """The chance of a sale."""
        best = 1 if self.flat else (kind + 1) % self.offers
        chance = 0.3 if not self.effect else (0.7 if action == best else 0.15 + 0.05 * (action % 2))
        return chance * (1 - self.fatigue) if self.fatigue and action == last else chance

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        kind, last = state
        chance = self.sale(kind, last, action)
        kept = action if self.fatigue else 0
        found = []
        for k in range(self.kinds):
            for p, sold in ((chance, 1.0), (1 - chance, 0.0)):
                terms = {"visitors": float(kind)} if self.by_visitor else {"sale": sold}
                found.append(Outcome(p / self.kinds, (k, kept), terms, sold))
        return found


class Corridor(World):
    """A cue at the door says which branch at the end of the corridor is right; it may be gone after the first step.

    State: place, branch that is right, whether the cue is still shown. Actions: walk, left, right.
    """

    actions = 3

    def __init__(self, *, length: int = 6, keeps: bool = False, wrong: float = -1.0, **form: Any) -> None:
        self.length, self.keeps, self.wrong = length, keeps, wrong
        self.parts = {"place": length + 1, "cue": 3, "side": 2}
        super().__init__(**{"hide": ["side"], **form})

    def starts(self) -> list[tuple[float, State]]:
        return [(0.5, (0, 1, 0)), (0.5, (0, 2, 1))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        place, cue, side = state
        shown = cue if self.keeps else 0
        if place == self.length and action > 0:
            right = action - 1 == side
            return sure((place, shown, side), {"branch": 1.0 if right else self.wrong}, float(right), True)
        return sure((min(place + (action == 0), self.length), shown, side), {"branch": 0.0})


class Plant(World):
    """A plant whose level follows its own season; a valve that may be disconnected. The owner wants a middle level."""

    actions = 3

    def __init__(
        self, *, connected: bool = True, levels: int = 7, noise: float = 0.0, phase: int = 8, **form: Any
    ) -> None:
        self.connected, self.levels, self.noise, self.period = connected, levels, noise, phase
        self.parts = {"level": levels, "hour": phase}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0 / self.period, (self.levels // 2, h)) for h in range(self.period)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        level, hour = state
        inflow = 1 if hour < self.period // 2 else -1
        valve = action - 1 if self.connected else 0
        found = []
        for chance, gust in ((0.6, 0), (0.2, 1), (0.2, -1)):
            after = min(max(level + inflow + valve + gust, 0), self.levels - 1)
            miss = abs(after - self.levels // 2)
            paid = {"level": -miss / self.levels}
            for half, shock in [(0.5, self.noise), (0.5, -self.noise)] if self.noise else [(1.0, 0.0)]:
                terms = {**paid, "meter": shock} if shock else paid
                found.append(Outcome(chance * half, (after, (hour + 1) % self.period), terms, -miss / self.levels))
        return found
