"""PPO with memory (Schulman et al. 2017; Hochreiter and Schmidhuber 1997): when what is observed may not be enough."""

from __future__ import annotations

from collections.abc import Mapping

from scoper.baselines import Baseline, Context, Outcome, Task


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    from scoper.baselines._deep import train

    return train("recurrent_ppo", task, context)


BASELINE = Baseline(
    id="recurrent_ppo",
    kind="learner",
    summary="Proximal policy optimisation with memory (LSTM).",
    applies_to=lambda task: task.is_deep,
    run=_run,
    extra="contrib",
    fallback=3,
)
