"""Episodes that disagree with what the owner says: more reward, and less of what more is better of, or the reverse.

A player counts what one statement speaks of in the place of an objective; of a pair of episodes all statements must
agree, so that no trade-off between them is taken for a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from scoper.domain.certificates import Certificate, EpisodeTrace
from scoper.domain.mdp import Objective
from scoper.domain.numbers import number
from scoper.domain.wanted import Statement
from scoper.probe.certificates_play import EnvPlayer, Player, SpecPlayer

_KEY = "said to be better or worse"
_GROUPS = ("", "reward_terms", "state")
_HAIR = 1e-9
Pool = Sequence[EpisodeTrace]


def counting(player: Player, statement: Statement) -> Player:
    """The player of the same problem whose objective is the total of what the statement speaks of."""
    direction = "maximise" if statement.direction == "more" else "minimise"
    if isinstance(player, SpecPlayer):
        asked = Objective(expression=statement.of, direction=direction)
        return SpecPlayer(player.spec.model_copy(update={"objective": asked}), player.limit)
    assert isinstance(player, EnvPlayer)
    make = player.make
    asked = Objective(info=_KEY, direction=direction)
    return EnvPlayer(lambda: _Counted(make(), statement.of), asked, player.idle, player.discount)


def against(
    player: Player, statements: Sequence[Statement], pool_of: Callable[[Player], Pool], defect: str | None
) -> Iterator[Certificate]:
    """A certificate for every statement that two episodes contradict, the same two where that is possible.

    pool_of: the same episodes for every player; only what they count differs.
    """
    pools = [pool_of(counting(player, statement)) for statement in statements]
    if not pools or len({len(pool) for pool in pools}) > 1:
        return
    pair = next(_disagreeing(pools, statements), None)
    if pair is None:
        return
    for statement, pool in zip(statements, pools, strict=True):
        more, less = pool[pair[0]], pool[pair[1]]
        worse = _better(statement, less) - _better(statement, more)
        if worse > _HAIR * max(1.0, abs(_better(statement, less))):
            yield Certificate(
                kind="more_reward_less_objective",
                claim=_claim(statement, more, less),
                defect=defect,
                statement=statement,
                traces=(more, less),
            )


def _disagreeing(pools: Sequence[Pool], statements: Sequence[Statement]) -> Iterator[tuple[int, int]]:
    """Places of two episodes of which the first earns more and is worse by every statement: the furthest apart first.

    A statement may be left alone, but not obeyed, and one at least is contradicted.
    """
    rewards = [trace.total_reward for trace in pools[0]]
    good = [[_better(statement, trace) for trace in pool] for statement, pool in zip(statements, pools, strict=True)]
    spans = [max(values) - min(values) for values in (rewards, *good)] if rewards else []
    if not spans or spans[0] <= 0.0 or max(spans[1:]) <= 0.0:
        return
    found = []
    for one, other in product(range(len(rewards)), repeat=2):
        more = (rewards[one] - rewards[other]) / spans[0]
        losses = [(g[other] - g[one]) / span for g, span in zip(good, spans[1:], strict=True) if span > 0.0]
        if more > _HAIR and min(losses) >= -_HAIR and max(losses) > _HAIR:
            same_seed = pools[0][one].seed == pools[0][other].seed
            found.append((-same_seed, -min(more, max(losses)), one, other))
    for *_, one, other in sorted(found):
        yield one, other


def _better(statement: Statement, trace: EpisodeTrace) -> float:
    sign = 1.0 if statement.direction == "more" else -1.0
    return sign * (trace.objective or 0.0)


def _claim(statement: Statement, more: EpisodeTrace, less: EpisodeTrace) -> str:
    return (
        f"{statement.direction} of {statement.of} is said to be better: {more.policy} comes to a reward of "
        f"{number(more.total_reward)} and {number(more.objective or 0.0)} of it, {less.policy} to "
        f"{number(less.total_reward)} and {number(less.objective or 0.0)}"
    )


class _Counted:
    """An environment whose info also holds what a statement speaks of, wherever in it that stands."""

    def __init__(self, env: Any, name: str) -> None:
        self._env, self._name = env, name
        self.action_space = env.action_space

    def reset(self, **asked: Any) -> Any:
        return self._env.reset(**asked)

    def step(self, action: Any) -> Any:
        observation, reward, terminated, truncated, info = self._env.step(action)
        value = _told(info, self._name)
        info = dict(info) if value is None else {**info, _KEY: value}
        return observation, reward, terminated, truncated, info

    def close(self) -> None:
        self._env.close()


def _told(info: Mapping[str, Any], name: str) -> Any:
    """What info holds of the name, at its top or among rewards' terms or the state; None where it does not."""
    for group in _GROUPS:
        within = info.get(group) if group else info
        if isinstance(within, Mapping) and name in within:
            return within[name]
    return None
