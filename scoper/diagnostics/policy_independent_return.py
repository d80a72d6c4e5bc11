"""Does it matter for the return what is done? Rewards may vary and still come to the same, whatever the policy.

Either they cancel out in every single episode, or they are paid for what no action touches: then returns differ from
episode to episode, and no policy differs from another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._same import comes_anyway, noise_share, out_of_hand, spread_of, untouched
from scoper.diagnostics._searched import searched
from scoper.diagnostics._tables import RELATIVE, actions_differ, reachable_transitions, reward_levels, same_returns
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number

ENOUGH_EPISODES = 30
_NOISE, _CLEARLY, _ROUNDING = 0.5, 3.0, 1e-9
_AT_TIMES: tuple[str, ...] = ("what comes in every episode",)
_EVENTS: tuple[str, ...] = ("events that come anyway, each told by where its step led",)


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker when best and worst return are equal although rewards vary and actions have effects."""
    if evidence.table is not None:
        return _on_table(evidence)
    seen = _by_stepping(evidence)
    if any(finding.severity == "blocker" for finding in seen):
        return seen
    return _for_what_is_not_touched(evidence) or seen


def _for_what_is_not_touched(evidence: Evidence) -> Sequence[Finding]:
    """A blocker when no measured policy stands out and the reward follows from what no action changes."""
    spread = spread_of(evidence)
    if spread is None or spread.stands_out or spread.gain > _CLEARLY * spread.gain_error + _ROUNDING:
        return []
    owner = evidence.audit
    wished, random = owner.wished, owner.rungs.get("random")
    differs = wished is not None and random is not None and wished.wanted_more(random)
    if spread.sd <= 0.0 and not differs:  # all returned one number: the search may not have come to what pays
        return []
    if noise_share(evidence) > _NOISE:
        silent = evidence.objective_declared and not differs
        names = _EVENTS if not silent and comes_anyway(evidence) else None
    else:
        names = out_of_hand(evidence) or (_AT_TIMES if spread.sd <= 0.0 and untouched(evidence) else None)
    if names is None:
        return []
    claim = (
        f"{spread.policies} policies return the same on average over {count(spread.episodes)} episodes"
        f"{', though the owner gets more from some' if differs else ''}: "
        f"the reward follows from {', '.join(names)}, which no action changes"
    )
    numbers = {
        "basis": "measured",
        "policies": spread.policies,
        "episodes": spread.episodes,
        "best_over_random": spread.gain,
        "standard_error": spread.gain_error,
    }
    return [_finding(claim, numbers)]


def _by_stepping(evidence: Evidence) -> Sequence[Finding]:
    """A blocker when that lasted through a search that got everywhere; a caution when it was only seen."""
    sets = list(evidence.episodes.values())
    if len(sets) < 2:
        return []
    if evidence.exploration is not None:
        sets.append(evidence.exploration.episodes)
    learned = [evidence.returns[name].mean for name in evidence.learners]
    together = np.concatenate([*(e.returns for e in sets), learned])
    low, high = min(e.reward_low for e in sets), max(e.reward_high for e in sets)
    largest = max(abs(low), abs(high))
    same = float(np.ptp(together)) <= RELATIVE * max(float(np.abs(together).max()), largest)
    if not same or high - low <= RELATIVE * largest or together.size < ENOUGH_EPISODES:
        return []
    seen = f"each of {count(together.size)} episodes returned {number(float(together[0]))}"
    if how := searched(evidence):
        return [_finding(f"{seen}, although {how}")]
    return [
        Finding(
            code="one_return_seen",
            severity="caution",
            claim=f"{seen}; whether another policy returns something else was not seen",
            remedy="compare with a policy that you know to be better, and see what the reward pays it",
        )
    ]


def _on_table(evidence: Evidence) -> Sequence[Finding]:
    if evidence.optimal is None or evidence.worst is None or evidence.table is None:
        return []
    possible = reachable_transitions(evidence.table)
    if not same_returns(evidence) or np.unique(reward_levels(evidence.table)[possible]).size < 2:
        return []
    if not actions_differ(evidence.table):
        return []
    return [_finding(f"the best and the worst policy both return {number(evidence.optimal)}")]


def _finding(claim: str, numbers: Mapping[str, object] | None = None) -> Finding:
    return Finding(
        code="policy_independent_return",
        defect="policy_independent_return",
        severity="blocker",
        claim=claim,
        evidence=dict(numbers or {}),
        remedy="rewards that telescope cancel out: pay for the state reached, not for the change, or add a final term; "
        "rewards for what comes anyway: pay for what the action adds to it",
    )


DIAGNOSTIC = Diagnostic(
    id="policy_independent_return",
    question="Does it matter for the return what is done?",
    summary="Finds rewards that vary but add up to the same under every policy.",
    inspect=inspect,
    group="signal",
    catches=("policy_independent_return",),
    method=Method(
        formula="best return = worst return; by stepping: no policy's mean 3.5 standard errors from the mean of all, "
        "no effect of actions on the reward nor on the components that explain 99 % of its variance; or state "
        "and action tell less than 1 % of the reward and of its square, and with the next state more than half",
        source="dynamic programming; permutation tests (Westfall and Young 1993)",
        inputs=("arrays or episodes", "model"),
        threshold="equal but for rounding on arrays; by stepping equal in 30 episodes that got everywhere, or as in "
        "the formula",
        failure="a reward for what the actions touch too weakly to be seen, or after a longer time, may be named",
    ),
    rank=12,
)
