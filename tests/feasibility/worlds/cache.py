"""A web cache of a few pages: what to keep, what to pass by. The owner counts requests answered from the cache.

State: the page asked for, the pages kept. Actions: keep the page asked for in slot 0
or 1, serve and leave the cache, refuse.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State, World


class Cache(World):
    """pay: hits, ratio (hits among what is let in: refusing is free), bytes (what is newly stored)."""

    actions = 4

    def __init__(self, pay: str = "hits", *, pages: int = 5, refuse_cost: float = 1.0, **form: Any) -> None:
        self.pay, self.pages, self.refuse_cost = pay, pages, refuse_cost
        self.parts = {"asked": pages, "slot_0": pages, "slot_1": pages}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0 / self.pages, (k, self.pages - 1, self.pages - 1)) for k in range(self.pages)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        asked, first, second = state
        hit = int(asked in (first, second) and action != 3)
        if action == 0:
            first = asked
        elif action == 1:
            second = asked
        refused = int(action == 3)
        wanted = hit - self.refuse_cost * refused
        if self.pay == "hits":
            terms = {"hits": float(hit), "refused": -self.refuse_cost * refused}
        elif self.pay == "ratio":
            known = asked in (state[1], state[2])
            terms = {"hit_ratio": 1.0 if refused or known else 0.0}
        else:
            terms = {"stored": float(action in (0, 1) and asked not in (state[1], state[2]))}
        weights = [2.0 ** -((k - asked) % self.pages) if k != asked else 1.2 for k in range(self.pages)]
        total = sum(weights)
        return [Outcome(w / total, (k, first, second), terms, wanted) for k, w in enumerate(weights)]
