"""The probe's protocol: what to do (plan), what happens (events), what came out (result).

Values only. Parent and child share nothing but this module; every event is one JSON line, told apart by `kind`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from scoper.domain.cell import CellMeasured, CellPlan
from scoper.domain.certificates import Certificate, CertificateCheck, EpisodeTrace
from scoper.domain.conduct import Conduct, StateMap
from scoper.domain.decision import Basis
from scoper.domain.doctor import DoctorRow, Examination, ExaminationPlan
from scoper.domain.findings import Finding
from scoper.domain.mdp import EnvironmentSpec, MdpSpec
from scoper.domain.probe_progress import Event, StageProgressed, StopRule
from scoper.domain.probe_statistics import DecisionSummary, ImprovementSummary, ProjectionSummary, WorthSummary
from scoper.domain.probe_summaries import Cost as Cost
from scoper.domain.probe_summaries import GapShare as GapShare
from scoper.domain.probe_summaries import LearningCurve as LearningCurve
from scoper.domain.probe_summaries import MdpSummary as MdpSummary
from scoper.domain.probe_summaries import ObjectiveSummary as ObjectiveSummary
from scoper.domain.probe_summaries import SolutionSummary as SolutionSummary
from scoper.domain.probe_summaries import StepsRange as StepsRange
from scoper.domain.questionnaire import Value
from scoper.domain.repairs import Diagnosis, RepairSummary
from scoper.domain.returns import ReturnSummary as ReturnSummary
from scoper.domain.robustness import RobustnessSummary

Budget = Literal["quick", "standard", "long"]
BUDGET_S: Mapping[str, float] = {"quick": 60.0, "standard": 300.0, "long": 1800.0}
ProbeVerdict = Literal["feasible", "feasible_with_conditions", "not_shown", "infeasible", "reward_defective"]
WORTHLESS: frozenset[ProbeVerdict] = frozenset({"infeasible", "reward_defective"})
"""The verdicts that nothing should be built upon."""
FailureCode = Literal[
    "crash",
    "hang",
    "deadline",
    "memory",
    "cancelled",
    "bad_spec",
    "untrusted",
    "missing_extra",
    "output",
    "internal",
]
STAGES: tuple[str, ...] = ("contract", "solve", "floors", "learn", "diagnose")


class SamplingPlan(Value):
    """What a sampling takes: at most `steps` timesteps of the plan's environment, told in the variables of `against`.

    renames: variable of `against` to the name that the environment gives it.
    """

    steps: int
    against: MdpSpec
    renames: Mapping[str, str] = {}


class ReplayPlan(Value):
    """What is checked again: `certificates`; with `show` also the traces of the reward's best policy are told."""

    certificates: tuple[Certificate, ...] = ()
    show: bool = False


class ProbePlan(Value):
    """Everything the child needs. `spec_text` is the spec file's text, `spec_source` its name for messages.

    `spec` is the same spec as a value: the parent parses, the child never reads a file of its own.
    `budget_s` bounds the whole probe in seconds; `learning_steps` overrides the timesteps per seed when given.
    `silence_s` is how long the child may say nothing before it counts as hanging. With a `sampling` the child measures
    nothing and only tells the timesteps that it took; with an `examination` it only looks for faults; with a
    `cell` it measures that part of a probe alone; with a `replay` it only checks certificates again.
    `repairs` is how many repairs are tried at most, each in a child of its own; `audit_only` leaves learning out.
    """

    spec_text: str
    spec: MdpSpec | EnvironmentSpec
    spec_digest: str = ""
    spec_source: str = "mdp.yaml"
    spec_dir: str = "."
    budget: str = "standard"
    budget_s: float = 300.0
    learning_steps: int | None = None
    seed: int = 0
    n_seeds: int = 3
    trust: bool = False
    silence_s: float = 60.0
    sampling: SamplingPlan | None = None
    examination: ExaminationPlan | None = None
    cell: CellPlan | None = None
    replay: ReplayPlan | None = None
    repairs: int = 0
    audit_only: bool = False


