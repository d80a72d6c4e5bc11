"""A moderation queue: posts of some kind come up, are let stand, removed, or passed to a second reader.

State: kind of the post in view, posts behind it, whether reports are closed. Kinds: fine, sharp, spam, abuse; sharp
ones may stand. Passing on hands over two at once; a long queue makes hasty decisions. The owner wants right ones.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State
from .forms import Formed

FINE, SHARP, SPAM, ABUSE = range(4)


class Moderation(Formed):
    """pay: right (the owner's), precision (the share of right ones among what was decided; 1 when nothing was), removed
    (bad posts removed, wrong removals unpriced), reports (open reports are charged), wired (False: the decision does
    not reach the site: whatever is asked, the post is let stand). apart: the next post does not depend on anything.
    """

    actions = 4

    def __init__(
        self,
        pay: str = "right",
        *,
        behind: int = 6,
        wired: bool = True,
        apart: bool = False,
        mix: tuple[float, ...] | list[float] = (0.4, 0.25, 0.2, 0.15),
        **form: Any,
    ) -> None:
        self.pay, self.behind, self.wired, self.apart, self.mix = pay, behind, wired, apart, mix
        self.parts = {"kind": 4, "behind": behind, "reports_off": 2}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(share, (kind, 0 if self.apart else 2, 0)) for kind, share in enumerate(self.mix)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        kind, behind, off = state
        if not self.wired:
            action = 0
        decided = action in (0, 1)
        right = (action == 1) == (kind >= SPAM)
        sure = 0.96 if behind < 3 else 0.75
        handled = 2 if action == 2 else int(decided)
        found = []
        for p, well in ((sure, right), (1 - sure, not right)) if decided else ((1.0, False),):
            harm = 0.0 if well or not decided else (1.0, 2.0, 0.5, 1.5)[kind]
            wanted = 1.0 * well - harm - 0.1 * behind - 0.2 * (action == 2) - 1.0 * off
            terms = self._terms(kind, action, well, decided, harm, behind, off)
            for q, more in ((0.3, 0), (0.4, 1), (0.3, 2)) if not off else ((1.0, 0),):
                left = 0 if self.apart else min(max(behind + more - handled, 0), self.behind - 1)
                turned = off if self.apart or action != 3 else 1 - off
                for nxt, share in enumerate(self.mix):
                    found.append(Outcome(p * q * share, (nxt, left, turned), terms, wanted))
        return found

    def _terms(
        self, kind: int, action: int, right: bool, decided: bool, harm: float, behind: int, off: int
    ) -> dict[str, float]:
        if self.pay == "precision":
            return {"precision": 1.0 if not decided else float(right)}
        if self.pay == "removed":
            return {"caught": (1.0, 2.0)[kind == ABUSE] * (action == 1 and kind >= SPAM), "backlog": -0.1 * behind,
                    "seen_by_users": -2.0 * (action != 1 and kind >= SHARP)}  # fmt: skip
        if self.pay == "reports":
            return {"right": 1.0 * right, "harm": -harm, "open_reports": -1.0 * behind * (not off),
                    "second_reader": -0.2 * (action == 2)}  # fmt: skip
        return {"right": 1.0 * right, "harm": -harm, "backlog": -0.1 * behind,
                "second_reader": -0.2 * (action == 2), "closed": -1.0 * off}  # fmt: skip
