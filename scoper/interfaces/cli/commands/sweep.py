"""`scoper sweep SPEC|ENV_ID...`: specs by learners by seeds, cell by cell, here or on a Ray cluster."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoper.domain.probe import ProbePlan
from scoper.domain.sweep import SweepTable
from scoper.errors import InputError, ProbeError, Problem
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options
from scoper.interfaces.cli.targets import consent, spec_of

if TYPE_CHECKING:
    from scoper.services.sweep_engines import Engine
    from scoper.services.sweeping import Opening, Progress, Wishes

PLACE = ("probe", 10)


@click.command(
    "sweep",
    short_help="Specs by learners by seeds, one table, resumable, parallel.",
    epilog="Example: scoper sweep FrozenLake-v1 CliffWalking-v1 --learners q_learning,sarsa --seeds 10 -o sweep",
)
@click.argument("targets", nargs=-1, required=True, metavar="SPEC|ENV_ID...")
@click.option("--learners", metavar="A,B", help="Ids of learners; without it those that a probe tries first.")
@click.option("--seeds", default="8", metavar="N|LIST", help="How many, or which: 5, 0,3,7 or 0-4 (default 8).")
@click.option("--budget", default="standard", help="Of every cell: quick (1 min), standard (5 min), long or SECONDS.")
@click.option("--steps", type=click.IntRange(1), help="Timesteps of learning per seed, instead of the budget's.")
@click.option("--seed", default=0, type=click.IntRange(0, 2**31 - 1), help="Every random number depends on it.")
@click.option("--discount", type=click.FloatRange(0.0, 1.0), default=0.99, help="Discount for ENV_ID (0.99).")
@click.option("-o", "--output", required=True, type=click.Path(), metavar="DIR", help="Folder of the sweep.")
@click.option("--workers", type=click.IntRange(1), help="Cells at a time (default: one a core; with --ray: no limit).")
@click.option("--ray", metavar="auto|ADDRESS", help="Run the cells as tasks of the Ray cluster that this is a node of.")
@click.option("--keep-failed", is_flag=True, help="Do not try failed cells of an earlier run again.")
@common_options
def command(
    common: Common,
    targets: tuple[str, ...],
    learners: str | None,
    seeds: str,
    budget: str,
    steps: int | None,
    seed: int,
    discount: float,
    output: str,
    workers: int | None,
    ray: str | None,
    keep_failed: bool,
) -> int:
    """Measure every learner on every spec with every seed, and compare them in one table.

    Each cell (a spec, a learner, a seed) runs alone in a process of its own with one thread, and is one file in
    DIR/cells. The same command goes on where it was interrupted, and does again what failed. DIR/sweep.md and
    DIR/sweep.json hold the table; they are the same bytes however many workers there were, and wherever they ran.

    A finished cell is used again while its spec, its options and the code stay the same: every file below the code's
    folder that Python can import, and data that the code or the spec names. Which cells are not used, and why, is said
    at the start. Other packages, and modules that sys.path leads to, are not compared: after a change there name
    another DIR.

    A cell that crashes, hangs or takes too much memory costs no other one: it is named in the table, and the exit code
    is 3 (2 where a spec is wrong). On Ray every node needs the same scoper, and the code of an environment of your own
    at the same place.
    """
    from scoper.services import sweeping
    from scoper.services.sweep_engines import over_processes

    wishes = sweeping.Wishes(sweeping.read_learners(learners), sweeping.read_seeds(seeds), retry=not keep_failed)
    plans = _plans(targets, common, budget=budget, seed=seed, steps=steps, discount=discount)
    if ray is not None:
        from scoper.services.sweep_ray import over_ray

        engine = over_ray(ray, workers)
        place = "the Ray cluster"
    else:
        at_once = workers or _cores()
        engine = over_processes(at_once)
        place = "1 worker" if at_once == 1 else f"{at_once} workers"
    table = _swept(plans, wishes, Path(output), engine, place)
    if common.json:
        console.data(json.dumps(table.document(), ensure_ascii=False))
    else:
        from scoper.interfaces.cli._sweep_text import table_text

        console.data(table_text(table, output))
    return _exit_code(table)


def _swept(plans: list[ProbePlan], wishes: Wishes, output: Path, engine: Engine, place: str) -> SweepTable:
    """The table; what is begun, done and, after an interruption, kept is told on the way."""
    from scoper.interfaces.cli._sweep_text import (
        kept_words,
        opening_line,
        progress_line,
        stale_line,
        unfit_line,
        unseen_line,
    )
    from scoper.services import sweeping

    started, finished = time.monotonic(), 0

    def open_(opening: Opening) -> None:
        console.say(opening_line(opening, len(wishes.seeds), place))
        if stale := stale_line(opening.stale):
            console.say(stale)
        for unfit in opening.unfit:
            console.say(unfit_line(unfit))
        for name in opening.unseen:
            console.say(unseen_line(name))

    def talk(progress: Progress) -> None:
        nonlocal finished
        finished += not progress.record.failed
        console.say(progress_line(progress, time.monotonic() - started))

    try:
        return sweeping.sweep(plans, wishes, output, engine, talk, open_)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(kept_words(finished, str(output))) from None


def _exit_code(table: SweepTable) -> int:
    """2 when a spec turned out to be wrong, else 3 when a cell failed, else 0."""
    codes = {cell.code for cell in table.cells if cell.state == "failed"}
    return 2 if "bad_spec" in codes else 3 if codes else 0


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _plans(
    targets: tuple[str, ...], common: Common, *, budget: str, seed: int, steps: int | None, discount: float
) -> list[ProbePlan]:
    """The plans of all targets; the problems of all of them at once, then the consent that is missing."""
    from scoper.services import probing

    plans: list[ProbePlan] = []
    problems: list[Problem] = []
    for target in targets:
        try:
            text, source, folder = spec_of(target, (), discount)
            plan = probing.make_plan(
                text, source, folder, budget=budget, seed=seed, trust=common.trust, learning_steps=steps
            )
        except InputError as error:
            problems += error.problems
        else:
            plans.append(plan)
    if problems:
        raise InputError(problems)
    trusted = [plan.model_copy(update={"trust": common.trust or consent(plan, common)}) for plan in plans]
    if untrusted := [plan for plan in trusted if not plan.trust]:
        raise ProbeError([_untrusted(plan) for plan in untrusted])
    return trusted


def _untrusted(plan: ProbePlan) -> Problem:
    from scoper.services import trust

    remedy = "look at the code, then run again with --trust"
    return Problem("untrusted", trust.needs_consent(plan.spec, Path(plan.spec_dir)), plan.spec_source, remedy=remedy)
