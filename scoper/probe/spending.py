"""How a probe spends seeds and timesteps: looks, rungs, error rates, and what comes next after every batch.

The first learner gets two thirds of a probe's error, every later one two thirds of what is left, so that all together
keep it. On each rung of timesteps an equal part is left for "better"; a later rung trains the seeds anew with more
timesteps, since published schedules are made for their end. Two rules share each part: nothing assumed but the limits
of a return ("bounded", decides on the mean), and nothing assumed at all ("typical", decides on the median). Where the
budget buys too few seeds for the latter, Student's test takes its place and the result names its assumption. Rungs and
looks follow from the plan and the class of speed alone (simulated in tests/benchmarks/whole_probes.py); how many seeds
and timesteps a later rung buys may follow from the returns below it, as each rung has its own part of the error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoper.baselines import Outcome, Task
from scoper.domain.probe import ProbePlan
from scoper.domain.probe_statistics import DecisionSummary
from scoper.numerics.looks import sign_boundaries
from scoper.numerics.needed import seeds_to_decide, smallest_visible_gain
from scoper.numerics.spending import Ladder, Move, next_move
from scoper.numerics.stopping import Bar, Law, Rule, exact_bar, highest_bar, measured_bar

ERROR = 0.05
"""Greatest probability that a probe calls a learner better than the floors though it is not, and the reverse."""
_FLOORS_PART = 0.1  # of the error, for the floors' own returns
_BOUNDED_PART = 0.45  # of the rest, for the rule that needs limits only
_FIRST_PART = 2.0 / 3.0  # of the error for the learner that is tried first, and of what is left for each one after it
_LOOKS: Mapping[str, tuple[int, ...]] = {"quick": (3, 4, 6), "standard": (3, 5, 7, 9), "long": (3, 5, 8, 10, 13)}
_EFFORTS: Mapping[str, tuple[float, ...]] = {"quick": (0.4,), "standard": (0.4, 1.0), "long": (0.4, 1.0, 5.0)}
_STANDARD_S = 300.0
MARGIN = 0.1
"""Share of the way from the best floor to a known ceiling that counts as a gain that matters."""


def named_budget(plan: ProbePlan) -> str:
    """The named budget that a plan's seconds come nearest to from below; quick at least."""
    if plan.budget in _LOOKS:
        return plan.budget
    return "quick" if plan.budget_s < _STANDARD_S else "standard" if plan.budget_s < 6 * _STANDARD_S else "long"


def looks_of(plan: ProbePlan, place: int = 0, n_rungs: int = 1) -> tuple[int, ...]:
    """Numbers of seeds at which is decided, for the learner that is tried in this place.

    The last one grows until seeds that are all above the floors decide whatever their law: 1/2^n is the chance of n
    seeds above their median.
    """
    looks = _LOOKS[named_budget(plan)]
    part = (1.0 - _BOUNDED_PART) * (1.0 - _FLOORS_PART) * error_of(place) / n_rungs
    return (*looks[:-1], max(looks[-1], math.ceil(-math.log2(part))))


def efforts_of(plan: ProbePlan, *, has_table: bool, longer: float = 1.0) -> tuple[float, ...]:
    """How many times a learner's usual timesteps each rung has; one rung where the plan says how many.

    Learning on a table is cheap: its rungs begin with the usual timesteps, and go on with `longer` times as many.
    """
    if plan.learning_steps is not None:
        return (1.0,)
    known = _EFFORTS[named_budget(plan)]
    if plan.budget not in _LOOKS:
        own = plan.budget_s / _STANDARD_S
        known = (*(effort for effort in known if effort <= 0.5 * own), own)
    if has_table:
        beyond = (longer,) if longer > 1.0 else ()
        return (1.0, *beyond, *(effort for effort in known if effort > max(1.0, longer)))
    return known


def efforts_on(plan: ProbePlan, task: Task, place: int = 0) -> tuple[float, ...]:
    """`efforts_of` a task, with more timesteps for the first learner on a large table."""
    if task.table is None or place:
        return efforts_of(plan, has_table=task.table is not None)
    from scoper.numerics.learning.standard import longer

    return efforts_of(plan, has_table=True, longer=longer(task.table))


def error_of(place: int) -> float:
    """The error of the learner that is tried in this place, from 0."""
    return ERROR * _FIRST_PART * (1.0 - _FIRST_PART) ** place


def rules_for(looks: tuple[int, ...], error: float, n_rungs: int, low: float, high: float) -> tuple[Rule, ...]:
    """The rules that share `error`: bounded, and typical, or normal where no look has seeds enough for typical."""
    left = error * (1.0 - _FLOORS_PART) / n_rungs
    enough = sign_boundaries(looks, left * (1.0 - _BOUNDED_PART))
    can = any(least <= n for least, n in zip(enough, looks, strict=True))
    other: Law = "typical" if can else "normal"
    bounded = Rule("bounded", error * _BOUNDED_PART, looks, low, high)
    return bounded, Rule(other, error * (1.0 - _BOUNDED_PART), looks)


