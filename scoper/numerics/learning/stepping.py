"""The same learners where nothing is known but what one step of an environment shows.

Observations get numbers in the order in which they are first seen, so that a table grows with what is visited and not
with what could be. The choices and sums are those of `kernels`, on lists. The environment draws its own chances: only
the learner's own random words are used here.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np

from scoper.numerics.learning import kernels
from scoper.numerics.learning.plan import LearningPlan, StepSize
from scoper.numerics.learning.policy_kernels import scale_after
from scoper.numerics.learning.schedule import METHODS, exploration_kind
from scoper.numerics.learning.state import uniforms

AHEAD = 4096
"""Timesteps whose random words and schedules are computed at a time."""


def observation_key(observation: Any) -> Hashable:
    """A value equal for equal discrete observations and for no others; raises TypeError for continuous ones."""
    if isinstance(observation, int | np.integer | np.bool_):
        return int(observation)
    if isinstance(observation, str | bytes):
        return observation
    if isinstance(observation, np.ndarray) and observation.dtype.kind in "iub":
        return (observation.dtype.str, observation.shape, observation.tobytes())
    if isinstance(observation, tuple | list):
        return tuple(observation_key(part) for part in observation)
    if isinstance(observation, Mapping):
        return tuple((name, observation_key(observation[name])) for name in sorted(observation))
    raise TypeError(f"an observation of type {type(observation).__name__} is not discrete")


def best_of(values: list[float]) -> int:
    """The first place of the highest value; on lists much faster than `kernels.best_of`."""
    return values.index(max(values))


class SteppedLearner:
    """One seed of a plan. Per episode `begin`, then `act` and `observe` in turn, until an episode is over.

    taken: timesteps so far. n_states: observations seen. Truncation by the plan's `longest` is up to the caller.
    """

    def __init__(self, plan: LearningPlan, n_actions: int, seed: int) -> None:
        self.plan, self.n_actions, self.taken = plan, n_actions, 0
        self._numbers: dict[Hashable, int] = {}
        self.tables: list[list[float]] = []
        self.visits: list[list[int]] = []
        self.critic: list[float] = []
        self._kind, self._method = exploration_kind(plan), METHODS.get(plan.learner, -1)
        self._keys = np.random.SeedSequence(seed).generate_state(3, np.uint64)
        self._weight = [0.0] * n_actions
        self._moments = [0.0, 0.0, 1.0]
        self._by_visits = plan.rates(plan.step_size).tolist()
        self._actor_by_visits = plan.rates(plan.actor_step).tolist()
        self._models: dict[tuple[int, int], dict[tuple[float, int, bool], int]] = {}
        self._known: list[tuple[int, int]] = []
        self._episode: list[tuple[int, int, float, list[float]]] = []
        self._state, self._action, self._carried = -1, -1, -1
        self._prepare()

    @property
    def n_states(self) -> int:
        """How many different observations were seen."""
        return len(self.tables)

    def number_of(self, observation: Any) -> int:
        """The observation's number, a new one if it was never seen."""
        key = observation_key(observation)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.tables)
            self.tables.append(self._first_values(number))
            self.visits.append([0] * self.n_actions)
            self.critic.append(self.plan.start_value)
        return number

    def greedy(self, observation: Any) -> int:
        """The action of the highest value or preference; the first one where nothing was ever seen."""
        number = self._numbers.get(observation_key(observation))
        return 0 if number is None else best_of(self.tables[number])

    def _first_values(self, number: int) -> list[float]:
        if self.plan.learns_policy:
            return [0.0] * self.n_actions
        index = 1 + number * self.n_actions + np.arange(self.n_actions)
        values: list[float] = (self.plan.start_value + self.plan.tie_break * uniforms(self._keys[2], index)).tolist()
        return values

    def _prepare(self) -> None:
        """Words and schedules of the next timesteps."""
        timestep = np.arange(self.taken, self.taken + AHEAD + 1)
        words = uniforms(self._keys[0], np.arange(self.taken * kernels.WORDS, (self.taken + AHEAD + 1) * kernels.WORDS))
        self._first, self._words, self._levels = self.taken, words.tolist(), self.plan.levels(timestep).tolist()
        self._rates = self.plan.step_size.after(timestep).tolist()
        self._actor_rates = self.plan.actor_step.after(timestep).tolist()

    def _word(self, slot: int) -> float:
        return float(self._words[(self.taken - self._first) * kernels.WORDS + slot])

    def _rate(self, step_size: StepSize, count: int, by_visits: list[float], by_timestep: list[float]) -> float:
        if step_size.by == "visits":
            return by_visits[min(count, len(by_visits) - 1)]
        return by_timestep[self.taken - self._first]

    def begin(self, observation: Any) -> None:
        """Start an episode."""
        self._state, self._carried = self.number_of(observation), -1
        self._moments[2] = 1.0
        self._episode.clear()

    def act(self) -> int:
        """The action to take now."""
        values, u = self.tables[self._state], self._word(kernels.ACTION)
        if self.plan.learns_policy:
            total = kernels.softmax_into(values, 0, self.n_actions, 1.0, self._weight)
            self._action = kernels.drawn_from(self._weight, self.n_actions, u * total)
            self._weight = [weight / total for weight in self._weight]
        elif self._carried >= 0:
            self._action, self._carried = self._carried, -1
        else:
            level = self._levels[self.taken - self._first]
            self._action = self._choose(self._state, level, u)
        return self._action

    def _choose(self, state: int, level: float, u: float) -> int:
        if self._kind == kernels.EPSILON_GREEDY and u >= level:
            return best_of(self.tables[state])
        return kernels.choose(
            self.tables[state], self.visits[state], 0, self.n_actions, self._kind, level, u, self._weight
        )

    def observe(self, reward: float, observation: Any, *, terminated: bool, truncated: bool) -> None:
        """Learn from what the action led to; a truncated timestep bootstraps, a terminated one does not."""
        after = self.number_of(observation)
        if self.plan.learns_policy:
            self._learn_policy(float(reward), after, terminated, terminated or truncated)
        else:
            self._learn_value(float(reward), after, terminated, truncated)
        self._state = after
        self.taken += 1
        if self.taken - self._first >= AHEAD:
            self._prepare()

    def _paid(self, reward: float) -> float:
        """Count the action taken; the reward and its bonus."""
        visits = self.visits[self._state]
        visits[self._action] += 1
        return float(kernels.paid(reward, self.plan.bonus, visits[self._action]))

    def _learn_value(self, reward: float, after: int, terminated: bool, truncated: bool) -> None:
        plan, values = self.plan, self.tables[self._state]
        ahead = 0.0 if terminated else self._ahead(after, truncated)
        paid = self._paid(reward)
        count = self.visits[self._state][self._action]
        rate = self._rate(plan.step_size, count - 1, self._by_visits, self._rates)
        values[self._action] += rate * (paid + plan.discount * ahead - values[self._action])
        if plan.planning:
            self._remember(reward, after, terminated, count == 1)
            for j in range(plan.planning):
                self._rehearse((self.taken * plan.planning + j) * 2)

    def _ahead(self, after: int, truncated: bool) -> float:
        """The value of the next observation as the learner sees it; SARSA chooses its next action here."""
        values, n = self.tables[after], self.n_actions
        if self._method == kernels.Q_LEARNING:
            return max(values)
        level = self._levels[self.taken - self._first + 1]
        if self._method == kernels.EXPECTED_SARSA:
            return kernels.expected(values, self.visits[after], 0, n, self._kind, level, self._weight)
        u = self._word(kernels.AFTER_TRUNCATION if truncated else kernels.WORDS)
        self._carried = self._choose(after, level, u)
        return values[self._carried]

    def _remember(self, reward: float, after: int, terminated: bool, new: bool) -> None:
        pair = (self._state, self._action)
        if new:
            self._known.append(pair)
        seen = self._models.setdefault(pair, {})
        outcome = (reward, after, terminated)
        seen[outcome] = seen.get(outcome, 0) + 1

    def _rehearse(self, word: int) -> None:
        """One of Dyna-Q's updates from memory."""
        first, second = uniforms(self._keys[1], np.array([word, word + 1])).tolist()
        state, action = self._known[int(first * len(self._known))]
        count = self.visits[state][action]
        left = int(second * count)
        seen = iter(self._models[state, action].items())
        (reward, after, terminated), times = next(seen)
        while left >= times:
            left -= times
            (reward, after, terminated), times = next(seen)
        values = self.tables[after]
        ahead = 0.0 if terminated else max(values)
        rate = self._rate(self.plan.step_size, count - 1, self._by_visits, self._rates)
        paid = kernels.paid(reward, self.plan.bonus, count)
        row = self.tables[state]
        row[action] += rate * (paid + self.plan.discount * ahead - row[action])

    def _learn_policy(self, reward: float, after: int, terminated: bool, over: bool) -> None:
        paid = self._paid(reward)
        plan, tail = self.plan, 0.0 if terminated else self.critic[after]
        if plan.learner == "reinforce":
            self._episode.append((self._state, self._action, paid, list(self._weight)))
            if over:
                self._finish(tail)
            return
        error = paid + plan.discount * tail - self.critic[self._state]
        step, rate = self._steps(self._state)
        step = step * error * self._moments[2]
        if plan.scaled:
            step /= scale_after(self._moments, error * error)
        self.critic[self._state] += rate * error
        self._prefer(self._state, self._action, step, self._weight)
        self._moments[2] *= plan.discount

    def _steps(self, state: int) -> tuple[float, float]:
        """Step sizes of actor and critic in a state."""
        count = sum(self.visits[state]) - 1
        return (
            self._rate(self.plan.actor_step, count, self._actor_by_visits, self._actor_rates),
            self._rate(self.plan.step_size, count, self._by_visits, self._rates),
        )

    def _prefer(self, state: int, action: int, step: float, probability: list[float]) -> None:
        row = self.tables[state]
        for other in range(self.n_actions):
            row[other] += step * ((1.0 if other == action else 0.0) - probability[other])

    def _finish(self, tail: float) -> None:
        """REINFORCE at the end of an episode; see `policy_kernels.finish`."""
        returns = []
        for _, _, paid, _ in reversed(self._episode):
            tail = paid + self.plan.discount * tail
            returns.append(tail)
        returns.reverse()
        factor = 1.0
        for (state, action, _, probability), total in zip(self._episode, returns, strict=True):
            gain = total - self.critic[state] if self.plan.baseline else total
            step = self._steps(state)[0] * gain * factor
            if self.plan.scaled:
                step /= scale_after(self._moments, gain * gain)
            self._prefer(state, action, step, probability)
            factor *= self.plan.discount
        for (state, _, _, _), total in zip(self._episode, returns, strict=True):
            self.critic[state] += self._steps(state)[1] * (total - self.critic[state])
