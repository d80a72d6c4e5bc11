"""Does it pay to end the episode soon, because going on costs?

Every timestep costs, so whoever ends early pays least, wherever the end is. The owner wants something that takes
longer. Reaching a goal fast has the same shape; with an objective the two are told apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._before import explained
from scoper.diagnostics._naming import blocker, caution
from scoper.diagnostics._pair import pair_of
from scoper.diagnostics._rung import Rung
from scoper.diagnostics._signs import Signs, signs_of
from scoper.domain.findings import Finding
from scoper.domain.numbers import number

MOSTLY, SHORTER = 0.8, 0.67
"""Share of the episodes that end by themselves; length beside the wished policy's."""
_EARLY, _USUAL, _MANY_ENDS, _HARDLY = 0.5, 0.67, 5, 0.05
_OTHERWISE = ("clipped_reward", "risk_mispriced")
"""What also ends episodes early, and is shown by its price: an end by chance that the reward makes light of."""


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker when what earns the most ends early at a loss that is smaller than that of living longer."""
    audit = evidence.audit
    pair = pair_of(audit)
    if pair is not None:
        best, wished = next((each for each in (pair, (audit.best, audit.wished)) if _flees(*each)), (None, None))
        if best is None or wished is None:
            return []
        claim = (
            f"ending early pays: episodes of {number(best.length)} timesteps return {number(best.reward)}, those of "
            f"{number(wished.length)} in which the owner is served {number(wished.reward)}, every timestep costing"
        )
        remedy = "pay for every timestep what it costs now, or charge an end that is not wanted"
        shown = not explained(evidence, _OTHERWISE)
        cost = wished.reward / wished.length
        return [blocker(evidence, "suicide_optimal", claim, remedy, shown=shown, per_timestep=cost)]
    return [] if evidence.objective_declared else _shape(signs_of(evidence))


def _flees(best: Rung | None, wished: Rung | None) -> bool:
    """Ends by itself, sooner, without income, and the wished policy pays for every timestep it lives."""
    if best is None or wished is None:
        return False
    ends_sooner = best.terminated >= MOSTLY and best.length <= SHORTER * wished.length
    return ends_sooner and best.reward <= 1e-9 and wished.reward < 0.0 and wished.reward <= best.reward + 1e-9


def _shape(signs: Signs | None) -> Sequence[Finding]:
    """Blind: what earns the most earns nothing and ends sooner than chance, which ends early as well, in many ways."""
    if signs is None or not signs.world.table.terminates.any():
        return []
    best, chance, seen = signs.best, signs.random, signs.mix > 0.0
    income, costs = best.total(np.maximum(signs.reward, 0.0)), signs.reward[seen].min(initial=0.0) < 0.0
    if income > _HARDLY * best.total(np.maximum(-signs.reward, 0.0)) + 1e-12 or not costs:
        return []
    usual = chance.terminated >= _USUAL and chance.length <= _EARLY * signs.world.horizon  # staying is the hard part
    soon = usual and best.terminated >= MOSTLY and best.length <= _EARLY * chance.length
    ends = signs.world.table.terminates & seen
    prize = float(signs.reward[ends].max(initial=0.0))
    if not soon or (prize <= 0.0 and np.unique(signs.world.table.successor[ends]).size < _MANY_ENDS):
        return []
    otherwise = f"although an end that pays {number(prize)} exists" if prize > 0.0 else "wherever the end is"
    claim = (
        f"what earns the most is never paid and ends after {number(best.length)} timesteps (random actions: "
        f"{number(chance.length)}), {otherwise}: going on costs"
    )
    return [caution("suicide_optimal", claim, timesteps=best.length, by_chance=chance.length, prize=prize)]


DIAGNOSTIC = Diagnostic(
    id="suicide_optimal",
    question="Does it pay to end the episode soon?",
    summary="Compares length and return of what earns the most with what the owner wants.",
    inspect=inspect,
    group="optimum",
    catches=("suicide_optimal",),
    method=Method(
        formula="terminated share, length and return of the best rung beside the wished one",
        source="own; early-termination incentive in the sense of Booth et al. 2023",
        inputs=("arrays", "model", "episodes", "objective"),
        threshold="80 % of the episodes terminate, at most two thirds as long, return at most 0 and not below that of "
        "the wished policy, which is negative. After the divergence where a cut or a cheap risk is shown. Both "
        "halves of tests/feasibility.",
        failure="without objective a goal that is reached fast in a way chance does not find looks alike",
    ),
    rank=20,
)
