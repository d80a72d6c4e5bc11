"""Where the owner says that more (or less) of something is better: does more reward go with it?

Three signs. Over policies: what earns the most reward has nearly the worst of it, what earns the least has more. Within
a state and action: the reward is the lower, the more of it chance brought. By its make: the reward consists of nothing
but what the owner speaks of, each with the wrong sign; or one of its terms does, which counts beside the first sign
only. Trade-offs may show one of the first two; the third leaves no room for any.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._signs import signs_of, variance
from scoper.diagnostics._terms import per_transition
from scoper.diagnostics._world import World
from scoper.domain.findings import Finding
from scoper.domain.numbers import number, settled
from scoper.domain.tabular import Floats, Ints
from scoper.domain.wanted import Statement

OPPOSED, NEAR_WORST, MANY, MADE_OF = -0.5, 0.25, 30, 0.98
_PREFIXES = ("", "reward_terms.", "state.")


@dataclass(frozen=True)
class _Seen:
    """of_best, of_random, low, high: totals of what is counted, of rungs. ladder, within: correlations, or nan."""

    of_best: float
    of_random: float
    low: float
    high: float
    ladder: float
    within: float


@dataclass(frozen=True)
class _Made:
    """whole: the reward is made of what statements call worse. term_of: statement to the reward term that is."""

    whole: bool = False
    term_of: Mapping[str, str] = field(default_factory=dict)


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A finding per statement: a blocker where policies and another sign oppose, a caution where one does."""
    made = _made_against(evidence)
    return [found for said in evidence.wanted.monotone for found in _of(evidence, said, made)]


def _of(evidence: Evidence, statement: Statement, made: _Made) -> Iterator[Finding]:
    world = evidence.audit.world
    seen = None if world is None else _seen(evidence, world, statement)
    if seen is None:
        yield Finding(
            code="statement_not_tested",
            severity="caution",
            claim=f"'{statement.direction} of {statement.of} is better' was not tested: nothing here counts it",
            remedy="name a variable or reward term of the spec, or a number that step's info holds",
        )
        return
    sign = 1.0 if statement.direction == "more" else -1.0
    scale = max(abs(seen.low), abs(seen.high))  # what all policies have alike differs by the rounding of their sums
    span = settled(seen.high - seen.low, scale)
    place = 0.5 if span <= 0.0 else (seen.of_best - seen.low) / span
    place = place if sign > 0 else 1.0 - place
    worse = sign * settled(seen.of_best - seen.of_random, scale) < -1e-9 * max(span, 1e-12)
    ladder = worse and place <= NEAR_WORST and sign * seen.ladder <= OPPOSED
    within = not math.isnan(seen.within) and sign * seen.within <= OPPOSED
    term = made.term_of.get(statement.of, "") if ladder else ""
    yield _finding(statement, seen, worse=worse, ladder=ladder, within=within, made=made.whole, term=term)


def _finding(
    statement: Statement, seen: _Seen, *, worse: bool, ladder: bool, within: bool, made: bool, term: str
) -> Finding:
    said = f"{statement.direction} of {statement.of} is said to be better"
    best, random = number(seen.of_best), number(seen.of_random)
    over = f"what earns the most reward comes to {best} of it, random actions to {random}"
    numbers = {"of_best": seen.of_best, "of_random": seen.of_random}
    numbers |= {k: v for k, v in (("ladder", seen.ladder), ("within", seen.within)) if not math.isnan(v)}
    if not (ladder or within or made):
        if worse:
            claim = f"{said}; {over}: worse than by chance, which may be the price of something else and is no proof"
            return Finding(code="statement_left_open", severity="info", claim=claim, evidence=numbers)
        claim = f"{said}, and the reward does not oppose it: {over}"
        return Finding(code="statement_agrees", severity="info", claim=claim, evidence=numbers)
    signs = [f"over the policies ({over})"] if ladder else []
    signs += ["within the same state and action"] if within else []
    signs += ["timestep by timestep, being made of nothing but what is said to be worse"] if made else []
    signs += [f"in its term {term}, made of nothing but what is said to be worse"] if term and not made else []
    both = ladder and bool(within or made or term)
    return Finding(
        code="statement_opposed",
        defect="sign_flip",
        severity="blocker" if both else "caution",
        claim=f"{said}, but the reward goes against it {' and '.join(signs)}",
        evidence=numbers,
        remedy=f"turn the sign round with which the reward counts {statement.of}, or what depends on it",
    )


def _seen(evidence: Evidence, world: World, statement: Statement) -> _Seen | None:
    columns = _amounts(evidence, statement.of)
    if columns is None:
        return None
    amounts, groups, rewards, counted, weight = columns
    rungs = [rung for rung in evidence.audit.rungs.values() if rung.does is not None]
    best = evidence.audit.best
    best = (
        best if best is not None and best.does is not None else max(rungs, key=lambda rung: rung.reward, default=None)
    )
    random = next((rung for rung in rungs if rung.name == "random"), None)
    if best is None or best.does is None or random is None or random.does is None:
        return None
    totals = np.array([rung.does.total(amounts) for rung in rungs if rung.does is not None])
    pays = np.array([rung.does.total(world.table.reward) for rung in rungs if rung.does is not None])
    within = _within(groups, rewards, counted, weight)
    lengths = float(totals.min()), float(totals.max())
    return _Seen(best.does.total(amounts), random.does.total(amounts), *lengths, _ranks(totals, pays), within)


