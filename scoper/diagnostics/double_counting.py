"""Is the same thing paid or charged twice?

Either two terms rise and fall together, or one pays for what brings another one later: paid when it is ordered and
again when it is sold. Without the second count the objective comes back.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._naming import blocker, caution, rewards
from scoper.diagnostics._signs import Signs, correlation, diverging, signs_of
from scoper.domain.findings import Finding
from scoper.domain.tabular import Floats
from scoper.numerics.evaluate import evaluate
from scoper.numerics.kernel import tally

TOGETHER, BRINGS, SURELY, ABOUT = 0.98, 0.3, 0.6, 2.0
"""Correlation per timestep of two counts of one thing; correlation of a term with the gain of another one to come,
where the wished policy gets about as much of both, and where it does not; by what factor they may differ then."""
_GOES_ON, _FINISHES, _LEVELS = 0.2, 0.5, 3


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker with the two terms; blind: two terms that are one, as a caution."""
    signs = diverging(evidence)
    if signs is not None:
        return _counted_twice(evidence, signs)
    return [] if evidence.objective_declared else _shape(signs_of(evidence))


def _counted_twice(evidence: Evidence, signs: Signs) -> Sequence[Finding]:
    terms, wished = signs.world.terms, signs.wished
    if wished is not None and signs.best.terminated <= _GOES_ON and wished.terminated >= _FINISHES:
        return []  # what never gets done is a matter of going round
    for name, term in terms.items() if len(terms) > 1 else ():
        others = {key: other for key, other in terms.items() if key != name}
        twin = next((key for key, other in others.items() if _alike(signs, term, other)), "")
        early = twin or next((key for key, other in others.items() if _brings(signs, term, other)), "")
        if not early:
            continue
        without = signs.changes.pays(f"{name} times 0.0", lambda term=term: signs.reward - term)  # type: ignore[misc]
        if without.restores:
            how = "rises and falls with" if twin else "pays beforehand for what is paid again as"
            claim = f"'{name}' {how} '{early}', and without it the objective comes back: {rewards(evidence)}"
            return [blocker(evidence, "double_counting", claim, f"remove '{name}'", terms=[name, early])]
    return []


def _alike(signs: Signs, term: Floats, other: Floats) -> bool:
    same_side = float(signs.mix @ term) * float(signs.mix @ other) > 0.0
    return same_side and correlation(term, other, signs.mix) >= TOGETHER


def _brings(signs: Signs, term: Floats, other: Floats) -> bool:
    """Whether a paid term goes along with what the action adds to another paid one, in the next step or later."""
    wished = signs.wished
    if wished is None or float(signs.mix @ term) <= 0.0 or float(signs.mix @ other) <= 0.0:
        return False
    table = signs.world.table
    value = evaluate(table, wished.policy, discount=1.0 - 1.0 / signs.world.horizon, reward=other)
    later = np.where(table.terminates, other, other + value[table.successor])
    by_action = _per_pair(signs, later)
    share = signs.world.random
    added = by_action - (by_action * share).sum(axis=1, keepdims=True)
    next_step = np.where(table.terminates, 0.0, (_per_pair(signs, other) * share).sum(axis=1)[table.successor])
    found = (correlation(term, each, signs.random.times) for each in (added[signs.source, signs.action], next_step))
    strongest = max((each for each in found if np.isfinite(each)), default=0.0)
    alike = 0.0 < wished.total(term) <= ABOUT * wished.total(other) <= ABOUT**2 * wished.total(term)
    return strongest >= (BRINGS if alike else SURELY)


def _per_pair(signs: Signs, amount: Floats) -> Floats:
    """(S, A) the expected amount (N,) of every pair."""
    table = signs.world.table
    size = table.n_states * table.n_actions
    return tally(table.pair_of_transition, table.probability * amount, size).reshape(table.n_states, table.n_actions)


def _shape(signs: Signs | None) -> Sequence[Finding]:
    if signs is None:
        return []
    names = list(signs.world.terms)
    for at, name in enumerate(names):
        for other in names[at + 1 :]:
            together = correlation(signs.world.terms[name], signs.world.terms[other], signs.random.times)
            levels = np.unique(np.round(signs.world.terms[name][signs.random.times > 0.0], 9)).size
            if abs(together) >= TOGETHER and levels >= _LEVELS:
                how = "rise and fall together" if together > 0 else "are one thing with two signs"
                claim = f"the terms '{name}' and '{other}' {how}: it may be counted twice"
                return [caution("double_counting", claim, terms=[name, other])]
    return []


DIAGNOSTIC = Diagnostic(
    id="double_counting",
    question="Is the same thing paid or charged twice?",
    summary="Looks for terms that vary together or bring one another, and drops one.",
    inspect=inspect,
    group="optimum",
    catches=("double_counting",),
    method=Method(
        formula="corr(term, other) per timestep; corr(term, advantage of the other term under the wished policy), or "
        "with the other one in s'",
        source="own; redundant attributes after Knox et al. 2023",
        inputs=("arrays", "model", "terms", "objective"),
        threshold="0.98 together, or 0.3 with the gain to come where the wished policy gets about as much of both and "
        "0.6 otherwise; and dropping the term restores the objective.",
        failure="needs the terms; a bonus for a step on the way that is no part of the objective looks the same",
    ),
    rank=22,
)
