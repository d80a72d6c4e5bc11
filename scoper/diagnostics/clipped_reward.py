"""Is the reward cut off where the owner still gains or loses?

Many timesteps have the same extreme reward although the owner gets very different things from them: beyond the cut
nothing is to be earned or lost any more. The cut is told apart for every action, which may have a price of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._naming import blocker, caution, rewards
from scoper.diagnostics._signs import Samples, Signs, diverging, signs_of
from scoper.domain.findings import Finding
from scoper.domain.numbers import share
from scoper.domain.tabular import Bools

MANY, BEYOND, SPREAD = 0.3, 0.85, 0.4
"""Share of timesteps at the cut; chance that one beyond it is further out for the owner; spread of his number there."""
_LEVELS, _FLAT = 5, 0.8


@dataclass(frozen=True)
class Cut:
    """at (n,): samples at the extreme of their action. share: of all. side: -1 at the bottom, 1 at the top.

    graded: whether there are several other levels.
    """

    at: Bools
    share: float
    side: int
    graded: bool


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker with the share of timesteps at the cut; blind: many at one end of a graded reward, as a caution."""
    signs = diverging(evidence)
    if signs is not None:
        cut = next((cut for cut in _cuts(signs.samples) if _hides(signs.samples, cut)), None)
        if cut is None:
            return []
        end = "lowest" if cut.side < 0 else "highest"
        claim = (
            f"{share(cut.share)} of the timesteps pay the {end} reward there is, though the owner gets very different "
            f"things from them: the reward is cut off; {rewards(evidence)}"
        )
        remedy = "do not cut the reward; scale it where its size is the trouble"
        return [blocker(evidence, "clipped_reward", claim, remedy, share_at_cut=cut.share, side=end)]
    return [] if evidence.objective_declared else _shape(signs_of(evidence))


def _cuts(samples: Samples) -> list[Cut]:
    found = []
    total = float(samples.weight.sum())
    for side in (-1, 1):
        at = np.zeros(samples.reward.size, dtype=np.bool_)
        graded = False
        for action in np.unique(samples.action):
            mine = samples.action == action
            amounts = side * samples.reward[mine]
            slack = 1e-6 * max(float(np.ptp(amounts)), 1e-12)
            at[mine] = amounts >= amounts.max() - slack
            graded = graded or bool(np.unique(np.round(amounts / max(slack * 10, 1e-300))).size >= _LEVELS)
        held = float(samples.weight[at].sum()) / total
        if MANY <= held < 1.0:
            found.append(Cut(at, held, side, graded))
    return sorted(found, key=lambda cut: -cut.share)


def _hides(samples: Samples, cut: Cut) -> bool:
    """Whether, action by action, the owner's number varies beyond the cut and lies further out than before it."""
    assert samples.wanted is not None
    outward, whole = cut.side * samples.wanted, float(samples.wanted.std())
    further, spread, counted = 0.0, 0.0, 0.0
    for action in np.unique(samples.action):
        beyond, before = (outward[(samples.action == action) & at] for at in (cut.at, ~cut.at))
        before = before if before.size else outward[~cut.at]  # an action that never gets off the cut
        if beyond.size < 2:
            continue
        order = np.sort(before)
        below = np.searchsorted(order, beyond, side="left") + np.searchsorted(order, beyond, side="right")
        further += float(below.sum()) / (2.0 * before.size)
        spread += beyond.size * float(beyond.std())
        counted += beyond.size
    if counted < 0.5 * float(cut.at.sum()) or whole <= 0.0:
        return False
    return spread / counted >= SPREAD * whole and further / counted >= BEYOND


def _shape(signs: Signs | None) -> Sequence[Finding]:
    """Blind: most timesteps by chance at one end of a graded reward, and the best policy stays there mostly."""
    if signs is None or signs.world.table.terminates.any():
        return []
    for cut in _cuts(signs.samples):
        if cut.share < _FLAT or cut.side > 0 or not cut.graded:
            continue
        claim = (
            f"{share(cut.share)} of the timesteps pay the least that their action can: the reward may be cut off "
            f"where worse is still possible"
        )
        return [caution("clipped_reward", claim, share_at_cut=cut.share)]
    return []


DIAGNOSTIC = Diagnostic(
    id="clipped_reward",
    question="Is the reward cut off where the owner still gains or loses?",
    summary="Looks for many timesteps at one extreme reward among which the objective differs.",
    inspect=inspect,
    group="optimum",
    catches=("clipped_reward",),
    method=Method(
        formula="share of timesteps at their action's extreme reward; P(U beyond < U before); spread of U beyond",
        source="own; clipping as in Mnih et al. 2015 and what it hides",
        inputs=("arrays", "model", "objective"),
        threshold="30 % of the timesteps, 0.85 and 0.4 of the whole spread, five levels of reward. Dev half.",
        failure="a cut of a sum whose other terms vary within an action is missed",
    ),
    rank=34,
)
