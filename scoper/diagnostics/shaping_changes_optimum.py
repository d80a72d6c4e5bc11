"""Is a bonus for progress no potential, so that it changes what is best?

A bonus that is a difference of a potential between two states cancels out on every way round and changes nothing (Ng,
Harada and Russell 1999). One that pays for coming nearer and does not take back for going away does not cancel: it can
be collected again and again. Without the part that no potential explains the objective comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._naming import blocker, caution, rewards
from scoper.diagnostics._signs import Signs, diverging, signs_of
from scoper.domain.findings import Finding
from scoper.domain.numbers import share
from scoper.domain.tabular import Floats
from scoper.numerics.shaping import fit_potential

LEFT, NO_SHAPE, OFTEN = 0.02, 0.5, 0.3
"""Share of the bonus that potentials leave: from there on it is none, up to there like one; share of moves paid."""
_FINISHED, _STAYS = 0.5, 0.25
"""Share of the wished policy's episodes that end, or of random timesteps that stay, from which "paid for moves" says
anything: without a goal, and where a clock or chance moves every state, whatever is paid is paid for moves."""
_STILL, _MOST_STATES = 1e-9, 1_200
_ON_THE_WAY = "what the way pays"


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker with the bonus and what potentials leave of it; blind: such a term, as a caution."""
    signs = diverging(evidence)
    if signs is not None:
        return _that_changes(evidence, signs)
    return [] if evidence.objective_declared else _shape(signs_of(evidence))


def _that_changes(evidence: Evidence, signs: Signs) -> Sequence[Finding]:
    for name, left in _bonuses(signs) if _can_be_told(signs) else ():
        term, wished = _candidates(signs)[name], signs.wished
        without = signs.changes.pays(f"{name} times 0.0", partial(np.subtract, signs.reward, term))
        collects = wished is not None and signs.best.total(term) > max(0.0, wished.total(term))
        if collects and without.restores:
            claim = (
                f"'{name}' pays for moves like a shaping bonus, but no potential explains {share(left)} of it, and "
                f"without it the objective comes back: {rewards(evidence)}"
            )
            remedy = f"make '{name}' the discounted potential after the step less the potential before it"
            return [blocker(evidence, "shaping_changes_optimum", claim, remedy, term=name, unexplained=left)]
    return []


def _can_be_told(signs: Signs) -> bool:
    """Whether there is a goal to come nearer to, or staying is frequent enough to be told from moving."""
    if signs.wished is not None and signs.wished.terminated >= _FINISHED:
        return True
    stays = (signs.world.table.successor == signs.source) & ~signs.world.table.terminates
    return float(signs.random.times @ stays) >= _STAYS * float(signs.random.times.sum())


def _candidates(signs: Signs) -> Mapping[str, Floats]:
    """The terms; of a reward that is told whole and ends are paid for, what the moves on the way pay beyond staying."""
    if len(signs.world.terms) > 1:
        return signs.world.terms
    table, wished = signs.world.table, signs.wished
    stays = (table.successor == signs.source) & ~table.terminates & (signs.random.times > 0.0)
    if wished is None or not wished.times @ np.where(table.terminates, signs.reward, 0.0) > 0.0 or not stays.any():
        return {}
    usual = float(np.median(signs.reward[stays]))
    return {_ON_THE_WAY: np.where(table.terminates, 0.0, signs.reward - usual)}


def _bonuses(signs: Signs) -> Iterator[tuple[str, float]]:
    """Terms that are paid for moves from state to state and for nothing else, and are no potential's difference."""
    table = signs.world.table
    if table.n_states > _MOST_STATES:
        return
    stays = (table.successor == signs.source) & ~table.terminates
    moves = ~stays & ~table.terminates
    for name, term in _candidates(signs).items():
        size, weight = np.abs(term), signs.random.times
        on_moves = float(weight @ (size * moves))
        paid = float(weight @ ((size > _STILL * size.max(initial=0.0)) & moves)) / max(float(weight @ moves), 1e-300)
        if on_moves <= 0.0 or float(weight @ (size * stays)) > 0.01 * on_moves or paid < OFTEN:
            continue
        left = min(_unexplained(signs, np.where(table.terminates, 0.0, term), g) for g in _discounts(signs))
        if LEFT < left < NO_SHAPE:
            yield name, left


def _discounts(signs: Signs) -> set[float]:
    return {1.0, min(signs.audit.evidence.discount, 1.0)}


def _unexplained(signs: Signs, bonus: Floats, discount: float) -> float:
    return fit_potential(signs.world.table, bonus, discount=discount, free_ends=True).unexplained


def _shape(signs: Signs | None) -> Sequence[Finding]:
    if signs is None:
        return []
    for name, left in _bonuses(signs):
        if signs.best.total(_candidates(signs)[name]) > 0.0 and not _finishes(signs):
            claim = (
                f"'{name}' pays for moves like a shaping bonus, but no potential explains {share(left)} of it, and "
                f"what earns the most collects it without ending"
            )
            return [caution("shaping_changes_optimum", claim, term=name, unexplained=left)]
    return []


def _finishes(signs: Signs) -> bool:
    return signs.best.terminated > 0.5 or not signs.world.table.terminates.any()


DIAGNOSTIC = Diagnostic(
    id="shaping_changes_optimum",
    question="Is a bonus for progress no potential, so that it changes what is best?",
    summary="Fits a potential to every term that is paid for moves and drops what is none.",
    inspect=inspect,
    group="optimum",
    catches=("shaping_changes_optimum",),
    method=Method(
        formula="least squares of F(s, s') = g Phi(s') − Phi(s) over possible transitions; optimum of R − F",
        source="Ng, Harada and Russell 1999, theorem 1",
        inputs=("arrays", "model", "terms", "objective"),
        threshold="paid in 30 % of the moves and never for staying, 2 % to 50 % left by the best potential, with the "
        "spec's discount and with none, and dropping it restores the objective; the wished policy ends episodes, or a "
        "quarter of random timesteps stays. Both halves and made corridors.",
        failure="of a reward told whole only what the way pays is seen; a rare bonus is not taken for shaping",
    ),
    rank=31,
)
