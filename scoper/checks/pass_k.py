"""pass^k from a pilot of several trials per task: what a user sees who needs it right every time."""

from __future__ import annotations

import numpy as np

from scoper.checks import Check, Given, Input, Param
from scoper.checks._cases import SEED
from scoper.checks._shapes import has_columns
from scoper.domain.checks import Fault, Listing, Outcome, Quantity
from scoper.domain.decision import Basis
from scoper.domain.numbers import count, share
from scoper.domain.records import Records, refuse
from scoper.domain.text import shown
from scoper.errors import InputError, Problem
from scoper.numerics.betting import lower_bound, upper_bound
from scoper.numerics.pass_power import Floats, Ints, fit, unbiased

_YES = frozenset({"1", "yes", "true", "pass", "passed", "ok", "y", "t"})
_NO = frozenset({"0", "no", "false", "fail", "failed", "n", "f"})
_RESAMPLES = 200
_FEW = 20


def counts_of(records: Records) -> tuple[Ints, Ints, tuple[str, ...]]:
    """(passes, trials, tasks): from columns task, passes, trials, or task and passed with a row per trial.

    Raises InputError for other columns and for cells that say neither.
    """
    if "passes" in records.names or "trials" in records.names:
        records.require(["task", "passes", "trials"])
        trials = records.numbers("trials", low=1)
        passes = records.numbers("passes", low=0)
        bad = [
            records.problem(i, "passes", f"{passes[i]:g} passes of {trials[i]:g} trials cannot be")
            for i in range(len(records))
            if passes[i] > trials[i] or passes[i] % 1 or trials[i] % 1
        ]
        refuse(bad, records.source)
        return passes.astype(np.int64), trials.astype(np.int64), records.column("task")
    records.require(["task", "passed"], "columns are task and passed (a row per trial), or task, passes, trials")
    cells = [cell.lower() for cell in records.column("passed")]
    bad = [
        records.problem(i, "passed", f"'{shown(cell, 40)}' is neither yes nor no", "yes, no, 1, 0, true, false")
        for i, cell in enumerate(cells)
        if cell not in _YES | _NO
    ]
    refuse(bad, records.source)
    tasks = tuple(dict.fromkeys(records.column("task")))
    place = {task: i for i, task in enumerate(tasks)}
    codes = np.array([place[task] for task in records.column("task")])
    hits = np.array([cell in _YES for cell in cells])
    return np.bincount(codes, weights=hits).astype(np.int64), np.bincount(codes), tasks


def run(given: Given) -> Outcome:
    """pass^1 and pass^k with intervals, beside what p^k would say."""
    records = given.records("pilot")
    passes, trials, tasks = counts_of(records)
    if passes.size < 2:
        raise InputError(
            Problem("pilot", "one task is no pilot", records.source, remedy="20 tasks at least, 4 trials each")
        )
    k = int(given.number("k"))
    rng = np.random.default_rng(given.values["seed"])
    one = _bounded("pass^1", passes / trials, "The mean rate of the tasks.")
    law = fit(passes, trials)
    naive = (one.value or 0.0) ** k
    if int(trials.min()) >= k:
        words = f"Unbiased from C(passes, {k}) / C(trials, {k}) of {count(passes.size)} tasks"
        whole = _bounded(f"pass^{k}", unbiased(passes, trials, k), f"{words}.")
    else:
        whole = _extrapolated(passes, trials, k, rng)
    quantities = (
        one,
        whole,
        Quantity(
            name=f"p^{k}, had all tasks one rate",
            value=naive,
            unit="share",
            basis="extrapolated",
            words="What multiplying the mean rate gives; at most pass^k on average, as tasks differ in difficulty.",
        ),
        Quantity(
            name="correlation of two trials of one task",
            value=law.correlation,
            basis="measured",
            words=(
                "0: every task as hard as the other. 1: a task passes always or never. "
                "Beta-binomial, greatest likelihood."
            ),
        ),
    )
    target = given.get("target")
    headline = (
        f"All of {k} trials pass in {share(whole.value or 0.0)} of tasks, one trial in {share(one.value or 0.0)}."
    )
    return Outcome(
        headline=headline,
        quantities=quantities,
        listings=(_curve(passes, trials, k), *_hardest(passes, trials, tasks)),
        faults=_faults(whole, target, passes, trials, records),
    )


