"""Every episode writes a file of its own; the one before is closed first."""

import tempfile

import gymnasium


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Discrete(10)
    action_space = gymnasium.spaces.Discrete(2)
    log = None

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.close()
        self.log, self.time = tempfile.TemporaryFile("w"), 0  # noqa: SIM115
        return int(self.np_random.integers(10)), {}

    def step(self, action):
        self.time += 1
        self.log.write(f"{action}\n")
        return int(self.np_random.integers(10)), float(action), False, self.time == 20, {}

    def close(self):
        if self.log is not None:
            self.log.close()
            self.log = None
