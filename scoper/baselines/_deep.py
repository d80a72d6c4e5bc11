"""Training with stable-baselines3: several seeds, evaluated at fixed step marks, the best checkpoint reported.

What is measured when, and when a seed stops, is said in `_marks`; seeds are trained one after the other.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

import numpy as np

from scoper.baselines import Context, Outcome, Task, batch_seeds
from scoper.baselines._marks import (
    Marks,
    Trained,
    choice_seeds,
    evaluates_too_much,
    outcome,
    report_seeds,
    training_share,
)
from scoper.baselines._settings import Algorithm, Settings, settings_for

ENGINE = "one seed after the other with stable-baselines3"
_ROLLOUTS: Mapping[Algorithm, tuple[str, int]] = {
    "ppo": ("n_steps", 2048),
    "dqn": ("train_freq", 4),
    "sac": ("train_freq", 1),
}


def deep_available() -> bool:
    """Whether the extra `deep` is installed; imports nothing."""
    return find_spec("stable_baselines3") is not None and find_spec("torch") is not None


def train(algorithm: Algorithm, task: Task, context: Context) -> Mapping[str, Outcome]:
    """Train every seed one after the other and measure the best checkpoint of each on fresh episodes."""
    with context.own_work():
        import stable_baselines3  # noqa: F401 - the slow part, before any clock counts it
        import torch
    torch.set_num_threads(1)
    settings = settings_for(algorithm, task, context.plan)
    seeds = batch_seeds(context, f"{algorithm}/train")
    started, trained = time.monotonic(), []
    for index, seed in zip(context.batch, seeds, strict=True):
        share_s = context.left_s() / (context.batch.stop - index) * training_share(task)
        run = _Run(algorithm, settings, task, context, index, int(seed), time.monotonic() + share_s)
        run.learn()
        trained.append(run.report())
    return outcome(settings, trained, time.monotonic() - started, ENGINE, "deep")


def planned_steps(algorithm: Algorithm, settings: Settings) -> int:
    """The timesteps of a seed: a learner collects whole rollouts, so the settings' number is rounded up to them."""
    name, default = _ROLLOUTS[algorithm]
    rollout = int(settings.arguments.get(name, default)) * settings.n_envs
    return -(-settings.steps // rollout) * rollout


@dataclass
class _Run:
    """One seed of one learner."""

    algorithm: Algorithm
    settings: Settings
    task: Task
    context: Context
    index: int
    seed: int
    ends_at: float
    steps: int = 0
    cut: bool = False
    _evaluating_s: float = 0.0
    _began: float = field(default_factory=time.monotonic)

    def learn(self) -> None:
        """Train until the planned steps, the target or the end of this seed's time."""
        make = self.task.make_env
        assert make is not None
        with self.context.own_work():
            self._envs = _vector(make, self.settings, self.seed)
            self._model = _model(self.algorithm, self._envs, self.settings, self.seed)
        choice = choice_seeds(self.algorithm, self.task, self.context, self.index)
        self._evaluation = Evaluation(make, self.task, choice)
        planned = planned_steps(self.algorithm, self.settings)
        self._marks = Marks(self.algorithm, self.index, planned, self.task, self.context)
        self._best = self._last = self._snapshot()
        self._model.learn(total_timesteps=self.settings.steps, callback=self._callback)
        self.steps = int(self._model.num_timesteps)
        if self.steps not in self._marks.steps[-1:]:
            self._evaluate()
        self._evaluation.close()

    def report(self) -> Trained:
        """The best and the last checkpoint on fresh episodes."""
        make = self.task.make_env
        assert make is not None
        seeds = report_seeds(self.algorithm, self.task, self.context, self.index)
        evaluation = Evaluation(make, self.task, seeds)
        self._restore(self._best)
        returns, wanted = evaluation.run(self._act)
        of_last = float(returns.mean())
        if self._last is not self._best:
            self._restore(self._last)
            of_last = float(evaluation.run(self._act)[0].mean())
        evaluation.close()
        self._envs.close()
        return Trained(self._marks, float(returns.mean()), of_last, wanted, self.steps, self.cut)

    def _callback(self, locals_: dict[str, Any], globals_: dict[str, Any]) -> bool:
        self.steps = int(self._model.num_timesteps)
        self.cut = time.monotonic() > self.ends_at
        if self.cut or (self._marks.is_due(self.steps) and not self._evaluates_too_much()):
            self._evaluate()
        return not (self.cut or self._marks.is_solved)

    def _evaluates_too_much(self) -> bool:
        return evaluates_too_much(self.task, self._evaluating_s, time.monotonic() - self._began)

    def _evaluate(self) -> None:
        began = time.monotonic()
        returns, _ = self._evaluation.run(self._act)
        self._evaluating_s += time.monotonic() - began
        self._last = self._snapshot()
        if self._marks.add(self.steps, float(returns.mean()), cut=self.cut):
            self._best = self._last

    def _act(self, observations: Any) -> Any:
        if self.settings.normalise:
            observations = self._envs.normalize_obs(observations)
        actions, _ = self._model.predict(observations, deterministic=True)
        return actions

    def _snapshot(self) -> tuple[Any, Any]:
        statistics = copy.deepcopy(getattr(self._envs, "obs_rms", None))
        return copy.deepcopy(self._model.get_parameters()), statistics

    def _restore(self, snapshot: tuple[Any, Any]) -> None:
        parameters, statistics = snapshot
        self._model.set_parameters(parameters)
        if statistics is not None:
            self._envs.obs_rms = statistics


def _vector(make: Callable[[], Any], settings: Settings, seed: int) -> Any:
    from gymnasium import spaces
    from stable_baselines3.common.monitor import Monitor
    from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize

    envs: Any = DummyVecEnv([lambda: Monitor(make())] * settings.n_envs)
    if settings.normalise:
        dense = isinstance(envs.observation_space, spaces.Box)
        envs = VecNormalize(envs, norm_obs=dense, gamma=float(settings.arguments.get("gamma", 0.99)))
    envs.seed(seed)
    return envs


def _model(algorithm: Algorithm, envs: Any, settings: Settings, seed: int) -> Any:
    import stable_baselines3

    arguments = dict(settings.arguments)
    for name in settings.linear:
        arguments[name] = _falling(float(arguments[name]))
    learner = {"ppo": stable_baselines3.PPO, "dqn": stable_baselines3.DQN, "sac": stable_baselines3.SAC}[algorithm]
    return learner(_policy_class(envs), envs, seed=seed, device="cpu", verbose=0, **arguments)


def _falling(start: float) -> Callable[[float], float]:
    return lambda remaining: start * remaining


def _policy_class(envs: Any) -> str:
    from gymnasium import spaces
    from stable_baselines3.common.preprocessing import is_image_space

    if isinstance(envs.observation_space, spaces.Dict):
        return "MultiInputPolicy"
    return "CnnPolicy" if is_image_space(envs.observation_space) else "MlpPolicy"


class Evaluation:
    """One episode per seed, all of them in lockstep, so that one prediction serves all."""

    def __init__(self, make: Callable[[], Any], task: Task, seeds: Sequence[int]) -> None:
        self._envs = [make() for _ in seeds]
        self._seeds = [int(seed) for seed in seeds]
        self._task = task

    def run(self, act: Callable[[Any], Any]) -> tuple[np.ndarray[Any, np.dtype[np.float64]], float | None]:
        """(n,) returns, and the owner's mean number where an info key is declared."""
        from scoper.baselines._rollout import owner_value

        observations = [env.reset(seed=seed)[0] for env, seed in zip(self._envs, self._seeds, strict=True)]
        totals, wanted = np.zeros(len(self._envs)), np.zeros(len(self._envs))
        weight, running = 1.0, list(range(len(self._envs)))
        while running:
            actions = act(_stack([observations[i] for i in running]))
            still = []
            for i, action in zip(running, actions, strict=True):
                observations[i], reward, terminated, truncated, info = self._envs[i].step(_plain_action(action))
                totals[i] += weight * float(reward)
                wanted[i] = owner_value(wanted[i], info, self._task.objective)
                if not (terminated or truncated):
                    still.append(i)
            running, weight = still, weight * self._task.evaluation_discount
        declared = self._task.objective is not None and self._task.objective.info is not None
        return totals, float(wanted.mean()) if declared else None

    def close(self) -> None:
        """Close the environments."""
        for env in self._envs:
            env.close()


def _stack(observations: Sequence[Any]) -> Any:
    if isinstance(observations[0], Mapping):
        return {key: np.stack([o[key] for o in observations]) for key in observations[0]}
    return np.stack([np.asarray(o) for o in observations])


def _plain_action(action: Any) -> Any:
    return int(action) if np.ndim(action) == 0 else action
