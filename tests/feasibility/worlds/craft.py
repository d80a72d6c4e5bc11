"""What further worlds of real numbers share: one or several controls, numbers that need not lie around nothing.

`script(name)` gives the action of a named policy, which may look at everything.
"""

from __future__ import annotations

from typing import Any, ClassVar

import gymnasium
import numpy as np
from gymnasium import spaces


class Craft(gymnasium.Env):
    """shown_names with lows and highs; controls between `least` and 1 each, beyond which nothing more happens.

    reach: the box of actions goes so far. moves: 0 for that box, else so many steps a control (Discrete for one
    control, MultiDiscrete for more). scales: factor per number shown. hide: numbers not shown. form: vector, dict or
    column. terms_as: key of the reward terms in step's info. told, sense, ends_as, pay_scale: as of the finite worlds.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": []}
    shown_names: tuple[str, ...] = ()
    lows: tuple[float, ...] = ()
    highs: tuple[float, ...] = ()
    controls = 1
    least = -1.0

    def __init__(
        self,
        *,
        limit: int | None = 100,
        scales: dict[str, float] | None = None,
        hide: tuple[str, ...] | list[str] = (),
        reach: float = 1.0,
        moves: int = 0,
        owner: str | None = "owner",
        told: str = "step",
        sense: float = 1.0,
        ends_as: str = "truncated",
        pay_scale: float = 1.0,
        form: str = "vector",
        terms_as: str | None = None,
    ) -> None:
        self.limit, self.owner, self.told, self.sense, self.ends_as = limit, owner, told, sense, ends_as
        self.pay_scale, self.form, self.moves, self.terms_as = pay_scale, form, moves, terms_as
        self.kept = [k for k, name in enumerate(self.shown_names) if name not in hide]
        self.factors = np.array([(scales or {}).get(self.shown_names[k], 1.0) for k in self.kept])
        self.low, self.high = np.array(self.lows)[self.kept], np.array(self.highs)[self.kept]
        low, high = (self.low * self.factors).astype(np.float32), (self.high * self.factors).astype(np.float32)
        if form == "dict":
            bounds = zip(self.kept, low, high, strict=True)
            self.observation_space = spaces.Dict({self.shown_names[k]: spaces.Box(a, b, (1,)) for k, a, b in bounds})
        else:
            shape = (-1, 1) if form == "column" else (-1,)
            self.observation_space = spaces.Box(low.reshape(shape), high.reshape(shape), dtype=np.float32)
        if moves:
            several = spaces.MultiDiscrete([moves] * self.controls)
            self.action_space = spaces.Discrete(moves) if self.controls == 1 else several
        else:
            self.action_space = spaces.Box(self.least * reach, reach, (self.controls,), dtype=np.float32)
        self.numbers = np.zeros(len(self.shown_names))
        self._steps, self._total = 0, 0.0

    def begin(self) -> None:
        """Sets `numbers` to a start."""
        raise NotImplementedError

    def advance(self, control: np.ndarray) -> tuple[dict[str, float], float, bool]:
        """One step with controls between `least` and 1: reward terms, what the owner gets, whether it ends."""
        raise NotImplementedError

    def _advanced(self, control: np.ndarray) -> tuple[dict[str, float], float, bool]:
        return self.advance(control)

    def wish(self, name: str) -> Any:
        """The controls that a scripted policy wants."""
        raise NotImplementedError

    def script(self, name: str) -> Any:
        """The action of a scripted policy."""
        wish = np.clip(np.broadcast_to(np.asarray(self.wish(name), dtype=float), (self.controls,)), self.least, 1.0)
        if not self.moves:
            return wish.astype(np.float32)
        steps = np.rint((wish - self.least) / (1.0 - self.least) * (self.moves - 1)).astype(np.int64)
        return int(steps[0]) if self.controls == 1 else steps

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self._steps, self._total = 0, 0.0
        self.begin()
        return self._seen(), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        given = np.asarray(action, dtype=float).reshape(-1)
        if self.moves:
            given = self.least + given / (self.moves - 1) * (1.0 - self.least)
        terms, wanted, ends = self._advanced(np.clip(given, self.least, 1.0))
        self._steps, self._total = self._steps + 1, self._total + wanted
        late = self.limit is not None and self._steps >= self.limit and not ends
        info: dict[str, Any] = {}
        if self.owner is not None:
            info[self.owner] = self.sense * (wanted if self.told == "step" else self._total)
        if self.terms_as:
            info[self.terms_as] = {name: self.pay_scale * value for name, value in terms.items()}
        terminated = ends or (late and self.ends_as == "terminated")
        reward = self.pay_scale * float(sum(terms.values()))
        return self._seen(), reward, terminated, late and self.ends_as == "truncated", info

    def _seen(self) -> Any:
        values = (np.clip(self.numbers[self.kept], self.low, self.high) * self.factors).astype(np.float32)
        if self.form == "dict":
            return {self.shown_names[k]: values[i : i + 1] for i, k in enumerate(self.kept)}
        return values.reshape(-1, 1) if self.form == "column" else values
