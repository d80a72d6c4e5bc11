"""The rules that the spec's owner already has, each under its own name."""

from __future__ import annotations

from collections.abc import Mapping

from scoper.baselines import Baseline, Context, Outcome, Task
from scoper.baselines._exact import exact_outcome


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    return {name: exact_outcome(task, policy, f"the spec's rule {name}") for name, policy in task.named.items()}


BASELINE = Baseline(
    id="named",
    kind="reference",
    summary="The spec's own rules.",
    applies_to=lambda task: task.table is not None and bool(task.named),
    run=_run,
)
