"""Is a policy that looks at nothing already the best there is?

Proved on a table. By stepping two signals must agree: in the model no other action has an advantage in any cell, now or
later, and in the environment nothing that was found surely returns more on fresh episodes. What has a higher mean is
named; where the reward misses the objective, no rule for it is recommended.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._everywhere import Everywhere, best_everywhere
from scoper.diagnostics._rung import Rung, exceeds
from scoper.diagnostics._tables import RELATIVE, same_returns
from scoper.domain.findings import Finding
from scoper.domain.numbers import number

ERRORS, COMPARED, EQUAL, CLEARLY = 4.0, 0.5, 0.03, 5.0
_APART = 1.95
"""Standard errors of each of two means within which no 95 % interval ends: beyond both, the table shows them apart."""
_BLIND = {
    "constant": "a constant action",
    "idle": "the declared idle action",
    "random": "acting at random",
}


def optimal_floor(evidence: Evidence) -> str | None:
    """The floor that looks at nothing and is proved to return the optimum; None when there is none."""
    if evidence.optimal is None:
        return None
    slack = RELATIVE * max(abs(evidence.optimal), evidence.scale())
    for name in _BLIND:
        floor = evidence.returns.get(name)
        if floor is not None and floor.basis == "proved" and floor.mean >= evidence.optimal - slack:
            return name
    return None


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution with the action to take where it is best everywhere; an info where only later rewards make it so."""
    if evidence.table is None:
        return _measured(evidence) if evidence.approximate is None else _worked_out(evidence)
    name = optimal_floor(evidence)
    if name is None or evidence.worst is None or same_returns(evidence):
        return []
    floor = evidence.returns[name]
    action = floor.policy.partition(",")[0] or name
    return [
        Finding(
            code=f"{name}_optimal",
            defect=None if name == "random" else "trivial_constant",
            severity="caution",
            claim=f"{_BLIND[name]} is proved optimal: nothing is to be learned: use it ({action})",
            evidence={"basis": "proved", "policy": floor.policy, "return": floor.mean, "optimal": evidence.optimal},
            remedy=_remedy(evidence, action.replace("always", "take action", 1)),
        )
    ]


def _worked_out(evidence: Evidence) -> Sequence[Finding]:
    """The same of a table that is not exact: an action that returns as much there as any policy."""
    rungs = {name: rung for name, rung in evidence.audit.rungs.items() if rung.exact}
    constants = [rung for name, rung in rungs.items() if name.startswith("constant ")]
    best, worst, random = (rungs.get(name) for name in ("reward_best_timed", "reward_worst_timed", "random"))
    if not constants or best is None or worst is None or random is None:
        return []
    floor = max(constants, key=lambda rung: rung.reward)
    slack = RELATIVE * max(abs(best.reward), best.reward - worst.reward)
    if floor.reward < best.reward - slack or random.reward >= best.reward - slack:
        return []
    greedy = rungs.get("myopic")
    at_once = greedy is not None and greedy.reward >= best.reward - slack
    return [
        Finding(
            code="constant_optimal",
            defect="trivial_constant" if at_once else None,
            severity="caution" if at_once else "info",
            claim=f"always taking action {floor.name.partition(' ')[2]} returns as much as any policy of the table "
            f"({number(floor.reward)}): nothing is to be learned",
            evidence={"basis": "measured", "policy": floor.name, "return": floor.reward, "random": random.reward},
            remedy=_remedy(evidence, floor.name.replace("constant", "take action")),
        )
    ]


def _measured(evidence: Evidence) -> Sequence[Finding]:
    audit, model = evidence.audit, evidence.model
    floor, random = audit.rungs.get("constant best"), audit.rungs.get("random")
    if model is None or audit.world is None or floor is None or random is None or floor.exact or random.exact:
        return []
    gain = floor.reward - random.reward
    if gain <= CLEARLY * math.hypot(floor.reward_error, random.reward_error) or gain <= 0.0:
        return []
    names = ("random", "idle", "constant best")
    measured = [rung for rung in audit.rungs.values() if not rung.exact and rung.name not in names]
    better = any(_surely_more(rung, floor, EQUAL * gain) for rung in measured) or _table_says_more(evidence)
    if better or not any(rung.name.startswith("planned") for rung in measured):
        return []
    found = best_everywhere(model, audit.world)
    if found is None or found.highest > ERRORS or found.compared < COMPARED:
        return []
    higher = (rung for rung in measured if exceeds(rung.reward, floor.reward))
    top = max(higher, key=lambda rung: rung.reward, default=None)
    return [_finding(evidence, found, floor.reward, random.reward, top)]


def _surely_more(rung: Rung, floor: Rung, least: float) -> bool:
    """Whether it returns more by two standard errors and `least`, or by intervals that lie apart however little."""
    more = rung.reward - floor.reward
    if exceeds(rung.reward, floor.reward) and more > _APART * (rung.reward_error + floor.reward_error):
        return True
    return more > max(2.0 * math.hypot(rung.reward_error, floor.reward_error), least)


def _table_says_more(evidence: Evidence) -> bool:
    """Whether the returns that are shown hold one whose whole interval is above that of the constant action."""
    floor = evidence.returns.get("constant")
    others = (each for name, each in evidence.returns.items() if name not in _BLIND and each is not None)
    return floor is not None and any(exceeds(each.low, floor.high) for each in others)


def _remedy(evidence: Evidence, rule: str) -> str:
    """To use the rule; not where the reward it is best for misses what the owner wants."""
    if evidence.audit.diverges:
        return "mend the reward before anything else: a rule that is best for this one is not what the owner wants"
    return f"plain automation: {rule} always"


def _finding(evidence: Evidence, found: Everywhere, reward: float, random: float, top: Rung | None) -> Finding:
    assert evidence.model is not None
    at_once = found.at_once <= ERRORS
    words = evidence.model.actions[found.action]
    more = "returns more" if top is None else "surely returns more"
    claim = f"no other action than {words} was better anywhere, and nothing found {more} than always taking one"
    beside = "" if top is None else f"; {top.name.replace('_', ' ')} has {number(top.reward)} in the mean"
    remedy = _remedy(evidence, f"take action {words}")
    numbers = {
        "basis": "measured",
        "action": str(words),
        "return": reward,
        "random": random,
        "largest_advantage_in_standard_errors": found.highest,
        "share_compared": found.compared,
    }
    return Finding(
        code="constant_optimal",
        defect="trivial_constant" if at_once else None,
        severity="caution" if at_once else "info",
        claim=f"{claim} ({number(reward)}){beside}",
        evidence=numbers,
        remedy=remedy if evidence.audit.diverges or top is not None else f"{remedy}; learning has nothing to add",
    )


DIAGNOSTIC = Diagnostic(
    id="trivial_constant",
    question="Is a policy that looks at nothing already the best?",
    summary="Compares constant and random actions with the optimum, proved or as far as stepping shows.",
    inspect=inspect,
    group="is_rl",
    catches=("trivial_constant",),
    method=Method(
        formula="return of every constant action = optimum; by stepping: no advantage of another action over always "
        "taking it in any cell, and no policy that returns more on fresh episodes",
        source="policy improvement theorem (Howard 1960)",
        inputs=("arrays", "model", "episodes"),
        threshold="proved: equal but for rounding. Measured: all advantages below 4 standard errors in half of all "
        "pairs, nothing above by two standard errors and 3 % of the gain over random or by its interval. Dev half.",
        failure="where one action is best for the sake of later rewards alone it is told, not called a defect, unless "
        "proved; an advantage smaller than the errors is missed",
    ),
    rank=68,
)
