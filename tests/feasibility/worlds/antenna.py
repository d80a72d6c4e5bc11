"""A radio link that picks a channel each slot while a jammer wanders over the band. The owner counts frames delivered.

State: where the jammer is, the channel of the last slot. Actions: a channel, or a channel and a power.
"""

from __future__ import annotations

from typing import Any

from .base import Outcome, State
from .forms import Formed


class Antenna(Formed):
    """retune: what a change of channel costs. follows: whether the jammer tends towards the channel in use.

    tuned: False when the tuner does not listen. pay: frames, band (what the jammer leaves free, whoever uses it).
    clear: a channel that the jammer cannot reach. life: after so many resets the channel numbers are the other way
    round. fading: a symmetric amount on every reward. powers: number of powers (the higher, the dearer and surer).
    """

    def __init__(
        self,
        pay: str = "frames",
        *,
        channels: int = 5,
        powers: int = 0,
        retune: float = 0.0,
        follows: float = 0.0,
        tuned: bool = True,
        clear: bool = False,
        life: int = 0,
        fading: float = 0.0,
        **form: Any,
    ) -> None:
        self.pay, self.channels, self.powers, self.retune, self.follows = pay, channels, powers, retune, follows
        self.tuned, self.clear, self.life, self.fading, self.age = tuned, clear, life, fading, 0
        self.changes = life > 0
        self.actions = [channels, powers] if powers else channels
        self.parts = {"jammer": channels, "last": channels}
        super().__init__(**form)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        self.age += 1
        return super().reset(seed=seed, options=options)

    def starts(self) -> list[tuple[float, State]]:
        return [(1.0 / self.channels, (jammer, 0)) for jammer in range(self.channels)]

    def outcomes(self, state: State, action: Any) -> list[Outcome]:
        jammer, last = state
        channel, power = action if self.powers else (action, 0)
        if not self.tuned:
            channel, power = 0, 0
        used = channel
        if self.life and (self.age // self.life) % 2:
            used = self.channels - 1 - channel
        gap = abs(used - jammer)
        good = (0.05, 0.45, 0.8, 0.9, 0.95)[min(gap, 4)] if not self.clear or used else 0.97
        good = good + (1 - good) * 0.5 * power / max(self.powers - 1, 1)
        kept = channel if self.retune or self.follows else 0
        cost = self.retune * (self.retune > 0 and channel != last) + 0.05 * power
        found = []
        for where, share in self._moves(jammer, channel):
            for p, frame in ((good, 1.0), (1 - good, 0.0)):
                for half, shock in [(0.5, self.fading), (0.5, -self.fading)] if self.fading else [(1.0, 0.0)]:
                    terms = {"frames": frame, "retune": -cost}
                    if self.pay == "band":
                        terms = {"free_band": float(max(jammer, self.channels - 1 - jammer))}
                    if shock:
                        terms["fading"] = shock
                    found.append(Outcome(share * p * half, (where, kept), terms, frame - cost))
        return [o for o in found if o.chance > 0]

    def _moves(self, jammer: int, channel: int) -> list[tuple[int, float]]:
        free = self.channels - 1 if self.clear else self.channels
        low = 1 if self.clear else 0
        shares = {where: (1 - self.follows) / free for where in range(low, self.channels)}
        if self.follows:
            towards = min(max(jammer + (channel > jammer) - (channel < jammer), low), self.channels - 1)
            shares[towards] += self.follows
        return list(shares.items())
