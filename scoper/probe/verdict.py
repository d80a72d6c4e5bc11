"""From evidence and findings to one of the five verdicts. Pure; the first rule that applies decides.

1 the reward is ill-formed, constant, without consequence, or pays for something else   -> reward_defective
2 proved: actions do nothing, the goal is out of reach, or no policy beats the floors     -> infeasible
3 another blocker, or nothing that learned clearly beats every floor                      -> not_shown
4 a caution is open, only a search by stepping (a model, a linear policy) or few of a
  learner's seeds surely beat them, or always the same action is proved optimal, so that
  nothing is to be learned                                                                -> feasible_with_conditions
5 otherwise                                                                               -> feasible
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from scoper.diagnostics import Evidence
from scoper.diagnostics.learned_by_few import learned_by_few
from scoper.diagnostics.learner_beats_floors import (
    MUST_BEAT,
    beats_floors,
    every_floor,
    floors_to_beat,
    why_not_shown,
)
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number, share
from scoper.domain.probe import ProbeVerdict, ReturnSummary
from scoper.domain.probe_statistics import DecisionSummary
from scoper.numerics.needed import chance_bound
from scoper.probe.inference import gain_over

REWARD_DEFECTS = frozenset(
    {
        "nan_or_inf_reward",
        "ill_formed_reward",
        "unbounded_reward",
        "constant_reward",
        "policy_independent_return",
        "positive_cycle",
        "do_nothing_optimal",
        "suicide_optimal",
        "sign_flip",
        "scale_domination",
        "proxy_true_divergence",
        "shaping_changes_optimum",
        "simulator_exploit",
        "metric_tampering",
        "ratio_gaming",
        "double_counting",
        "risk_mispriced",
        "side_effect",
        "clipped_reward",
        "discount_horizon",
    }
)
"""The kinds whose blocker says that the reward pays for something else than it should, or for nothing."""
IMPOSSIBLE = frozenset({"actions_no_effect", "unreachable_goal"})
_RELATIVE = 1e-9
_LEAST_SEEDS = 2


def decide(evidence: Evidence, findings: Sequence[Finding]) -> tuple[ProbeVerdict, str]:
    """The verdict and the sentence that says why."""
    blockers = [finding for finding in findings if finding.severity == "blocker"]
    for defects, verdict in ((IMPOSSIBLE, "infeasible"), (REWARD_DEFECTS, "reward_defective")):
        named = [finding for finding in blockers if finding.defect in defects and not _only_not_met(finding)]
        if named:
            return verdict, named[0].claim  # type: ignore[return-value]
    reason = _no_better_than_floors(evidence)
    is_constant = bool(reason) and any(finding.defect == "trivial_constant" for finding in findings)
    if reason and not is_constant:
        return "infeasible", reason
    if blockers:
        return "not_shown", blockers[0].claim
    if not is_constant:
        shown, reason = _beats_floors(evidence)
        if not shown:
            works = _searched_out(evidence) or learned_by_few(evidence)
            return ("feasible_with_conditions" if works else "not_shown"), reason
    cautions = [finding for finding in findings if finding.severity == "caution"]
    if cautions:
        words = dict.fromkeys(caution.code.replace("_", " ") for caution in cautions)
        return "feasible_with_conditions", f"{reason}; to settle: {', '.join(words)}"
    return "feasible", reason


def _only_not_met(finding: Finding) -> bool:
    """Whether a goal was never met while stepping, however thoroughly: that proves nothing."""
    return finding.defect == "unreachable_goal" and finding.evidence.get("basis") == "measured"


def _no_better_than_floors(evidence: Evidence) -> str:
    """Why no policy does better than a floor, when that is proved."""
    if evidence.optimal is None:
        return ""
    slack = _RELATIVE * max(abs(evidence.optimal), evidence.scale())
    for name in MUST_BEAT:
        floor = evidence.returns.get(name)
        if floor is not None and floor.basis == "proved" and floor.mean >= evidence.optimal - slack:
            words = f" ({floor.policy})" if floor.policy and name == "constant" else ""
            return f"no policy does better than {name}{words}: both return {number(evidence.optimal)}, which is proved"
    return ""


def _beats_floors(evidence: Evidence) -> tuple[bool, str]:
    learner = evidence.best_learner
    rivals = floors_to_beat(evidence)
    if learner is None:
        return False, f"nothing was learned, so nothing is shown{_by_planner(evidence)}"
    if not rivals:
        return False, "no floor was measured to compare with"
    ours = evidence.returns[learner]
    best = max(rivals, key=lambda name: evidence.returns[name].high)
    bar = evidence.returns[best]
    decision = evidence.decisions.get(learner)
    if beats_floors(evidence, learner):
        median = decision is not None and decision.claim == "median"
        centre = decision.estimate if decision is not None and median else ours.mean
        what = f"{learner} returns {number(centre)}{' with its median seed' if median else ''}"
        reason = f"{what}, clearly more than {every_floor(evidence)} (best: {best}, {number(bar.mean)})"
        return True, f"{reason}{_against_rules(evidence, ours)}"
    if decision is not None and decision.outcome == "not_better":
        least = f"{best} ({number(decision.bar)}) plus the gain that matters ({number(decision.margin or 0.0)})"
        reason = f"{learner} returns {number(ours.mean)}, shown to be less than {least}"
    else:
        bound = f"{best} ({number(bar.mean)}): {why_not_shown(evidence, learner, best)}"
        reason = f"{learner} returns {number(ours.mean)}, not shown to be more than {bound}"
    left_open = _left_open(evidence.samples.get(learner, ()), bar, decision)
    return False, f"{reason}{left_open}{_by_planner(evidence)}{_by_few(evidence)}"


def _searched_out(evidence: Evidence) -> str:
    """The best of the searches by stepping whose fresh episodes are clearly above every floor; empty without one."""
    floor = max((evidence.returns[name].high for name in floors_to_beat(evidence)), default=math.inf)
    found = [name for name in evidence.planners if evidence.returns[name].low > floor]
    return max(found, key=lambda name: evidence.returns[name].mean, default="")


def _by_planner(evidence: Evidence) -> str:
    """What search found above the floors though no learner is shown to; empty where it did not."""
    best = _searched_out(evidence)
    if not best:
        return ""
    mean = number(evidence.returns[best].mean)
    return (
        f"; {best}, found by search in the environment, returns {mean}: that way it works, by a learner it is not shown"
    )


def _by_few(evidence: Evidence) -> str:
    """That some seeds surely learned it though the learner is not shown to; empty where none did."""
    few = learned_by_few(evidence)
    if few is None:
        return ""
    did = f"{count(few.n_learned)} of {count(few.n_seeds)} seeds of {few.learner} surely {few.does}"
    return f"; {did} (the best returns {number(few.mean)}): with such a seed it works, of a further one it is not shown"


def _left_open(returns: Sequence[float], bar: ReturnSummary, decision: DecisionSummary | None) -> str:
    """What so few seeds cannot exclude, and how many would decide; empty where the returns of seeds are not known."""
    n = len(returns)
    if n < _LEAST_SEEDS:
        return ""
    above = sum(value > bar.high for value in returns)
    chance = share(chance_bound(above, n))
    if above == 0:
        return f"; none of {n} seeds is above it, which leaves open a chance of up to {chance} that a further one is"
    if decision is None or decision.excluded is None:
        return ""
    gain = number(decision.excluded)
    words = f"; {n} seeds that differ so much show a gain below {gain} in at most four of five probes"
    return words if decision.needed is None else f"{words}, about {count(decision.needed)} seeds would show this one"


def _against_rules(evidence: Evidence, ours: ReturnSummary) -> str:
    """How the learner stands against the best rule to beat, which decides nothing; empty where there is no rule."""
    if evidence.best_rule is None:
        return ""
    bar = evidence.returns[evidence.best_rule]
    rule = f"the best rule to beat ({evidence.best_rule}, {number(bar.mean)})"
    gain = gain_over(evidence, evidence.best_rule)
    by = f", by {number(gain.mean)} in the mean over seeds ({number(gain.low)} to {number(gain.high)})" if gain else ""
    if gain is not None and gain.worth == "learner":
        return f" and than {rule}{by}"
    if gain is not None and gain.worth == "rule":
        return f", but less than {rule}{by}: plain automation does better"
    rounding = _RELATIVE * max(evidence.scale(), abs(bar.mean))
    if ours.low > bar.high + rounding:
        return f" and than {rule}{by}"
    if ours.high < bar.low - rounding:
        return f", but less than {rule}{by}"
    alike = ": the rule does as well within the interval, so plain automation may do" if gain else ""
    return f", but not clearly more than {rule}{by}{alike}"
