"""Is the reward cut off where the owner still gains or loses?

Off the cut the reward is a straight line of the owner's number; at the cut that line leads on and the reward does not.
Paid as the line goes on, what earns the most serves the owner. The cut is told apart for every action, which may have
a price of its own. A lowest reward that is paid often looks alike, so this is never said to be the cause: on items that
the rules had not seen it was first and right in 2 of 6 cases.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._cut import cut_of
from scoper.diagnostics._naming import blocker, caution, rewards
from scoper.diagnostics._signs import Samples, Signs, diverging, signs_of
from scoper.domain.findings import Finding
from scoper.domain.numbers import share

_LEVELS, _FLAT, _SLACK = 5, 0.8, 1e-6


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker with the share of timesteps at the cut; blind: many at one end of a graded reward, as a caution."""
    signs = diverging(evidence)
    if signs is not None:
        return _shown(evidence, signs)
    return [] if evidence.objective_declared else _shape(signs_of(evidence))


def _shown(evidence: Evidence, signs: Signs) -> Sequence[Finding]:
    cut = cut_of(signs.samples)
    if cut is None:
        return []
    uncut = signs.changes.pays("not cut", lambda: signs.reward + signs.per_transition(cut.beyond))
    if not uncut.restores:
        return []
    end = "lowest" if cut.side < 0 else "highest"
    claim = (
        f"the reward is cut off: {share(cut.share)} of the timesteps pay the {end} reward there is, where the owner's "
        f"number goes on as it does elsewhere; not cut, the reward would serve the owner; {rewards(evidence)}"
    )
    remedy = "do not cut the reward; scale it where its size is the trouble"
    return [blocker(evidence, "clipped_reward", claim, remedy, shown=False, share_at_cut=cut.share, side=end)]


def _flat(samples: Samples, side: int) -> tuple[float, bool]:
    """Share of the samples at their action's extreme, and whether there are several other levels."""
    at, graded = np.zeros(samples.reward.size, dtype=np.bool_), False
    for action in np.unique(samples.action):
        mine = samples.action == action
        amounts = side * samples.reward[mine]
        slack = _SLACK * max(float(np.ptp(amounts)), 1e-12)
        at[mine] = amounts >= amounts.max() - slack
        graded = graded or bool(np.unique(np.round(amounts / max(slack * 10, 1e-300))).size >= _LEVELS)
    return float(samples.weight[at].sum()) / float(samples.weight.sum()), graded


def _shape(signs: Signs | None) -> Sequence[Finding]:
    """Blind: most timesteps by chance at one end of a graded reward, and the best policy stays there mostly."""
    if signs is None or signs.world.table.terminates.any():
        return []
    held, graded = _flat(signs.samples, -1)
    if not _FLAT <= held < 1.0 or not graded:
        return []
    claim = (
        f"{share(held)} of the timesteps pay the least that their action can: the reward may be cut off "
        f"where worse is still possible"
    )
    return [caution("clipped_reward", claim, share_at_cut=held)]


DIAGNOSTIC = Diagnostic(
    id="clipped_reward",
    question="Is the reward cut off where the owner still gains or loses?",
    summary="Fits a cut line of the objective to the reward and pays what lies beyond the cut.",
    inspect=inspect,
    group="optimum",
    catches=("clipped_reward",),
    method=Method(
        formula="R = min(a U + b(action), cut) or its mirror; optimum of R with a U + b(action) for the cut",
        source="own; clipping as in Mnih et al. 2015 and what it hides",
        inputs=("arrays", "model", "objective"),
        threshold="R² of 0.98 off the cut over three levels, 0.5 % of the timesteps at it, nearly all led beyond "
        "it, and un-cutting restores the objective. Set by what the words mean; both halves agree.",
        failure="a cut of one term of several that vary within an action, or a reward that is no line of the "
        "objective off the cut, is missed",
    ),
    rank=25,
)
