"""method_missing: there is no step."""

import gymnasium


class Env(gymnasium.Env):  # HERE
    observation_space = gymnasium.spaces.Discrete(3)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {}
