"""The best linear policy that the cross-entropy method finds: a ceiling from below where observations are vectors.

Two searches of 25 generations of 24 candidates each, a third where actions may be levels; one episode a candidate, the
same seeds for a whole generation. A later search scales observations by what the one before got to see. What searches
end with is compared on other seeds and reported on fresh ones, for the reward and, where there is one, the objective.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scoper.baselines import Baseline, Context, Outcome, Task
from scoper.baselines._choosing import Worth, halved, mean_objective, mean_return, report
from scoper.baselines._linear import LinearActions, Weights
from scoper.baselines._numbered import sign_of
from scoper.baselines._planning import steps_for
from scoper.baselines._rollout import Policy, rollout, sampled_outcome
from scoper.baselines._vectors import Vector, reader_of
from scoper.domain.empirical import Aim
from scoper.domain.numbers import count
from scoper.numerics.cross_entropy import ELITE, after, best_first, wide

SEARCH_STEPS = {"quick": 40_000, "standard": 150_000, "long": 1_000_000}
_GENERATIONS, _RESTARTS = 25, 2
_NOISE, _NOISE_ENDS = 0.3, 0.6
_LOOK_STEPS, _PATIENCE = 1_000, 8
_CHOICE_SHARE, _CHOICE_SEEDS = 0.25, 500
_LEVELS_FROM = 6
_GAIN = 0.01
_KNOWN, _TRIES = 0.95, 10


@dataclass(frozen=True, eq=False)
class _Inputs:
    """Observations made comparable: less `centre`, over `scale`, and a one for the bias."""

    read: Callable[[Any], Vector]
    centre: Weights
    scale: Weights

    def __call__(self, observation: Any) -> Weights:
        """(d + 1,) the inputs."""
        told = (np.array(self.read(observation)) - self.centre) / self.scale
        return np.append(np.clip(told, -10.0, 10.0), 1.0)


@dataclass(frozen=True)
class _Found:
    """One policy: weights on standardised observations, by which mean and spread, and how outputs become actions."""

    weights: Weights
    actions: LinearActions
    inputs: _Inputs


class _Search:
    """Everything that searches share: the environment, the inputs, and what has been spent."""

    def __init__(self, task: Task, context: Context, n_steps: int) -> None:
        assert task.make_env is not None
        self.env, self.task, self.context, self.n_steps = task.make_env(), task, context, n_steps
        self._read = reader_of(self.env.observation_space).read
        self.steps = 0
        self.owner_differs = self.solved = False
        seeds = context.seeds("linear/look", 2 * (_RESTARTS + 2) * _LOOK_STEPS + 1)
        self.env.action_space.seed(seeds[0])
        self._looks = iter(seeds[1:])
        self._inputs = self._look(lambda _: self.env.action_space.sample())

    def _look(self, policy: Policy) -> _Inputs:
        """Inputs standardised by what a policy sees."""
        seen: list[Vector] = []

        def act(observation: Any) -> Any:
            seen.append(self._read(observation))
            return policy(observation)

        looked = rollout(
            self.env, act, self._looks, objective=self.task.objective, enough=lambda _, steps: steps >= _LOOK_STEPS
        )
        self.steps += looked.n_steps
        self.owner_differs = looked.objective is not None
        vectors = np.array(seen)
        spread = vectors.std(axis=0)
        return _Inputs(self._read, vectors.mean(axis=0), np.where(spread > 1e-9, spread, 1.0))

    @staticmethod
    def policy(found: _Found) -> Policy:
        """What a found policy does."""
        return found.actions.policy(found.weights, found.inputs)

    def run(self, aim: Aim, worth: Worth) -> Iterator[_Found]:
        """What every restart ends with: the centre of its last law, and the best candidate of its best generation."""
        kinds = [False] * _RESTARTS + ([True] if _may_be_levels(self.env.action_space) else [])
        seeds = iter(self.context.seeds(f"linear/{aim}", len(kinds) * (_GENERATIONS + 1)))
        until = self.steps
        for number, as_level in enumerate(kinds, start=1):
            actions = LinearActions(self.env.action_space, as_level=as_level)
            own = list(itertools.islice(seeds, _GENERATIONS + 1))
            found = self._restart(actions, own, worth, until + number * self.n_steps // len(kinds))
            yield from found
            if self.solved:
                return
            self._inputs = self._look(self.policy(found[-1]))

    def _is_solved(self, level: float) -> bool:
        """Whether the elite earned what the environment's author declared as solved."""
        return self.task.target is not None and level >= self.task.target

    def _restart(self, actions: LinearActions, seeds: list[int], worth: Worth, until: int) -> list[_Found]:
        aim_is_reward = worth is mean_return
        rng = np.random.default_rng(seeds[0])
        inputs = self._inputs
        law = wide((actions.n_outputs, inputs.centre.size + 1))
        best, highest, waited = law.centre, -np.inf, 0
        for generation, seed in enumerate(seeds[1:]):
            tried = law.draw(rng)
            scores = np.array([self._score(_Found(weights, actions, inputs), seed, worth) for weights in tried])
            order = best_first(scores)
            level = float(scores[order[:ELITE]].mean())
            waited = 0 if level > highest + _GAIN * abs(highest) else waited + 1
            if level > highest:
                best, highest = tried[order[0]], level
            law = after(tried, scores, _NOISE * max(0.0, 1.0 - generation / (_NOISE_ENDS * _GENERATIONS)))
            self.solved = aim_is_reward and self._is_solved(level)
            if self.steps >= until or waited >= _PATIENCE or self.solved:
                break
        return [_Found(law.centre, actions, inputs), _Found(best, actions, inputs)]

    def _score(self, found: _Found, seed: int, worth: Worth) -> float:
        task = self.task
        episodes = rollout(
            self.env, self.policy(found), [seed], discount=task.evaluation_discount, objective=task.objective
        )
        self.steps += episodes.n_steps
        return worth(episodes)


