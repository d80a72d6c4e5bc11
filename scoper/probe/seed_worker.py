"""A process that trains some seeds of a learner for a probe: reads one job, sends marks and results, leaves.

It is started by the probe's child and is of its group: it dies with it, its memory is counted with it, and what the
environment prints goes to the same log.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scoper.baselines import Task
from scoper.baselines._marks import Trained
from scoper.baselines._rows import Settings
from scoper.domain.mdp import MdpSpec
from scoper.probe import shelter
from scoper.probe.seed_jobs import (
    SeedDone,
    SeedJob,
    SeedsFailed,
    encode,
    ended,
    settings_from,
    task_of,
)
from scoper.probe.session import Session


def main() -> None:
    """Run the job on stdin; never returns."""
    line = shelter.read_plan()
    pulse = shelter.Pulse()
    channel = shelter.enter_beside(pulse, encode)
    job = SeedJob.model_validate_json(line)
    if not job.in_step:
        with pulse.own_work():
            import stable_baselines3  # noqa: F401 - the slow part, before the environment's clock runs
    channel.emit(measure(job, channel, pulse))
    os._exit(0)


def measure(job: SeedJob, channel: shelter.Channel, pulse: shelter.Pulse) -> Any:
    """The closing message of the job, whatever happens on the way."""
    from scoper.modelling.faults import EnvironmentFault, OutOfTime

    try:
        return _train(job, channel, pulse)
    except EnvironmentFault as fault:
        kept = {name: getattr(fault, name) for name in ("code", "claim", "remedy", "defect", "evidence")}
        return SeedsFailed(why="fault", fault=kept)
    except OutOfTime:
        return SeedsFailed(why="out_of_time")
    except BaseException as error:
        return _failure(job, error)


def _train(job: SeedJob, channel: shelter.Channel, pulse: shelter.Pulse) -> Any:
    from dataclasses import replace

    from scoper.probe.flat import told_flat
    from scoper.probe.seen import Seen
    from scoper.probe.watched import Watched

    started = time.monotonic() - job.spent_s
    session = Session(job.plan, channel.emit, pulse, reserved_s=job.reserved_s, started=started)
    make_raw, seen = _factory(job), Seen()

    def make() -> Any:
        return Watched(make_raw(), pulse, job.limit, session.deadline, seen)

    task, settings = replace(task_of(job), make_env=told_flat(make)[0]), settings_from(job.settings)

    def tell(trained: Trained) -> None:
        marks = trained.marks
        done = SeedDone(
            index=marks.index,
            planned=marks.planned,
            steps=tuple(marks.steps),
            means=tuple(marks.means),
            mean=trained.mean,
            of_last=trained.of_last,
            wanted=trained.wanted,
            taken=trained.steps,
            cut=trained.cut,
            episodes=trained.episodes,
        )
        channel.emit(done)  # type: ignore[arg-type]

    _learn(job, settings, task, session, tell)
    return ended(seen, session.clock.elapsed_s())


def _learn(job: SeedJob, settings: Settings, task: Task, session: Session, tell: Callable[[Trained], None]) -> None:
    """Train the job's seeds with the engine that it names; `tell` hears what each came to."""
    if not job.in_step:
        from scoper.baselines._deep import train_in_turn

        train_in_turn(job.algorithm, settings, task, session, dict(job.seeds), tell)  # type: ignore[arg-type]
        return
    from scoper.baselines._fast_ppo import train_in_step

    numbers = list(job.seeds)
    session.batch = range(numbers[0], numbers[-1] + 1, numbers[1] - numbers[0] if len(numbers) > 1 else 1)
    for trained in train_in_step(settings, task, session):
        tell(trained)


def _factory(job: SeedJob) -> Callable[[], Any]:
    """What makes the environment of the job's plan, as the probe itself makes it."""
    spec = job.plan.spec
    if isinstance(spec, MdpSpec):
        from scoper.modelling.spec_env import spec_env

        return lambda: spec_env(spec)
    from scoper.probe.loading import environment_factory

    return environment_factory(spec, Path(job.plan.spec_dir))


def _failure(job: SeedJob, error: BaseException) -> SeedsFailed:
    import traceback

    from scoper.probe.places import place_of_error

    place = place_of_error(error, Path(job.plan.spec_dir))
    frames = traceback.extract_tb(error.__traceback__)
    asked = any(Path(frame.filename).parts[-2:] == ("probe", "watched.py") for frame in frames)
    foreign = asked or not isinstance(error, Exception)
    return SeedsFailed(
        why="memory" if isinstance(error, MemoryError) else ("environment" if foreign else "learner"),
        error=type(error).__name__,
        message=str(error),
        place=None if place is None else (place.file, place.line, place.function),
    )


if __name__ == "__main__":
    main()
