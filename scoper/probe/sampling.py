"""The child's other task: take timesteps of a foreign environment and tell them in the variables of a spec.

Episodes of random actions, of one action held, of the spec's own baselines, and of a walk that seeks what was tried
least, from seeded resets. Nothing is judged here. Every row holds what `COLUMNS` names, then the state before and
after, then numbers that the environment told beside the state before the step.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from scoper.domain.mdp import MdpSpec
from scoper.domain.probe import Collected, Failed, Sampled, SamplingPlan
from scoper.domain.tabular import Floats, Ints
from scoper.modelling.faults import EnvironmentFault, OutOfTime
from scoper.modelling.layout import Layout
from scoper.modelling.model import SpecModel
from scoper.modelling.scalar import scalar_of
from scoper.modelling.spec_env import Process, spec_env
from scoper.probe.acting import action_codes, action_maker
from scoper.probe.counterpart import reading_of
from scoper.probe.failures import failed
from scoper.probe.loading import environment_factory
from scoper.probe.session import Session
from scoper.probe.watched import Watched, required_spaces

State = tuple[float, ...]
Chooser = Callable[[State], int]
COLUMNS = ("episode", "seed", "timestep", "action", "reward", "terminated", "truncated", "mask_differs")
"""mask_differs: 1 + the number of the first action about whose availability spec and environment disagree, else 0."""
BATCH = 1000
_LONGER = 2
"""Episodes that go on beyond the spec's horizon, to see whether the environment ends them."""
_SHORTEST, _LONGEST = 30, 1000
_EXPLORING = 0.15


def run_sampling(session: Session, plan: SamplingPlan) -> Collected | Failed:
    """The closing event; the rows go before it."""
    try:
        return _Sampler(session, plan).run()
    except EnvironmentFault as fault:
        return failed(session.plan, "crash", fault.claim, evidence=fault.evidence)


def _maker(session: Session) -> Callable[[], Any]:
    spec = session.plan.spec
    if isinstance(spec, MdpSpec):
        return lambda: spec_env(spec)
    return environment_factory(spec, Path(session.plan.spec_dir))


@dataclass
class _Table:
    """Rows on their way to the parent."""

    session: Session
    columns: tuple[str, ...]
    rows: list[list[float]] = field(default_factory=list)

    def add(self, row: list[float]) -> None:
        """Keep a row; send when there are many."""
        self.rows.append(row)
        if len(self.rows) >= BATCH:
            self.send()

    def send(self) -> None:
        """Everything kept."""
        if self.rows:
            data = np.array(self.rows, dtype="<f8").tobytes()
            self.session.emit(Sampled(columns=self.columns, rows=base64.b64encode(data).decode("ascii")))
            self.rows = []


class _Actions:
    """The spec's side of choosing: which actions it allows, what its baselines do, what was tried how often."""

    def __init__(self, spec: MdpSpec, layout: Layout, rng: np.random.Generator) -> None:
        self._process, self._layout, self._rng = Process(spec), layout, rng
        grid = np.meshgrid(*(q.choices for q in layout.actions), indexing="ij")
        self._columns = [column.reshape(-1) for column in grid]
        self.size = self._columns[0].size
        self._allowed: dict[State, Ints] = {}
        self._held = 0
        self._tried: dict[State, Ints] = {}
        model = SpecModel(spec)
        self._rules = {
            name: [scalar_of(model.parse(rules[q.name], list(spec.state))) for q in layout.actions]
            for name, rules in spec.baselines.items()
        }
        self._names = tuple(spec.state)

    def allowed(self, state: State) -> Ints:
        """The numbers of the actions that the spec allows; all of them where it says nothing of the state."""
        if state not in self._allowed:
            mask = self._process.allows(state, self._columns) if np.isfinite(state).all() else np.ones(self.size)
            numbers = np.flatnonzero(mask)
            self._allowed[state] = numbers if numbers.size else np.arange(self.size)
        return self._allowed[state]

    def random(self, state: State) -> int:
        """Any allowed action."""
        allowed = self.allowed(state)
        return int(allowed[self._rng.integers(allowed.size)])

    def seldom(self, state: State) -> int:
        """The allowed action tried least in this state."""
        allowed = self.allowed(state)
        tried = self._counts(state)[allowed]
        least = allowed[tried == tried.min()]
        return int(least[self._rng.integers(least.size)])

    def hold(self) -> None:
        """Another action is the one to hold."""
        self._held = int(self._rng.integers(self.size))

    def held(self, state: State) -> int:
        """The action to hold, now and then or where it is forbidden a random one."""
        if self._rng.random() < _EXPLORING or self._held not in self.allowed(state):
            return self.random(state)
        return self._held

    def baseline(self, name: str, state: State) -> int:
        """What the baseline does, now and then a random action."""
        if self._rng.random() < _EXPLORING or not np.isfinite(state).all():
            return self.random(state)
        values = dict(zip(self._names, state, strict=True))
        with np.errstate(all="ignore"):
            wanted = [rule(values) for rule in self._rules[name]]
        places = [int(np.argmin(np.abs(q.choices - v))) for q, v in zip(self._layout.actions, wanted, strict=True)]
        number = int(np.ravel_multi_index(places, [q.choices.size for q in self._layout.actions]))
        return number if number in self.allowed(state) else self.random(state)

    def count(self, state: State, action: int) -> None:
        """The action was taken."""
        self._counts(state)[action] += 1

    def _counts(self, state: State) -> Ints:
        return self._tried.setdefault(state, np.zeros(self.size, dtype=np.int64))


