"""An apple tree over the years: winter, bloom, summer, harvest. It is pruned, warmed against frost, or felled.

State: season, vigour (0 is dead), apples on it. Actions: leave it, prune, light a frost fire, fell. The owner counts
apples less work, and a tree lost to frost dearly.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State
from .forms import Formed

WINTER, BLOOM, SUMMER, HARVEST = range(4)


class Orchard(Formed):
    """fire: price of a frost fire. death, true_death: what a tree killed by frost costs in the reward, and truly.

    timber: what the wood fetches; felling ends everything. labour: price of pruning. top: the best vigour. rent: of
    the ground, a step. replant: any tree hit by frost is replaced by a young one.
    """

    actions = 4

    def __init__(
        self,
        *,
        top: int = 6,
        frost: float = 0.25,
        fire: float = 0.5,
        death: float = 10.0,
        true_death: float = 10.0,
        labour: float = 0.3,
        true_labour: float = 0.3,
        timber: float = 0.0,
        true_timber: float = 0.0,
        young: int = 3,
        rent: float = 0.0,
        replant: bool = False,
        **form: Any,
    ) -> None:
        self.top, self.frost, self.fire, self.death, self.true_death = top, frost, fire, death, true_death
        self.labour, self.true_labour, self.timber, self.young = labour, true_labour, timber, young
        self.true_timber, self.rent, self.replant = true_timber, rent, replant
        self.parts = {"season": 4, "vigour": top + 1, "apples": top + 1}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0, (WINTER, self.young, 0))]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        season, vigour, apples = state
        if action == 3:
            return [Outcome(1.0, (season, vigour, 0), {"timber": self.timber}, self.true_timber, True)]
        after = (season + 1) % 4
        pruned, lit = float(action == 1), float(action == 2)
        work = {"labour": -self.labour * pruned, "fire": -self.fire * lit}
        work |= {"rent": -self.rent} if self.rent else {}
        cost = self.true_labour * pruned + self.fire * lit
        if season == WINTER and vigour:
            found = [(0.5, vigour), (0.5, max(vigour - 1, 1))] if action != 1 else [(1.0, min(vigour + 1, self.top))]
            return [Outcome(p, (after, v, 0), work, -cost) for p, v in found]
        if season == BLOOM and vigour:
            killed = self.replant or vigour <= 3
            after_frost = 2 if self.replant else max(vigour - 3, 0)
            hit = Outcome(
                self.frost, (after, after_frost, 0), {**work, "loss": -self.death * killed},
                -cost - self.true_death * killed,
            )  # fmt: skip
            fine = Outcome(1.0 - self.frost, (after, vigour, vigour), work, -cost)
            return [hit, fine] if action != 2 else [Outcome(1.0, (after, vigour, vigour), work, -cost)]
        if season == HARVEST:
            return [Outcome(1.0, (after, vigour, 0), {**work, "apples": 1.0 * apples}, apples - cost)]
        return [Outcome(1.0, (after, vigour, apples), work, -cost)]