def bar_of(floors: Mapping[str, Outcome], error: float, highest: float) -> Bar:
    """The best of the floors; exact ones have no error of their own. `highest`: the best return seen of any policy.

    A sampled floor's mean is bounded by betting: no episode of it returns less than its worst one so far or more than
    `highest`. Ten failures in a row so leave open what they leave open.
    """
    sampled = [name for name, floor in floors.items() if len(floor.samples) > 1]
    bars = []
    for name, floor in floors.items():
        if name in sampled:
            own = error * _FLOORS_PART / len(sampled)
            top = max(highest, *floor.samples)
            bars.append(measured_bar(floor.samples, own, min(floor.samples), top))
        else:
            bars.append(exact_bar(floor.summary.mean))
    return highest_bar(bars)


@dataclass(frozen=True)
class Spender:
    """Judges one learner of a probe: its looks and efforts, its error, the floors, what is known of a return's limits.

    margin: the gain that matters; None where no ceiling is known. needs_hint: more timesteps are only for a learner of
    which a seed was above the floors, as on tables, where the first rung is a whole schedule.
    """

    looks: tuple[int, ...]
    efforts: tuple[float, ...]
    error: float
    floors: Mapping[str, Outcome]
    low: float = -math.inf
    high: float = math.inf
    margin: float | None = None
    needs_hint: bool = False

    def judge(self, rungs: Sequence[Outcome]) -> Move:
        """What to do next, with the outcomes of the rungs that were reached, in order; all of its batches added up."""
        ladder, last = self._ladder(rungs), rungs[-1]
        may_rise = not last.capped and len(rungs) < len(ladder.rungs)
        may_rise = may_rise and (not self.needs_hint or max(last.samples) > self._bar(rungs).value)
        samples = [rung.samples for rung in rungs]
        move = next_move(ladder, samples, self._bar(rungs), margin=self.margin, may_rise=may_rise)
        if move.action != "more_seeds" or last.most_seeds is None or move.n_seeds <= last.most_seeds:
            return move
        if may_rise:
            return replace(move, action="more_timesteps", rung=len(rungs), why="the budget buys no more seeds here")
        return replace(move, action="stop", n_seeds=len(last.samples), why="the budget buys no more seeds")

    def _ladder(self, rungs: Sequence[Outcome]) -> Ladder:
        """Looks and number of rungs as the first rung's class of speed says, which no return can change."""
        most = rungs[0].most_seeds
        looks = tuple(n for n in self.looks if most is None or n <= most) or self.looks[:1]
        n_rungs = 1 if rungs[0].capped else len(self.efforts)
        seen = [value for rung in rungs for value in rung.samples]
        first, *others = rules_for(looks, self.error, n_rungs, min(self.low, *seen), max(self.high, *seen))
        return Ladder(tuple(range(1, n_rungs + 1)), first, tuple(others))

    def _bar(self, rungs: Sequence[Outcome]) -> Bar:
        return bar_of(self.floors, self.error, max(value for rung in rungs for value in rung.samples))

    def summary(self, learner: str, move: Move, rungs: Sequence[Outcome]) -> DecisionSummary:
        """The last move in words and numbers; of a rung that is still to come, what is known below it."""
        ladder, found, decided = self._ladder(rungs), move.decision, rungs[min(move.rung, len(rungs) - 1)]
        is_open = found.outcome != "better"
        bar = replace(found.bar, error=0.0)  # plans are extrapolations: they leave out how badly the floor is known
        like = Rule("normal", ladder.on_each[-1].error, ladder.rule.looks)
        excluded = smallest_visible_gain(decided.samples, bar, like) if is_open else math.inf
        needed = (seeds_to_decide(decided.samples, bar, rule, "better") for rule in ladder.on_each) if is_open else ()
        return DecisionSummary(
            outcome=found.outcome,
            learner=learner,
            floor=max(self.floors, key=lambda name: self.floors[name].summary.mean),
            claim="median" if found.law == "typical" else "mean",
            law=found.law,
            estimate=found.estimate,
            low=found.low,
            high=found.high,
            bar=found.bar.value,
            bar_high=found.bar.high,
            n_seeds=found.n_seeds,
            looks=ladder.rule.looks,
            steps=decided.planned,
            error=ERROR,
            assumed=found.assumed,
            margin=found.margin,
            saved=self.saved(rungs),
            needed=min((n for n in needed if n is not None), default=None),
            excluded=excluded if math.isfinite(excluded) else None,
            why=move.why,
        )

    def saved(self, rungs: Sequence[Outcome]) -> float:
        """Share of the plan's timesteps that were not taken, all seeds on the highest rung being the whole."""
        last = rungs[-1]
        if not last.planned:
            return 0.0
        top = last.planned if last.capped else last.planned * self.efforts[-1] / self.efforts[len(rungs) - 1]
        whole = max(self.looks[-1], len(last.samples)) * top
        return float(np.clip(1.0 - sum(rung.steps for rung in rungs) / whole, 0.0, 1.0))
