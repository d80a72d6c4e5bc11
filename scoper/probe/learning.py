"""The learning stage: one learner after the other, each in batches of seeds and rungs of timesteps until decided.

Whether another learner is tried follows from what was decided, and how many at most from the plan; the clock only ends
what takes far longer than its nominal speed says, and is named where it does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from scoper.baselines import Baseline, Outcome
from scoper.baselines._effort import NEXT_RUNG
from scoper.baselines._rollout import joined_batches
from scoper.diagnostics import Evidence
from scoper.diagnostics.learner_beats_floors import floors_to_beat
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number, share
from scoper.numerics.spending import Move
from scoper.probe.prepare import Prepared
from scoper.probe.progress import Progress, run_baseline
from scoper.probe.session import Session, learning_ends
from scoper.probe.spending import ERROR, MARGIN, Spender, bar_of, efforts_on, error_of, looks_of, named_budget

_FIRST_SHARE, _SHARE_BEFORE_OTHERS, _OTHERS_SHARE, _PROMISING_SHARE = 0.6, 0.4, 0.25, 0.7
_PROMISING = 0.5
"""Share of the seeds above the floors from which a long budget is better spent on this learner than kept for others."""
_RESERVE = 0.35
_WORTH_BEGINNING = 0.5
"""Of its share of the budget: with less left another learner would only be cut."""
_MOST_OTHERS: Mapping[str, int] = {"quick": 1, "standard": 2, "long": 4}
_CLOSE = 0.95


def with_bars(prepared: Prepared, progress: Progress, optimal: float | None) -> Prepared:
    """`prepared` with a task that knows what the floors return at most, and when a proved ceiling is nearly reached."""
    floors = floors_of(progress, optimal)
    if not floors:
        return prepared
    bar = bar_of(floors, ERROR, max(max(floor.samples) for floor in floors.values()))
    reach = 0.0 if optimal is None else optimal - bar.value
    goal = bar.value + _CLOSE * reach if optimal is not None and reach > 1e-9 * max(1.0, abs(optimal)) else None
    return replace(prepared, task=replace(prepared.task, floor=bar.high, goal=goal))


def floors_of(progress: Progress, optimal: float | None) -> dict[str, Outcome]:
    """The floors that a learner is measured against."""
    returns = {name: outcome.summary for name, outcome in progress.outcomes.items()}
    return {name: progress.outcomes[name] for name in floors_to_beat(Evidence(returns=returns, optimal=optimal))}


def learn(
    session: Session,
    prepared: Prepared,
    learners: list[Baseline],
    progress: Progress,
    optimal: float | None,
    is_hopeless: Callable[[], bool],
) -> None:
    """Every learner that applies; a fallback only when the others have shown nothing and another one still may."""
    from scoper.baselines._deep import lacks_extra

    missing = [b.id for b in learners if lacks_extra(b, prepared.task)]
    fallbacks = sorted((b for b in learners if b.fallback), key=lambda b: b.fallback)
    able = [b for b in learners if not b.fallback and b.id not in missing]
    if unable := [b.id for b in learners if not b.fallback and b.id in missing]:
        session.found(_missing_extra(unable, "deep", any_learns=bool(able)))
    has_others = any(b.id not in missing for b in fallbacks)
    for place, baseline in enumerate(able):
        session.share = (_SHARE_BEFORE_OTHERS if has_others else _FIRST_SHARE) / len(able)
        session.reserved_s = _RESERVE * max(session.left_s(), 0.0) if has_others else 0.0
        _spend(session, prepared, baseline, progress, optimal, place)
    session.reserved_s = 0.0
    most = len(fallbacks) if prepared.task.table is not None else _MOST_OTHERS[named_budget(session.plan)]
    session.share, tried = _OTHERS_SHARE, 0
    for baseline in fallbacks:
        if progress.is_decided or tried >= most or is_hopeless():
            return
        if baseline.id in missing:
            session.found(_missing_extra([baseline.id], baseline.extra or "", any_learns=bool(able)))
        elif session.left_s() <= _WORTH_BEGINNING * session.share * session.plan.budget_s:
            progress.notes.append(f"{baseline.id} was not tried: the time for learning was over")
            return
        else:
            _spend(session, prepared, baseline, progress, optimal, len(able) + tried)
            tried += 1


def _spend(
    session: Session, prepared: Prepared, baseline: Baseline, progress: Progress, optimal: float | None, place: int
) -> None:
    """Run one learner batch by batch and rung by rung, until it is decided or all that the plan has is spent."""
    efforts = efforts_on(session.plan, prepared.task, place)
    looks = looks_of(session.plan, place, len(efforts))
    session.first_seeds, session.most_seeds = looks[0], looks[-1]
    session.stops("learn", _ends(baseline.id, looks, error_of(place)), *learning_ends(session.plan, None)[1:])
    floors, batch = floors_of(progress, optimal), range(looks[0])
    rungs: list[Outcome] = []
    while True:
        session.batch, session.effort = batch, efforts[max(0, len(rungs) - (batch.start > 0))]
        found = run_baseline(session, prepared, baseline)
        if len(found) != 1 or len(next(iter(found.values())).samples) != len(batch) or not floors:
            progress.keep(session, prepared, baseline, found)  # of a plug-in that knows no batches
            _judge_whole(session, prepared, progress, found, floors, optimal, place)
            return
        name, outcome = next(iter(found.items()))
        rungs = [*rungs[:-1], joined_batches(rungs[-1], outcome)] if batch.start else [*rungs, outcome]
        if place == 0 and _is_promising(session, rungs[-1], floors):
            rungs[-1] = _with_more_of_the_budget(session, rungs, looks[0])
        progress.keep(session, prepared, baseline, {name: rungs[-1]})
        margin = _margin(progress, floors, optimal)
        has_table = prepared.task.table is not None
        spender = Spender(looks, efforts, error_of(place), floors, *_limits(progress), margin, has_table)
        move = spender.judge(rungs)
        if move.action != "stop" and (outcome.note or session.left_s() <= 0.0):
            move = replace(move, action="stop", rung=len(rungs) - 1, n_seeds=len(rungs[-1].samples), why=_CLOCK)
            progress.notes.append(f"the clock ended {name} after {len(rungs[-1].samples)} seeds, before it was decided")
        progress.decisions[name] = spender.summary(name, move, rungs)
        if move.action != "stop":
            session.stops("learn", _said(name, move), *learning_ends(session.plan, None)[1:])
        if move.action == "stop":
            if move.rung < len(rungs) - 1:  # the rung that decided is the one that is reported
                progress.keep(session, prepared, baseline, {name: rungs[move.rung]})
            return
        batch = range(len(rungs[-1].samples), move.n_seeds) if move.action == "more_seeds" else range(looks[0])


_CLOCK = "the time for learning was over"


def _is_promising(session: Session, outcome: Outcome, floors: Mapping[str, Outcome]) -> bool:
    """Whether, in a long budget, half of the seeds are surely above the best floor, or all of them above its mean."""
    if named_budget(session.plan) != "long":
        return False
    bar, seeds = bar_of(floors, ERROR, max(outcome.samples)), outcome.samples
    return sum(value > bar.high for value in seeds) >= _PROMISING * len(seeds) or min(seeds) > bar.value


def _with_more_of_the_budget(session: Session, rungs: Sequence[Outcome], first: int) -> Outcome:
    """The last rung with what the larger share buys of it, nothing being kept back for other learners.

    A first rung that was limited stays as it is: what it may become decides how the error is shared. So does one whose
    timesteps were cut, as all seeds of a rung take the same.
    """
    outcome, more = rungs[-1], _PROMISING_SHARE / session.share
    if more <= 1.0 or (outcome.most_seeds is not None and (len(rungs) == 1 or outcome.most_seeds <= first)):
        return outcome
    session.share, session.reserved_s = _PROMISING_SHARE, 0.0
    if outcome.most_seeds is None:
        return outcome
    most = more * outcome.most_seeds
    return replace(outcome, capped=outcome.capped and most < NEXT_RUNG * first, most_seeds=int(most))


def _judge_whole(
    session: Session,
    prepared: Prepared,
    progress: Progress,
    found: Mapping[str, Outcome],
    floors: Mapping[str, Outcome],
    optimal: float | None,
    place: int,
) -> None:
    """Decide on learners that train all their seeds at once."""
    for name, outcome in found.items():
        if not floors:
            return
        error, n = error_of(place) / len(found), len(outcome.samples)
        spender = Spender((n,), (1.0,), error, floors, *_limits(progress), _margin(progress, floors, optimal))
        if n < 2:
            continue
        progress.decisions[name] = spender.summary(name, spender.judge([outcome]), [outcome])


def _limits(progress: Progress) -> tuple[float, float]:
    return progress.limits.low, progress.limits.high


def _margin(progress: Progress, floors: Mapping[str, Outcome], optimal: float | None) -> float | None:
    """The gain that matters: a tenth of the way from the best floor to the best that is known to be possible."""
    planned = [progress.outcomes[name].summary.low for name in progress.planners]
    ceiling = optimal if optimal is not None else max(planned, default=None)
    reach = 0.0 if ceiling is None else ceiling - max(floor.summary.mean for floor in floors.values())
    return MARGIN * reach if reach > 0.0 else None


def _ends(name: str, looks: Sequence[int], error: float) -> str:
    """What ends a learner before anything is known of it."""
    numbers = [count(n) for n in looks]
    seeds = numbers[-1] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} or {numbers[-1]}"
    return f"{seeds} seeds of {name} decide at {share(error)} error"


def _said(name: str, move: Move) -> str:
    """What ends learning next, in words."""
    if move.action == "more_seeds":
        return f"{name} is decided, or has taken {count(move.n_seeds)} seeds ({move.why})"
    return f"{name} is decided with more timesteps ({move.why}, at {number(move.decision.estimate)} so far)"


def _missing_extra(ids: list[str], extra: str, *, any_learns: bool) -> Finding:
    rest = "so only the other learners were tried" if any_learns else "so nothing was learned here"
    return Finding(
        code="missing_extra",
        severity="caution",
        claim=f"{', '.join(ids)} cannot run without the extra '{extra}', {rest}",
        remedy=f"pip install 'problem-scoper[{extra}]'",
    )
