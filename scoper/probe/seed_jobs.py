"""What a probe and the processes that train its seeds tell each other: values only, one line of JSON each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from scoper.baselines import Task
from scoper.baselines._rows import Settings
from scoper.domain.mdp import Objective
from scoper.domain.probe import CurvePoint, Heartbeat, ProbePlan
from scoper.domain.questionnaire import Value
from scoper.probe.protocol import WORDS, OutputFault, line_of
from scoper.probe.seen import Seen

_FACTS: tuple[str, ...] = ("name", "discount", "evaluation_discount", "horizon", "observation_kind", "action_kind")
_FACTS += ("form", "masks", "target", "goal", "floor", "environment_id", "steps_per_s")


class SeedJob(Value):
    """Train `seeds` (number to seed) of a learner in this process, one after the other or `in_step`.

    settings and facts: of the learner and of the task, as plain values. limit: timesteps after which an episode is
    cut. spent_s and reserved_s: seconds of the budget that are over and that are kept for others.
    """

    plan: ProbePlan
    algorithm: str
    seeds: Mapping[int, int]
    in_step: bool = False
    settings: Mapping[str, Any]
    facts: Mapping[str, Any]
    objective: Objective | None
    pace: float | None
    limit: int
    spent_s: float
    reserved_s: float


class SeedDone(Value):
    """What one seed came to; see `_marks.Trained`."""

    kind: Literal["seed"] = "seed"
    seq: int = 0
    t_s: float = 0.0
    index: int
    planned: int
    steps: tuple[int, ...]
    means: tuple[float, ...]
    mean: float
    of_last: float
    wanted: float | None
    taken: int
    cut: bool
    episodes: tuple[float, ...]


class SeedsEnded(Value):
    """All seeds of the process are done; what its environments showed.

    elapsed_s: seconds of the budget that are over now by the process's clock, which leaves out the queue.
    """

    kind: Literal["ended"] = "ended"
    seq: int = 0
    t_s: float = 0.0
    rewards: tuple[float, float] | None
    truncated_at: tuple[int, ...]
    info_keys: tuple[str, ...]
    n_steps: int
    lengths: tuple[int, int] | None
    elapsed_s: float = math.inf


class SeedsFailed(Value):
    """The process stopped: the environment broke its contract, raised, or asked for too much; or the learner cannot."""

    kind: Literal["failed_seed"] = "failed_seed"
    seq: int = 0
    t_s: float = 0.0
    why: Literal["fault", "out_of_time", "memory", "environment", "learner"]
    error: str = ""
    message: str = ""
    place: tuple[str, int, str] | None = None
    fault: Mapping[str, Any] = {}


Message = Annotated[CurvePoint | Heartbeat | SeedDone | SeedsEnded | SeedsFailed, Field(discriminator="kind")]
_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message, config=WORDS)


def encode(message: Message) -> bytes:
    """The message as one line."""
    return line_of(_MESSAGE, message)


def decode(line: bytes) -> Message:
    """The message on `line`; raises OutputFault when there is none."""
    try:
        return _MESSAGE.validate_json(line)
    except ValidationError as error:
        raise OutputFault(f"a line that is no message ({error.errors(include_url=False)[0]['msg']})") from None


def facts_of(task: Task) -> dict[str, Any]:
    """What of a task a seed's process must know beside its environment."""
    return {name: getattr(task, name) for name in _FACTS}


def task_of(job: SeedJob) -> Task:
    """The task of a job, without its environment."""
    return Task(**job.facts, objective=job.objective, pace=math.inf if job.pace is None else job.pace)


def settings_as_dict(settings: Settings) -> dict[str, Any]:
    """Settings as plain values."""
    return asdict(settings)


def settings_from(values: Mapping[str, Any]) -> Settings:
    """What `settings_as_dict` gave, after a trip through JSON."""
    known = {field.name for field in fields(Settings)}
    given: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in values.items() if n in known}
    return Settings(**given)


def ended(seen: Seen, elapsed_s: float = math.inf) -> SeedsEnded:
    """What environments showed, as a message."""
    return SeedsEnded(
        rewards=None if seen.reward_low > seen.reward_high else (seen.reward_low, seen.reward_high),
        truncated_at=tuple(sorted(seen.truncated_at)),
        info_keys=tuple(sorted(seen.info_keys)),
        n_steps=seen.n_steps,
        lengths=seen.lengths,
        elapsed_s=elapsed_s,
    )


def take_in(seen: Seen, told: SeedsEnded) -> None:
    """Add what a process saw to what the probe saw."""
    if told.rewards is not None:
        seen.reward_low, seen.reward_high = (
            min(seen.reward_low, told.rewards[0]),
            max(seen.reward_high, told.rewards[1]),
        )
    seen.truncated_at |= set(told.truncated_at)
    seen.info(dict.fromkeys(told.info_keys))
    seen.n_steps += told.n_steps
    for length in told.lengths or ():
        seen.ended(length)
