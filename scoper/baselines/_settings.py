"""Which settings a deep learner takes: published ones where there are some for an environment, plain ones elsewhere.

Published ones stand in `_published` and `_published_values`, plain ones by kind of space in `_kinds`. Where the
discount is not part of a published setting, the spec's is used. Where the plan has fewer timesteps than were published,
rollouts are shortened so that about as many updates are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scoper.baselines import Context, Task
from scoper.baselines._effort import ration
from scoper.baselines._kinds import plain
from scoper.baselines._published import A2C, PPO, RECURRENT_PPO
from scoper.baselines._published_values import DQN, SAC, TD3
from scoper.baselines._rows import Algorithm, Settings
from scoper.domain.numbers import count

__all__ = ["NOMINAL_STEPS_PER_S", "Algorithm", "Settings", "arguments_for", "settings_for"]

_ENOUGH_UPDATES = 60
_LEAST_ROLLOUT = 2048  # timesteps; the default of stable-baselines3's PPO
_LONG = 5.0
"""The effort from which on what was published is taken where that is more."""
_PUBLISHED: Mapping[Algorithm, Mapping[str, Settings]] = {
    "ppo": PPO,
    "a2c": A2C,
    "recurrent_ppo": RECURRENT_PPO,
    "dqn": DQN,
    "sac": SAC,
    "td3": TD3,
    "maskable_ppo": {},
}
_STANDARD_STEPS: Mapping[Algorithm, int] = {
    "ppo": 300_000,
    "a2c": 500_000,
    "recurrent_ppo": 100_000,
    "dqn": 120_000,
    "sac": 50_000,
    "td3": 20_000,
    "maskable_ppo": 300_000,
}
"""At most so many timesteps a seed in the standard budget, where more were published."""
NOMINAL_STEPS_PER_S: Mapping[Algorithm, float] = {
    "ppo": 3000.0,
    "a2c": 4000.0,
    "recurrent_ppo": 600.0,
    "dqn": 1000.0,
    "sac": 80.0,
    "td3": 120.0,
    "maskable_ppo": 2500.0,
}
"""Timesteps per CPU second with stable-baselines3 and small networks, measured once; what a budget buys rests on it."""


def settings_for(algorithm: Algorithm, task: Task, context: Context, steps_per_s: float | None = None) -> Settings:
    """Settings for the task with the timesteps that the plan says, or that the context's effort asks for.

    A long effort takes what was published, or five times the standard one where that is more; none takes more than the
    budget buys at a nominal speed, by default that of stable-baselines3.
    """
    found = arguments_for(algorithm, task)
    usual = found.steps
    if context.effort >= _LONG:
        usual = max(usual, round(_published_steps(algorithm, task) / context.effort))
    speed = NOMINAL_STEPS_PER_S[algorithm] if steps_per_s is None else steps_per_s
    own = ration(usual, speed, task, context)
    given = replace(found, steps=own.steps, most_seeds=own.most_seeds, capped=own.capped)
    return _with_enough_updates(given, _published_steps(algorithm, task))


def _with_enough_updates(settings: Settings, published_steps: int) -> Settings:
    """Rollouts halved until as many updates are made as the published schedule makes, or sixty.

    A schedule of five million timesteps with 65,536 to an update makes two updates of 131,072 timesteps: what comes of
    them says nothing. Rollouts are not made shorter than 2,048 timesteps, and stay whole batches.
    """
    n_steps, batch = settings.arguments.get("n_steps"), settings.arguments.get("batch_size", 1)
    if n_steps is None or settings.steps >= published_steps:
        return settings
    wanted, shorter = min(_ENOUGH_UPDATES, published_steps // (n_steps * settings.n_envs)), n_steps
    while settings.steps < wanted * shorter * settings.n_envs and shorter % 2 == 0:
        rollout = shorter // 2 * settings.n_envs
        if rollout < _LEAST_ROLLOUT or rollout % batch:
            break
        shorter //= 2
    if shorter == n_steps:
        return settings
    why = f"{count(shorter)} instead of {count(n_steps)} timesteps to a rollout, for enough updates"
    return replace(settings, arguments={**settings.arguments, "n_steps": shorter}, why=why)


def arguments_for(algorithm: Algorithm, task: Task) -> Settings:
    """Published settings for the task's id, else plain ones, with the timesteps of the standard budget."""
    found = _published(algorithm, task)
    if found is None:
        return plain(algorithm, task)
    arguments = {"gamma": min(task.discount, 0.9999), **found.arguments}
    return replace(found, steps=min(found.steps, _STANDARD_STEPS[algorithm]), arguments=arguments)


def _published(algorithm: Algorithm, task: Task) -> Settings | None:
    """The published row, where observations come in the form that it was published for."""
    found = _PUBLISHED[algorithm].get(task.environment_id or "")
    expected = "goal" if found is not None and found.hindsight else "vector"
    return found if task.form == expected else None


def _published_steps(algorithm: Algorithm, task: Task) -> int:
    found = _published(algorithm, task)
    return 0 if found is None else found.steps
