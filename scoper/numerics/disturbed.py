"""What a policy returns in a finite MDP whose world does not quite do as told: exact forward recursions.

Four disturbances: another action now and then, a wait between choice and effect, the last action again, a timestep
without effect. The policy stays what it was; nothing is planned anew. Challenges after Dulac-Arnold et al. 2021,
"Challenges of real-world reinforcement learning"; sticking actions after Machado et al. 2018, section 5.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.numerics.evaluate import Policy
from scoper.numerics.kernel import segments, tally

_Branch = tuple[float, Ints, Ints]


@dataclass(frozen=True)
class Span:
    """Which return is meant: within `horizon` timesteps, with a discount."""

    horizon: int
    discount: float = 1.0


def with_other_actions(mdp: TabularMdp, policy: Policy, span: Span, other: Floats, chance: Sequence[float]) -> float:
    """The return where at timestep t, with probability chance[t], an action of `other` (S, A) is taken instead.

    policy: (S,) or (H, S) action numbers. other: probabilities; what is not available in a state is shared out among
    what is.
    """
    other, size = _feasible(mdp, other), mdp.n_states
    rows, pair_of = np.arange(size) * mdp.n_actions, mdp.pair_of_transition
    here, total, weight = mdp.initial.astype(np.float64), 0.0, 1.0
    paid, goes_on = mdp.probability * mdp.reward, mdp.probability * ~mdp.terminates
    for timestep in range(span.horizon):
        share = chance[timestep]
        mass = (share * here[:, None] * other).ravel()
        mass[rows + _choices(policy, timestep)] += (1.0 - share) * here
        flow = mass[pair_of]
        total += weight * float(flow @ paid)
        here = tally(mdp.successor, flow * goes_on, size)
        weight *= span.discount
        if here.sum() <= 0.0:
            break
    return total


def misread(mdp: TabularMdp, policy: Ints, span: Span, seen: Ints, chance: float) -> float:
    """The return where the policy sees, with probability `chance`, one of the states `seen` (S, K) instead, all alike.

    A choice that is not available where it is taken becomes the first action that is.
    """
    size, n_looks = seen.shape
    rows, first = np.arange(size) * mdp.n_actions, mdp.available.argmax(axis=1)
    pair_of, here, total, weight = mdp.pair_of_transition, mdp.initial.astype(np.float64), 0.0, 1.0
    paid, goes_on = mdp.probability * mdp.reward, mdp.probability * ~mdp.terminates
    for timestep in range(span.horizon):
        row = _choices(policy, timestep)
        mass = np.zeros(size * mdp.n_actions)
        mass[rows + row] = (1.0 - chance) * here
        for look in range(n_looks):
            meant = row[seen[:, look]]
            taken = np.where(mdp.available[np.arange(size), meant], meant, first)
            mass[rows + taken] += chance / n_looks * here
        flow = mass[pair_of]
        total += weight * float(flow @ paid)
        here = tally(mdp.successor, flow * goes_on, size)
        weight *= span.discount
    return total


def delayed(mdp: TabularMdp, policy: Ints, span: Span, delay: int, waiting: Ints | None) -> float:
    """The return where a chosen action takes effect `delay` timesteps later.

    Until the first one does, `waiting` holds the action to be taken, all alike where there are several; None: what the
    policy chooses at the start, as where observations arrive late and the first one is shown until then.
    """
    places = mdp.n_actions**delay
    last = max(1, places // mdp.n_actions)
    if waiting is None:
        code = np.zeros(mdp.n_states, dtype=np.int64)
        for timestep in range(delay):
            code = code * mdp.n_actions + _choices(policy, timestep)
        begins = [(1.0, code)]
    else:
        codes = [code for code in range(places) if _digits(code, mdp.n_actions, delay) <= set(waiting.tolist())]
        begins = [(1.0 / len(codes), np.full(mdp.n_states, code)) for code in codes]

    def branches(timestep: int, state: Ints, memory: Ints) -> list[_Branch]:
        choice = _choices(policy, timestep if waiting is not None else min(timestep + delay, span.horizon - 1))[state]
        return [(1.0, memory // last, (memory % last) * mdp.n_actions + choice)]

    return _remembering(mdp, span, places, begins, branches)


def sticking(mdp: TabularMdp, policy: Ints, span: Span, chance: float) -> float:
    """The return where, with probability `chance`, the last action is taken once more."""
    none = mdp.n_actions

    def branches(timestep: int, state: Ints, memory: Ints) -> list[_Branch]:
        choice = _choices(policy, timestep)[state]
        again = np.where(memory == none, choice, memory)
        return [(1.0 - chance, choice, choice), (chance, again, again)]

    return _remembering(mdp, span, none + 1, [(1.0, np.full(mdp.n_states, none))], branches)


def with_lost_steps(mdp: TabularMdp, policy: Ints, span: Span, chance: float) -> float:
    """The return where, with probability `chance`, a timestep passes without effect and pays nothing."""
    here, total, weight = mdp.initial.astype(np.float64), 0.0, 1.0
    rows = np.arange(mdp.n_states) * mdp.n_actions
    lengths, begins = np.diff(mdp.offsets), mdp.offsets[:-1]
    for timestep in range(span.horizon):
        pairs = rows + _choices(policy, timestep)
        chosen = segments(begins[pairs], lengths[pairs])
        flow = mdp.probability[chosen] * np.repeat((1.0 - chance) * here, lengths[pairs])
        total += weight * float(flow @ mdp.reward[chosen])
        on = ~mdp.terminates[chosen]
        here = chance * here + tally(mdp.successor[chosen[on]], flow[on], mdp.n_states)
        weight *= span.discount
    return total


def steps_needed(discount: float, remainder: float = 1e-9) -> int:
    """The timesteps after which a discount below 1 leaves the share `remainder` of all that is to come."""
    if not 0.0 <= discount < 1.0:
        raise ValueError(f"a discount of {discount} leaves no end")
    return 1 if discount == 0.0 else max(1, int(np.ceil(np.log(remainder) / np.log(discount))))


def _remembering(
    mdp: TabularMdp,
    span: Span,
    places: int,
    begins: Sequence[tuple[float, Ints]],
    branches: Callable[[int, Ints, Ints], list[_Branch]],
) -> float:
    """The return of what acts on state and memory: (S * places,) probabilities, followed step by step."""
    size, lengths = mdp.n_states * places, np.diff(mdp.offsets)
    first, total, weight = mdp.available.argmax(axis=1), 0.0, 1.0
    states = np.arange(mdp.n_states)
    here = np.zeros(size)
    for share, memory in begins:
        here += tally(states * places + memory, share * mdp.initial, size)
    for timestep in range(span.horizon):
        keys = np.flatnonzero(here)
        if keys.size == 0:
            break
        state, memory = np.divmod(keys, places)
        after = np.zeros(size)
        for chance, action, kept in branches(timestep, state, memory):
            taken = np.where(mdp.available[state, action], action, first[state])
            pairs = state * mdp.n_actions + taken
            chosen, times = segments(mdp.offsets[pairs], lengths[pairs]), lengths[pairs]
            flow = np.repeat(chance * here[keys], times) * mdp.probability[chosen]
            total += weight * float(flow @ mdp.reward[chosen])
            on = ~mdp.terminates[chosen]
            after += tally(mdp.successor[chosen[on]] * places + np.repeat(kept, times)[on], flow[on], size)
        here = after
        weight *= span.discount
    return total


def _choices(policy: Policy, timestep: int) -> Ints:
    row = policy if policy.ndim == 1 else policy[min(timestep, len(policy) - 1)]
    return np.asarray(row, dtype=np.int64)


def _digits(code: int, base: int, length: int) -> set[int]:
    found = set()
    for _ in range(length):
        code, digit = divmod(code, base)
        found.add(digit)
    return found


def _feasible(mdp: TabularMdp, shares: Floats) -> Floats:
    """`shares` (S, A) over available actions only; even where nothing is left."""
    kept = np.where(mdp.available, shares, 0.0)
    total = kept.sum(axis=1, keepdims=True)
    even = mdp.available / mdp.available.sum(axis=1, keepdims=True)
    return np.where(total > 0.0, kept / np.where(total > 0.0, total, 1.0), even)
