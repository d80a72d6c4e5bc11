"""The sign of a term, or of the whole reward, is turned round."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.numbers import number
from scoper.domain.repairs import Proposal
from scoper.repairs import Case, Repair
from scoper.repairs._pay import has_terms, levers, pointed_at, weighed, wrapped

_FACTORS = (-1.0, -0.5, -0.2, -2.0, -0.1)


def propose(case: Case) -> Sequence[Proposal]:
    """The turned terms that bring the objective back, the best first; without terms the whole reward."""
    trials, defect = case.trials, case.named(REPAIR.mends)
    if trials is None or defect is None:
        return []
    if not trials.is_judged:
        return _unjudged(case)
    found = []
    for lever in levers(case) if has_terms(case) else []:
        turned = trials.search(f"turned {lever.words}", lever.part, [factor - 1.0 for factor in _FACTORS])
        if turned is not None:
            factor = turned.weight + 1.0
            words = f"the term {lever.words} counts with the other sign"
            words = words if factor == -1.0 else f"{words} and weighs {number(-factor)} times as much"
            found.append(weighed(case, REPAIR.id, defect, lever, factor, words, turned.share))
    whole = trials.share("minus the reward", -trials.reward)
    if isinstance(case.spec, EnvironmentSpec) and (whole is not None or not found):
        words = "the whole reward counts with the other sign"
        found.append(wrapped(case.spec, REPAIR.id, defect, words, step=["reward = -float(reward)"], expected=whole))
    return sorted(found, key=lambda proposal: -(proposal.expected or 0.0))


def _unjudged(case: Case) -> Sequence[Proposal]:
    """Without an objective: the term that a finding points at."""
    at = pointed_at(case, REPAIR.mends)
    if at is None:
        return []
    words = f"the term {at[1].words} counts with the other sign"
    return [weighed(case, REPAIR.id, at[0], at[1], -1.0, words, None)]


REPAIR = Repair(
    id="sign",
    summary="Turns the sign of a term, or of the whole reward, round.",
    mends=("sign_flip",),
    propose=propose,
    rank=10,
)
