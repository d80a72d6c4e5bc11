"""Episodes under many behaviours, every answer looked at: types, numbers, aliases, ends, time, prints.

Random actions alone seldom come far into an episode, so constant ones, ones that are held for a while, and the corners
of boxes take turns with them.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scoper.baselines.constant import constant_actions
from scoper.domain.text import shown
from scoper.probe.clock import Clock, Deadline
from scoper.probe.doctor import answers, forks
from scoper.probe.doctor.endings import Endings
from scoper.probe.doctor.ledger import Ledger, Unfit
from scoper.probe.doctor.outlets import Outlets
from scoper.probe.doctor.timing import Timing
from scoper.probe.doctor.tracing import (
    Returns,
    definition,
    disturb_global_generators,
    global_generators,
    line_that_changes,
)
from scoper.probe.places import Place
from scoper.probe.seen import Seen

_HELD = 25
_CONSTANTS = 4
_CRASHES = 3
_KEPT = 3
_OWN_CUT = 2000
_INFOS = 60
_LOOKED_THROUGH = 300
_GLOBAL_STEPS = 40


@dataclass
class Stepper:
    """Lives through episodes of one environment after the other.

    make: a fresh environment; limit: timesteps after which it is cut, if registered; most: timesteps and seconds;
    patience_s: what one step may take. in_time: whether the seconds sufficed. seen: which keys step's info held.
    """

    make: Callable[[], Any]
    ledger: Ledger
    seeds: Iterator[int]
    limit: int | None
    most: tuple[int, float]
    patience_s: float
    env: Any = None
    lived: int = 0
    in_time: bool = True
    _kept: list[tuple[Any, Any]] = field(default_factory=list)
    _last_info: Any = None
    _spaces: dict[str, Any] = field(default_factory=dict)
    _looked: int = 0
    seen: Seen = field(default_factory=Seen)

    def run(self) -> None:
        """Episodes until the timesteps or the seconds are used up; what is found is in the ledger."""
        until = Clock(time.monotonic()).deadline(self.most[1])
        forks.watch()
        endings, timing, outlets = Endings(self.limit), Timing(), Outlets()
        crashes, episode = 0, 0
        with outlets, timing:
            while self.ledger.steps < self.most[0] and not until.is_over(time.monotonic()) and crashes < _CRASHES:
                episode += 1
                try:
                    if self.env is None:
                        self.env, self.lived = self.make(), 0
                        self._spaces = {}
                    self._episode(episode, until, endings, timing, outlets)
                except Unfit:
                    crashes += 1
                    self.env, self._kept = None, []
                if endings.enough():
                    break
            else:
                done = self.ledger.steps >= self.most[0] or crashes >= _CRASHES
                self.in_time = done or not until.is_over(time.monotonic())
        timing.report(self.ledger, self.patience_s, None if self.env is None else definition(self.env, "step"))
        outlets.report(self.ledger)
        forks.report(self.ledger)
        if not self.ledger.knows("step_signature", "reset_signature"):
            endings.report(self.ledger, definition_of=self.env)

    def _episode(self, number: int, until: Deadline, endings: Endings, timing: Timing, outlets: Outlets) -> None:
        env, ledger, returns = self.env, self.ledger, Returns(self.env)
        seed = next(self.seeds)
        behaviour = self._behaviour(number, seed)
        with ledger.guarded("reset"), returns, timing.call("reset"), outlets.call(returns):
            answer = env.reset(seed=seed)
        observation, info = answers.check_reset(answer, ledger, returns.last)
        self._same_spaces("reset")
        when: dict[str, Any] = {"step": 0, "episode": number}
        answers.check_observation(env.observation_space, observation, ledger, returns.last, **when)
        self._aliases(observation, info, returns.last)
        cut = endings.cut(number)
        for step in range(1, cut + 1):
            action = behaviour()
            given = copy.deepcopy(action)
            doing = f"step {step} of episode {number}"
            with (
                ledger.guarded(doing),
                returns,
                timing.call("step"),
                outlets.call(returns),
            ):
                answer = env.step(action)
            ledger.steps, self.lived = ledger.steps + 1, self.lived + 1
            place = returns.last
            observation, reward, terminated, truncated, info = answers.check_step(answer, ledger, place)
            when = {"step": step, "episode": number}
            self.seen.info(info)
            answers.check_flags(terminated, truncated, ledger, place)
            value = answers.check_reward(reward, ledger, place, **when)
            answers.check_observation(env.observation_space, observation, ledger, place, **when)
            self._aliases(observation, info, place)
            if isinstance(given, np.ndarray) and not np.array_equal(given, action):
                ledger.add("action_mutated", "step changes the action that it was given", place, **when)
            endings.reward(value)
            if terminated or truncated:
                self._same_spaces("step")
                endings.ended(step, by_itself=True)
                return
            if ledger.steps >= self.most[0] or until.is_over(time.monotonic()):
                endings.unfinished(step)
                return
        endings.ended(cut, by_itself=False)

    def _behaviour(self, number: int, seed: int) -> Callable[[], Any]:
        """How actions are chosen in this episode: random, constant, held, or at the corners."""
        space = self.env.action_space
        space.seed(seed % 2**31)
        rng = np.random.default_rng(seed)
        constants = constant_actions(space)[:_CONSTANTS]
        turn = number % 4
        if turn == 2 and constants:
            constant = constants[(number // 4) % len(constants)]
            return lambda: copy.deepcopy(constant)
        if turn == 3:
            return _held(space, rng)
        if turn == 0 and hasattr(space, "low") and np.isfinite(space.low).all() and np.isfinite(space.high).all():
            return lambda: np.where(rng.random(space.shape) < 0.5, space.low, space.high).astype(space.dtype)
        return lambda: space.sample()

    def _aliases(self, observation: Any, info: Any, place: Place | None) -> None:
        """What was returned before must still be what it was."""
        for index, (kept, copied) in enumerate(self._kept):
            if any(not np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in zip(kept, copied, strict=True)):
                claim = "an array that was returned before is changed later: learners that store it see the future"
                self.ledger.add("observation_reused", claim, place)
                self._kept.pop(index)
                break
        arrays = [a for a in _arrays(observation) if a.nbytes <= 2**22]
        self._kept = [*self._kept[-_KEPT:], (arrays, [a.copy() for a in arrays])]
        self._same_info(info, place)
        if self._looked < _INFOS:
            self._looked += 1
            answers.check_info(info, self.ledger, place)

    def _same_spaces(self, doing: str) -> None:
        """A learner is built for the spaces that it saw first."""
        if self.ledger.knows("space_changes"):
            return
        for name in ("observation_space", "action_space"):
            now = getattr(self.env, name)
            if name not in self._spaces:
                copied = _copied(now)
                self._spaces[name] = copied if _is_same(copied, now) else now  # itself where it knows no equal
            first = self._spaces[name]
            if first is now or _is_same(first, now):
                continue
            claim = f"{name} was {shown(repr(first))} and is {shown(repr(now))} after {doing}"
            self.ledger.add("space_changes", claim, self._line_of_space(name, doing), space=name)

    def _line_of_space(self, name: str, doing: str) -> Place | None:
        """Where a fresh environment gives itself another space."""

        def live() -> None:
            env.reset(seed=next(self.seeds))
            for _ in range(_LOOKED_THROUGH):
                _, _, terminated, truncated, _ = env.step(env.action_space.sample())
                if terminated or truncated:
                    env.reset()

        with self.ledger.guarded("the constructor"):
            env = self.make()
        with self.ledger.guarded(f"a search for the line that changes {name}"):
            place = line_that_changes(lambda: repr(getattr(env, name)), live)
            env.close()
        return place or definition(self.env, doing)

    def _same_info(self, info: Any, place: Place | None) -> None:
        before, self._last_info = self._last_info, info
        if before is info and isinstance(info, dict) and info:
            self.ledger.add(
                "info_reused", "the same info object comes again and again: what is kept of it changes", place
            )


def _copied(space: Any) -> Any:
    """A copy, or the space itself where it cannot be copied."""
    try:
        return copy.deepcopy(space)
    except Exception:
        return space


def _is_same(one: Any, other: Any) -> bool:
    """Whether the spaces are equal; what cannot be compared is."""
    try:
        return bool(one == other)
    except Exception:
        return True


def _held(space: Any, rng: np.random.Generator) -> Callable[[], Any]:
    """A random action that is held for a while, then another one."""
    state: dict[str, Any] = {"left": 0, "action": None}

    def choose() -> Any:
        if state["left"] == 0:
            state["left"], state["action"] = int(rng.integers(2, _HELD)), space.sample()
        state["left"] -= 1
        return copy.deepcopy(state["action"])

    return choose


def _arrays(value: Any) -> list[Any]:
    """Every numeric array inside an observation."""
    if isinstance(value, np.ndarray):
        return [value] if value.dtype.kind in "fiub" else []
    if isinstance(value, dict):
        value = tuple(value.values())
    return [array for part in value for array in _arrays(part)] if isinstance(value, tuple | list) else []


def look_for_global_randomness(env: Any, ledger: Ledger, seed: int, most: int) -> None:
    """Whether reset or step moves numpy's or Python's global generator, and in which line."""
    env.action_space.seed(seed % 2**31)

    def reset() -> None:
        env.reset(seed=seed)

    def some_steps() -> None:
        for _ in range(min(most, _GLOBAL_STEPS)):
            _, _, terminated, truncated, _ = env.step(env.action_space.sample())
            if terminated or truncated:
                env.reset()

    for doing, call in (("reset", reset), ("step", some_steps)):
        disturb_global_generators()
        before = global_generators()
        with ledger.guarded(doing):
            call()
        if global_generators() == before:
            continue
        disturb_global_generators()
        with ledger.guarded(doing):
            place = line_that_changes(global_generators, call)
        claim = f"{doing} draws from, or seeds, a global random generator: anything else that draws changes the episode"
        ledger.add("global_rng", claim, place, doing=doing)
        return
