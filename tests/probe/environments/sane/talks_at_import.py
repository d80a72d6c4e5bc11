"""Says something on stderr and stdout when it is imported and made, a little when an episode is over."""

import sys
import warnings

import gymnasium

print("library loaded, 3 devices", file=sys.stderr)
print("library loaded, 3 devices")


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(5)
    action_space = gymnasium.spaces.Discrete(2)

    def __init__(self):
        print("made")
        warnings.warn("no display found", stacklevel=2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = 2
        return 2, {}

    def step(self, action):
        slips = self.np_random.random() < 0.2
        self.place += 1 if bool(action) != slips else -1
        ends = self.place in (0, 4)
        return self.place, float(self.place == 4), ends, False, {}
