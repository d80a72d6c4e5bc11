"""How much of the exact optimum's advantage is left under every disturbance, computed on the arrays.

What a row costs is known before: timesteps times transitions. Rows beyond what the budget allows are left out and
named, never cut by the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from scoper.baselines import Task
from scoper.diagnostics._world import World
from scoper.domain.decision import Basis
from scoper.domain.mdp import MdpSpec
from scoper.domain.robustness import Challenge, Level, RobustnessRow
from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.errors import InputError
from scoper.modelling.arrays import compile_spec
from scoper.modelling.grid import Grid, grid_of, word_codes
from scoper.numerics.behaviour import behaviour
from scoper.numerics.disturbed import (
    Span,
    delayed,
    misread,
    steps_needed,
    sticking,
    with_lost_steps,
    with_other_actions,
)
from scoper.numerics.evaluate import Policy
from scoper.probe.robustness_parameters import varied_specs

WORK = {"quick": 2e7, "standard": 2e8, "long": 2e9}
"""Numbers that one row may read: about 0.3 s, 3 s and 30 s."""
_MOST_MEMORY, _MOST_WORLDS, _LONGEST = 4_000_000, 12, 30_000
_TENTH = (0.9, 1.1)
SHARES: tuple[tuple[float, Level], ...] = ((0.05, "mild"), (0.2, "strong"))
DELAYS: tuple[tuple[int, Level], ...] = ((1, "moderate"), (3, "strong"))


@dataclass
class Arrays:
    """One table under disturbance. policy: (S,) or (H, S); floor: return of the best floor; best: of the policy."""

    task: Task
    table: TabularMdp
    policy: Ints
    floor: float
    best: float
    work: float
    spec: MdpSpec | None
    idle: int | None = None
    left_out: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[RobustnessRow]:
        """One row after the other; what is left out is said in `left_out`."""
        span = self._span()
        if span is None:
            self.left_out.append("nothing: without time limit and discount a disturbed policy may go on for ever")
            return
        steps, n, size = span.horizon, self.table.successor.size, self.table.n_states
        n_actions = self.table.n_actions
        table, policy, random = self.table, self.policy, _even(self.table)
        if n_actions > 1:
            for share, level in SHARES:
                words = f"{share * 100:.0f} % of actions are random"
                if self._fits("action_failure", steps * n):
                    chance = [share] * steps
                    value = with_other_actions(table, policy, span, random, chance)
                    yield self._row("action_failure", words, level, value)
            if self._fits("stuck_action", steps * max(n / n_actions, 1) * (n_actions + 1), size * (n_actions + 1)):
                value = sticking(table, policy, span, 0.25)
                yield self._row("stuck_action", "25 % of actions are the last one again", "strong", value)
            for delay, level in DELAYS:
                yield from self._late(span, delay, level)
            for share, level in SHARES:
                if self._fits("observation_noise", 2 * steps * n):
                    yield self._misreads(span, share, level)
            if self._fits("drift", steps * n):
                ramp = [0.1 * (t + 1) / steps for t in range(steps)]
                words = "the share of random actions grows from 0 to 10 % over an episode"
                yield self._row("drift", words, "mild", with_other_actions(table, policy, span, random, ramp))
        yield from self._dynamics(span)

    def _span(self) -> Span | None:
        task, discount = self.task, self.task.evaluation_discount
        if task.horizon is not None:
            return Span(task.horizon, discount)
        steps = steps_needed(discount) if discount < 1.0 else _LONGEST + 1
        return Span(steps, discount) if steps <= _LONGEST else None

    def _fits(self, challenge: str, work: float, memory: float = 0.0) -> bool:
        if work <= self.work and memory <= _MOST_MEMORY:
            return True
        words = f"{challenge.replace('_', ' ')}: more numbers than this budget reads for it"
        if words not in self.left_out:
            self.left_out.append(words)
        return False

    def _late(self, span: Span, delay: int, level: Level) -> Iterator[RobustnessRow]:
        table, places = self.table, self.table.n_actions**delay
        branching = table.successor.size / (table.n_states * table.n_actions)
        memory = float(table.n_states) * places
        timesteps = f"{delay} timestep{'s' if delay > 1 else ''}"
        if self._fits(f"delay of {timesteps}", span.horizon * memory * max(1.0, branching), memory):
            waiting = np.arange(table.n_actions) if self.idle is None else np.array([self.idle])
            late = delayed(table, self.policy, span, delay, waiting)
            yield self._row("action_delay", f"every action {timesteps} late", level, late)
            late = delayed(table, self.policy, span, delay, None)
            yield self._row("observation_delay", f"every observation {timesteps} late", level, late)

    def _misreads(self, span: Span, share: float, level: Level) -> RobustnessRow:
        seen = None if self.spec is None else neighbours(_grid(self.spec))
        if seen is not None:
            words = f"{share * 100:.0f} % of observations have one variable a value too high or too low"
            return self._row("observation_noise", words, level, misread(self.table, self.policy, span, seen, share))
        usual = behaviour(self.table, self.policy, span.horizon, discount=span.discount).action_shares
        others = np.tile(usual, (self.table.n_states, 1))
        words = f"{share * 100:.0f} % of observations are those of another state that the policy visits"
        value = with_other_actions(self.table, self.policy, span, others, [share] * span.horizon)
        return self._row("observation_noise", words, level, value)

    def _dynamics(self, span: Span) -> Iterator[RobustnessRow]:
        """The worst of the worlds in which one parameter is a tenth off, else one that loses a tenth of its steps."""
        worlds = [] if self.spec is None else [(f, *w) for f in _TENTH for w in varied_specs(self.spec, f)]
        steps, n = span.horizon, self.table.successor.size
        if worlds and not self._fits("dynamics", steps * n * min(len(worlds), _MOST_WORLDS)):
            return
        shares, refused = [], []
        for factor, name, spec in worlds[:_MOST_WORLDS]:
            try:
                table = compile_spec(spec).mdp
            except InputError:
                refused.append(name)
                continue
            shares.append((*self._there(table, span), f"{name} 10 % {'higher' if factor > 1 else 'lower'}"))
        if refused:
            names = ", ".join(dict.fromkeys(refused))
            self.left_out.append(f"dynamics: with a tenth more or less of {names} the spec has no table")
        if worlds[_MOST_WORLDS:]:
            self.left_out.append(f"dynamics: {len(worlds) - _MOST_WORLDS} further parameters")
        if shares:
            share, value, words = min(shares)
            tried = f", the worst of {len(shares)} changes" if len(shares) > 1 else ""
            yield self._row("dynamics", f"{words}{tried}", "mild", value, share)
        elif not refused and self._fits("dynamics", steps * n):
            value = with_lost_steps(self.table, self.policy, span, 0.1)
            yield self._row("dynamics", "one timestep in ten passes without effect and pays nothing", "mild", value)

    def _there(self, table: TabularMdp, span: Span) -> tuple[float, float]:
        """In a changed world: the share of the way from its own best floor to its own optimum, and the return."""
        world = World(table, span.horizon, span.discount)
        value = world.follow(self.policy).total(table.reward)
        floors: list[Policy] = [world.random]
        floors += [world.always(action) for action in range(min(table.n_actions, 64))]
        floor = max(world.follow(policy).total(table.reward) for policy in floors)
        reach = world.follow(world.best()).total(table.reward) - floor
        if reach <= 1e-9 * max(1.0, abs(floor)):
            return 1.0, value
        return (value - floor) / reach, value

    def _row(
        self, challenge: Challenge, words: str, level: Level, value: float, share: float | None = None
    ) -> RobustnessRow:
        left = (value - self.floor) / (self.best - self.floor) if share is None else share
        return RobustnessRow(
            challenge=challenge,
            strength=words,
            level=level,
            mean=value,
            share=left,
            low=left,
            high=left,
            n=1,
            basis=basis_of(self.table),
        )


def basis_of(table: TabularMdp) -> Basis:
    """What a number that was computed on the table is of the problem."""
    if table.sampled_steps or table.start_resets:
        return "measured"
    return "proved" if table.is_exact else "extrapolated"


def neighbours(grid: Grid) -> Ints | None:
    """(S, K) the states with one numeric variable a value higher or lower, the same where there is none.

    None where no variable is a number of more than one value.
    """
    places = np.array(np.unravel_index(np.arange(grid.size), grid.shape))
    looks = []
    for axis, variable in enumerate(grid.axes):
        if variable.kind == "categorical" or variable.values.size < 2:
            continue
        for step in (-1, 1):
            moved = places.copy()
            moved[axis] = np.clip(moved[axis] + step, 0, grid.shape[axis] - 1)
            looks.append(np.ravel_multi_index(tuple(moved), grid.shape))
    return np.stack(looks, axis=1).astype(np.int64) if looks else None


def _grid(spec: MdpSpec) -> Grid:
    return grid_of(spec.state, word_codes({**spec.state, **spec.actions}))


def _even(table: TabularMdp) -> Floats:
    return np.asarray(table.available / table.available.sum(axis=1, keepdims=True), dtype=np.float64)