def _may_be_levels(space: Any) -> bool:
    from gymnasium import spaces

    return isinstance(space, spaces.Discrete) and int(space.n) >= _LEVELS_FROM


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    n_steps = steps_for(task, context, SEARCH_STEPS)
    if n_steps == 0:
        return {}
    search = _Search(task, context, n_steps)
    outcomes = {"linear": _outcome(search, "reward", mean_return)}
    if search.owner_differs and task.objective_came():
        search.n_steps //= 2
        outcomes["linear_objective"] = _outcome(search, "objective", mean_objective(sign_of(task.objective)))
    search.env.close()
    return outcomes


def _outcome(search: _Search, aim: Aim, worth: Worth) -> Outcome:
    task, context, before = search.task, search.context, search.steps
    found = list(search.run(aim, worth))
    chosen, tried, taken = halved(
        search.env,
        found,
        search.policy,
        context.seeds(f"linear/choice/{aim}", _CHOICE_SEEDS),
        int(_CHOICE_SHARE * search.n_steps),
        worth=worth,
        discount=task.evaluation_discount,
        objective=task.objective,
    )
    fresh = report(search.env, search.policy(chosen[0]), f"linear/report/{aim}", task, context)
    whose = "" if aim == "reward" else " for the objective"
    spent = search.steps - before
    words = f"the best linear policy{whose} that the cross-entropy method found in {count(spent)} timesteps"
    outcome = sampled_outcome(fresh, f"{words}, chosen on other episodes")
    return replace(outcome, tried=tried, steps=spent + taken)


def _applies(task: Task) -> bool:
    if task.table is not None or task.make_env is None or task.action_kind == "other":
        return False
    env = task.make_env()
    reader, acts = reader_of(env.observation_space), _is_linear(env.action_space)
    env.close()
    from gymnasium import spaces

    return acts and not reader.opaque and not isinstance(env.observation_space, spaces.Discrete | spaces.Text)


def _is_linear(space: Any) -> bool:
    from gymnasium import spaces

    if isinstance(space, spaces.Box):
        return bool(np.isfinite(space.low).all() and np.isfinite(space.high).all())
    return isinstance(space, spaces.Discrete | spaces.MultiDiscrete)


def _superfluous(outcomes: Mapping[str, Outcome]) -> bool:
    """Whether a model knows all the environment shows: its observations are few, distinct and were met often."""
    model = next((outcome.model for outcome in outcomes.values() if outcome.model is not None), None)
    if model is None or model.coding != "values":
        return False
    return model.known_share >= _KNOWN and model.n_cells * _TRIES <= model.steps.size


BASELINE = Baseline(
    id="linear",
    kind="planner",
    summary="The best linear policy by the cross-entropy method.",
    applies_to=_applies,
    run=_run,
    fallback=1,
    superfluous=_superfluous,
)
