"""A router that picks a link for every packet, and a shunting yard that reads its order once."""

from __future__ import annotations

from typing import Any

from .base import Outcome, State
from .forms import Formed

RIGHT = ((1.0, 0.3, 0.0), (0.2, 1.0, 0.5), (0.0, 0.6, 1.0), (0.7, 0.1, 0.9))
"""What a packet of a kind (voice, video, file, alarm) is worth over a link (fibre, radio, satellite)."""


class Router(Formed):
    """Packets of four kinds, three links. State: kind at hand, heat of the radio, what is under way.

    delay: steps until a packet is acknowledged, which is when it is paid. heats: whether a used radio gets hot and then
    loses packets; without it and without delay every packet stands for itself. pay: worth, packets (each one sent,
    whatever it was worth), loss (the share of lost ones is charged, and what waits for ever is not lost). drop: a
    fourth action that keeps the packet back for nothing.
    """

    def __init__(
        self, pay: str = "worth", *, delay: int = 0, heats: bool = True, drop: bool = False, sticky: float = 0.25,
        **form: Any,
    ) -> None:  # fmt: skip
        self.pay, self.delay, self.heats, self.drop, self.sticky = pay, delay, heats, drop, sticky
        self.actions = 4 if drop else 3
        self.parts = {"kind": 4, "heat": 4, **{f"sent_{k}": 3 for k in range(delay)}}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(0.25, (kind, 0, *[0] * self.delay)) for kind in range(4)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        kind, heat, line = state[0], state[1], state[2:]
        worth = RIGHT[kind][action] if action < 3 else 0.0
        if action == 1 and self.heats:
            worth -= 0.5 * heat
        lost = int(action < 3 and worth < 0.5)
        if self.delay:  # in the line a packet is none, a poor one or a good one
            made = 2 if worth >= 0.9 else 1
            leaving = line[-1]
            worth, line = (1.0 if leaving == 2 else 0.0), (made, *line[:-1])
        terms = {"worth": worth}
        if self.pay == "packets":
            terms = {"packets": float(action == 1) + 0.2 * (action < 3)}
        elif self.pay == "loss":
            terms = {"loss": -1.0 * lost, "fees": -0.05 * (action < 3)}
        after = min(heat + 1, 3) if action == 1 and self.heats else max(heat - 1, 0)
        found = []
        for later in range(4):
            share = (1.0 - self.sticky) / 4 + self.sticky * (later == kind)
            found.append(Outcome(share, (later, after, *line), terms, worth))
        return found


class Shunting(Formed):
    """Wagons run over switches to the track of an order, which is read before the first switch and then out of sight.

    State: what the display shows (0 nothing, else the order), the switch ahead, the order. stays: whether the display
    keeps it. Actions: left, middle, right; at every switch the order's own one is right.
    """

    actions = 3

    def __init__(self, *, switches: int = 3, orders: int = 3, stays: bool = False, wrong: float = 0.0, **form: Any):
        self.switches, self.orders, self.stays, self.wrong = switches, orders, stays, wrong
        self.parts = {"display": orders + 1, "switch": switches, "order": orders}
        super().__init__(**form)

    def starts(self) -> list[tuple[float, State]]:
        return [(1 / self.orders, (order + 1, 0, order)) for order in range(self.orders)]

    def outcomes(self, state: State, action: int) -> list[Outcome]:
        _, switch, order = state
        right = action == (order + switch) % 3 if switch else False
        paid = 1.0 * right - self.wrong * (not right and switch > 0)
        ahead = switch + 1
        over = ahead == self.switches
        shown = order + 1 if self.stays else 0
        return [Outcome(1.0, (shown, 0 if over else ahead, order), {"switch": paid}, paid, over)]
