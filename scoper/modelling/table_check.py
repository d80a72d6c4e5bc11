"""A transition table checked against what its environment does.

Every sampled step and every reset must be possible by the table, and happen as often as it says: a table that is
right is refused with a probability of `ERROR_RATE` at most, however the steps came about.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from scoper.domain.tabular import Floats, TabularMdp
from scoper.numerics.statistics import log_evidence_against

CHECK_STEPS = 20_000
ERROR_RATE = 1e-6

Outcome = tuple[int, bool, float]


@dataclass(frozen=True)
class Checked:
    """What came of a check: how often episodes began where, and what speaks against the table, empty for nothing."""

    starts: Mapping[int, int]
    disagreement: str

    def start_shares(self, n_states: int) -> Floats:
        """(S,) the start distribution as the resets show it."""
        shares = np.bincount([*self.starts], weights=[*self.starts.values()], minlength=n_states)
        return np.asarray(shares / shares.sum())


def check_table(env: Any, table: TabularMdp, declared: Floats | None, seeds: Sequence[int]) -> Checked:
    """Reset once for every seed, then step with random actions; `declared` (S,) is the start distribution, if given."""
    laws = _laws(table)
    seen = _watch(env, laws, table.n_actions, seeds)
    disagreement = seen.fault or _wrong_start(seen.starts, declared, table.n_states)
    return Checked(seen.starts, disagreement or _wrong_steps(seen, laws, table.n_actions))


def declared_start(env: Any, n_states: int) -> Floats | None:
    """(S,) the start distribution that the environment gives, None without one."""
    given = getattr(env.unwrapped, "initial_state_distrib", None)
    if given is None:
        return None
    initial = np.asarray(given, dtype=np.float64).ravel()
    if initial.shape != (n_states,) or not np.isfinite(initial).all() or (initial < 0).any() or initial.sum() <= 0:
        raise ValueError(f"initial_state_distrib is no distribution over {n_states} states")
    return np.asarray(initial / initial.sum())


@dataclass
class _Seen:
    """What was counted: starts by state, outcomes by pair; fault: a step that the table excludes."""

    starts: Counter[int] = field(default_factory=Counter)
    outcomes: dict[int, Counter[int]] = field(default_factory=dict)
    fault: str = ""


def _watch(env: Any, laws: Sequence[_Law], n_actions: int, seeds: Sequence[int]) -> _Seen:
    """One reset for every seed, then steps with random actions."""
    seen = _Seen()
    n_states = len(laws) // n_actions
    for seed in seeds:
        state = int(env.reset(seed=int(seed))[0])
        seen.starts[state] += 1
    env.action_space.seed(seeds[0])
    for _ in range(CHECK_STEPS):
        if not 0 <= state < n_states:
            seen.fault = f"the environment was in state {state}, which the table P does not have"
            return seen
        action = int(env.action_space.sample())
        observation, reward, terminated, truncated, _ = env.step(action)
        pair = state * n_actions + action
        outcome = laws[pair].find((int(observation), bool(terminated), float(reward)))
        if outcome is None:
            seen.fault = f"step left state {state} by action {action} in a way that the table P excludes"
            return seen
        seen.outcomes.setdefault(pair, Counter())[outcome] += 1
        state = int(observation)
        if terminated or truncated:
            state = int(env.reset()[0])
            seen.starts[state] += 1
    return seen


def _wrong_start(starts: Counter[int], declared: Floats | None, n_states: int) -> str:
    """How resets differ from the declared start distribution (S,), or leave the table; empty where they do neither."""
    unknown = next((state for state in starts if not 0 <= state < n_states), None)
    if unknown is not None:
        return f"reset started in state {unknown}, which the table P does not have"
    if declared is None:
        return ""
    excluded = next((state for state in starts if declared[state] <= 0.0), None)
    if excluded is not None:
        return f"reset started in state {excluded}, which the start distribution excludes"
    possible = np.flatnonzero(declared)
    counts = np.array([starts[int(state)] for state in possible])
    if log_evidence_against(counts, declared[possible]) < math.log(3.0 / ERROR_RATE):
        return ""
    worst, said = _most_off(counts, declared[possible])
    resets = f"reset started in state {possible[worst]} in {counts[worst]:,} of {counts.sum():,} cases"
    return f"{resets}, where initial_state_distrib says {said:,.1f}"


def _wrong_steps(seen: _Seen, laws: Sequence[_Law], n_actions: int) -> str:
    """The pair that deviates most, where one pair or all of them together deviate; empty where none does."""
    evidence = {}
    for pair, counter in seen.outcomes.items():
        evidence[pair] = log_evidence_against([counter[k] for k in range(len(laws[pair].chances))], laws[pair].chances)
    worst = max(evidence, key=lambda pair: evidence[pair])
    one, together = math.log(3.0 * len(laws) / ERROR_RATE), math.log(3.0 / ERROR_RATE)
    if evidence[worst] < one and math.fsum(evidence.values()) < together:
        return ""
    counts = np.array([seen.outcomes[worst][k] for k in range(len(laws[worst].chances))])
    most, said = _most_off(counts, np.asarray(laws[worst].chances))
    state, action = divmod(worst, n_actions)
    successor, _, reward = laws[worst].outcomes[most]
    step = f"action {action} in state {state} led to state {successor} with reward {reward:g}"
    return f"{step} in {counts[most]:,} of {counts.sum():,} steps, where the table P says {said:,.1f}"


def _most_off(counts: np.ndarray[Any, Any], chances: Floats) -> tuple[int, float]:
    """The outcome that is farthest from what was expected, and that expectation."""
    said = counts.sum() * chances
    worst = int(np.argmax((counts - said) ** 2 / said))
    return worst, float(said[worst])


@dataclass(frozen=True)
class _Law:
    """What can follow a pair: distinct outcomes with their chances, and where to look for them."""

    outcomes: tuple[Outcome, ...]
    chances: tuple[float, ...]
    places: Mapping[tuple[int, bool], tuple[int, ...]]

    def find(self, outcome: Outcome) -> int | None:
        """The number of the outcome, its reward up to rounding."""
        for place in self.places.get(outcome[:2], ()):
            if _equal(self.outcomes[place][2], outcome[2]):
                return place
        return None


def _laws(table: TabularMdp) -> list[_Law]:
    columns = (table.successor, table.terminates, table.reward, table.probability)
    moves = list(zip(*(column.tolist() for column in columns), strict=True))
    ends = table.offsets.tolist()
    return [_law(moves[first:after]) for first, after in pairwise(ends)]


def _law(moves: Sequence[tuple[int, bool, float, float]]) -> _Law:
    outcomes: list[Outcome] = []
    chances: list[float] = []
    places: dict[tuple[int, bool], tuple[int, ...]] = {}
    for successor, ends, reward, chance in moves:
        if chance <= 0.0:
            continue
        known = [place for place in places.get((successor, ends), ()) if _equal(outcomes[place][2], reward)]
        if known:
            chances[known[0]] += chance
            continue
        places[successor, ends] = (*places.get((successor, ends), ()), len(outcomes))
        outcomes.append((successor, ends, reward))
        chances.append(chance)
    return _Law(tuple(outcomes), tuple(chances), places)


def _equal(value: float, reward: float) -> bool:
    return abs(value - reward) <= 1e-9 * max(1.0, abs(value))
