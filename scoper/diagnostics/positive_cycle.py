"""Can the same be earned again and again, instead of getting done?

What earns the most goes round a short loop in which some timesteps pay and others do not: what was paid for is undone
and paid again. Going round may be the task (a patrol), so the owner's number decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._naming import blocker, caution, rewards
from scoper.diagnostics._pair import pair_of
from scoper.diagnostics._signs import Signs, diverging, signs_of
from scoper.domain.findings import Finding
from scoper.domain.numbers import number
from scoper.numerics.reward_cycles import Loop

_FINISHES, _GOES_ON = 0.5, 0.2
_NOTHING = 0.9
_CHARGES = (1.05, 1.5, 2.0)
"""A charge per timestep, in incomes per timestep, that makes going on cost; of an estimated world the first may not."""
_UNEVEN, _OFTEN, _HOME, _SHORT, _PRIZE = 0.25, 2.0, 0.5, 4, 3.0
"""Least reward of a loop beside its mean; paid transitions beside the wished ones; share of the time in the loop."""


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker with the loop, its income and what the owner gets from it; blind: a short loop, as a caution."""
    signs = diverging(evidence)
    if signs is not None:
        loop = _farmed(signs)
        if loop is None:
            return _goes_on(evidence, signs)
        claim = (
            f"the same is paid again and again: a loop of {len(loop.states)} timesteps earns {number(loop.mean)} a "
            f"timestep without end; {rewards(evidence)}"
        )
        remedy = "pay for it once, or by a potential that takes back on the way what it paid; or charge every timestep"
        numbers = {"states": list(loop.states), "mean": loop.mean}
        return [blocker(evidence, "positive_cycle", claim, remedy, shown=_goes_away(signs), **numbers)]
    return [] if evidence.objective_declared else _shape(signs_of(evidence))


def _farmed(signs: Signs) -> Loop | None:
    """The loop, where it earns, the wished policy hardly uses what it pays for, and either finishes or earns less."""
    loop, wished = _earning(signs), signs.wished
    if loop is None or wished is None or signs.best.terminated > _GOES_ON:
        return None
    paid = [at for at, pays in zip(loop.transitions, loop.rewards, strict=True) if pays > loop.mean]
    again = float(signs.best.times[paid].sum()) >= _OFTEN * float(wished.times[paid].sum())
    finishing = wished.terminated >= _FINISHES
    if not again or not (finishing or _uneven(loop)) or _serves(signs, paid):
        return None
    nothing = signs.changes.as_it_is.lost >= _NOTHING  # chance may call it away from this loop to others of the kind
    return loop if _at_home(signs, loop) or finishing or nothing else None


def _serves(signs: Signs, paid: list[int]) -> bool:
    """Whether the owner gains by every transition that is paid: going round is the task, what harms him is elsewhere.

    Where the wished policy ends episodes, that end is what he is after.
    """
    wished = signs.wished
    if signs.wanted is None or wished is None or wished.terminated >= _FINISHES:
        return False
    span = float(np.ptp(signs.wanted[signs.mix > 0.0]))
    return bool((signs.wanted[paid] > 1e-9 * span).all())


def _goes_on(evidence: Evidence, signs: Signs) -> Sequence[Finding]:
    """No loop is seen in a world of bins or chance, but income goes on without end where the wished policy finishes."""
    best, wished = pair_of(evidence.audit) or (None, None)
    if best is None or wished is None or best.terminated > _GOES_ON or wished.terminated < _FINISHES:
        return []
    income, back = best.reward / best.length, _revisits(signs)
    if income <= 1e-9 * signs.per_step or best.reward <= max(wished.reward, 0.0) or back < _OFTEN:
        return []
    claim = (
        f"income goes on as long as the episode does not end: {number(income)} a timestep for {number(best.length)} "
        f"timesteps over the same ground; {rewards(evidence)}"
    )
    remedy = "pay for it once, or by a potential that takes back on the way what it paid; or charge every timestep"
    numbers = {"mean": income, "visits_of_a_state": back}
    return [blocker(evidence, "positive_cycle", claim, remedy, shown=_goes_away(signs), **numbers)]


