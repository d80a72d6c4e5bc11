"""Environments whose reward is rare or never comes; loaded by the probe's child through an entry point."""

import gymnasium
import numpy as np
from gymnasium.envs.classic_control.cartpole import CartPoleEnv
from gymnasium.envs.classic_control.mountain_car import MountainCarEnv
from gymnasium.envs.classic_control.pendulum import PendulumEnv


class Buttons(gymnasium.Env):
    """60 cells, ten buttons, one right in each cell; a wrong one ends the episode in one of three cases.

    The last cell pays 1. The cell is shown as a vector, or as its number.
    """

    def __init__(self, numbered=False, cells=60):
        self.numbered, self.cells = numbered, cells
        self.action_space = gymnasium.spaces.Discrete(10)
        self.observation_space = gymnasium.spaces.Box(0, 1, (1,), np.float32)
        if numbered:
            self.observation_space = gymnasium.spaces.Discrete(cells + 1)

    def _shown(self):
        return self.cell if self.numbered else np.array([self.cell / self.cells], np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.cell = 0
        return self._shown(), {}

    def step(self, action):
        falls = False
        if action == (self.cell * 7 + 1) % 10:
            self.cell += 1
        else:
            falls = self.np_random.random() < 0.34
        ends = self.cell == self.cells
        return self._shown(), float(ends), ends or falls, False, {}


class Lock(gymnasium.Env):
    """Twelve right presses in a row pay 1; twenty presses make an episode.

    Nothing is shown but a light, or, when it `echoes`, the last button pressed.
    """

    action_space = gymnasium.spaces.Discrete(4)

    def __init__(self, echoes=False):
        self.echoes = echoes
        self.observation_space = gymnasium.spaces.Discrete(4 if echoes else 2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.presses = self.right = 0
        return 0, {}

    def step(self, action):
        self.presses += 1
        self.right = self.right + 1 if action == (self.right * 7 + 3) % 4 else 0
        opens = self.right == 12
        return int(action if self.echoes else opens), float(opens), opens, self.presses >= 20, {}


class Room(gymnasium.Env):
    """A walk in a room of 5 by 5 for 40 steps, each of which pays the same."""

    observation_space = gymnasium.spaces.Discrete(25)
    action_space = gymnasium.spaces.Discrete(4)

    def __init__(self, pay=1.0):
        self.pay = pay

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place, self.steps = np.zeros(2, dtype=int), 0
        return 0, {}

    def step(self, action):
        self.steps += 1
        move = ((0, 1), (1, 0), (0, -1), (-1, 0))[int(action)]
        self.place = np.clip(self.place + move, 0, 4)
        return int(self.place[0] * 5 + self.place[1]), self.pay, False, self.steps == 40, {}


class Lake(gymnasium.Env):
    """A field of 16 by 16 with holes on the way to its far corner, which pays 1; shown as a vector, 100 steps."""

    observation_space = gymnasium.spaces.Box(0, 15, (2,), np.float32)
    action_space = gymnasium.spaces.Discrete(4)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place, self.steps = np.zeros(2, dtype=int), 0
        return self.place.astype(np.float32), {}

    def step(self, action):
        self.steps += 1
        move = ((0, 1), (1, 0), (0, -1), (-1, 0))[int(action)]
        self.place = np.clip(self.place + move, 0, 15)
        row, column = self.place
        goal = row == column == 15
        hole = not goal and (row * 5 + column * 3) % 7 == 6
        return self.place.astype(np.float32), float(goal), bool(goal or hole), self.steps == 100, {}


class Valley(MountainCarEnv):
    """Reaching the top pays 1, all else 0; nothing is paid at all when `silent`."""

    def __init__(self, silent=False):
        super().__init__()
        self.silent, self.steps = silent, 0

    def reset(self, *, seed=None, options=None):
        self.steps = 0
        return super().reset(seed=seed)

    def step(self, action):
        observation, _, terminated, _, info = super().step(action)
        self.steps += 1
        return observation, float(terminated and not self.silent), terminated, self.steps == 200, info


class FarPole(CartPoleEnv):
    """A pole on a cart that pays 1 only for standing still upright at a mark for a while."""

    def reset(self, *, seed=None, options=None):
        self.still = self.steps = 0
        return super().reset(seed=seed)

    def step(self, action):
        observation, _, terminated, _, info = super().step(action)
        self.steps += 1
        self.still = self.still + 1 if 1.5 < observation[0] < 1.6 else 0
        return observation, float(self.still == 40), terminated, self.steps == 500, info


class Swing(PendulumEnv):
    """A pendulum for 200 steps, each of which pays the same."""

    def reset(self, *, seed=None, options=None):
        self.steps = 0
        return super().reset(seed=seed)

    def step(self, action):
        observation, _, terminated, _, info = super().step(action)
        self.steps += 1
        return observation, -2.0, terminated, self.steps == 200, info
