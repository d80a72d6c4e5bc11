"""Is a time limit told as a true end of the task, with no clock in the observation?

A learner that is told `terminated` believes that nothing is worth anything from there on. Where that is only the clock
running out, the same observation is worth something early and nothing late, and no observation tells which it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._sampled import readable
from scoper.domain.empirical import EmpiricalModel
from scoper.domain.findings import Finding
from scoper.domain.numbers import count
from scoper.domain.tabular import Floats
from scoper.numerics.predicting import folds_of, residuals

LEAST_ENDS, EARLIER, CLOCK = 8, 0.5, 0.05
_MOST_ROWS = 3_000


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution where all episodes that last terminate at one timestep, and nothing that is shown tells when."""
    model = readable(evidence)
    if model is None:
        return []
    steps = model.steps
    limit = int(steps.timestep.max()) + 1
    last = steps.timestep == limit - 1
    if limit < 2 or last.sum() < LEAST_ENDS or not steps.terminated[last].all():
        return []
    if steps.truncated[~last].any() or _told_earlier(model, last) < EARLIER or _clock_is_shown(model):
        return []
    return [
        Finding(
            code="time_limit_leak",
            defect="time_limit_leak",
            severity="caution",
            claim=f"all {count(last.sum())} episodes that lasted {count(limit)} timesteps were told as terminated "
            "there, from observations that go on at other times: a time limit that looks like an end of the task",
            evidence={"basis": "measured", "limit": limit, "episodes": int(last.sum())},
            remedy="return truncated, not terminated, at the time limit; or show the time that is left",
        )
    ]


def _told_earlier(model: EmpiricalModel, last: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    """Share of the final timesteps whose cell was left without an end at another time, under the same action."""
    steps = model.steps
    pair = model.state * (int(steps.action.max()) + 1) + steps.action
    went_on = np.unique(pair[~last & ~steps.terminated])
    return float(np.isin(pair[last], went_on).mean())


def _clock_is_shown(model: EmpiricalModel) -> bool:
    """Whether the timestep can be guessed from the observation, or one component tells the final ones apart."""
    steps = model.steps
    last = steps.timestep == steps.timestep.max()
    for column in steps.before.T:
        at_end, before = column[last], column[~last]
        if before.size and (at_end.min() > before.max() or at_end.max() < before.min()):
            return True
    rng = np.random.default_rng(0)
    rows = np.arange(steps.size)
    if rows.size > _MOST_ROWS:
        rows = np.sort(rng.choice(rows, size=_MOST_ROWS, replace=False))
    time: Floats = steps.timestep[rows, None].astype(np.float64)
    left = residuals(steps.before[rows], time, folds_of(steps.episode[rows], rng), rng)
    return bool(left.unexplained[0] <= CLOCK)


DIAGNOSTIC = Diagnostic(
    id="time_limit_leak",
    question="Is a time limit told as a true end of the task?",
    summary="Looks for one timestep at which all episodes terminate, and for a clock in the observation.",
    inspect=inspect,
    group="observation",
    catches=("time_limit_leak",),
    method=Method(
        formula="all steps at the longest episode's last timestep terminate; their cells and actions went on at other "
        "times; the timestep cannot be guessed from the observation",
        source="Pardo et al. 2018, Time limits in reinforcement learning",
        inputs=("model", "timesteps"),
        threshold="eight ends, half of them from pairs that went on elsewhere, 5 % of the timestep's variance left "
        "open. Set by what the words mean; dev half agrees.",
        failure="limits that are drawn anew for every episode; environments that were read as tables",
    ),
    rank=39,
)