def _goes_away(signs: Signs) -> bool:
    """Whether a charge that outweighs the income of going on brings the objective back, where the wished policy ends.

    Where nothing is to be ended no charge can show it; then the owner must get (nearly) nothing from going round.
    """
    wished, best = signs.wished, signs.best
    if wished is None or wished.terminated < _FINISHES:
        return signs.changes.as_it_is.lost >= _NOTHING
    income = best.total(signs.reward) / max(float(best.times.sum()), 1e-300)
    return any(
        signs.changes.pays(f"going on charged {by}", partial(np.subtract, signs.reward, by * income)).restores
        for by in _CHARGES
    )


def _revisits(signs: Signs) -> float:
    """Timesteps per state that the best policy spends, in the states that make up nearly all of its time."""
    spent = np.sort(signs.best.visited)[::-1]
    reach = int(np.searchsorted(np.cumsum(spent), 0.95 * spent.sum())) + 1
    return float(spent[:reach].mean())


def _earning(signs: Signs) -> Loop | None:
    loop = signs.loop
    return loop if loop is not None and len(loop.states) > 1 and loop.mean > 1e-9 * signs.per_step else None


def _uneven(loop: Loop) -> bool:
    return min(loop.rewards) <= _UNEVEN * loop.mean


def _at_home(signs: Signs, loop: Loop) -> bool:
    """Whether the best policy spends most of its time on the loop."""
    spent = signs.best.visited
    return float(spent[list(loop.states)].sum()) >= _HOME * float(spent.sum())


def _shape(signs: Signs | None) -> Sequence[Finding]:
    """Blind: a loop of a few timesteps that pays and takes no part in getting round, beside many states unused."""
    if signs is None:
        return []
    if signs.best.terminated > _GOES_ON:
        return []
    loop = _earning(signs)
    if loop is None or not _at_home(signs, loop) or not _uneven(loop):
        return _forgone(signs)
    visited = int((signs.random.visited > 1e-6).sum())
    ends = _ends(signs)
    small = len(loop.states) <= _SHORT and visited >= 5 * len(loop.states)
    if not small and not ends:
        return []
    stops = ", which ending would stop" if ends else ""
    claim = (
        f"what earns the most goes round a loop of {len(loop.states)} timesteps, {number(loop.mean)} a timestep, "
        f"up to the time limit{stops}"
    )
    return [caution("positive_cycle", claim, states=list(loop.states), mean=loop.mean)]


def _forgone(signs: Signs) -> Sequence[Finding]:
    """Blind: an end that pays as much as many timesteps is left alone for an income that goes on."""
    ends = signs.world.table.terminates & (signs.mix > 0.0)
    income = signs.best.total(signs.reward) / max(float(signs.best.times.sum()), 1e-300)
    prize = float(signs.reward[ends].max(initial=0.0))
    if (
        income <= 1e-9 * signs.per_step
        or prize < _PRIZE * income
        or signs.best.total(signs.reward) < 2.0 * prize
        or _revisits(signs) < _OFTEN
    ):
        return []
    claim = (
        f"what earns the most never ends an episode, although an end pays {number(prize)}: it collects "
        f"{number(income)} a timestep over the same ground"
    )
    return [caution("positive_cycle", claim, income=income, prize=prize)]


def _ends(signs: Signs) -> bool:
    """Whether some policy ends episodes with a gain."""
    ends = signs.world.table.terminates & (signs.mix > 0.0)
    pays = bool(np.any(signs.reward[ends] > 1e-9 * signs.per_step))
    return pays and any(does.terminated >= _FINISHES for _, does in signs.known)


DIAGNOSTIC = Diagnostic(
    id="positive_cycle",
    question="Can the same be earned again and again instead of getting done?",
    summary="Follows the best policy into its loop and compares its income with what the owner gets.",
    inspect=inspect,
    group="gaming",
    catches=("positive_cycle",),
    method=Method(
        formula="likeliest closed walk of the best policy, its mean reward, its paid transitions beside the wished",
        source="loops after Karp 1978; own comparison",
        inputs=("arrays", "model", "objective"),
        threshold="no end in 80 % of the episodes, positive mean, paid transitions twice as often as wished, and "
        "either the wished policy ends or timesteps of the loop pay under a quarter of its mean. Shown where, if the "
        "wished policy ends, a charge that outweighs the income brings it back. Both halves of tests/feasibility.",
        failure="without objective a patrol of a few timesteps looks alike; loops that chance breaks may be missed",
    ),
    rank=30,
)
