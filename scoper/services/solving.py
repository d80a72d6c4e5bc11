"""A declarative spec solved exactly: its optimum, the policy that earns it, and what stands beside both.

Everything is computed on the spec's own table, by backward induction where the spec has a horizon. No code that a spec
names runs here, so only the declarative form can be solved; `scoper probe` measures environments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from scoper.domain.mdp import MdpSpec
from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.errors import InputError, ProbeError, Problem
from scoper.modelling.arrays import CompiledSpec, compile_spec
from scoper.modelling.grid import Grid
from scoper.modelling.layout import sees_states
from scoper.modelling.model import SpecModel
from scoper.numerics.average import AverageSolution, average_reward
from scoper.numerics.evaluate import Policy, evaluate
from scoper.numerics.occupancy import Occupancy, occupancy
from scoper.numerics.sensitivity import DiscountEffect, discount_sensitivity
from scoper.numerics.solve import action_values, backward_induction, solve, start_value
from scoper.services.other_files import read_wanted
from scoper.services.specs import parse_spec, spec_digest


@dataclass(frozen=True)
class SolvedSpec:
    """The optimum of a spec: numbers per state are those at timestep 0.

    value (S,): best return from every state. policy (S,): best action; `timed` (H, S) where a horizon makes it depend
    on the timestep. gap (S,): how much the second-best action loses, inf where there is one action only. start: best
    return at the start, known within error_bound. random, named: returns of the uniformly random policy and of the
    spec's own. objective: what the owner gets from the best policy, best_objective the most that any policy gets; None
    where no objective is declared, or it has no finite optimum. occupancy is None, with the reason in `notes`, where
    visits have no finite sum.
    """

    spec: MdpSpec
    digest: str
    compiled: CompiledSpec
    criterion: str
    method: str
    iterations: int
    residual: float
    error_bound: float
    value: Floats
    policy: Ints
    gap: Floats
    start: float
    random: float
    named: Mapping[str, float]
    objective: float | None
    best_objective: float | None
    occupancy: Occupancy | None
    timed: Ints | None = None
    notes: tuple[str, ...] = ()
    sensitivity: tuple[DiscountEffect, ...] = ()
    average: AverageSolution | None = None
    choice: str = ""

    @property
    def table(self) -> TabularMdp:
        """The spec's arrays."""
        return self.compiled.mdp

    @cached_property
    def states(self) -> Grid:
        """The grid that states are numbered on."""
        return SpecModel(self.spec).states

    @cached_property
    def actions(self) -> Grid:
        """The grid that actions are numbered on."""
        return SpecModel(self.spec).actions

    @property
    def proved(self) -> bool:
        """Whether the optimum holds for the spec as written: nothing was cut off or left to a grid."""
        return self.table.truncated_mass == 0.0 and self.table.is_exact


@dataclass(frozen=True)
class _Optimum:
    value: Floats
    policy: Ints
    timed: Ints | None
    after: Floats
    method: str
    iterations: int
    residual: float
    error_bound: float
    choice: str = ""


def solve_file(path: Path, *, discounts: Sequence[float] = (), average: bool = False) -> SolvedSpec:
    """The optimum of the declarative spec in `path`.

    discounts: others to compare with. average: also the best reward per timestep in the long run. Raises InputError
    with every problem of the spec, or when it names an environment; ProbeError when no optimum is certified.
    """
    text = read_wanted(path, "spec")
    spec = parse_spec(text, str(path), path.parent)
    if not isinstance(spec, MdpSpec):
        remedy = f"`scoper probe {path}` solves it where it exposes a table, and measures it where not"
        raise InputError(Problem("solve-environment", "an environment is not solved here", str(path), remedy=remedy))
    return solve_spec(spec, spec_digest(text, path.parent), discounts=discounts, average=average)


