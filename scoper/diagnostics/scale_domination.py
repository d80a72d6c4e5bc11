"""Does one term of the reward drown the others?

Most of what is paid or charged is one term, which the owner weighs as well, or a charge that only the wished policy
bears; with a tenth or less of it the objective comes back. Or a charge of what is done is so large that what earns the
most avoids all of it, which the owner wants done. An income that the owner does not know is no matter of scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._before import explained
from scoper.diagnostics._naming import blocker, caution, rewards
from scoper.diagnostics._signs import Signs, diverging, signs_of
from scoper.diagnostics._what_if import Outcome
from scoper.domain.findings import Finding
from scoper.domain.numbers import number, share
from scoper.domain.tabular import Floats

DROWNS, SHUNNED, SCALES = 0.5, 0.1, (0.1, 0.01, 0.001)
"""Share of all amounts; amount of the best policy beside the wished one; factors that are tried."""
_ALL_BUT, _LEFT_ALONE, _TIMES = 0.9, 0.02, 2.0
_HOLDS, _LEAST_WEIGHT, _MARGIN = 0.95, 1e-4, 3.0


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker with the term, its share and the factor that mends it; blind: a charge that forbids, as a caution."""
    signs = diverging(evidence)
    if signs is None:
        return [] if evidence.objective_declared else _shape(signs_of(evidence))
    if explained(evidence):
        return []
    ranked = sorted(signs.world.terms, key=lambda name: -_share(signs, name))
    for name in ranked if len(ranked) > 1 else ():
        held = _share(signs, name)
        if held < DROWNS:
            break
        found = _mended(signs, name) if _weighed(signs, name) or _avoided(signs, name) else None
        if found is not None or _shuns(signs, name, held):
            by = "" if found is None else f"; with {found[0]:g} of it the objective comes back"
            claim = f"'{name}' makes up {share(held)} of all amounts and drowns the rest{by}: {rewards(evidence)}"
            remedy = f"weigh '{name}' {'less' if found is None else f'about {found[0]:g} as much'}"
            factor = None if found is None else found[0]
            return [blocker(evidence, "scale_domination", claim, remedy, term=name, share=held, factor=factor)]
    return []


def _share(signs: Signs, name: str) -> float:
    """The term's share of all absolute amounts over what the audit's policies do, each counting the same."""
    sizes = {key: float(signs.mix @ np.abs(term)) for key, term in signs.world.terms.items()}
    return sizes[name] / max(sum(sizes.values()), 1e-300)


def scaled(signs: Signs, name: str, by: float) -> Outcome:
    """The world with one term weighed differently."""
    return signs.changes.pays(f"{name} times {by}", partial(_scaled, signs, name, by))


def _scaled(signs: Signs, name: str, by: float) -> Floats:
    return signs.reward + (by - 1.0) * signs.world.terms[name]


def _mended(signs: Signs, name: str) -> tuple[float, Outcome] | None:
    return next(((by, found) for by in SCALES if (found := scaled(signs, name, by)).restores), None)


def _shuns(signs: Signs, name: str, held: float) -> bool:
    """Whether nearly all amounts are this charge of what is done, and what earns the most bears none of it."""
    return held >= _ALL_BUT and _avoided(signs, name) and _chosen(signs, signs.world.terms[name]) >= _ALL_BUT


def _avoided(signs: Signs, name: str) -> bool:
    """Whether the wished policy bears this charge and what earns the most (nearly) none of it."""
    term, wished = signs.world.terms[name], signs.wished
    if wished is None or wished.total(term) >= 0.0:
        return False
    return abs(signs.best.total(term)) <= SHUNNED * abs(wished.total(term))


def _weighed(signs: Signs, name: str) -> bool:
    """Whether the owner's number holds the term as well, with a smaller weight."""
    fit = signs.fits.get(name)
    return fit is not None and fit.explained >= _HOLDS and _LEAST_WEIGHT <= fit.factor <= SCALES[0] * _MARGIN


def _shape(signs: Signs | None) -> Sequence[Finding]:
    """Blind: a charge that is nearly all there is by chance, and that the best policy avoids altogether."""
    if signs is None or len(signs.world.terms) < 2:
        return []
    for name, term in signs.world.terms.items():
        charged = signs.random.total(term)
        size = float(signs.random.times @ np.abs(term))
        others = sum(float(signs.random.times @ np.abs(t)) for key, t in signs.world.terms.items() if key != name)
        avoided = abs(signs.best.total(term)) <= _LEFT_ALONE * abs(charged)
        if charged < 0.0 and size >= _TIMES * others > 0.0 and avoided and _chosen(signs, term) >= _ALL_BUT:
            claim = (
                f"the charge '{name}' is {number(size / others)} times all other amounts together under random "
                f"actions, and what earns the most never does what it is laid on"
            )
            return [caution("scale_domination", claim, term=name, times=size / others)]
    return []


def _chosen(signs: Signs, term: Floats) -> float:
    """Share of the charge by chance that falls in states where another action would have been free of it."""
    table = signs.world.table
    size = table.n_states * table.n_actions
    charge = np.bincount(table.pair_of_transition, weights=table.probability * np.abs(term), minlength=size)
    least = np.where(table.available, charge.reshape(table.n_states, table.n_actions), np.inf).min(axis=1)
    paid = signs.random.times * np.abs(term)
    return float(paid[least[signs.source] <= 1e-12].sum() / max(float(paid.sum()), 1e-300))


DIAGNOSTIC = Diagnostic(
    id="scale_domination",
    question="Does one term of the reward drown the others?",
    summary="Weighs each large term less and looks whether the objective comes back.",
    inspect=inspect,
    group="optimum",
    catches=("scale_domination",),
    method=Method(
        formula="share of |term| over the audit's policies; optimum of R + (k − 1) term for k = 0.1, 0.01, 0.001",
        source="own; goodhart's and Booth et al. 2023's lists of scaling faults",
        inputs=("arrays", "model", "terms", "objective"),
        threshold="half of all amounts and a scale that restores the objective, of a charge of which the best policy "
        "bears a tenth at most or a term that the owner weighs a third as much at most (R² of 0.95); or 90 % and a "
        "charge of actions that only the wished policy bears.",
        failure="needs the terms; a large share alone is no fault and is not named",
    ),
    rank=40,
)