def _bounded(name: str, values: Floats, words: str) -> Quantity:
    """The mean of values between 0 and 1, one a task, with bounds that hold whatever their law is."""
    low, high = lower_bound(values, 0.0, 0.025), upper_bound(values, 1.0, 0.025)
    how = "The interval covers tasks like these, whatever their law (Waudby-Smith and Ramdas 2024, 95 %)."
    return Quantity(
        name=name,
        value=float(values.mean()),
        low=max(0.0, low),
        high=min(1.0, high),
        unit="share",
        basis="measured",
        words=f"{words} {how}",
    )


def _extrapolated(passes: Ints, trials: Ints, k: int, rng: np.random.Generator) -> Quantity:
    law = fit(passes, trials)
    found = []
    for _ in range(_RESAMPLES):
        rows = rng.integers(passes.size, size=passes.size)
        found.append(fit(passes[rows], trials[rows]).power(k))
    low, high = np.quantile(found, [0.025, 0.975])
    basis: Basis = "extrapolated"
    words = (
        f"No task has {k} trials: extrapolated by a beta law of the tasks' rates (mean {share(law.mean)}, correlation "
        f"{law.correlation:.2f}); the interval resamples tasks (95 %)."
    )
    return Quantity(
        name=f"pass^{k}", value=law.power(k), low=float(low), high=float(high), unit="share", basis=basis, words=words
    )


def _curve(passes: Ints, trials: Ints, k: int) -> Listing:
    law, least = fit(passes, trials), int(trials.min())
    mean = float((passes / trials).mean())
    rows = []
    for j in sorted({1, 2, 3, 4, 5, 8, 16, k}):
        measured = share(float(unbiased(passes, trials, j).mean())) if j <= least else "-"
        rows.append((str(j), measured, share(law.power(j)), share(mean**j)))
    header = ("k", "measured", "beta law", "p^k")
    return Listing(title="Right in all of k trials", header=header, rows=tuple(rows))


def _hardest(passes: Ints, trials: Ints, tasks: tuple[str, ...]) -> tuple[Listing, ...]:
    order = [int(i) for i in np.argsort(passes / trials, kind="stable")[:10] if passes[i] < trials[i]]
    if not order:
        return ()
    rows = tuple((shown(tasks[i], 50), f"{passes[i]} of {trials[i]}") for i in order)
    return (Listing(title="Tasks that fail most", header=("task", "passed"), rows=rows),)


def _faults(whole: Quantity, target: float | None, passes: Ints, trials: Ints, records: Records) -> tuple[Fault, ...]:
    found = []
    if target is not None and (whole.high or 0.0) < target:
        claim = f"{whole.name} is at most {share(whole.high or 0.0)}, below the target {share(target)}"
        found.append(Fault(code="target_missed", severity="blocker", claim=claim))
    elif target is not None and (whole.low or 0.0) < target:
        claim = f"{whole.name} is at least {share(whole.low or 0.0)} only, so the target {share(target)} is not shown"
        remedy = "more tasks narrow the interval, more trials per task do not"
        found.append(Fault(code="not_shown", severity="caution", claim=claim, remedy=remedy))
    if int(trials.min()) < 2:
        claim = "some tasks were tried once only: how trials of one task go together cannot be told from them"
        found.append(Fault(code="single_trials", severity="caution", claim=claim, remedy="4 trials of each task"))
    if passes.size < _FEW:
        claim = f"{passes.size} tasks are few: the interval is about tasks, not trials"
        found.append(Fault(code="few_tasks", severity="caution", claim=claim, source=records.source, line=1))
    return tuple(found)


CHECK = Check(
    id="pass_k",
    technique="llm_orchestration",
    summary="How often a task is solved in all of k trials, from a pilot with several trials per task.",
    question="How often is a task solved in every one of k trials?",
    inputs=(Input("pilot", "records", "a CSV with task and passed (a row per trial), or task, passes, trials"),),
    params=(
        Param("k", "whole", "How many times in a row it has to be right.", 4, low=1, high=10_000),
        Param("target", "share", "What pass^k has to reach."),
        SEED,
    ),
    run=run,
    formula=(
        "For k up to the trials of a task the mean of C(passes, k) / C(trials, k), without bias; "
        "beyond, E[p^k] of a beta "
        "law fitted to the counts: prod (a + i) / (a + b + i), i < k. Not p^k: tasks differ in difficulty."
    ),
    source=(
        "Yao et al. (2024), tau-bench, pass^k; Skellam (1948), beta-binomial; Waudby-Smith and Ramdas (2024), interval"
    ),
    shows_not=(
        "how it goes on other kinds of tasks, or with another model or prompt; beyond the "
        "trials made it is a guess by a law."
    ),
    fits=has_columns(("task", "passed"), ("task", "passes", "trials")),
    example="llm pass-k pilot.csv --k 8 --target 0.9",
)
