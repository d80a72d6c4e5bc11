"""The fixed text of generated environments and of their tests."""

IMPORTS = """

from __future__ import annotations

from typing import Any{typing}

import gymnasium as gym
import numpy as np
"""

INTERVAL = '''
class Interval(NamedTuple):
    """All real numbers from low to high."""

    low: float
    high: float
'''

CALC = '''
def calc(operation: Any, *values: float) -> float:
    """Numpy's answer where Python would raise: division by zero is inf or nan."""
    with np.errstate(all="ignore"):
        return float(operation(*values))
'''

LOOKED_UP = '''
def looked_up(name: str, *keys: float) -> float:
    """A number of a declared table, nan for a key that it does not have."""
    axes, values = TABLES[name]
    places = [int(np.argmin(np.abs(codes - key))) for codes, key in zip(axes, keys)]
    for codes, place, key in zip(axes, places, keys):
        if not abs(codes[place] - key) <= 1e-9 * max(1.0, abs(key)):
            return float("nan")
    return float(values[tuple(places)])
'''

WHOLE = '''
def whole(value: float) -> float:
    """The value, which must be a whole number up to rounding."""
    nearest = float(np.rint(value))
    if not abs(value - nearest) <= 1e-9 * max(1.0, abs(value)):
        raise ValueError(f"{value!r} is not a whole number")
    return nearest
'''

HELD = '''
def held(value: float, values: Any) -> float:
    """The value, held within the range."""
    return float(min(max(value, values[0]), values[-1]))
'''

STRICT = '''
def held(value: float, values: Any) -> float:
    """The value, which must be within the range up to rounding."""
    if not values[0] - 1e-9 <= value <= values[-1] + 1e-9:
        raise ValueError(f"{value!r} is not within {values[0]:g} and {values[-1]:g}")
    return float(min(max(value, values[0]), values[-1]))
'''

LISTED = '''
def listed(value: float, values: np.ndarray) -> float:
    """The value, which must be in the list."""
    if not (values == value).any():
        raise ValueError(f"{value!r} is none of the values")
    return value
'''

DRAWN = '''
def drawn(law: tuple[np.ndarray, np.ndarray], rng: np.random.Generator) -> Any:
    """One draw from values with cumulative probabilities."""
    values, cumulative = law
    place = np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right")
    return values[min(int(place), len(values) - 1)]
'''

TOLD = '''
def told(values: Any, value: float) -> float:
    """The position of a value in its list."""
    return int(np.argmin(np.abs(values - value)))
'''

TOLD_REAL = '''
def told(values: Any, value: float) -> float:
    """The position of a value in its list; of an interval the number itself."""
    return value if isinstance(values, Interval) else float(np.argmin(np.abs(values - value)))
'''

ENDS = '''
def ends(quantities: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and highest number of every quantity: its interval, or the positions in its list."""
    pairs = [v if isinstance(v, Interval) else (0.0, v.size - 1.0) for v in quantities.values()]
    return np.array([low for low, _ in pairs]), np.array([high for _, high in pairs])
'''


CLASS = '''
class {class_name}(gym.Env):
    """One episode at a time; all randomness comes from the seed given to reset.

    An action that is not available counts as the first that is, with `strict` it is a ValueError.
    """

    metadata = {{"render_modes": []}}

    def __init__(self, render_mode: str | None = None, *, strict: bool = False) -> None:
        self.render_mode = render_mode
        self.observation_space = {observation_space}
        self.action_space = {action_space}
        self._strict = strict
        self._state: tuple[float, ...] = ()
        self._steps = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Begin an episode; options={{"state": {{name: value}}}} sets variables instead of drawing them."""
        super().reset(seed=seed)
        given = (options or {{}}).get("state", {{}})
        start = {start}
        start.update({{name: self._code(name, value) for name, value in given.items()}})
        self._state, self._steps = tuple(start[name] for name in STATE), 0
        return self._observation(), self._info()

    def step(self, action: Any) -> tuple[np.ndarray, float, bool, bool, dict[str, Any]]:
        """Take one timestep."""
        values, replaced = self._taken(action)
        {state_names} = self._state
        {action_names} = values
        {body}
        self._state = ({next_state})
        self._steps += 1
        terminated = {terminated}
        truncated = not terminated and HORIZON is not None and self._steps >= HORIZON
        info = {{**self._info(), "reward_terms": terms{extra}}}
        return self._observation(), float(sum(terms.values())), terminated, truncated, info

    def action_masks(self) -> np.ndarray:
        """(N_ACTIONS,) 1 for every action that may be taken now, numbered with the last variable running fastest."""
        {mask}

    def _observation(self) -> np.ndarray:
        {observation}

    def _info(self) -> dict[str, Any]:
        state = {{name: self._shown(name, value) for name, value in zip(STATE, self._state)}}
        return {info}

    def _numbered(self, number: int) -> tuple[float, ...]:
        """The values of the action with this number."""
        places = np.unravel_index(number, ACTION_SHAPE)
        return tuple(float(values[place]) for values, place in zip({choices}, places))

    def _taken(self, action: Any) -> tuple[tuple[float, ...], bool]:
        """The values of an action, and whether another one is taken because it is not available."""
        parts = np.asarray(action, dtype=np.float64).reshape(-1)
        if parts.size != len(ACTIONS) or not np.isfinite(parts).all():
            raise ValueError(f"{{action!r}} is no action: {{len(ACTIONS)}} finite numbers are wanted")
        {taken}

    def _shown(self, name: str, value: float) -> Any:
        {shown}

    def _code(self, name: str, value: Any) -> float:
        return {code}
'''

TAKEN_POSITIONS = """for part, values in zip(parts, ACTIONS.values()):
            if not 0 <= part < values.size or part != int(part):
                raise ValueError(f"{action!r} is no action: numbers from 0 to {values.size - 1} are wanted")
        chosen = tuple(float(values[int(part)]) for part, values in zip(parts, ACTIONS.values()))"""

TAKEN_NUMBERS = """low, high = ends(ACTIONS)
        parts = np.minimum(np.maximum(parts, low), high)
        chosen = tuple(
            float(part if isinstance(values, Interval) else values[int(np.rint(part))])
            for part, values in zip(parts, ACTIONS.values())
        )"""

TEST = '''"""What every Gymnasium environment must do, checked for the generated one. Run: pytest test_env.py"""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from gymnasium.spaces import Box
from gymnasium.utils.env_checker import check_env

HERE = Path(__file__).resolve().parent


@pytest.fixture
def env():
    spec = importlib.util.spec_from_file_location("scoped_env", HERE / "env.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ScopedEnv()


def chosen(env, rng):
    """An action that is available; of intervals any numbers."""
    space = env.action_space
    if isinstance(space, Box):
        return rng.uniform(space.low, space.high).astype(space.dtype)
    number = int(rng.choice(np.flatnonzero(env.action_masks())))
    shape = getattr(space, "nvec", None)
    return number if shape is None else np.array(np.unravel_index(number, tuple(shape)))


def episode(env, seed, limit=200):
    observation, _ = env.reset(seed=seed)
    rng, rows = np.random.default_rng(seed), []
    for _ in range(limit):
        action = chosen(env, rng)
        before = observation
        observation, reward, terminated, truncated, info = env.step(action)
        row = (tuple(before), np.array(action).tolist(), tuple(observation), reward, terminated, truncated)
        rows.append((*row, info["reward_terms"]))
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
