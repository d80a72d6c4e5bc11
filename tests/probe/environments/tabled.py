"""Environments with a table of their own that says more than is true, or too little."""

import gymnasium
from gymnasium import spaces


class RareStart(gymnasium.Env):
    """One step; the state 1, in which 5000 can be had, is a start in 1 of 500 episodes, or in as many as `share`."""

    observation_space = spaces.Discrete(2)
    action_space = spaces.Discrete(2)

    def __init__(self, share=0.002, initial_state_distrib=None):
        self.P = {s: {a: [(1.0, s, float(a * (1 + 4999 * s)), True)] for a in (0, 1)} for s in (0, 1)}
        self._share, self._state = share, 0
        if initial_state_distrib is not None:
            self.initial_state_distrib = initial_state_distrib

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._state = int(self.np_random.random() < self._share)
        return self._state, {}

    def step(self, action):
        _, successor, reward, ends = self.P[self._state][int(action)][0]
        return successor, reward, ends, False, {}


class Drifting(gymnasium.Env):
    """A walk over four states; the table says that a step goes on with `said`, it does so with `true`."""

    observation_space = spaces.Discrete(4)
    action_space = spaces.Discrete(2)

    def __init__(self, said=0.5, true=0.5, bonus=0.0):
        self.initial_state_distrib = [1.0, 0.0, 0.0, 0.0]
        self.P = {s: {a: self._moves(s, a, said, bonus) for a in (0, 1)} for s in range(4)}
        self._true, self._state = true, 0

    @staticmethod
    def _moves(state, action, said, bonus):
        ahead = min(3, state + 1)
        return [
            (said - bonus, ahead, 1.0 * action, ahead == 3),
            (bonus, ahead, 10.0, ahead == 3),
            (1.0 - said, 0, 0.0, False),
        ]

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._state = 0
        return 0, {}

    def step(self, action):
        luck = self.np_random.random() < self._true
        _, self._state, reward, ends = self.P[self._state][int(action)][0 if luck else 2]
        return self._state, reward, ends, False, {}