class ProbeResult(Value):
    """The outcome; its JSON without None-only extras is what `scoper probe --json` prints.

    `criterion` says in one sentence which return the numbers are: under the time limit, discounted or undiscounted.
    `doctor` is the table of the environment's contract; empty for specs, whose environments are scoper's own.
    `certificates` show a defective reward by episodes that replay, an infeasible problem by a proof; `traces` are
    episodes of what earns the most reward, for its owner to look at. `behaviour` tells that policy in words and as
    shares of its time, `maps` show the exact optimum over two components, `robustness` what is left of the best
    policy's advantage in a world a little different.
    """

    format: Literal[1] = 1
    spec: Mapping[str, str]
    verdict: ProbeVerdict
    because: str = ""
    criterion: str
    findings: tuple[Finding, ...] = ()
    doctor: tuple[DoctorRow, ...] = ()
    returns: Mapping[str, ReturnSummary] = {}
    gap_share: GapShare | None = None
    decision: DecisionSummary | None = None
    decisions: Mapping[str, DecisionSummary] = {}
    improvement: ImprovementSummary | None = None
    projection: ProjectionSummary | None = None
    worth: WorthSummary | None = None
    objective: ObjectiveSummary | None = None
    cost: Cost | None = None
    solutions: tuple[SolutionSummary, ...] = ()
    curves: tuple[LearningCurve, ...] = ()
    mdp: MdpSummary | None = None
    policy: tuple[tuple[str, str], ...] = ()
    maps: tuple[StateMap, ...] = ()
    behaviour: Conduct | None = None
    robustness: RobustnessSummary | None = None
    certificates: tuple[Certificate, ...] = ()
    traces: tuple[EpisodeTrace, ...] = ()
    basis: Mapping[str, Basis] = {}
    provenance: Mapping[str, Any] = {}
    diagnosis: Diagnosis | None = None
    repairs: tuple[RepairSummary, ...] = ()


class Started(Event):
    """The child is up; nothing heavy is imported yet. What it says of the plan stands for who only sees the events.

    `n_seeds` is the most that a learner takes; zero and empty in events of earlier versions.
    """

    kind: Literal["started"] = "started"
    name: str
    spec_digest: str = ""
    budget: str = ""
    budget_s: float = 0.0
    seed: int = 0
    n_seeds: int = 0


class StageChanged(Event):
    """Work moved to another stage of `STAGES`."""

    kind: Literal["stage"] = "stage"
    stage: str
    detail: str = ""


class ReturnMeasured(Event):
    """A floor, a ceiling or a learner's return is known."""

    kind: Literal["return"] = "return"
    policy: str
    summary: ReturnSummary


class CurvePoint(Event):
    """One evaluation of one seed of a learner; `of_steps` is the planned total.

    `stopped` says why the seed ends here although fewer timesteps than planned were taken; empty otherwise.
    """

    kind: Literal["curve"] = "curve"
    learner: str
    seed: int
    steps: int
    of_steps: int
    mean_return: float
    stopped: str = ""


class FindingRaised(Event):
    """A finding, as soon as it is known."""

    kind: Literal["finding"] = "finding"
    finding: Finding


class Heartbeat(Event):
    """The child is alive; outside every comparison of event streams.

    `progress` grows with the environment's steps and while scoper's own code computes: only a beat that shows growth
    is a sign of life, so a step that hangs is not hidden by the thread that beats. `used_s` is how much of the budget
    is used: seconds without those in the queue of a busy machine; None where no clock runs yet.
    """

    kind: Literal["heartbeat"] = "heartbeat"
    progress: int = 0
    used_s: float | None = None


class Finished(Event):
    """The last event of a probe that came to its end."""

    kind: Literal["finished"] = "finished"
    result: ProbeResult


class Failed(Event):
    """The last event of a probe that could not run or was cancelled.

    `result`, where there is one, has the verdict not_shown and a blocker that names signal, file and line.
    """

    kind: Literal["failed"] = "failed"
    code: FailureCode
    message: str
    log_tail: str = ""
    result: ProbeResult | None = None


class Sampled(Event):
    """Some timesteps of a sampling: `rows` is base64 of little-endian float64 numbers, one row of `columns` each."""

    kind: Literal["sampled"] = "sampled"
    columns: tuple[str, ...]
    rows: str


class Collected(Event):
    """The last event of a sampling. sources: variable to the words that say where it was read; notes: sentences.

    actions: action variable to the numbers that stand for its words, where it alone makes the action.
    in_time: whether all timesteps were taken within the budget. has_masks: whether the environment tells which actions
    may be taken.
    """

    kind: Literal["collected"] = "collected"
    steps: int
    in_time: bool
    has_masks: bool
    sources: Mapping[str, str]
    actions: Mapping[str, str] = {}
    notes: tuple[str, ...] = ()


class Examined(Event):
    """The last event of an examination by the environment doctor."""

    kind: Literal["examined"] = "examined"
    examination: Examination


class Replayed(Event):
    """The last event of a replay: what every certificate came to, and the traces if they were asked for."""

    kind: Literal["replayed"] = "replayed"
    checks: tuple[CertificateCheck, ...] = ()
    traces: tuple[EpisodeTrace, ...] = ()


ProbeEvent = Annotated[
    Started
    | StageChanged
    | StageProgressed
    | StopRule
    | ReturnMeasured
    | CurvePoint
    | FindingRaised
    | Heartbeat
    | Finished
    | Failed
    | Sampled
    | Collected
    | Examined
    | Replayed
    | CellMeasured,
    Field(discriminator="kind"),
]
