"""How much of what an environment declares it can show has been visited."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_PARTS = 20
_UNBOUNDED = 1e6


class Counts:
    """Numbered observations and the actions tried in them."""

    def __init__(self, n_observations: int, n_actions: int) -> None:
        self._tried = np.zeros((n_observations, n_actions), dtype=np.int64)
        self._visited = np.zeros(n_observations, dtype=np.bool_)
        self._led_to: dict[int, dict[int, set[int]]] = {}

    def add(self, observation: int, action: int, after: int) -> int:
        """Count one step; how often this action was taken at this observation."""
        self._visited[observation] = self._visited[after] = True
        self._tried[observation, action] += 1
        self._led_to.setdefault(action, {}).setdefault(observation, set()).add(after)
        return int(self._tried[observation, action])

    def places(self) -> bool:
        """Whether the same action leads elsewhere from elsewhere: observations are places, not echoes of the action."""
        for by_observation in self._led_to.values():
            first, *others = by_observation.values()
            if any(first.isdisjoint(other) for other in others):
                return True
        return False

    def covered(self) -> tuple[float, int]:
        """The share of the declared observations visited, and the count of the least tried action.

        Observations at which nothing was ever done, such as ends, do not count for the latter.
        """
        acted = self._tried.sum(axis=1) > 0
        return float(self._visited.mean()), int(self._tried[acted].min()) if acted.any() else 0


class Ranges:
    """Vectors, each component's declared range cut into twenty parts; `whole` when every component has bounds."""

    def __init__(self, space: Any) -> None:
        low = np.asarray(getattr(space, "low", np.zeros(space.shape)), dtype=np.float64)
        high = np.asarray(getattr(space, "high", np.asarray(getattr(space, "nvec", 2)) - 1), dtype=np.float64)
        self._bounded = (np.abs(low) < _UNBOUNDED) & (np.abs(high) < _UNBOUNDED) & (high > low)
        self._low = np.where(self._bounded, low, -1.0)
        self._width = np.where(self._bounded, high - low, 2.0)
        self._parts = np.zeros((low.size, _PARTS), dtype=np.bool_)
        self._places: set[bytes] = set()
        self._sum, self._squares, self._n = np.zeros(low.size), np.full(low.size, 1e-12), 1
        self.size = int(low.size)
        self.whole = bool(self._bounded.all())

    @property
    def n_places(self) -> int:
        """How many different combinations of parts were visited."""
        return len(self._places)

    def note(self, observation: Any) -> NDArray[np.float64]:
        """Count a visit; the observation standardised by what was seen so far, and a one for the bias."""
        vector = np.asarray(observation, dtype=np.float64)
        squashed = np.where(self._bounded, vector, np.tanh(vector))
        part = np.clip(((squashed - self._low) / self._width * _PARTS).astype(np.int64), 0, _PARTS - 1)
        self._parts[np.arange(self.size), part] = True
        self._places.add(part.astype(np.int8).tobytes())
        self._sum += vector
        self._squares += vector**2
        self._n += 1
        scale = np.sqrt(np.maximum(self._squares / self._n, 1e-12))
        return np.append(vector / scale, 1.0)

    def covered(self) -> float:
        """The smallest share of a declared range that was visited; 0 when no component has bounds."""
        shares: NDArray[np.float64] = self._parts[self._bounded].mean(axis=1)
        return float(shares.min()) if shares.size else 0.0
