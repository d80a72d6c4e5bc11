"""Words from a set, brought into an order before anything depends on it."""

import gymnasium

TOWNS = {"Ulm", "Bonn", "Kiel", "Jena", "Trier", "Fulda"}


class Env(gymnasium.Env):
    observation_space = gymnasium.spaces.Text(min_length=1, max_length=8)
    action_space = gymnasium.spaces.Discrete(6)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.order, self.time = sorted(TOWNS), 0
        return self.order[int(self.np_random.integers(6))], {}

    def step(self, action):
        self.time += 1
        town = self.order[(action + int(self.np_random.integers(2))) % 6]
        return town, float(len(town)), False, self.time == 20, {"towns": TOWNS}
