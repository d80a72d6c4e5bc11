"""The arrays of a finite MDP as a Gymnasium environment: states and actions are plain numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from scoper.domain.tabular import TabularMdp
from scoper.numerics.simulate import simulator_of


def tabular_env(mdp: TabularMdp) -> Any:
    """A seeded `gymnasium.Env` over `mdp` that truncates at its horizon.

    info["action_mask"] (A,) marks the available actions; any other counts as the first available one.
    """
    import gymnasium  # only who wants an environment pays for it

    simulator = simulator_of(mdp)

    class TabularEnv(gymnasium.Env):  # type: ignore[misc]  # gymnasium is loaded here, unseen by the type checker
        """One episode at a time."""

        metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012  # Gymnasium's own convention
        render_mode = None

        def __init__(self) -> None:
            self.observation_space = gymnasium.spaces.Discrete(mdp.n_states)
            self.action_space = gymnasium.spaces.Discrete(mdp.n_actions)
            self._state = 0
            self._steps = 0

        def reset(
            self, *, seed: int | None = None, options: dict[str, Any] | None = None
        ) -> tuple[int, dict[str, Any]]:
            super().reset(seed=seed)
            self._state, self._steps = int(simulator.begin(self.np_random.random(1))[0]), 0
            return self._state, self._info()

        def step(self, action: Any) -> tuple[int, float, bool, bool, dict[str, Any]]:
            mask = mdp.available[self._state]
            number = int(action) if mask[int(action)] else int(np.argmax(mask))
            pair = np.array([self._state * mdp.n_actions + number])
            taken = int(simulator.step(pair, self.np_random.random(1))[0])
            self._state = int(simulator.successor[taken])
            self._steps += 1
            terminated = bool(simulator.terminates[taken])
            truncated = not terminated and mdp.horizon is not None and self._steps >= mdp.horizon
            return self._state, float(simulator.reward[taken]), terminated, truncated, self._info()

        def _info(self) -> dict[str, Any]:
            return {"action_mask": mdp.available[self._state].astype(np.int8)}

    return TabularEnv()
