"""Two games: counters are taken from a heap against an opponent, and a choir sings in a key that is given once.

The owner of the first counts games won, of the second right notes.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State
from .forms import Formed

PASS = 3
TUNE = ((0, 2, 1, 0, 1), (1, 0, 2, 2, 0), (2, 1, 0, 1, 2))
"""The right note of a bar, key by key."""


class Counters(Formed):
    """A heap of counters; each side takes one to three, who takes the last wins. Taking nothing forfeits the game.

    clever: chance that the opponent plays its best move, else any. pay: game (won less lost), flag (a forfeit is booked
    as if the opponent's time had run out: as won). stake: of a game. hint: the worth of leaving a lost heap, as a
    potential: it is taken back at the next move. starts_at: heaps drawn at the start.
    """

    actions = 4

    def __init__(
        self,
        pay: str = "game",
        *,
        heap: int = 12,
        starts_at: tuple[int, ...] | list[int] = (9, 10, 11),
        clever: float = 0.3,
        stake: float = 1.0,
        hint: float = 0.0,
        **form: Any,
    ) -> None:
        self.pay, self.clever, self.stake, self.hint, self.starts_at = pay, clever, stake, hint, tuple(starts_at)
        self.parts = {"heap": heap + 1}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1 / len(self.starts_at), (heap,)) for heap in self.starts_at]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        heap = state[0]
        if action == PASS:
            booked = self.stake if self.pay == "flag" else -self.stake
            return [self._over(1.0, heap, booked, -1.0, heap)]
        left = max(heap - 1 - action, 0)
        if left == 0:
            return [self._over(1.0, 0, self.stake, 1.0, heap)]
        found: dict[int, float] = {}
        for take in (1, 2, 3):
            after = max(left - take, 0)
            found[after] = found.get(after, 0.0) + (1.0 - self.clever) / 3
        best = left - (left % 4 or 1)
        found[best] = found.get(best, 0.0) + self.clever
        return [
            self._over(p, 0, -self.stake, -1.0, heap)
            if after == 0
            else Outcome(p, (after,), {"game": 0.0, "hint": self._hint(heap, after)})
            for after, p in found.items()
        ]

    def _over(self, chance: float, after: int, paid: float, wanted: float, heap: int) -> Outcome:
        return Outcome(chance, (after,), {"game": paid, "hint": self._hint(heap, 0, True)}, wanted, True)

    def _hint(self, heap: int, after: int, over: bool = False) -> float:
        return self.hint * ((0.0 if over else float(after % 4 != 0)) - float(heap % 4 != 0))


class Choir(Formed):
    """State: what the conductor shows (0: nothing, else the key), the bar, the note sung last, the key.

    stays: whether the conductor goes on showing the key. voice: whether the note sung last is kept at all; a right one
    tells the key. sour: price of a wrong note. bars: of the song.
    """

    actions = 3

    def __init__(
        self, *, bars: int = 4, keys: int = 3, stays: bool = False, voice: bool = False, sour: float = 0.0, **form: Any
    ) -> None:
        self.bars, self.keys, self.stays, self.voice, self.sour = bars, keys, stays, voice, sour
        self.parts = {"shown": keys + 1, "bar": bars, "sung": 4 if voice else 1, "key": keys}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1 / self.keys, (key + 1, 0, 0, key)) for key in range(self.keys)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        _, bar, _, key = state
        right = action == TUNE[key][bar % 5]
        paid = 1.0 * right - self.sour * (not right)
        over = bar + 1 == self.bars
        after = (key + 1 if self.stays else 0, 0 if over else bar + 1, action + 1 if self.voice else 0, key)
        return [Outcome(1.0, after, {"note": paid}, paid, over)]
