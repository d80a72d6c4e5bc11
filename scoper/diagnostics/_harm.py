"""What befalls the owner on the way of the best policy and never on the wished one, and what the reward knows of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoper.diagnostics._signs import Signs, variance
from scoper.diagnostics._what_if import Outcome
from scoper.domain.tabular import Bools, Floats
from scoper.numerics.kernel import tally

LEAST, SPARED, KNOWN = 0.005, 0.5, 0.34
"""Frequency from which a harm counts; how much rarer it is on the wished way; share that the reward shows."""
_CHANCE, _MAJOR = 0.75, 0.5


@dataclass(frozen=True)
class Harm:
    """frequency: share of the best policy's timesteps with harm; frequency_wished: of the wished policy's.

    by_chance: state and action leave open whether it happens. shown_little: the reward of such timesteps is hardly
    lower. agrees: share of the objective's variance that reward and harm together explain; priced: the same where all
    harm costs the same. elsewhere: correlation of reward and objective where there is no harm. charged: the world when
    the reward also takes what the owner loses there.
    """

    frequency: float
    frequency_wished: float
    by_chance: bool
    shown_little: bool
    agrees: float
    elsewhere: float
    priced: float
    charged: Outcome


def harm_of(signs: Signs) -> Harm | None:
    """The timesteps that give the owner less than (nearly) all of the wished policy do; None where there are none."""
    wanted, wished = signs.wanted, signs.wished
    if wanted is None or wished is None:
        return None
    usual, found = _hurts(wanted, wished.times)
    for hurts in found:
        here, there = (float(does.times[hurts].sum() / does.times.sum()) for does in (signs.best, wished))
        if here >= LEAST and there <= SPARED * here:
            break
    else:
        return None
    loss = np.where(hurts, wanted - usual, 0.0)
    rate, explained = _rate(signs, loss)
    charged = signs.changes.pays("harm charged", lambda: signs.reward + rate * loss)
    little, elsewhere = _shown_little(signs, hurts, rate * loss), signs.agreement(signs.mix, ~hurts)
    priced = _rate(signs, np.where(hurts, -1.0, 0.0))[1]
    return Harm(
        here, there, _by_chance(signs, hurts), little, explained, float(np.nan_to_num(elsewhere)), priced, charged
    )


def _hurts(wanted: Floats, wished: Floats) -> tuple[float, tuple[Bools, Bools]]:
    """The wished median; and losses: more than half as bad as the worst, and all below 95 % of the wished timesteps."""
    order = np.argsort(wanted, kind="stable")
    share = np.cumsum(wished[order]) / wished.sum()
    low = float(wanted[order][min(int(np.searchsorted(share, 0.05)), share.size - 1)])
    usual = float(wanted[order][min(int(np.searchsorted(share, 0.5)), share.size - 1)])
    slack = 1e-9 * max(float(np.ptp(wanted)), 1e-300)
    below = (wanted < min(low, usual) - slack) & (wanted < 0.0)
    return usual, (below & (wanted <= usual - _MAJOR * (usual - float(wanted.min()))), below)


def _rate(signs: Signs, loss: Floats) -> tuple[float, float]:
    """Reward per unit of the objective where there is no harm, and what reward and harm explain of the objective."""
    assert signs.wanted is not None
    root = np.sqrt(signs.mix)
    columns = np.column_stack([signs.reward, loss, np.ones(loss.size)]) * root[:, None]
    weights, *_ = np.linalg.lstsq(columns, signs.wanted * root, rcond=None)
    left = signs.wanted - np.column_stack([signs.reward, loss, np.ones(loss.size)]) @ weights
    total = variance(signs.wanted, signs.mix)
    explained = 1.0 - variance(left, signs.mix) / total if total > 0.0 else 0.0
    spread = np.sqrt(
        variance(signs.reward, signs.mix) / max(variance(np.where(loss < 0, 0, signs.wanted), signs.mix), 1e-300)
    )
    rate = 1.0 / weights[0] if weights[0] > 1e-9 else float(spread)
    return float(np.clip(rate, 0.1 * spread, 10.0 * spread)), explained


def _by_chance(signs: Signs, hurts: Bools) -> bool:
    """Whether most harm of the best policy comes of pairs that mostly spare it."""
    table = signs.world.table
    chance = tally(table.pair_of_transition, np.where(hurts, table.probability, 0.0), table.n_states * table.n_actions)
    often = chance[table.pair_of_transition]
    weight = np.where(hurts, signs.best.times, 0.0)
    return bool(weight[often <= _CHANCE].sum() >= 0.5 * weight.sum())


def _shown_little(signs: Signs, hurts: Bools, owed: Floats) -> bool:
    """Whether the reward of harmful timesteps lies below that of the others by little of what is owed for them."""
    times = signs.mix + signs.best.times / signs.best.times.sum()
    hurt, spared = times * hurts, times * ~hurts
    if spared.sum() <= 0.0:
        return False
    lower = float(spared @ signs.reward / spared.sum() - hurt @ signs.reward / hurt.sum())
    return lower <= KNOWN * float(-(hurt @ owed) / hurt.sum())
