"""What a policy is measured against, and what learns: one file per baseline, found by looking into this folder.

A file holds one constant, `BASELINE = Baseline(id, kind, summary, applies_to, run)`, its id being the file's name.
Installed packages add theirs with the entry point group `scoper.baselines`. Modules that start with an underscore
hold what baselines share.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from scoper.domain.empirical import EmpiricalModel
from scoper.domain.episodes import Episodes
from scoper.domain.mdp import Objective
from scoper.domain.probe import LearningCurve, ProbeEvent, ProbePlan, ReturnSummary
from scoper.domain.tabular import TabularMdp
from scoper.extensions import Broken, in_folder, with_plug_ins

Floats = NDArray[np.float64]
GROUP = "scoper.baselines"
Kind = Literal["floor", "reference", "planner", "learner"]


class Apart(Protocol):
    """What trains seeds of a learner in processes of their own."""

    @property
    def make(self) -> Callable[[], Any]:
        """The function whose environments it makes: a task that makes others is not for it."""

    def train(
        self, algorithm: Any, settings: Any, task: Task, context: Context, *, in_step: bool = False
    ) -> Sequence[Any] | None:
        """What every seed of the context's batch came to, in its order; None when one process would do.

        in_step: the seeds of a process are trained together, else one after the other.
        """


@dataclass(frozen=True)
class Task:
    """The problem as a baseline meets it: a table, a way to make the environment, or both.

    discount: what learners optimise. evaluation_discount and horizon: what every reported return means. `make_env`
    returns a new Gymnasium environment whose episodes end within `horizon` timesteps. `named` holds the owner's own
    policies on the table, (S,) actions each; `rules` are their names where the environment plays them itself, by its
    method `ruled(name)`. `target`: a return its author declared as solved. `objective_reward`:
    (N,) what the owner wants of every transition of the table, higher being better; `terms` gives those of each
    reward term. observation_kind: finite (can be numbered), dense (a deep learner takes it) or other. action_kind:
    discrete (one number), product (of several), continuous (a bounded box) or other. pace: timesteps/s that the
    environment surely makes, a power of four, inf when it is fast: what may decide how much is measured, as
    `steps_per_s` never does. fine_pace: a power of two, finite up to 65,536, for long budgets and for how seeds
    share processes. goal: 95 % of the way from the best floor to a proved ceiling. floor: what the best floor
    surely does not exceed, once floors are measured.
    form: what observations look like to a network: a vector, a picture, a mixture of both, or one with goals beside it
    (`compute_reward` pays for others). masks: it tells of actions that may not be taken. magnitudes: the largest
    absolute value of every vector component, and largest_reward that of a reward, as far as they were measured. apart:
    trains seeds in processes of their own, in environments like those of `make_env`. observed (S,): number of what is
    observed of every state of the table, None where that is the state. objective_came: whether some step so far told
    of the objective.
    """

    name: str
    discount: float
    evaluation_discount: float
    horizon: int | None
    table: TabularMdp | None = None
    make_env: Callable[[], Any] | None = None
    observation_kind: Literal["finite", "dense", "other"] = "other"
    action_kind: Literal["discrete", "product", "continuous", "other"] = "other"
    idle_action: Any = None
    named: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    target: float | None = None
    objective: Objective | None = None
    objective_reward: Floats | None = None
    terms: Callable[[], Mapping[str, Floats]] | None = None
    environment_id: str | None = None
    steps_per_s: float = 0.0
    pace: float = math.inf
    fine_pace: float = math.inf
    goal: float | None = None
    floor: float | None = None
    form: Literal["vector", "picture", "mixed", "goal"] = "vector"
    masks: bool = False
    magnitudes: tuple[float, ...] = ()
    largest_reward: float | None = None
    apart: Apart | None = None
    observed: NDArray[np.int64] | None = None
    objective_came: Callable[[], bool] = lambda: True

    @property
    def is_finite(self) -> bool:
        """Whether states can be told apart one by one: a table learner suffices."""
        if self.table is not None:
            return True
        return self.observation_kind == "finite" and self.action_kind in ("discrete", "product")

    @property
    def is_deep(self) -> bool:
        """Whether it takes a deep learner, and one can be applied."""
        if self.make_env is None or self.is_finite:
            return False
        return self.observation_kind != "other" and self.action_kind != "other"


@dataclass(frozen=True)
class Outcome:
    """What a baseline came to.

    samples (n,): the return of every episode (floors) or of every seed (learners); one number when exact. policy:
    what it does, in words. tried: episodes of the candidates that were compared. steps and seconds: what learning
    took. objective: the owner's number, mean per episode. last: where a checkpoint was chosen, the return of every
    seed's last one on the episodes of `samples`. of_seeds: the returns of each seed's policy on them, where it was
    followed. extra: the optional packages it was made with; None: the baseline's. model: what stepping taught,
    where the policy was planned on it.
    words: `summary.policy` without its interval, for batches of seeds that are added up. planned: timesteps of a seed
    at most. most_seeds: how many seeds the budget buys, None when all that the plan has. capped: the budget buys no
    more timesteps either.
    """

    summary: ReturnSummary
    samples: tuple[float, ...]
    episodes: Episodes | None = None
    tried: Episodes | None = None
    curves: tuple[LearningCurve, ...] = ()
    steps: int = 0
    seconds: float = 0.0
    objective: float | None = None
    note: str = ""
    last: tuple[float, ...] = ()
    of_seeds: tuple[tuple[float, ...], ...] = ()
    extra: str | None = None
    words: str = ""
    planned: int = 0
    most_seeds: int | None = None
    capped: bool = False
    model: EmpiricalModel | None = None


class Context(Protocol):
    """What the probe lends a baseline while it runs."""

    @property
    def plan(self) -> ProbePlan:
        """The plan, for seeds and budget."""

    def emit(self, event: ProbeEvent) -> None:
        """Send an event to whoever watches."""

    def left_s(self) -> float:
        """Seconds until learning should end."""

    def own_work(self) -> AbstractContextManager[None]:
        """A section in which scoper's own code computes and no environment is asked."""

    def seeds(self, purpose: str, n: int) -> Sequence[int]:
        """`n` seeds for one purpose: the same ones for the same plan, others for another purpose."""

    @property
    def batch(self) -> range:
        """The numbers of the seeds that a learner trains now; those before were trained by earlier calls."""

    @property
    def effort(self) -> float:
        """How many times its usual timesteps a learner takes for each seed at most."""

    @property
    def first_seeds(self) -> int:
        """How many seeds the first batch has."""

    @property
    def most_seeds(self) -> int:
        """How many seeds all batches have at most."""

    @property
    def share(self) -> float:
        """The share of the plan's budget that a learner may take."""

    @property
    def memory(self) -> dict[str, Any]:
        """What baselines keep from call to call within one probe, such as the outcome of pilots."""


@dataclass(frozen=True)
class Baseline:
    """One way to act. `run` returns outcomes by name: mostly one, named like the baseline.

    extra: optional packages it takes, for tasks where `needs_extra` says so. fallback: its rank among those that are
    only tried when others have shown nothing, lowest first; 0 for those that are always tried. superfluous: whether
    the outcomes so far leave nothing for it to find.
    """

    id: str
    kind: Kind
    summary: str
    applies_to: Callable[[Task], bool]
    run: Callable[[Task, Context], Mapping[str, Outcome]]
    extra: str | None = None
    fallback: int = 0
    needs_extra: Callable[[Task], bool] = lambda task: True
    superfluous: Callable[[Mapping[str, Outcome]], bool] = lambda outcomes: False


def batch_seeds(context: Context, purpose: str) -> list[int]:
    """Seeds of the present batch for one purpose, in its order."""
    batch = context.batch
    return [int(seed) for seed in context.seeds(purpose, batch.stop)[batch.start :: batch.step]]


def discover() -> tuple[tuple[Baseline, ...], tuple[Broken, ...]]:
    """All baselines in order of id, own ones first, and the plug-ins that are broken."""
    return with_plug_ins(in_folder(__name__, "BASELINE", Baseline), GROUP, Baseline)
