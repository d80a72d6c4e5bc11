"""The fixed text of generated environments and of their tests."""

IMPORTS = """

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
"""


HELPERS = '''

def calc(operation: Any, *values: float) -> float:
    """Numpy's answer where Python would raise: division by zero is inf or nan."""
    with np.errstate(all="ignore"):
        return float(operation(*values))


def held(value: float, values: np.ndarray) -> float:
    """A whole number, held within the range."""
    return float(min(max(round(value), values[0]), values[-1]))


def drawn(law: tuple[np.ndarray, np.ndarray], rng: np.random.Generator) -> float:
    """One draw from values with cumulative probabilities."""
    values, cumulative = law
    place = np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right")
    return float(values[min(int(place), values.size - 1)])
'''


CLASS = '''

STATE_SHAPE = tuple(values.size for values in STATE.values())
ACTION_SHAPE = tuple(values.size for values in ACTIONS.values())
N_ACTIONS = int(np.prod(ACTION_SHAPE))


class {class_name}(gym.Env):
    """One episode at a time; all randomness comes from the seed given to reset."""

    metadata = {{"render_modes": []}}

    def __init__(self, render_mode: str | None = None) -> None:
        self.render_mode = render_mode
        self.observation_space = gym.spaces.MultiDiscrete(STATE_SHAPE)
        single = len(ACTION_SHAPE) == 1
        self.action_space = gym.spaces.Discrete(N_ACTIONS) if single else gym.spaces.MultiDiscrete(ACTION_SHAPE)
        self._state: tuple[float, ...] = ()
        self._steps = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Begin an episode; options={{"state": {{name: value}}}} sets variables instead of drawing them."""
        super().reset(seed=seed)
        given = (options or {{}}).get("state", {{}})
        start = {{name: drawn(START[name], self.np_random) for name in STATE}}
        start.update({{name: self._code(name, value) for name, value in given.items()}})
        self._state, self._steps = tuple(start.values()), 0
        return self._observation(), self._info()

    def step(self, action: Any) -> tuple[np.ndarray, float, bool, bool, dict[str, Any]]:
        """Take one timestep."""
        {choose}
        {state_names} = self._state
        {action_names} = self._action(number)
        {body}
        self._state = ({next_state})
        self._steps += 1
        terminated = bool({terminated})
        truncated = not terminated and HORIZON is not None and self._steps >= HORIZON
        info = {{**self._info(), "reward_terms": {{name: float(term) for name, term in terms.items()}}{extra}}}
        return self._observation(), float(sum(terms.values())), terminated, truncated, info

    def action_masks(self) -> np.ndarray:
        """(N_ACTIONS,) 1 for every action that may be taken now, numbered with the last variable running fastest."""
        {mask}

    def _observation(self) -> np.ndarray:
        places = [int(np.flatnonzero(STATE[name] == value)[0]) for name, value in zip(STATE, self._state)]
        return np.array(places, dtype=np.int64)

    def _info(self) -> dict[str, Any]:
        return {{"state": {{name: self._shown(name, value) for name, value in zip(STATE, self._state)}}}}

    def _number(self, action: Any) -> int:
        if len(ACTION_SHAPE) == 1:
            return int(action)
        return int(np.ravel_multi_index(tuple(int(part) for part in action), ACTION_SHAPE))

    def _action(self, number: int) -> tuple[float, ...]:
        places = np.unravel_index(number, ACTION_SHAPE)
        return tuple(float(values[place]) for values, place in zip(ACTIONS.values(), places))

    def _shown(self, name: str, value: float) -> Any:
        if name in LABELS:
            return LABELS[name][int(np.flatnonzero(STATE[name] == value)[0])]
        return int(value) if value == int(value) else value

    def _code(self, name: str, value: Any) -> float:
        return float(STATE[name][LABELS[name].index(value)]) if name in LABELS else float(value)
'''

TEST = '''"""What every Gymnasium environment must do, checked for the generated one. Run: pytest test_env.py"""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

HERE = Path(__file__).resolve().parent


@pytest.fixture
def env():
    spec = importlib.util.spec_from_file_location("scoped_env", HERE / "env.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ScopedEnv()


def episode(env, seed, limit=200):
    observation, _ = env.reset(seed=seed)
    rng, rows = np.random.default_rng(seed), []
    for _ in range(limit):
        mask = env.action_masks()
        number = int(rng.choice(np.flatnonzero(mask)))
        shape = getattr(env.action_space, "nvec", None)
        action = number if shape is None else np.array(np.unravel_index(number, tuple(shape)))
        before = observation
        observation, reward, terminated, truncated, info = env.step(action)
        rows.append((tuple(before), number, tuple(observation), reward, terminated, truncated, info["reward_terms"]))
        if terminated or truncated:
            break
    return rows


def test_gymnasium_accepts_the_environment(env):
    check_env(env, skip_render_check=True)


def test_the_same_seed_gives_the_same_episode(env):
    assert episode(env, 7) == episode(env, 7)


def test_an_episode_stays_within_its_spaces_and_rewards_are_the_sum_of_their_terms(env):
    rows = episode(env, 0)

    assert rows
    for _, _, after, reward, terminated, truncated, terms in rows:
        assert env.observation_space.contains(np.array(after))
        assert np.isfinite(reward)
        assert reward == pytest.approx(sum(terms.values()))
        assert not (terminated and truncated)
'''
