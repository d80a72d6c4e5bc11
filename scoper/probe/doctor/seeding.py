"""Does a seed determine an episode, on a fresh environment and on a used one? And if not, what is behind it?

One recording: an episode from reset(seed), then what follows an unseeded reset, all with the same actions. Recordings
of fresh environments, of one that has lived for a while, and under other seeds are compared.
"""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scoper.probe.alike import equal, mark, same
from scoper.probe.clock import Stopwatch
from scoper.probe.doctor.generators import Generators
from scoper.probe.doctor.ledger import Ledger, Unfit
from scoper.probe.doctor.stepping import look_for_global_randomness
from scoper.probe.doctor.surroundings import look_at_surroundings
from scoper.probe.doctor.tracing import definition, line_that_changes
from scoper.probe.pace import pace_of, steps_within
from scoper.probe.places import Place

_STEPS, _FOLLOWING = 600, 100
_RECORDING_S, _LIFE_S = 0.5, 1.0
_LIFE = 1500
_LIVES = (1.0, 0.03, 0.05, 0.02)
"""Shares of that life after which a used environment is compared with a fresh one."""
_CLOSE = 1e-6
_OTHER_SEEDS = 3
_SHOWN_ATTRIBUTES = 4
_WATCHED = 20
_PACE_STEPS, _PACE_S = 50, 1.0


@dataclass(frozen=True)
class _Recording:
    """What was seen: the seeded episode, and what came after it without a seed."""

    seeded: tuple[tuple[Any, ...], ...]
    following: tuple[tuple[Any, ...], ...]


class _Recorder:
    """Makes recordings with one list of actions."""

    def __init__(self, make: Callable[[], Any], seed: int, ledger: Ledger, most: int) -> None:
        self.make, self._ledger, self._most = make, ledger, most
        env = self.fresh()
        env.action_space.seed(seed % 2**31)
        self._actions = [env.action_space.sample() for _ in range(min(_STEPS, most))]
        self.leave(env)

    def fresh(self) -> Any:
        with self._ledger.guarded("the constructor"):
            return self.make()

    def leave(self, env: Any) -> None:
        with self._ledger.guarded("close"):
            env.close()

    def of(self, env: Any, seed: int) -> _Recording:
        """A recording of `env`."""
        with self._ledger.guarded("a replay"):
            seeded = self._part(env, env.reset(seed=seed), self._actions)
            following = self._part(env, env.reset(), self._actions[: min(_FOLLOWING, self._most)])
        return _Recording(tuple(seeded), tuple(following))

    def _part(self, env: Any, answer: Any, actions: Sequence[Any]) -> list[tuple[Any, ...]]:
        steps: list[tuple[Any, ...]] = [(mark(answer[0]),)]
        for action in actions:
            observation, reward, terminated, truncated, _ = env.step(copy.deepcopy(action))
            self._ledger.steps += 1
            steps.append((mark(observation), reward, bool(terminated), bool(truncated)))
            if terminated or truncated:
                break
        return steps

    def live(self, env: Any, n_steps: int) -> None:
        """Random actions over several episodes, the same whenever the same number is asked for."""
        with self._ledger.guarded("a replay"):
            env.action_space.seed(n_steps)
            env.reset(seed=1)
            for _ in range(n_steps):
                _, _, terminated, truncated, _ = env.step(env.action_space.sample())
                self._ledger.steps += 1
                if terminated or truncated:
                    env.reset()


def look_at_seeding(make: Callable[[], Any], ledger: Ledger, seeds: Sequence[int], pace: float = math.inf) -> bool:
    """Write down what the seed does not determine; whether seed and actions determine an episode, also of a used one.

    About 5,000 timesteps, fewer when the environment's `pace` is slow.
    """
    most = steps_within(_RECORDING_S, pace, 5, _STEPS)
    recorder = _Recorder(make, seeds[0], ledger, most)
    one = recorder.fresh()
    look_for_global_randomness(one, ledger, seeds[0], most)
    look_at_surroundings(recorder.make, ledger, seeds[0], most)
    first_env, second_env = recorder.fresh(), recorder.fresh()
    first, second = recorder.of(first_env, seeds[0]), recorder.of(second_env, seeds[0])
    generators = Generators(first_env, second_env, seeds, most)
    ignoring = generators.ignoring()
    place = definition(one, "reset")
    told = False
    if ignoring and (drawn := generators.line(ignoring[0])) is not None:
        place = drawn
    if not same(first.seeded, second.seeded, _CLOSE):
        _not_reproducible(recorder, ledger, ignoring, seeds[0], len(first.seeded) - 1, place)
    elif _same_under(recorder, first, seeds) and ignoring:
        names = _named(ignoring)
        claim = f"every seed gives the same episodes: reset ignores seed, random numbers are drawn from {names}"
        ledger.add("seed_ignored", claim, place, generators=list(ignoring))
        told = not same(first.seeded, recorder.of(first_env, seeds[0]).seeded, _CLOSE)
    else:
        life = steps_within(_LIFE_S, pace, 20, _LIFE)
        if told := _is_told_by_use(recorder, first_env, first, seeds[0], life):
            _look_at_used(recorder, ledger, (first_env, recorder.fresh()), ignoring, seeds[0], place)
        if not same(first.following, second.following, _CLOSE) and not ledger.knows("seed_ignored", "global_rng"):
            claim = "after a seeded episode the next one is not determined: reset() without a seed takes a new one"
            ledger.add("seed_lost", claim, place)
    for env in (one, first_env, second_env):
        recorder.leave(env)
    return same(first.seeded, second.seeded, _CLOSE) and not told


