"""Order-up-to rules, found by search: "order up to 20", and "order up to 20 once 5 or less is left" (Scarf 1960).

Where an action is an amount and a level responds to it, at once or later, the amount that would bring the level (one
component, or a sum such as what is there and what is under way) to a target is taken. Several amounts are searched
one after the other. Chosen on some seeds, the simpler first among equals, reported on fresh ones.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scoper.baselines import Baseline, Context, Outcome, Task
from scoper.baselines._choosing import halved, report
from scoper.baselines._looking import episode_length, look
from scoper.baselines._numbered import Numbered
from scoper.baselines._planning import steps_for
from scoper.baselines._rollout import Policy, sampled_outcome
from scoper.baselines._vectors import Vector
from scoper.domain.empirical import Steps
from scoper.domain.episodes import Episodes, joined
from scoper.domain.numbers import whole_number
from scoper.domain.tabular import Floats
from scoper.numerics.cuts import cut_at, gaps_of, stands_on
from scoper.numerics.response import levels_of, response, targets_for

SEARCH_STEPS = {"quick": 12_000, "standard": 40_000, "long": 200_000}
_LOOK_STEPS, _CHOICE_SEEDS = 2_000, 2_000
_ZOOMS, _NEAR = 2, 7
_ABOVE, _BELOW = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0), (0.0, 0.3, 0.6, 1.0, 1.5, 2.0)
_ASIDE = (-0.4, -0.2, 0.0, 0.2, 0.4)
_LEAST_LEVELS, _MOST_PARTS = 4, 8


@dataclass(frozen=True, eq=False)
class Level:
    """The sum of `components`, which rises by `slope` per unit of an amount.

    targets (n,): what may be aimed at, ascending. unit: what the level loses in a timestep, or what an amount changes.
    whole: whether it is counted in whole numbers.
    """

    components: tuple[int, ...]
    slope: float
    targets: Floats
    unit: float
    whole: bool

    def rounded(self, levels: Floats) -> Floats:
        """The `levels` as this one is counted, without repetition."""
        decimals = 0 if self.whole else max(0, 2 - math.floor(math.log10(self.unit)))
        return np.unique(np.round(levels, decimals) + 0.0)


@dataclass(frozen=True)
class Order:
    """One amount's rule: bring the level to `target`, once it is `point` or less."""

    level: Level
    target: float
    point: float | None = None

    def amount(self, vector: Vector) -> float:
        """The amount to take, before it is held within its bounds."""
        level = sum(vector[j] for j in self.level.components)
        if self.point is not None and level > self.point:
            return 0.0
        return (self.target - level) / self.level.slope

    def words(self, names: Sequence[str], *, orders: bool) -> str:
        """The rule as a sentence; `orders`: amounts are never negative."""
        components, slope = self.level.components, self.level.slope
        level = " + ".join(names[j] for j in components)
        target = whole_number(self.target)
        verb = "order up to" if slope > 0 else "take down to"
        once = "" if self.point is None else f" once {level} is {whole_number(self.point)} or less, else nothing"
        per = "" if abs(slope) == 1.0 else f" / {whole_number(abs(slope))}"
        gap = f"{target} − ({level})" if len(components) > 1 else f"{target} − {level}"
        if slope < 0:
            gap = f"{level} − {target}"
        verb = verb if orders else f"steer {level} to"
        return f"{verb} {target}{once} (amount = {f'({gap}){per}' if per else gap})"


class Amounts:
    """Amounts of `space` as numbers: the parts of an action, their bounds, and actions made of them."""

    def __init__(self, space: Any) -> None:
        from gymnasium import spaces

        self._space = space
        if isinstance(space, spaces.Discrete):
            low: Any = np.array([float(space.start)])
            high: Any = low + int(space.n) - 1
        elif isinstance(space, spaces.MultiDiscrete):
            low = np.ravel(np.asarray(getattr(space, "start", np.zeros(space.shape)), dtype=np.float64))
            high = low + np.ravel(space.nvec) - 1
        else:
            low, high = space.low.astype(np.float64).ravel(), space.high.astype(np.float64).ravel()
        self.low: list[float] = low.tolist()
        self.high: list[float] = high.tolist()
        self.whole = np.dtype(space.dtype).kind in "iu"

    @property
    def orders(self) -> bool:
        """Whether no amount is negative."""
        return bool(min(self.low) >= 0.0)

    def action(self, amounts: Sequence[float]) -> Any:
        """The action nearest to the amounts."""
        held = [min(max(a, lo), hi) for a, lo, hi in zip(amounts, self.low, self.high, strict=True)]
        if self.whole:
            held = [round(a) for a in held]
        if self._space.shape == ():
            return int(held[0]) if self.whole else np.asarray(held[0], dtype=self._space.dtype)
        return np.array(held).reshape(self._space.shape).astype(self._space.dtype)


