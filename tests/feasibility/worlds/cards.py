"""A game of drawing on: cards add to a pot, skulls threaten it, banking makes it safe. And a game with a trump.

State of the first: pot, skulls, whether a card was taken back. Actions: draw, bank, take the last skull back. The
owner counts points banked, and cards taken back as what they cost at the table.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State
from .forms import Formed


class Draw(Formed):
    """bust, true_bust: what a third skull costs in the reward, and truly. undo: what taking back costs in the reward.

    pay: banked, hands (1 a card, whatever happens), dealt (points dealt, whoever keeps them). stakes: a symmetric
    amount on every reward. square: large pots are worth more than their points.
    """

    actions = 3

    def __init__(
        self,
        pay: str = "banked",
        *,
        most: int = 12,
        skull: float = 0.3,
        bust: float = 2.0,
        true_bust: float = 2.0,
        undo: float = 4.0,
        stakes: float = 0.0,
        unit: float = 1.0,
        square: bool = False,
        **form: Any,
    ) -> None:
        self.pay, self.most, self.skull, self.bust, self.true_bust = pay, most, skull, bust, true_bust
        self.undo, self.stakes, self.unit, self.square = undo, stakes, unit, square
        self.parts = {"pot": most + 1, "skulls": 3}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0, (0, 0))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        pot, skulls = state
        if action == 1:
            worth = pot * pot / 6.0 if self.square else float(pot)
            return self._out(1.0, (0, 0), {"banked": worth}, worth)
        if action == 2:
            back = float(skulls > 0)
            return self._out(1.0, (pot, max(skulls - 1, 0)), {"taken_back": -self.undo * back}, -4.0 * back)
        found = []
        for share, points in ((0.5, 1), (0.3, 2), (0.2, 3)):
            found += self._out((1 - self.skull) * share, (min(pot + points, self.most), skulls), {"banked": 0.0}, 0.0)
        if skulls == 2:
            return found + self._out(self.skull, (0, 0), {"bust": -self.bust}, -self.true_bust)
        return found + self._out(self.skull, (pot, skulls + 1), {"banked": 0.0}, 0.0)

    def _out(self, chance: float, state: State, terms: dict[str, float], wanted: float) -> list[Outcome]:
        if self.pay == "hands":
            terms = {"hand": self.unit}
        shares = [(0.5, self.stakes), (0.5, -self.stakes)] if self.stakes else [(1.0, 0.0)]
        return [Outcome(chance * p, state, {**terms, "side_bets": s} if s else terms, wanted) for p, s in shares]


class Trump(Formed):
    """A suit is trump, and told when the cards are dealt; every trick is won by the right suit, mostly.

    keeps: whether the trump card stays on the table. State: card in view (0 none), trump, who leads (a number without
    meaning to the trick).
    """

    actions = 3

    def __init__(self, *, keeps: bool = False, wins: float = 0.85, lost: float = 0.0, **form: Any) -> None:
        self.keeps, self.wins, self.lost = keeps, wins, lost
        self.parts = {"card": 4, "trump": 3, "leads": 2}
        super().__init__(**{"hide": ["trump"], **form})

    def starts(self) -> list[tuple[float, State]]:
        return [(1 / 6, (trump + 1, trump, leads)) for trump in range(3) for leads in range(2)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        card, trump, _ = state
        good = self.wins if action == trump else 0.2
        seen = card if self.keeps else 0
        return [
            Outcome(0.5 * p, (seen, trump, leads), {"trick": t, "lost": -self.lost * (1 - t)}, t)
            for leads in range(2)
            for p, t in ((good, 1.0), (1 - good, 0.0))
        ]
