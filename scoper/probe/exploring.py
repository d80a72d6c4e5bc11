"""Where floors saw nothing to tell policies apart: a search for what they did not visit, before anything is claimed.

Numbered observations are searched with optimism about what was tried seldom (a bonus of one over the root of the
count, after Strehl and Littman 2008). Vectors are searched with linear policies: by the cross-entropy method for long
life (Szita and Lőrincz 2006), then by novelty, a new policy being a variation of one that led somewhere new (Lehman
and Stanley 2011).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoper.baselines import Outcome, Task
from scoper.baselines._effort import affordable_steps
from scoper.baselines._finite import code_of
from scoper.baselines._linear import LinearActions
from scoper.baselines._rollout import rollout
from scoper.diagnostics._tables import RELATIVE
from scoper.domain.episodes import Episodes, Exploration, joined
from scoper.numerics.cross_entropy import POPULATION, after, best_first, wide
from scoper.probe.session import Session
from scoper.probe.territory import Counts, Ranges

_STEPS, _SHARE = 60_000, 0.1
_NOISE, _EPISODES_EACH = 0.05, 2
_SURVIVOR_EPISODES, _LARGEST_VECTOR = 20, 64
_BONUS_DISCOUNT, _STEP_SIZE = 0.95, 0.5
_VARIATION, _FRESH = 0.5, 0.3


def explore(task: Task, session: Session, outcomes: Mapping[str, Outcome]) -> Exploration | None:
    """The search, where it is needed: by stepping, when all episodes so far returned one and the same number."""
    sets = [e for o in outcomes.values() for e in (o.episodes, o.tried) if e is not None]
    if task.table is not None or task.make_env is None or not sets:
        return None
    returns = np.concatenate([episodes.returns for episodes in sets])
    if float(np.ptp(returns)) > RELATIVE * float(np.abs(returns).max()):
        return None
    search = _Search(task, session)
    if task.observation_kind == "finite" and task.action_kind in ("discrete", "product"):
        return search.numbered()
    if search.has_vectors() and task.action_kind in ("discrete", "continuous"):
        return search.vectors()
    return None


class _Search:
    """One search: an environment, random numbers, and what has been spent."""

    def __init__(self, task: Task, session: Session) -> None:
        assert task.make_env is not None
        self._task, self._env = task, task.make_env()
        self._seeds = iter(session.seeds("explore", 20_000))
        self._rng = np.random.default_rng(next(self._seeds))
        self._bought = affordable_steps(task, session, _SHARE)
        self._steps = 0
        self._found: Episodes | None = None

    def has_vectors(self) -> bool:
        """Whether an observation is a short vector of numbers."""
        space = self._env.observation_space
        return len(getattr(space, "shape", None) or ()) == 1 and 0 < space.shape[0] <= _LARGEST_VECTOR

    def numbered(self) -> Exploration | None:
        """Search with a value per observation and action that grows with what is still to be learned there."""
        observations, actions = code_of(self._env.observation_space), code_of(self._env.action_space)
        counts = Counts(observations.size, actions.size)
        values = np.full((observations.size, actions.size), 1.0 / (1.0 - _BONUS_DISCOUNT))
        while self._goes_on(_STEPS):
            policy = _Curious(values, counts, observations.encode, actions.decode, self._rng)
            self._play(policy, policy.step)
        self._env.close()
        if self._found is None:
            return None
        covered, least_tried = counts.covered()
        return Exploration(self._found, None, covered, counts.places(), least_tried)

    def vectors(self) -> Exploration | None:
        """Search with linear policies for long life first, then for novelty."""
        self._actions = LinearActions(self._env.action_space)
        ranges = Ranges(self._env.observation_space)
        size = self._actions.n_outputs, ranges.size + 1
        best = self._long_lived(ranges, size)
        survivors = rollout(
            self._env,
            self._linear(best, ranges),
            [next(self._seeds) for _ in range(_SURVIVOR_EPISODES)],
            enough=lambda n, _: n > 1 and not self._in_time(),
        )
        self._novel(ranges, size, best)
        self._env.close()
        if self._found is None:
            return None
        return Exploration(joined(self._found, survivors), survivors, ranges.covered(), whole=ranges.whole)

    def _long_lived(self, ranges: Ranges, size: tuple[int, int]) -> NDArray[np.float64]:
        """The weights that kept episodes going longest, by the cross-entropy method."""
        law = wide(size)
        best, longest = law.centre, 0.0
        while self._goes_on(_STEPS // 2) and longest < (self._task.horizon or math.inf):
            tried = law.draw(self._rng)
            lives = np.array([self._life(weights, ranges) for weights in tried])
            first = int(best_first(lives)[0])
            if lives[first] > longest:
                best, longest = tried[first], float(lives[first])
            law = after(tried, lives, _NOISE)
        return best

    def _life(self, weights: NDArray[np.float64], ranges: Ranges) -> float:
        return float(np.mean([self._play(self._linear(weights, ranges)) for _ in range(_EPISODES_EACH)]))

    def _novel(self, ranges: Ranges, size: tuple[int, int], first: NDArray[np.float64]) -> None:
        """Variations of policies that led to a new place; now and then a fresh one."""
        parents = [first]
        while self._goes_on(_STEPS):
            if self._rng.random() < _FRESH:
                weights = self._rng.standard_normal(size) * self._rng.choice([0.3, 1.0, 3.0])
            else:
                parent = parents[int(self._rng.integers(len(parents)))]
                weights = parent + _VARIATION * self._rng.standard_normal(size)
            known = ranges.n_places
            self._play(self._linear(weights, ranges))
            if ranges.n_places > known:
                parents = [*parents[-POPULATION:], weights]

    def _linear(self, weights: NDArray[np.float64], ranges: Ranges) -> Callable[[Any], Any]:
        return self._actions.policy(weights, ranges.note)

    def _play(self, policy: Callable[[Any], Any], learn: Callable[[Any, bool], None] | None = None) -> int:
        """One episode; its length."""
        env = _Told(self._env, learn) if learn else self._env
        episodes = rollout(env, policy, [next(self._seeds)], discount=self._task.evaluation_discount)
        self._found = episodes if self._found is None else joined(self._found, episodes)
        self._steps += episodes.n_steps
        return episodes.n_steps

    def _goes_on(self, steps: int) -> bool:
        n_played = 0 if self._found is None else self._found.returns.size
        return self._steps < steps and self._in_time() and n_played < 19_000

    def _in_time(self) -> bool:
        return self._steps < self._bought


class _Told:
    """An environment that tells a learner what came of each step."""

    def __init__(self, env: Any, learn: Callable[[Any, bool], None]) -> None:
        self._env, self._learn = env, learn

    def reset(self, *, seed: int) -> Any:
        """As the environment's."""
        return self._env.reset(seed=seed)

    def step(self, action: Any) -> Any:
        """As the environment's."""
        answer = self._env.step(action)
        self._learn(answer[0], bool(answer[2]))
        return answer


class _Curious:
    """Takes the action that promises most news, and learns from where it led."""

    def __init__(
        self,
        values: NDArray[np.float64],
        counts: Counts,
        encode: Callable[[Any], int],
        decode: Callable[[int], Any],
        rng: np.random.Generator,
    ) -> None:
        self._values, self._counts, self._encode, self._decode, self._rng = values, counts, encode, decode, rng
        self._state, self._action = 0, 0

    def __call__(self, observation: Any) -> Any:
        self._state = self._encode(observation)
        row = self._values[self._state]
        best = np.flatnonzero(row >= row.max() - 1e-12)
        self._action = int(best[int(self._rng.integers(best.size))])
        return self._decode(self._action)

    def step(self, observation: Any, terminated: bool) -> None:
        """Learn from the step that was just taken."""
        after = self._encode(observation)
        bonus = 1.0 / math.sqrt(self._counts.add(self._state, self._action, after))
        ahead = 0.0 if terminated else _BONUS_DISCOUNT * float(self._values[after].max())
        self._values[self._state, self._action] += _STEP_SIZE * (
            bonus + ahead - self._values[self._state, self._action]
        )
