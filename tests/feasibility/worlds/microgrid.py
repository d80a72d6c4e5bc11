"""A village battery that buys and sells, and a greenhouse where aphids multiply. Real numbers, scripts."""

from __future__ import annotations

from typing import Any

import numpy as np

from .craft import Craft


class Microgrid(Craft):
    """Charge and discharge a battery; a tenth is lost each way. The owner counts cash, less wear.

    pay: cash, late (all at the end), subsidy (each unit sold is paid a premium), meters (the slip of the simulator: a
    unit fed in right after one was taken is booked twice), fee (wear a hundredfold), bought (the sign of the bill).
    static: noise of the village's own bill, which stands in the same reward. jumps: of the price.
    """

    shown_names = ("charge", "price", "sine", "cosine", "last")
    lows = (0.0, -1.0, -1.0, -1.0, -1.0)
    highs = (1.0, 4.0, 1.0, 1.0, 1.0)

    def __init__(
        self, pay: str = "cash", *, wear: float = 0.02, static: float = 0.0, jumps: float = 0.1, **form: Any
    ) -> None:
        self.pay, self.wear, self.static, self.jumps = pay, wear, static, jumps
        super().__init__(**form)

    def price(self) -> float:
        """The tariff of the hour without its jumps."""
        return 1.5 - 1.0 * float(np.cos(2 * np.pi * (self.clock - 2) / 24))

    def begin(self) -> None:
        self.clock, self.cash = int(self.np_random.integers(24)), 0.0
        self.numbers = self._told(self.np_random.uniform(0.2, 0.8), self.price(), 0.0)

    def _told(self, charge: float, price: float, last: float) -> np.ndarray:
        angle = 2 * np.pi * self.clock / 24
        return np.array([charge, price, np.sin(angle), np.cos(angle), last])

    def advance(self, control: np.ndarray) -> tuple[dict[str, float], float, bool]:
        charge, price, _, _, last = (float(n) for n in self.numbers)
        flow = 0.25 * float(control[0])
        flow = min(flow, 1.0 - charge) if flow > 0 else max(flow, -charge)
        charge = float(np.clip(charge + flow, 0.0, 1.0))
        metered = flow / 0.9 if flow > 0 else flow * 0.9
        cash, worn = -price * metered, self.wear * abs(flow) / 0.25
        wanted = cash - worn
        terms = {"cash": cash, "wear": -worn}
        sold = max(-metered, 0.0)
        if self.pay == "subsidy":
            terms["premium"] = 6.0 * sold
        elif self.pay == "meters":
            terms["fed_in"] = 12.0 * sold if last > 0 else 0.0
        elif self.pay == "fee":
            terms["wear"] = -60.0 * worn
        elif self.pay == "bought":
            terms["cash"] = -cash
        elif self.pay == "late":
            self.cash += wanted
            terms = {"account": self.cash if self._steps + 1 == self.limit else 0.0}
        if self.static:
            terms["village"] = self.static * float(self.np_random.normal())
        self.clock += 1
        jump = self.jumps * float(self.np_random.normal())
        self.numbers = self._told(charge, float(np.clip(self.price() + jump, -1.0, 4.0)), float(np.sign(flow)))
        return terms, wanted, False

    def wish(self, name: str) -> float:
        charge, price, _, _, last = (float(n) for n in self.numbers)
        if name == "trade":
            return 1.0 if price < 1.0 else -1.0 if price > 2.0 else 0.0
        if name == "upside down":
            return -1.0 if price < 1.0 else 1.0 if price > 2.0 else 0.0
        if name == "flip":
            return -1.0 if last > 0 or charge > 0.9 else 1.0
        return {"idle": 0.0, "fill": 1.0, "empty": -1.0}[name]


class Aphids(Craft):
    """Aphids multiply without end, spraying and ladybirds keep them down. The owner counts leaves and both prices.

    pay: leaves (the logarithm of the aphids, as leaves go), heads (every aphid), billed (spray is charged a
    hundredfold). sticky: how long spray stays.
    """

    shown_names = ("aphids", "spray", "ladybirds")
    lows = (-3.0, 0.0, 0.0)
    highs = (60.0, 4.0, 4.0)
    controls = 2
    least = 0.0

    def __init__(self, pay: str = "leaves", *, growth: float = 0.3, sticky: float = 0.3, **form: Any) -> None:
        self.pay, self.growth, self.sticky = pay, growth, sticky
        super().__init__(**form)

    def begin(self) -> None:
        self.numbers = np.array([self.np_random.uniform(0.0, 1.0), 0.0, 0.2])

    def advance(self, control: np.ndarray) -> tuple[dict[str, float], float, bool]:
        many, spray, birds = (float(n) for n in self.numbers)
        spray = self.sticky * spray + float(control[0])
        birds = 0.8 * birds * float(np.exp(-0.8 * spray)) + 0.5 * float(control[1])
        many += self.growth - 0.6 * spray - 0.5 * birds + 0.05 * self.np_random.normal()
        many = float(np.logaddexp(many, -2.0))
        self.numbers = np.array([min(many, 60.0), spray, birds])
        cost = 0.4 * float(control[0]) + 0.05 * float(control[1])
        leaves = 0.2 * float(np.log1p(np.exp(many)))
        terms = {"leaves": -leaves, "cost": -cost}
        if self.pay == "heads":
            terms["leaves"] = -0.2 * float(np.exp(min(many, 60.0)))
        elif self.pay == "billed":
            terms["cost"] = -100.0 * cost
        return terms, -leaves - cost, False

    def wish(self, name: str) -> Any:
        pairs = {"idle": (0.0, 0.0), "spray": (1.0, 0.0), "birds": (0.0, 0.7), "both": (1.0, 1.0)}
        return np.array(pairs[name])
