"""Proximal policy optimisation (Schulman et al. 2017): learns from any observations, for any actions.

Small tanh networks are trained for all seeds at once in numpy; what does not fit there goes to stable-baselines3.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoper.baselines import Baseline, Context, Outcome, Task


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    from scoper.baselines import _fast_ppo

    fitted = _fast_ppo.fit(task)
    if fitted is not None:
        return _fast_ppo.train(fitted, task, context)
    from scoper.baselines._deep import train

    return train("ppo", task, context)


def _needs_extra(task: Task) -> bool:
    from scoper.baselines import _fast_ppo

    return _fast_ppo.fit(task) is None


BASELINE = Baseline(
    id="ppo",
    kind="learner",
    summary="Proximal policy optimisation, a policy-gradient learner.",
    applies_to=lambda task: task.is_deep,
    run=_run,
    extra="deep",
    needs_extra=_needs_extra,
)