def _run(task: Task, context: Context) -> Mapping[str, Outcome]:
    n_steps = steps_for(task, context, SEARCH_STEPS)
    if n_steps == 0:
        return {}
    env, seen = look(task, context, "base_stock", min(_LOOK_STEPS, n_steps))
    try:
        kinds = [] if env.reader.opaque else _levels(env, seen)
        if not kinds or any(not part for part in kinds):
            return {}
        return {"base_stock": _Search(task, context, env, seen, n_steps).run(kinds)}
    finally:
        env.env.close()


def _levels(env: Numbered, seen: Steps) -> list[list[Level]]:
    """For every amount the levels that respond to it, the soonest and clearest first."""
    amounts = Amounts(env.env.action_space)
    taken = np.array([np.ravel(np.asarray(action, dtype=np.float64)) for action in env.actions])[seen.action]
    change = seen.after - seen.before
    found = []
    for part, amount in enumerate(taken.T):
        answers = {j: response(change[:, j], amount, seen.episode) for j in range(change.shape[1])}
        responding = [j for j, answer in answers.items() if answer is not None]
        levels = []
        for components in levels_of(seen.before, responding):
            moved = change[:, list(components)].sum(axis=1)
            total = response(moved, amount, seen.episode)
            if total is not None:
                level = seen.before[:, list(components)].sum(axis=1)
                lost = abs(total.slope * float(amount.mean()) - float(moved.mean()))
                unit = max(lost, 0.02 * abs(total.slope) * (amounts.high[part] - amounts.low[part]))
                targets = targets_for(level, max(0.0, total.slope * amounts.high[part]), unit * (1 + total.lag))
                whole = bool(np.all(level == np.rint(level)))
                found_level = Level(components, float(f"{total.slope:.4g}"), targets, unit, whole)  # as the words say
                found_level = replace(found_level, targets=found_level.rounded(targets))
                levels.append((total.lag, -total.strength, found_level))
        found.append([level for _, _, level in sorted(levels, key=lambda kind: kind[:2])])
    return found


def _with(orders: Sequence[Order], part: int, others: Sequence[Order]) -> list[tuple[Order, ...]]:
    """The rule with each of `others` in one amount's place."""
    return [(*orders[:part], other, *orders[part + 1 :]) for other in dict.fromkeys(others) if other != orders[part]]


Orders = tuple[Order, ...]


