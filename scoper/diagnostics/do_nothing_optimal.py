"""Is doing nothing already the best that can be done?

The declared idle action, or one beside which every other has its price, much the same wherever it is taken, earns the
most, while the owner wants something done. With activity at a tenth of that price or less the objective comes back.
Rest may be right: without an objective it is a caution.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._audit import LOSS
from scoper.diagnostics._before import explained
from scoper.diagnostics._naming import blocker, rewards
from scoper.diagnostics._pair import returned_more
from scoper.diagnostics._signs import Signs, diverging
from scoper.domain.findings import Finding
from scoper.domain.numbers import number
from scoper.domain.tabular import Floats

ONLY, ACTIVE = 0.95, 0.9
"""Share of the best policy's timesteps with the one action, and of the wished policy's at most."""
_SCALES, _ALIKE = (0.1, 0.01, 0.0), 0.02
_PRICE = 0.25
"""The quartiles' distance of what an action costs beside the resting one, as a share of the median: a price."""
_NARROWER = ("metric_tampering", "double_counting", "ratio_gaming")


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker where the owner wants activity and the reward does not; else a caution where idling is best."""
    signs = diverging(evidence)
    if signs is None:
        return _against_best(evidence)
    rest = _resting(signs)
    wished = signs.wished
    if rest is None or wished is None or wished.action_shares[rest] > ACTIVE:
        return []
    mended = any(
        signs.changes.pays(f"activity times {by}", partial(_cheaper, signs, rest, by)).restores for by in _SCALES
    )
    declared = signs.world.idle is not None
    if not declared and (not mended or explained(evidence, _NARROWER)):
        return []
    what = "doing nothing" if declared else f"action {rest} alone, beside which every other has its price,"
    back = "; were activity cheaper, the objective would come back" if mended else ""
    claim = f"{what} earns {_how_much(signs)}, while the owner wants activity{back}: {rewards(evidence)}"
    remedy = "charge activity less, or pay for what it achieves"
    return [blocker(evidence, "do_nothing_optimal", claim, remedy, shown=mended, action=rest, mended=mended)]


def _resting(signs: Signs) -> int | None:
    """The action that earns the most when always taken: the declared one, or the one that costs least at once."""
    idle = signs.world.idle
    best = signs.audit.best
    if idle is not None and best is not None:
        rung = signs.audit.rungs.get("idle")
        slack = 1e-3 * max(signs.audit.reward_span, 1e-12)
        return idle if rung is not None and rung.reward >= best.reward - slack else None
    shares = signs.best.action_shares
    only = int(shares.argmax())
    extra = _quartiles(signs, only)
    active = np.delete(extra, only, axis=1)
    price = (active[1] < 0.0) & (active[2] - active[0] <= _PRICE * -active[1])
    earns = signs.best.total(signs.reward) > 1e-9 * signs.per_step
    return only if shares[only] >= ONLY and price.size and bool(price.all()) and not earns else None


def _how_much(signs: Signs) -> str:
    """Whether the resting action itself has the highest mean of all that was followed."""
    resting = signs.audit.rungs.get("idle") if signs.world.idle is not None else signs.audit.best
    return "the most" if resting is None or returned_more(signs.audit, resting) is None else "nearly the most"


def _extra(signs: Signs, rest: int) -> Floats:
    """(A,) what an action pays at once beyond the resting one, in the median state of random actions."""
    return np.asarray(_quartiles(signs, rest)[1], dtype=np.float64)


def _quartiles(signs: Signs, rest: int) -> Floats:
    """(3, A) quartiles, over the states of random actions, of what an action pays at once beyond the resting one."""
    table = signs.world.table
    pairs = table.n_states * table.n_actions
    mean = np.bincount(table.pair_of_transition, weights=table.probability * signs.reward, minlength=pairs)
    paid = np.where(table.available, mean.reshape(table.n_states, table.n_actions), np.nan)
    beyond = paid - paid[:, [rest]]
    here = np.isfinite(beyond[:, :]) & (signs.random.visited > 1e-6)[:, None]
    found = np.zeros((3, table.n_actions))
    for a in range(table.n_actions):
        if here[:, a].any():
            found[:, a] = np.quantile(beyond[here[:, a], a], (0.25, 0.5, 0.75))
    return found


def _cheaper(signs: Signs, rest: int, by: float) -> Floats:
    charge = np.minimum(_extra(signs, rest), 0.0)[signs.action]
    return signs.reward - (1.0 - by) * charge


def _against_best(evidence: Evidence) -> Sequence[Finding]:
    """A caution when the declared idle action earns what the optimum, or the best of what was found, earns."""
    idle = evidence.returns.get("idle")
    if idle is None or _owner_agrees(evidence):
        return []
    slack = 1e-9 * evidence.scale()
    if evidence.optimal is not None:
        best, reached = evidence.optimal, idle.mean >= evidence.optimal - slack
    else:
        sought = [name for name in (evidence.best_learner, *evidence.planners) if name in evidence.returns]
        if not sought:
            return []  # rules alone may be the owner's own, which need not have been looked for
        also = (name for name in evidence.references if name in evidence.returns)
        names = [name for name in (*sought, *also) if name is not None]
        best = max(evidence.returns[name].mean for name in names)
        reached = _as_good(evidence, names)
    if not reached:
        return []
    return [
        Finding(
            code="do_nothing_optimal",
            defect="do_nothing_optimal",
            severity="caution",
            claim=f"doing nothing returns {number(idle.mean)}; the best known return is {number(best)}",
            evidence={"idle": idle.mean, "best": best},
            remedy="if activity is wanted, the reward punishes it too hard or never pays for it",
        )
    ]


def _owner_agrees(evidence: Evidence) -> bool:
    """Whether the owner is known to get (nearly) all there is from what earns the most: then rest may be the task."""
    lost = evidence.audit.lost if evidence.objective_declared else None
    return lost is not None and lost <= LOSS


def _as_good(evidence: Evidence, names: Sequence[str]) -> bool:
    """Whether idling is within the errors of the best of these, and clearly better than chance where that is known."""
    idle, random = evidence.returns["idle"], evidence.returns.get("random")
    best = max((evidence.returns[name] for name in names), key=lambda each: each.mean)
    within = idle.high >= best.low and idle.mean >= best.mean - _ALIKE * evidence.scale()
    return within and (random is None or idle.low > random.high)


DIAGNOSTIC = Diagnostic(
    id="do_nothing_optimal",
    question="Is doing nothing already the best that can be done?",
    summary="Compares resting with what earns the most, and makes activity cheaper.",
    inspect=inspect,
    group="optimum",
    catches=("do_nothing_optimal",),
    method=Method(
        formula="return of the idle action beside the best; optimum of R − (1 − k) * (median extra pay of an action)",
        source="own",
        inputs=("arrays", "model", "episodes", "objective"),
        threshold="the idle action earns the most, or one action in 95 % of the timesteps, all others costing much "
        "the same everywhere; the wished policy rests in at most 90 %. Shown where cheaper activity mends it.",
        failure="rest may be right; without objective that is left open",
    ),
    rank=42,
)
