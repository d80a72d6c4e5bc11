"""Is something charged that should be paid, or paid that should be charged?

Of the whole reward: reward and objective oppose each other step by step and policy by policy, and what earns the most
is worse for the owner than chance; turning the sign round brings the objective back, or the reward is high where the
objective's own value is low. Of one term: the owner's number holds the same term with the other sign.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._before import explained
from scoper.diagnostics._naming import blocker, caution, rewards
from scoper.diagnostics._signs import SEEN, Signs, correlation, diverging, signs_of
from scoper.domain.findings import Finding
from scoper.domain.numbers import number
from scoper.numerics.solve import solve

OPPOSED, AGAINST, WHOLLY, ALIKE, BACKWARDS = -0.3, -0.5, -0.8, 0.05, 0.9
"""Correlations: of policies, with the objective's value, of timesteps, that counts as none; share that chance loses."""
_NARROWER = ("metric_tampering", "suicide_optimal", "double_counting", "ratio_gaming", "do_nothing_optimal")
_EXPLAINED, _NEGATIVE, _TWIN = 0.98, -0.05, 0.98
_CHARGES = (
    "cost",
    "penalty",
    "fine",
    "charge",
    "loss",
    "error",
    "miss",
    "spoil",
    "waste",
    "damage",
    "crash",
    "late",
    "storage",
    "holding",
    "mend",
    "repair",
    "fuel",
    "energy",
    "bill",
    "tax",
    "wait",
    "queue",
)


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker with the term or the reward that has the wrong sign; blind: a charge that pays, as a caution."""
    signs = diverging(evidence)
    if signs is not None:
        return _of_a_term(evidence, signs) or _of_the_whole(evidence, signs)
    return [] if evidence.objective_declared else _named_as_charge(signs_of(evidence))


def _of_the_whole(evidence: Evidence, signs: Signs) -> Sequence[Finding]:
    lost = evidence.audit.lost
    wished = signs.wished
    if explained(evidence, _NARROWER) or lost is None or wished is None or lost < BACKWARDS:
        return []
    if signs.ladder_agreement > OPPOSED:
        return []
    by_step = [signs.agreement(does.times) for does in (signs.random, signs.best, wished)]
    wholly = np.isnan(by_step[-1]) and signs.agreement(signs.mix) < WHOLLY
    back = signs.changes.pays("minus the reward", lambda: -signs.reward).restores
    against = _against_value(signs)
    backwards = back and against < AGAINST and wished.total(signs.reward) < signs.random.total(signs.reward)
    backwards = backwards and signs.best.total(signs.reward) > SEEN * signs.per_step  # else it only avoids what costs
    by_steps = max(np.nan_to_num(by_step)) <= ALIKE and (by_step[-1] < -ALIKE or wholly)
    if not backwards and not by_steps:
        return []
    if not (back and signs.agreement(signs.mix) < OPPOSED) and not against < AGAINST:
        return []
    how = "with the sign turned round the objective comes back" if back else "it pays least where the owner is served"
    claim = f"the more reward, the less of the objective, and {how}: {rewards(evidence)}"
    shown = back and min(against, signs.agreement(signs.mix)) <= WHOLLY
    numbers = {"correlation_over_policies": signs.ladder_agreement, "correlation_with_value": against}
    return [blocker(evidence, "sign_flip", claim, "turn the sign of the reward round", shown=shown, **numbers)]


def _against_value(signs: Signs) -> float:
    """Correlation of the reward with the best value of the objective from where it leads to."""
    world, wanted = signs.world, signs.wanted
    assert wanted is not None
    value = solve(world.table, discount=1.0 - 1.0 / world.horizon, reward=wanted, tolerance=1e-4, compiled=False).value
    after = np.where(world.table.terminates, wanted, wanted + value[world.table.successor])
    return correlation(signs.reward, after, signs.mix)


def _of_a_term(evidence: Evidence, signs: Signs) -> Sequence[Finding]:
    for name, fit in signs.fits.items():
        if fit.explained < _EXPLAINED or fit.factor > _NEGATIVE or _has_twin(signs, name):
            continue
        term = signs.world.terms[name]
        turned = [
            signs.changes.pays(f"{name} times {by}", lambda by=by, term=term: signs.reward + (by - 1.0) * term)  # type: ignore[misc]
            for by in (-1.0, 0.0)
        ]
        if any(outcome.restores for outcome in turned):
            claim = f"'{name}' counts with the wrong sign: the owner's number weighs it {number(fit.factor)} times"
            claim = f"{claim} as much as the reward does, and without it as it is the objective comes back"
            remedy = f"turn the sign of '{name}' round"
            return [blocker(evidence, "sign_flip", claim, remedy, term=name, factor=fit.factor)]
    return []


def _has_twin(signs: Signs, name: str) -> bool:
    """Whether another term varies with this one, so that nobody can tell which of them the owner's number holds."""
    term = signs.world.terms[name]
    others = [other for key, other in signs.world.terms.items() if key != name]
    return any(abs(correlation(term, other, signs.mix)) > _TWIN for other in others)


def _named_as_charge(signs: Signs | None) -> Sequence[Finding]:
    """A term whose name says that it charges, and that pays whenever it is not zero and rules what earns the most."""
    if signs is None or len(signs.world.terms) < 2:
        return []
    seen = signs.mix > 0.0
    for name, term in signs.world.terms.items():
        if not any(word in name.lower() for word in _CHARGES):
            continue
        amounts = term[seen]
        most = max(signs.best.times @ np.abs(other) for other in signs.world.terms.values())
        if amounts.min() >= 0.0 and amounts.max() > 0.0 and signs.best.total(term) >= 0.5 * most:
            claim = f"the term '{name}' is named like a charge but pays, and what earns the most lives on it"
            return [caution("sign_flip", claim, term=name)]
    return []


DIAGNOSTIC = Diagnostic(
    id="sign_flip",
    question="Is something charged that should be paid, or the other way round?",
    summary="Turns signs round and looks whether the objective comes back.",
    inspect=inspect,
    group="optimum",
    catches=("sign_flip",),
    method=Method(
        formula="corr(R, U) over timesteps and over policies; optimum of −R; U regressed on R − term and term",
        source="own; sanity checks after Knox et al. 2023",
        inputs=("arrays", "model", "objective", "terms"),
        threshold="correlation over policies below −0.3, loss of at least 0.9, and the repair brings the objective back"
        "; of a term: R² at least 0.98 and a negative weight. Of the whole, shown where turning it mends it and a "
        "correlation is below −0.8. Both halves of tests/feasibility.",
        failure="without objective only a term that is named like a charge is seen; sparse objectives may hide it",
    ),
    rank=24,
)