class _Sampler:
    """One sampling: the environment, its reading, and the rows."""

    def __init__(self, session: Session, plan: SamplingPlan) -> None:
        self._session, self._plan, spec = session, plan, plan.against
        session.stage("sample", session.plan.spec.name)
        raw = _maker(session)()
        required_spaces(raw)
        self._env = Watched(raw, session.pulse, 2**62, session.deadline)
        with session.own_work():
            self._layout = Process(spec).layout
        self._make = action_maker(spec, self._layout, raw.action_space, plan.renames)
        self._codes = action_codes(self._layout, raw.action_space)
        seeds = session.seeds("conform", plan.steps + 2)
        self._rng = np.random.default_rng(seeds[0])
        self._seeds = iter(seeds[1:])
        first = self._env.reset(seed=next(self._seeds))
        self._reading = reading_of(spec, self._layout, raw.observation_space, first, plan.renames)
        self._actions = _Actions(spec, self._layout, self._rng)
        self._has_masks = self._mask(first[1]) is not None
        before, after = ([f"{when}.{name}" for name in spec.state] for when in ("before", "after"))
        self._table = _Table(session, (*COLUMNS, *before, *after, *self._reading.extra_names))
        self._steps = 0

    def run(self) -> Collected:
        """Episodes until all timesteps are taken or the time is over."""
        episode, in_time = 0, True
        choices = self._choices()
        try:
            while self._steps < self._plan.steps:
                self._episode(episode, choices[episode % len(choices)])
                episode += 1
        except OutOfTime:
            in_time = False
        self._table.send()
        return Collected(
            steps=self._steps,
            in_time=in_time,
            has_masks=self._has_masks,
            sources=dict(self._reading.sources),
            actions=self._codes,
        )

    def _choices(self) -> Sequence[Chooser]:
        """The ways of choosing actions, episode by episode."""
        named: list[Chooser] = [partial(self._actions.baseline, name) for name in self._plan.against.baselines]
        woven: list[Chooser] = []
        for policy in named or [self._actions.random]:
            woven += [self._actions.random, self._actions.seldom, policy, self._actions.held, self._actions.seldom]
        return woven

    def _limit(self, episode: int) -> int:
        """Timesteps after which the sampling leaves an episode."""
        horizon = self._plan.against.horizon
        if horizon is None:
            return int(min(_LONGEST, max(_SHORTEST, self._plan.steps // 50)))
        return 2 * horizon + 2 if episode < _LONGER else horizon

    def _episode(self, episode: int, choose: Chooser) -> None:
        seed = next(self._seeds)
        self._actions.hold()
        observation, info = self._env.reset(seed=seed)
        state = tuple(self._reading.state(observation, info))
        limit = min(self._limit(episode), self._plan.steps - self._steps)
        for timestep in range(limit):
            differs = self._differs(state, info)
            extras = self._reading.extras(observation, info)
            action = choose(state)
            self._actions.count(state, action)
            observation, reward, terminated, truncated, info = self._env.step(self._make(action))
            after = tuple(self._reading.state(observation, info))
            flags = [float(terminated), float(truncated), float(differs)]
            self._table.add([episode, seed, timestep, action, reward, *flags, *state, *after, *extras])
            state, self._steps = after, self._steps + 1
            if terminated or truncated:
                return

    def _mask(self, info: Any) -> Floats | None:
        """What the environment says of its actions, numbered as the spec numbers them; None when it says nothing."""
        mask = info.get("action_mask")
        if mask is None:
            method = getattr(self._env.unwrapped, "action_masks", None)
            mask = method() if callable(method) else None
        if mask is None or np.size(mask) != self._actions.size:
            return None
        return np.asarray(mask, dtype=np.float64).reshape(-1)

    def _differs(self, state: State, info: Any) -> int:
        if not self._has_masks or not np.isfinite(state).all():
            return 0
        mask = self._mask(info)
        if mask is None:
            return 0
        allowed = np.zeros(self._actions.size, dtype=np.bool_)
        allowed[self._actions.allowed(state)] = True
        wrong = np.flatnonzero(allowed != (mask != 0))
        return int(wrong[0]) + 1 if wrong.size else 0