def _named(attributes: Sequence[str]) -> str:
    return " and ".join(attributes[:2])


def _same_under(recorder: _Recorder, first: _Recording, seeds: Sequence[int]) -> bool:
    """Whether fresh environments show the same episode under other seeds."""
    for seed in seeds[1 : 1 + _OTHER_SEEDS]:
        env = recorder.fresh()
        alike = same(first.seeded, recorder.of(env, seed).seeded, _CLOSE)
        recorder.leave(env)
        if not alike:
            return False
    return True


def _not_reproducible(
    recorder: _Recorder, ledger: Ledger, ignoring: tuple[str, ...], seed: int, steps: int, place: Any
) -> None:
    """Two fresh environments differ under one seed: a global generator, one that is never seeded, or something else."""
    again = []
    for _ in range(2):
        np.random.seed(7)  # noqa: NPY002 - whether it is behind the difference is the question
        random.seed(7)
        env = recorder.fresh()
        again.append(recorder.of(env, seed))
        recorder.leave(env)
    if same(again[0].seeded, again[1].seeded, _CLOSE) and ledger.knows("global_rng"):
        return
    if ignoring:
        claim = f"the same seed gave another episode: reset does not seed {_named(ignoring)}"
        ledger.add("seed_ignored", claim, place, generators=list(ignoring))
        return
    claim = f"the same seed and the same actions gave another episode within {steps} steps"
    ledger.add("seed_not_reproducible", claim, place, steps=steps)


def _is_told_by_use(recorder: _Recorder, used: Any, first: _Recording, seed: int, life: int) -> bool:
    """Whether a used environment shows anything else than a fresh one did: what leaks may, once, be the same."""
    for share in _LIVES:
        recorder.live(used, max(5, int(share * life)))
        if not same(first.seeded, recorder.of(used, seed).seeded, _CLOSE):
            return True
    return False


def _look_at_used(
    recorder: _Recorder,
    ledger: Ledger,
    envs: tuple[Any, Any],
    ignoring: tuple[str, ...],
    seed: int,
    place: Place | None,
) -> None:
    """A used environment does not show what a fresh one showed: say why."""
    used, fresh = envs
    if ignoring:
        claim = f"the same seed gave another episode later: reset does not seed {_named(ignoring)}"
        ledger.add("seed_ignored", claim, place, generators=list(ignoring))
        recorder.leave(fresh)
        return
    with ledger.guarded("reset"):
        used.reset(seed=seed)
        fresh.reset(seed=seed)
    names = _different_attributes(used, fresh)
    what = f"self.{' and self.'.join(names)} differ" if names else "something differs"
    claim = f"a used environment plays another episode than a fresh one under the same seed: after reset {what}"
    changed = _line_that_writes(used, names[0]) if names else None
    where: dict[str, Any] = {"changed_at": f"{Path(changed.file).name}:{changed.line}"} if changed else {}
    ledger.add("state_leaks_over_reset", claim, place, attributes=names, **where)
    recorder.leave(fresh)


def _line_that_writes(env: Any, name: str) -> Place | None:
    """The line of step that changes the attribute."""
    members = vars(getattr(env, "unwrapped", env))

    def some_steps() -> None:
        for _ in range(_WATCHED):
            _, _, terminated, truncated, _ = env.step(env.action_space.sample())
            if terminated or truncated:
                return

    try:
        return line_that_changes(lambda: repr(members.get(name)), some_steps)
    except Exception:
        return None


def _different_attributes(one: Any, other: Any) -> list[str]:
    """Names of plain attributes of the two environments whose values differ."""
    mine, theirs = vars(getattr(one, "unwrapped", one)), vars(getattr(other, "unwrapped", other))
    plain = (bool, int, float, str, np.ndarray, np.generic, list, tuple, dict)
    names = [n for n, v in mine.items() if isinstance(v, plain) and n in theirs and not equal(v, theirs[n], _CLOSE)]
    return names[:_SHOWN_ATTRIBUTES]


def measured_pace(make: Callable[[], Any], ledger: Ledger, seed: int) -> float:
    """The coarse speed with random actions over at most 50 timesteps, resets included; raises Unfit when it crashes."""
    with ledger.guarded("a replay"):
        env = make()
        env.action_space.seed(seed % 2**31)
        env.reset(seed=seed)
        watch, steps = Stopwatch(), 0
        while steps < _PACE_STEPS and watch.own_s() < _PACE_S:
            answer = env.step(env.action_space.sample())
            steps += 1
            if not isinstance(answer, tuple) or len(answer) != 5:
                raise Unfit
            if answer[2] or answer[3]:
                env.reset()
        own_s = watch.own_s()
        env.close()
    return pace_of(steps, own_s)
