"""Any small Gymnasium environment as arrays: from its table `P`, by trying every state and action, or by sampling.

What rests on trials is an estimate with counts, however many there were: `ImportedMdp.basis` says which it is, and
`TabularMdp.is_exact` keeps anybody from calling it proved. Observations are taken for states; that they are enough to
tell what comes next is checked on fresh episodes, as far as that can be seen.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from scoper.domain.tabular import Bools, Ints, TabularMdp
from scoper.errors import InputError, Problem
from scoper.modelling.env_walk import Seen, Walker, actions_of, answers_alike
from scoper.modelling.table_check import check_table, declared_start
from scoper.modelling.table_import import from_p_table

Basis = Literal["declared", "enumerated", "estimated"]
_START_RESETS, _RESETS_EACH, _MOST_RESETS = 500, 20, 10_000
_CHECK_EPISODES = 40
_LONGEST = 1000

Outcomes = dict[tuple[int, int], Counter[tuple[Hashable, bool, float]]]


@dataclass(frozen=True)
class ImportedMdp:
    """Arrays of an environment.

    basis: declared - its own table P, found to agree with its steps; enumerated - every state and action tried in an
    environment that always answered the same; estimated - frequencies of trials. counts (S, A): trials of every pair,
    0 where the table was given. notes: what to know about it. observations: the observation of every state.
    """

    mdp: TabularMdp
    basis: Basis
    notes: tuple[str, ...]
    counts: Ints
    observations: tuple[Hashable, ...]


def import_env(
    env: Any,
    *,
    discount: float = 0.99,
    horizon: int | None = None,
    seed: int = 0,
    max_states: int = 20_000,
    max_steps: int = 100_000,
) -> ImportedMdp:
    """The arrays of `env`, wrappers included; `horizon` None takes the environment's registered time limit.

    Raises InputError when its actions cannot be counted, or more than `max_states` observations come up.
    """
    rng = np.random.default_rng(seed)
    limit = horizon or (env.spec.max_episode_steps if getattr(env, "spec", None) is not None else None)
    from_table, notes = _from_table(env, discount, limit, seed)
    if from_table is not None:
        return from_table
    actions = actions_of(env.action_space)
    if not actions:
        raise InputError(Problem("import-actions", f"the actions of {env.action_space} cannot be counted"))
    walker = Walker(env, actions, seed)
    trials = _Trials(walker, max_states, max_steps)
    if answers_alike(walker, rng) and trials.enumerate() and trials.holds(rng):
        basis: Basis = "enumerated"
    else:
        basis = "estimated"
        walker.find_attribute(rng)
        trials = _Trials(walker, max_states, max_steps)
        trials.sample(rng)
    mdp, more = trials.arrays(discount, limit)
    labels = tuple(trials.numbers)
    return ImportedMdp(mdp, basis, (*notes, *trials.words(basis), *more), trials.counts(), labels)


def enumerate_env(
    env: Any, *, discount: float, horizon: int | None, seed: int, max_states: int, max_steps: int
) -> ImportedMdp | None:
    """The arrays of an environment that always answers the same, every action tried in every state.

    None for others, and where an episode was cut on the way to a state.
    """
    actions, rng = actions_of(env.action_space), np.random.default_rng(seed)
    walker = Walker(env, actions, seed)
    trials = _Trials(walker, max_states, max_steps)
    try:
        if not (actions and answers_alike(walker, rng) and trials.enumerate() and trials.holds(rng)):
            return None
    except InputError:
        return None
    if trials.cut:
        return None
    mdp, more = trials.arrays(discount, horizon)
    return ImportedMdp(mdp, "enumerated", (*trials.words("enumerated"), *more), trials.counts(), tuple(trials.numbers))


def _from_table(
    env: Any, discount: float, horizon: int | None, seed: int
) -> tuple[ImportedMdp | None, tuple[str, ...]]:
    """The import of the table P if there is one to believe, and what speaks against one that is there."""
    from gymnasium import spaces

    raw = getattr(env.unwrapped, "P", None)
    counted = isinstance(env.observation_space, spaces.Discrete) and isinstance(env.action_space, spaces.Discrete)
    if raw is None or not counted or int(env.observation_space.start) or int(env.action_space.start):
        return None, ()
    n_states, n_actions = int(env.observation_space.n), int(env.action_space.n)
    try:
        declared = declared_start(env, n_states)
        anywhere = np.full(n_states, 1.0 / n_states) if declared is None else declared
        table = from_p_table(raw, n_states, n_actions, anywhere, discount, horizon)
    except (InputError, TypeError, ValueError, KeyError, IndexError) as error:
        return None, (f"the table P cannot be read ({error}), so steps were counted",)
    seeds = np.random.default_rng(seed).integers(2**31, size=_START_RESETS)
    checked = check_table(env, table, declared, [int(number) for number in seeds])
    if checked.disagreement:
        return None, (f"the table P was not believed: {checked.disagreement}",)
    notes: tuple[str, ...] = ("taken from the environment's table P, which agrees with its steps",)
    if declared is None:
        resets = sum(checked.starts.values())
        table = replace(table, initial=checked.start_shares(n_states), start_resets=resets)
        notes += (f"the start distribution is that of {resets:,} resets",)
    counts = np.zeros((n_states, n_actions), dtype=np.int64)
    return ImportedMdp(table, "declared", notes, counts, tuple(range(n_states))), ()


class _Trials:
    """States as they are met, and what came of every state and action."""

    def __init__(self, walker: Walker, max_states: int, max_steps: int) -> None:
        self._walker, self._max_states = walker, max_states
        self._until = walker.steps + max_steps
        self._first_step = walker.steps
        self.numbers: dict[Hashable, int] = {}
        self._outcomes: Outcomes = {}
        self._starts: Counter[int] = Counter()
        self.cut = 0

    def enumerate(self) -> bool:
        """Try every action once in every state, the way there being repeated; False when something came differently."""
        ways: dict[int, tuple[int, tuple[int, ...]]] = {}
        for seed, number in self._begin_often():
            ways.setdefault(number, (seed, ()))
        queue = deque(ways)
        while queue:
            state = queue.popleft()
            seed, way = ways[state]
            for action in range(len(self._walker.actions)):
                if self._walker.steps > self._until or not self._arrives(seed, way, state):
                    return False
                seen = self._walker.step(action)
                after = self._add(state, action, seen)
                if not (seen.terminated or seen.truncated) and after not in ways:
                    ways[after] = (seed, (*way, action))
                    queue.append(after)
        return True

    def _arrives(self, seed: int, way: tuple[int, ...], state: int) -> bool:
        """Whether the way to a state leads there again."""
        key = self._walker.reset(seed)
        for action in way:
            seen = self._walker.step(action)
            if seen.terminated or seen.truncated:
                return False
            key = seen.after
        return self.numbers.get(key) == state

    def holds(self, rng: np.random.Generator) -> bool:
        """Whether fresh episodes contain nothing that the trials do not have."""
        for _ in range(_CHECK_EPISODES):
            key = self._walker.reset()
            for _ in range(_LONGEST):
                action = int(rng.integers(len(self._walker.actions)))
                known = self._outcomes.get((self.numbers.get(key, -1), action), Counter())
                seen = self._walker.step(action)
                if known and (seen.after, seen.terminated, seen.reward) not in known:
                    return False
                if not known and key not in self.numbers:
                    return False
                key = seen.after
                if seen.terminated or seen.truncated:
                    break
        return True

    def sample(self, rng: np.random.Generator) -> None:
        """Trials of every pair, the least tried first: in episodes, or anywhere where states can be put back."""
        list(self._begin_often())
        if self._walker.attribute:
            self._sample_anywhere()
        tried = self.counts()
        state = self._begin(None)
        for _ in range(_LONGEST * self._max_states):
            if self._walker.steps > self._until:
                return
            tried = tried if tried.shape[0] >= len(self.numbers) else self.counts(2 * len(self.numbers))
            row = tried[state]
            least = np.flatnonzero(row == row.min())
            action = int(least[rng.integers(least.size)])
            seen = self._walker.step(action)
            tried[state, action] += 1
            state = self._add(state, action, seen)
            if seen.terminated or seen.truncated:
                state = self._begin(None)

    def _sample_anywhere(self) -> None:
        """Rounds of trials of every pair with half of the steps, also where states turn up on the way."""
        alive, half = dict.fromkeys(self.numbers), (self._walker.steps + self._until) // 2
        while self._walker.steps < half:
            queue = deque(alive)
            while queue and self._walker.steps < half:
                key = queue.popleft()
                for action in range(len(self._walker.actions)):
                    self._walker.put(key)
                    seen = self._walker.step(action)
                    self._add(self.numbers[key], action, seen)
                    if seen.after not in alive and not (seen.terminated or seen.truncated):
                        alive[seen.after] = None
                        queue.append(seen.after)

    def _begin_often(self) -> Iterator[tuple[int, int]]:
        """Seeds of resets and the states that they begin in: 500, and more where there are many start states."""
        for number in range(_MOST_RESETS):
            if number >= max(_START_RESETS, _RESETS_EACH * len(self._starts)):
                return
            seed = self._walker.seed + number
            yield seed, self._begin(seed)

    def _begin(self, seed: int | None) -> int:
        state = self._number(self._walker.reset(seed))
        self._starts[state] += 1
        return state

    def _add(self, state: int, action: int, seen: Seen) -> int:
        self.cut += seen.truncated and not seen.terminated
        outcome = (seen.after, seen.terminated, seen.reward)
        self._outcomes.setdefault((state, action), Counter())[outcome] += 1
        return self._number(seen.after)

    def _number(self, key: Hashable) -> int:
        if key not in self.numbers and len(self.numbers) >= self._max_states:
            message = f"more than {self._max_states:,} different observations came up"
            raise InputError(
                Problem("import-states", message, remedy="make the environment smaller, or its steps coarser")
            )
        return self.numbers.setdefault(key, len(self.numbers))

    def counts(self, room: int = 0) -> Ints:
        """(S, A) trials, or (room, A) with rows for states to come."""
        found = np.zeros((max(room, len(self.numbers)), len(self._walker.actions)), dtype=np.int64)
        for pair, outcomes in self._outcomes.items():
            found[pair] = outcomes.total()
        return found

    def words(self, basis: Basis) -> tuple[str, ...]:
        """How the arrays came about."""
        resets, begun = sum(self._starts.values()), len(self._starts)
        start = f"start states are those of {resets:,} resets ({begun:,} different ones)"
        steps = f"{self._walker.steps - self._first_step:,} steps"
        if basis == "enumerated":
            how = "every action was tried in every state; the environment answered the same each time"
            return (f"{how} ({steps}), which is seen, not proved", start)
        least = min((o.total() for o in self._outcomes.values()), default=0)
        way = f"states were put back through `{self._walker.attribute}`" if self._walker.attribute else "in episodes"
        return (f"frequencies of {steps}, {way}; the pair tried least was tried {least:,} times", start)

    def arrays(self, discount: float, horizon: int | None) -> tuple[TabularMdp, tuple[str, ...]]:
        """The arrays, and what they leave out."""
        n_states, n_actions = len(self.numbers), len(self._walker.actions)
        tried: Bools = self.counts() > 0
        resting = np.asarray(~tried.any(axis=1))
        rows = [
            [(state, 1.0, 0.0, True)] if resting[state] and action == 0 else self._moves(state, action)
            for state in range(n_states)
            for action in range(n_actions)
        ]
        after, share, paid, end = zip(*(move for row in rows for move in row), strict=True)
        tried[np.flatnonzero(resting), 0] = True
        starts = np.bincount([*self._starts], weights=[*self._starts.values()], minlength=n_states)
        notes = []
        if (untried := int((~tried).sum()) - int(resting.sum()) * (n_actions - 1)) > 0:
            notes.append(f"{untried:,} pairs of state and action never came up and count as not available")
        if self.cut:
            notes.append(f"the environment cut {self.cut:,} episodes itself; there the arrays go on")
        mdp = TabularMdp(
            n_states=n_states,
            n_actions=n_actions,
            offsets=np.cumsum([0, *map(len, rows)], dtype=np.int64),
            successor=np.array(after, dtype=np.int64),
            probability=np.array(share, dtype=np.float64),
            reward=np.array(paid, dtype=np.float64),
            terminates=np.array(end, dtype=np.bool_),
            initial=starts / starts.sum(),
            available=tried,
            discount=discount,
            horizon=horizon,
            state_labels=tuple(map(str, self.numbers)),
            action_labels=tuple(str(action) for action in self._walker.actions),
            notes=tuple(notes),
            start_resets=sum(self._starts.values()),
            sampled_steps=self._walker.steps - self._first_step,
            source="the environment's steps",
        )
        return mdp, tuple(notes)

    def _moves(self, state: int, action: int) -> list[tuple[int, float, float, bool]]:
        """Successor, share, mean reward and end of every outcome, in the order of successors."""
        outcomes = self._outcomes.get((state, action), Counter())
        sums: dict[tuple[int, bool], tuple[int, float]] = {}
        for (after, terminated, reward), n in outcomes.items():
            known, paid = sums.get((self.numbers[after], terminated), (0, 0.0))
            sums[self.numbers[after], terminated] = (known + n, paid + n * reward)
        total = outcomes.total()
        return [(after, n / total, paid / n, end) for (after, end), (n, paid) in sorted(sums.items())]
