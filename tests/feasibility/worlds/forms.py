"""More forms for finite worlds: one-hot, bits, whole numbers, signed numbers, a mixed mapping; terms under other keys.

telemetry: step's info also tells the step and the return so far, as a logger would. terms_as: the key under which the
reward terms are told (`flat`: one key a term).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces

from .base import Outcome, State, World


class Formed(World):
    """A finite world with more views: onehot, bits, int, signed, mixed (numbers and one category), column."""

    changes = False

    def __init__(self, *, telemetry: bool = False, terms_as: str | None = None, **form: Any) -> None:
        self.telemetry, self.terms_as, self._paid = telemetry, terms_as, 0.0
        self._seen: dict[State, Any] = {}
        self._known: dict[tuple[State, Any], list[Outcome]] = {}
        super().__init__(**({"show_terms": True} if terms_as else {}), **form)

    def told_of(self, state: State, action: Any) -> list[Outcome]:
        """The outcomes that a step draws from, remembered: unless the world changes with its age."""
        if self.changes:
            return self.outcomes(state, action)
        if (state, action) not in self._known:
            self._known[state, action] = self.outcomes(state, action)
        return self._known[state, action]

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        self._paid = 0.0
        return super().reset(seed=seed, options=options)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        observation, reward, terminated, truncated, info = super().step(action)
        self._paid += reward
        if self.terms_as:
            terms = info.pop("reward_terms")
            info |= {f"reward/{name}": v for name, v in terms.items()} if self.terms_as == "flat" else {}
            info |= {} if self.terms_as == "flat" else {self.terms_as: terms}
        if self.telemetry:
            info |= {"t": self._steps, "return_so_far": self._paid}
        return observation, reward, terminated, truncated, info

    def _drawn(self, chances: list[float]) -> int:
        left = self.np_random.random() if len(chances) > 1 else 0.0
        for place, chance in enumerate(chances):
            left -= chance
            if left < 0:
                return place
        return len(chances) - 1

    def observe(self, state: State) -> Any:
        """What is shown of a state."""
        if state not in self._seen:
            self._seen[state] = self._view(state)
        seen = self._seen[state]
        if isinstance(seen, dict):
            return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in seen.items()}
        return seen.copy() if isinstance(seen, np.ndarray) else seen

    def _view(self, state: State) -> Any:
        values = [state[place] for place, name in enumerate(self.parts) if name in self.shown]
        sizes = [self.parts[name] for name in self.shown]
        if self.view in ("onehot", "bits"):
            flat = np.concatenate([np.arange(n) == v for v, n in zip(values, sizes, strict=True)])
            return flat.astype(np.float32 if self.view == "onehot" else np.int8)
        if self.view == "int":
            return np.array(values, dtype=np.int32)
        if self.view in ("signed", "column"):
            scaled = np.array([2.0 * v / max(n - 1, 1) - 1.0 for v, n in zip(values, sizes, strict=True)])
            return scaled.astype(np.float32).reshape((-1, 1) if self.view == "column" else -1)
        if self.view == "mixed":
            numbers = [v / max(n - 1, 1) for v, n in zip(values[1:], sizes[1:], strict=True)]
            return {"mode": values[0], "readings": np.array(numbers, dtype=np.float32)}
        return super().observe(state)

    def _space(self) -> Any:
        sizes = [self.parts[name] for name in self.shown]
        if self.view == "onehot":
            return spaces.Box(0.0, 1.0, (sum(sizes),), dtype=np.float32)
        if self.view == "bits":
            return spaces.MultiBinary(sum(sizes))
        if self.view == "int":
            return spaces.Box(np.zeros(len(sizes), np.int32), np.array(sizes, np.int32) - 1, dtype=np.int32)
        if self.view in ("signed", "column"):
            return spaces.Box(-1.0, 1.0, (len(sizes), *([1] if self.view == "column" else [])), dtype=np.float32)
        if self.view == "mixed":
            return spaces.Dict(
                {
                    "mode": spaces.Discrete(sizes[0]),
                    "readings": spaces.Box(0.0, 1.0, (len(sizes) - 1,), dtype=np.float32),
                }
            )
        return super()._space()