class _Search:
    """One search over the targets of every amount, and over the points below which to order at all."""

    def __init__(self, task: Task, context: Context, env: Numbered, seen: Steps, n_steps: int) -> None:
        self._task, self._context, self._env, self._seen, self._n_steps = task, context, env, seen, n_steps
        self._amounts = Amounts(env.env.action_space)
        self._fits = max(8, int(0.3 * n_steps / episode_length(seen)))
        self._tried: list[Episodes] = []
        self._taken, self._compared, self._stage = seen.size, 0, 0

    def run(self, kinds: Sequence[Sequence[Level]]) -> Outcome:
        """The best rule: targets for all amounts together, then finer ones and ordering points one by one."""
        n_stages = 1 + len(kinds) * (_ZOOMS + 2)
        share = 1.0 / n_stages
        best = self._best(self._common(kinds), share, 2)
        for zoom in range(_ZOOMS):
            for part in range(len(kinds)):
                best = self._best([*best, *(o for rule in best for o in self._nearer(rule, part, zoom))], share, 2)
        for part in range(len(kinds)):
            best = self._best([*best, *self._with_points(best[0], part)], share, 2)
            best = self._best([*best, *self._adjusted(best[0], part)], share, 2)
        orders = tuple(_off_values(order, self._seen.before) for order in best[0])
        fresh = report(self._env.env, self._policy(orders), "base_stock/report", self._task, self._context)
        names = self._env.reader.names
        words = "; ".join(order.words(names, orders=self._amounts.orders) for order in orders)
        outcome = sampled_outcome(fresh, f"{words}, the best of {self._compared} rules tried")
        tried = functools.reduce(joined, self._tried)
        return replace(outcome, tried=tried, steps=self._taken)

    def _common(self, kinds: Sequence[Sequence[Level]]) -> list[Orders]:
        """For every kind of level the same place within the targets, for all amounts."""
        found = []
        for rank in range(max(len(part) for part in kinds)):
            levels = [part[min(rank, len(part) - 1)] for part in kinds]
            places = max(level.targets.size for level in levels)
            for place in range(places):
                at = [level.targets[place * level.targets.size // places] for level in levels]
                found.append(tuple(Order(level, float(target)) for level, target in zip(levels, at, strict=True)))
        found = list(dict.fromkeys(found))
        return found[:: max(1, -(-len(found) // self._fits))]

    def _nearer(self, orders: Orders, part: int, zoom: int) -> list[Orders]:
        """The rule with targets of one amount between its neighbours, the nearer the later."""
        order, grid = orders[part], orders[part].level.targets
        place = int(np.searchsorted(grid, order.target))
        gap = float(grid[min(place + 1, grid.size - 1)] - grid[max(place - 1, 0)]) / 2.0 / _NEAR**zoom
        near = order.level.rounded(order.target + gap * np.linspace(-1.0, 1.0, _NEAR))
        return _with(orders, part, [replace(order, target=float(target)) for target in near])

    def _with_points(self, orders: Orders, part: int) -> list[Orders]:
        """The rule ordering more at once, and only below a point; nothing where there is no ordering nothing."""
        order, level = orders[part], orders[part].level
        if level.slope < 0 or self._amounts.low[part] > 0.0:
            return []
        targets = level.rounded(order.target + level.unit * np.array(_ABOVE))
        points = level.rounded(order.target - level.unit * np.array(_BELOW))
        return _with(orders, part, [replace(order, target=float(t), point=float(p)) for t in targets for p in points])

    def _adjusted(self, orders: Orders, part: int) -> list[Orders]:
        """The rule with its target, and its point if it has one, a little higher and lower."""
        order, level = orders[part], orders[part].level
        targets = level.rounded(order.target + level.unit * np.array(_ASIDE))
        points = [None] if order.point is None else level.rounded(order.point + level.unit * np.array(_ASIDE)).tolist()
        return _with(orders, part, [replace(order, target=float(t), point=p) for t in targets for p in points])

    def _policy(self, orders: Orders) -> Policy:
        """A policy for the environment itself."""
        read, action = self._env.reader.read, self._amounts.action

        def act(observation: Any) -> Any:
            vector = read(observation)
            return action([order.amount(vector) for order in orders])

        return act

    def _best(self, options: Sequence[Orders], share: float, left: int) -> list[Orders]:
        self._stage += 1
        best, tried, taken = halved(
            self._env.env,
            options,
            self._policy,
            self._context.seeds(f"base_stock/{self._stage}", _CHOICE_SEEDS),
            int(share * self._n_steps),
            discount=self._task.evaluation_discount,
            left=min(left, len(options)),
        )
        self._compared += len(options)
        self._tried.append(tried)
        self._taken += taken
        return best


def _off_values(order: Order, seen: Floats) -> Order:
    """The order with a point on which no level of the observations `seen` (n, d) stands; whole ones are not rounded.

    A point from which on everything that was seen is ordered for stays: there is no gap above it.
    """
    level = seen[:, list(order.level.components)].sum(axis=1)
    gaps = gaps_of(level)
    if order.point is None or order.level.whole or not len(gaps) or order.point >= gaps[-1, 1]:
        return order
    return replace(order, point=cut_at(gaps, order.point)) if stands_on(level, order.point) else order


def _applies(task: Task) -> bool:
    if task.table is not None or task.make_env is None:
        return False
    env = task.make_env()
    space = env.action_space
    env.close()
    return _has_amounts(space)


def _has_amounts(space: Any) -> bool:
    """Whether actions may be amounts: ordered numbers, of at least four levels, a few of them at once."""
    from gymnasium import spaces

    if isinstance(space, spaces.Discrete):
        return int(space.n) >= _LEAST_LEVELS
    if isinstance(space, spaces.MultiDiscrete):
        return len(space.shape) == 1 and space.shape[0] <= _MOST_PARTS and bool((space.nvec >= _LEAST_LEVELS).all())
    if isinstance(space, spaces.Box) and bool(np.isfinite(space.low).all() and np.isfinite(space.high).all()):
        return int(np.prod(space.shape)) <= _MOST_PARTS
    return False


BASELINE = Baseline(
    id="base_stock",
    kind="reference",
    summary="The best order-up-to rule.",
    applies_to=_applies,
    run=_run,
)