def _amounts(evidence: Evidence, name: str) -> tuple[Floats, Ints, Floats, Floats, Floats] | None:
    """(N,) per transition; then per observation its pair, reward, amount and weight."""
    table, counted = evidence.table or evidence.approximate, evidence.counted.get(name)
    if table is not None:
        if counted is None:
            return None
        return counted, table.pair_of_transition, table.reward, counted, table.probability
    model = evidence.model
    if model is None:
        return None
    column = next((model.steps.told[key + name] for key in _PREFIXES if key + name in model.steps.told), None)
    if column is None:
        return None
    amounts = np.nan_to_num(column)
    pairs = model.state * model.table.n_actions + model.steps.action
    return per_transition(model, amounts), pairs, model.steps.reward, amounts, np.ones(amounts.size)


def _made_against(evidence: Evidence) -> _Made:
    """Whether the reward, or which of its terms, is a constant plus weights times what the statements count."""
    world, statements = evidence.audit.world, evidence.wanted.monotone
    found = [_amounts(evidence, statement.of) for statement in statements]
    columns = [column for column in found if column is not None]
    if world is None or not columns or len(columns) < len(found):
        return _Made()
    _, pairs, reward, _, weight = columns[0]
    if world.table.reward.size == pairs.size:  # of arrays: what the audit's policies meet
        signs = signs_of(evidence)
        weight = weight if signs is None else signs.mix
    toward = np.array([1.0 if statement.direction == "more" else -1.0 for statement in statements])
    counted = np.column_stack([column[3] for column in columns])
    if not (counted.std(axis=0) > 0.0).all():
        return _Made()
    if all(weights < 0.0 for weights in _weights(reward, counted, toward, weight)):
        return _Made(whole=True)
    term_of: dict[str, str] = {}
    for name, term in world.terms.items() if len(world.terms) > 1 else ():
        if term.size == pairs.size:
            weights = _weights(term, counted, toward, weight)
            if max(weights) <= 0.0:
                term_of |= {said.of: name for said, part in zip(statements, weights, strict=True) if part < 0.0}
    return _Made(term_of=term_of)


def _weights(paid: Floats, counted: Floats, toward: Floats, weight: Floats) -> list[float]:
    """What `paid` (N,) gives for each of `counted` (N, k) in its owner's direction, in standard deviations of it.

    Nothing counts that is below a billionth of the largest; infinite ones where more than these make up what is paid.
    """
    spread, root = counted.std(axis=0), np.sqrt(weight)
    design = np.column_stack([counted / spread, np.ones(paid.size)])
    weights, *_ = np.linalg.lstsq(design * root[:, None], paid * root, rcond=None)
    total = variance(paid, weight)
    explained = 1.0 - variance(paid - design @ weights, weight) / total if total > 0.0 else 0.0
    if explained < MADE_OF:
        return [math.inf] * len(toward)
    parts = toward * weights[:-1]
    return [float(part) for part in np.where(np.abs(parts) > 1e-9 * np.abs(parts).max(), parts, 0.0)]


def _within(groups: Ints, rewards: Floats, counted: Floats, weight: Floats) -> float:
    """Correlation of reward and amount around their means by state and action; nan where hardly any of them vary."""
    size = int(groups.max(initial=0)) + 1
    mass = np.maximum(np.bincount(groups, weights=weight, minlength=size), 1e-300)
    parts = []
    for values in (rewards, counted):
        mean = np.bincount(groups, weights=weight * values, minlength=size) / mass
        parts.append(values - mean[groups])
    moving = np.abs(parts[1]) > 1e-9 * max(float(np.ptp(counted)), 1e-300)
    if int((moving & (weight > 0.0)).sum()) < MANY:
        return math.nan
    sizes = [float(weight @ part**2) for part in parts]
    if min(sizes) <= 0.0:
        return math.nan
    return float(weight @ (parts[0] * parts[1])) / math.sqrt(sizes[0] * sizes[1])


def _ranks(one: Floats, other: Floats) -> float:
    """Spearman's rank correlation; nan where either is the same throughout."""
    first, second = (np.unique(values, return_inverse=True)[1].astype(np.float64) for values in (one, other))
    if np.ptp(first) == 0.0 or np.ptp(second) == 0.0:
        return math.nan
    return float(np.corrcoef(first, second)[0, 1])


DIAGNOSTIC = Diagnostic(
    id="objective_monotone",
    question="Does more reward go with more of what its owner says is good?",
    summary="Holds statements such as 'more of k is better' against policies and against timesteps that are alike.",
    inspect=inspect,
    group="optimum",
    catches=("sign_flip",),
    method=Method(
        formula="rank correlation of total reward and total of k over the audit's policies; correlation of both within "
        "state and action; weighted regression of the reward on what all statements count",
        source="sanity checks of rewards: Knox et al. 2023, section 5; own",
        inputs=("arrays", "model", "objective"),
        threshold="both at most -0.5, the best policy in the worst quarter and worse than chance: a blocker, and so "
        "the first with R² of at least 0.98 of the reward or a term and every weight against its statement; one of "
        "them: a caution. "
        "Conventional values, not calibrated.",
        failure="a rightful trade-off looks like one of the two signs",
    ),
    rank=60,
)
