"""Linear policies: weights times inputs, read as an action of a discrete, a bounded or a product space."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]


class LinearActions:
    """How outputs become actions of `space`.

    Discrete: the action with the largest output. Box and MultiDiscrete: each output is squashed between the bounds of
    its part. as_level: a discrete action is a level as well, one output squashed between the first and the last.
    """

    def __init__(self, space: Any, *, as_level: bool = False) -> None:
        from gymnasium import spaces

        self._space = space
        self._by_choice = isinstance(space, spaces.Discrete) and not as_level
        self.n_outputs = int(space.n) if self._by_choice else 1
        if self._by_choice:
            return
        if isinstance(space, spaces.Discrete):
            low, high = np.array(float(space.start)), np.array(float(space.start + space.n - 1))
        elif isinstance(space, spaces.MultiDiscrete):
            low = np.asarray(getattr(space, "start", np.zeros(space.shape)), dtype=np.float64)
            high = low + space.nvec - 1
        else:
            low, high = space.low.astype(np.float64), space.high.astype(np.float64)
        self._low, self._width, self.n_outputs = low, high - low, int(low.size)

    def of(self, outputs: Weights) -> Any:
        """The action for outputs (n_outputs,)."""
        if self._by_choice:
            return int(outputs.argmax()) + int(self._space.start)
        parts = self._low + (0.5 + 0.5 * np.tanh(outputs)).reshape(self._space.shape) * self._width
        if self._space.dtype is not None and np.dtype(self._space.dtype).kind in "iu":
            parts = np.rint(parts)
            return int(parts) if self._space.shape == () else parts.astype(self._space.dtype)
        return np.asarray(parts, dtype=self._space.dtype)

    def policy(self, weights: Weights, inputs: Callable[[Any], Weights]) -> Callable[[Any], Any]:
        """The policy of `weights` (n_outputs, n_inputs) on what `inputs` makes of an observation."""
        return lambda observation: self.of(weights @ inputs(observation))
