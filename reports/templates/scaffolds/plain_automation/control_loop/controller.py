# Case: @TITLE@
"""A proportional-integral controller that never leaves the limits of control_loop.yaml. Needs PyYAML.

`step` is called once a period with the measured value, None when there is none, and returns the input to set.
The integral stops while the input is at a limit (Astrom and Murray 2021, ch. 11, conditional integration).
"""

from pathlib import Path

import yaml

LOOP = yaml.safe_load((Path(__file__).resolve().parent / "control_loop.yaml").read_text(encoding="utf-8"))


class Controller:
    """The loop's state: the last input, the last plausible value, the integral, and for how long a fault lasts."""

    def __init__(self, loop=LOOP):
        self.loop = loop
        self.input = self.integral = float(loop["input"]["manual"])
        self.value = None
        self.periods_faulty = 0
        self.mode = "automatic"

    def fault(self, value):
        """The name of what is wrong with a measured value, None when it may be used."""
        low, high = self.loop["measured"]["plausible"]
        if value is None:
            return "missing"
        if not low <= value <= high:
            return "implausible"
        if self.value is not None and abs(value - self.value) > self.loop["measured"]["most_change_per_period"]:
            return "jump"
        return None

    def step(self, value):
        """The input for the next period."""
        name = self.fault(value)
        if name is not None:
            return self._fall_back(name)
        self.value = value
        if self.mode == "manual":
            return self._towards(self.loop["input"]["manual"])
        self.periods_faulty = 0
        error = self.loop["setpoint"]["value"] - value
        gains = self.loop["gains"]
        wanted = self.integral + gains["integral"] * error + gains["proportional"] * error
        given = self._towards(wanted)
        if given == wanted or (wanted - given) * error < 0:
            self.integral += gains["integral"] * error
        return given

    def _fall_back(self, name):
        rule = self.loop["fallback"][name]
        self.periods_faulty += 1
        if rule["then"] == "manual" or self.periods_faulty > rule["at_most_periods"]:
            self.mode = rule["afterwards"] if rule["then"] == "hold" else "manual"
        return self._towards(self.loop["input"]["manual"]) if self.mode == "manual" else self.input

    def release(self):
        """Back to automatic, by a person only; starts from the input as it is."""
        self.mode, self.integral, self.periods_faulty, self.value = "automatic", self.input, 0, None

    def _towards(self, wanted):
        low, high = self.loop["input"]["limits"]
        most = self.loop["input"]["most_change_per_period"]
        kept = min(max(wanted, self.input - most), self.input + most)
        self.input = min(max(kept, low), high)
        return self.input
