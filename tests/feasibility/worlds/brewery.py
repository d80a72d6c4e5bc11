"""A fermenter: sugar turns to beer while it is neither too cold nor too warm; what is bottled is sold by its quality.

State: sugar left, warmth, off-flavour, and what lies in the cellar where beer is paid after a rest. Actions: cool,
wait, heat, bottle. Bottling begins the next batch, or ends the season (once).
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State, held
from .forms import Formed


class Brewery(Formed):
    """sugar: of a fresh batch. clip: bound of a step's reward. rest: steps in the cellar before beer is paid.

    once: one batch only. beer: what a batch without sugar and off-flavour fetches, any other being sold as `green`.
    stir: the chance of one degree up by itself; works: of a sugar turned. drain, true_drain: price of cooling water let
    into the brook; pump, true_pump: of a valve moved. rent: of the tank, a step. noise: of the market.
    """

    actions = 4

    def __init__(
        self,
        *,
        sugar: int = 5,
        warmest: int = 4,
        clip: float | None = None,
        rest: int = 0,
        once: bool = False,
        green: float = 0.0,
        beer: float = 0.0,
        stir: float = 0.3,
        works: float = 0.8,
        drain: float = 0.0,
        true_drain: float = 0.0,
        noise: float = 0.0,
        pump: float = 0.0,
        true_pump: float = 0.0,
        rent: float = 0.0,
        **form: Any,
    ) -> None:
        self.sugar, self.warmest, self.clip, self.rest, self.once = sugar, warmest, clip, rest, once
        self.green, self.beer, self.stir, self.works = green, beer, stir, works
        self.drain, self.true_drain, self.noise, self.pump, self.true_pump = drain, true_drain, noise, pump, true_pump
        self.rent = rent
        self.parts = {"sugar": sugar + 1, "warmth": warmest + 1, "off": 3}
        self.parts |= {f"cellar_{k}": 3 for k in range(rest)}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0, (self.sugar, 1, 0, *[0] * self.rest))]

    def worth(self, sugar: int, off: int) -> float:
        """What a bottled batch fetches."""
        if self.beer:
            return self.beer if sugar == 0 and off == 0 else self.green
        return (self.sugar - sugar) - 1.5 * off - 0.5

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        sugar, warmth, off, *cellar = state
        bottled = action == 3
        sold = self.worth(sugar, off) if bottled else 0.0
        if self.rest:
            laid = (2 if sugar <= 1 and not off else 1) if bottled else 0
            sold, cellar = (0.0, 0.2, 3.0)[cellar[-1]], [laid, *cellar[:-1]]
        cooled, heated = float(action == 0), float(action == 2)
        wanted = sold - self.true_drain * cooled - self.true_pump * (cooled + heated)
        terms = {"sold": sold, "drain": -self.drain * cooled, "pump": -self.pump * (cooled + heated)}
        terms |= {"rent": -self.rent} if self.rent else {}
        if self.clip is not None:
            terms = {"clipped": max(-self.clip, min(self.clip, sum(terms.values())))}
        found = []
        for p, after in self._next(sugar, warmth, off, action) if not bottled else [(1.0, (self.sugar, 1, 0))]:
            for q, shock in [(0.5, self.noise), (0.5, -self.noise)] if self.noise else [(1.0, 0.0)]:
                paid = {**terms, "market": shock} if shock else terms
                found.append(Outcome(p * q, (*after, *cellar), paid, wanted, bottled and self.once))
        return found

    def _next(self, sugar: int, warmth: int, off: int, action: int) -> list[tuple[float, State]]:
        good = warmth in (2, 3)
        found = []
        for p, rises in ((self.stir, 1), (1 - self.stir, 0)):
            warm = held(warmth + (-1, 0, 1, 0)[action] + rises, self.warmest + 1)
            bad = min(off + (warmth == self.warmest), 2)
            for q, turned in ((self.works, 1), (1 - self.works, 0)) if good and sugar else ((1.0, 0),):
                found.append((p * q, (sugar - turned, warm, bad)))
        return found