def solve_spec(spec: MdpSpec, digest: str, *, discounts: Sequence[float] = (), average: bool = False) -> SolvedSpec:
    """The optimum of a checked spec; see `solve_file`."""
    compiled = compile_spec(spec)
    table = compiled.mdp
    found = _optimum(table)
    gap = _gaps(table, found)
    rule: Policy = found.policy if found.timed is None else found.timed
    visits, why_not = _visits(table, rule)
    uniform = table.available / table.available.sum(axis=1, keepdims=True)
    return SolvedSpec(
        spec=spec,
        digest=digest,
        compiled=compiled,
        criterion=criterion(spec),
        method=found.method,
        iterations=found.iterations,
        residual=found.residual,
        error_bound=found.error_bound,
        choice=found.choice,
        value=found.value,
        policy=found.policy,
        timed=found.timed,
        gap=gap,
        start=start_value(table, found.value),
        random=_return(table, uniform),
        named={name: _return(table, policy) for name, policy in compiled.baselines.items()},
        objective=None if compiled.objective is None else _return(table, rule, compiled.objective),
        best_objective=_best_objective(spec, compiled),
        occupancy=visits,
        notes=(*compiled.cautions, *table.notes, *_hidden(spec), *why_not),
        sensitivity=_sensitivity(table, found, discounts),
        average=average_reward(table) if average else None,
    )


def criterion(spec: MdpSpec) -> str:
    """What the returns of a solved spec are, in words."""
    kind = "undiscounted return" if spec.discount >= 1.0 else f"discounted return (discount {spec.discount:g})"
    span = "without time limit" if spec.horizon is None else f"over {spec.horizon:,} timesteps"
    return f"expected {kind} {span}, from the start"


def _best_objective(spec: MdpSpec, compiled: CompiledSpec) -> float | None:
    """What the owner gets at best, in the objective's own sign; None where that has no finite optimum."""
    if compiled.objective is None or spec.objective is None:
        return None
    sign = -1.0 if spec.objective.direction == "minimise" else 1.0
    try:
        found = _optimum(compiled.mdp, sign * compiled.objective)
    except ProbeError:
        return None
    return sign * start_value(compiled.mdp, found.value)


def _hidden(spec: MdpSpec) -> tuple[str, ...]:
    """What a policy that sees less than the state cannot do."""
    if not spec.observation or sees_states(spec):
        return ()
    return ("the optimum sees the whole state; a policy that sees only the observation may have to do with less",)


def _optimum(table: TabularMdp, reward: Floats | None = None) -> _Optimum:
    if table.horizon is not None:
        finite = backward_induction(table, table.horizon, reward=reward)
        method = f"backward induction over {table.horizon:,} timesteps"
        later = finite.value[1]
        steps = table.horizon
        return _Optimum(finite.value[0], finite.policy[0], finite.policy, later, method, steps, 0.0, finite.error_bound)
    found = solve(table, reward=reward)
    value = found.optimum()
    return _Optimum(
        value=value,
        policy=found.policy,
        timed=None,
        after=value,
        method=found.method,
        iterations=found.iterations,
        residual=found.residual,
        error_bound=found.error_bound,
        choice=found.choice,
    )


def _gaps(table: TabularMdp, found: _Optimum) -> Floats:
    if table.n_actions == 1:
        return np.full(table.n_states, np.inf)
    with np.errstate(invalid="ignore"):
        ordered = np.sort(action_values(table, found.after), axis=1)
        return np.asarray(ordered[:, -1] - ordered[:, -2], dtype=np.float64)


def _visits(table: TabularMdp, rule: Policy) -> tuple[Occupancy | None, tuple[str, ...]]:
    try:
        return occupancy(table, rule), ()
    except ProbeError as error:
        return None, (f"no occupancy: {error.problems[0].message}",)


def _return(table: TabularMdp, rule: Policy, reward: Floats | None = None) -> float:
    timed = rule.ndim == 2 and rule.dtype.kind in "iu"
    horizon = None if timed else table.horizon
    return start_value(table, evaluate(table, rule, horizon=horizon, reward=reward))


def _sensitivity(table: TabularMdp, found: _Optimum, discounts: Sequence[float]) -> tuple[DiscountEffect, ...]:
    if not discounts:
        return ()
    if table.horizon is not None:
        text = "other discounts are compared for specs without a horizon"
        raise InputError(Problem("solve-discounts", text, table.source, remedy="horizon: infinite"))
    return discount_sensitivity(table, found.policy, discounts)
