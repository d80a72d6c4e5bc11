"""Learn a plan on a finite MDP, for many seeds, with a curve of true values.

The MDP's arrays are used as a simulator only. What is reported about a policy is its exact value under the criterion
asked for: intrinsic bonuses and the learner's own discount shape what is learned and never what is reported. A seed's
run depends on nothing but the seed, the plan and the MDP: not on its neighbours, the engine, or threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.numerics.evaluate import Policy, evaluate
from scoper.numerics.learning import kernels
from scoper.numerics.learning.compiled import Compiled, compiled
from scoper.numerics.learning.lockstep import advance
from scoper.numerics.learning.plan import EpsilonGreedy, LearningPlan, Softmax
from scoper.numerics.learning.schedule import METHODS, Block, blocks, exploration_kind
from scoper.numerics.learning.state import LearnerState, fresh_state
from scoper.numerics.learning.tables import DrawTables, draw_tables
from scoper.numerics.solve import start_value

Engine = Literal["auto", "compiled", "numpy"]
OnEvaluation = Callable[[int, int, float], None]


@dataclass(frozen=True)
class LearningRun:
    """What was learned, L seeds.

    table (L, S, A): action values, or preferences of a policy learner; -inf where an action is not available. policy
    (L, S): the highest of them. probabilities (L, S, A): a policy learner's softmax, else None. steps (E,): timesteps
    of one seed at each evaluation. returns (L, E): the true return then. visits (L, S, A): how often each action was
    taken while learning. engine: what ran.
    """

    plan: LearningPlan
    table: Floats
    policy: Ints
    probabilities: Floats | None
    steps: Ints
    returns: Floats
    visits: Floats
    engine: Literal["compiled", "numpy"]

    def policies(self) -> list[Policy]:
        """What each seed would do now: a deterministic policy, or a policy learner's softmax."""
        return list(self.policy) if self.probabilities is None else list(self.probabilities)


def learn(
    mdp: TabularMdp,
    plan: LearningPlan,
    seeds: Sequence[int],
    *,
    horizon: int | None = None,
    criterion_discount: float | None = None,
    on_evaluation: OnEvaluation | None = None,
    enough: Callable[[Floats], bool] | None = None,
    engine: Engine = "auto",
    threads: int = 1,
) -> LearningRun:
    """Run `plan` for every seed and evaluate exactly, evenly spaced over the timesteps.

    The returns count `horizon` timesteps (None: no limit) with `criterion_discount`, which is 1 under a horizon and the
    plan's discount without one unless given. `on_evaluation` is called with seed index, timesteps and true return.
    `enough`, asked after every evaluation with all returns so far (L, E), may end learning early for all seeds.
    engine: "auto" takes the compiled one where numba is; both give the same bytes.
    """
    tables = draw_tables(mdp)
    state = fresh_state(plan, tables, seeds)
    machine = None if engine == "numpy" else compiled()
    if engine == "compiled" and machine is None:
        raise RuntimeError("numba cannot be loaded")
    marks = np.unique(np.linspace(0, plan.steps, plan.n_evaluations + 1)[1:].round().astype(np.int64))
    criterion = criterion_discount if criterion_discount is not None else 1.0 if horizon else plan.discount
    referee = Referee(mdp, horizon, criterion)
    returns = np.zeros((len(seeds), marks.size))
    reached = 0
    for evaluation, mark in enumerate(marks.tolist()):
        for block in blocks(plan, reached, mark):
            if machine is None:
                advance(plan, tables, state, block)
            else:
                _run_compiled(machine, plan, tables, state, block, threads)
        reached = mark
        for index, policy in enumerate(judged(plan, tables, state, mark)):
            returns[index, evaluation] = referee.judge(index, policy)
            if on_evaluation is not None:
                on_evaluation(index, mark, float(returns[index, evaluation]))
        if enough is not None and enough(returns[:, : evaluation + 1]):
            break
    marks, returns = marks[: evaluation + 1], returns[:, : evaluation + 1]
    table = tables.spread(state.table[:, :-1], -np.inf)
    return LearningRun(
        plan=plan,
        table=table,
        policy=table.argmax(axis=2),
        probabilities=softmax(table, 1.0) if plan.learns_policy else None,
        steps=marks,
        returns=returns,
        visits=tables.spread(state.visits[:, :-1].astype(np.float64), 0.0),
        engine="numpy" if machine is None else "compiled",
    )


def _run_compiled(
    machine: Compiled, plan: LearningPlan, tables: DrawTables, state: LearnerState, block: Block, threads: int
) -> None:
    def run(seed: int) -> None:
        _one_lane(machine, plan, tables, state, block, seed)

    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, range(state.lane.shape[0])))
        return
    for seed in range(state.lane.shape[0]):
        run(seed)


def _one_lane(
    machine: Compiled, plan: LearningPlan, tables: DrawTables, state: LearnerState, block: Block, seed: int
) -> None:
    mdp = (
        tables.first_pair, tables.offsets, tables.cumulative, tables.successor, tables.reward, tables.terminates,
        tables.starts, tables.start_cumulative,
    )  # fmt: skip
    weight = np.zeros(tables.width)
    if plan.learns_policy:
        episode = seed if plan.learner == "reinforce" else slice(0)
        past = (state.past_pair, state.past_state, state.past_reward)
        machine.policy_block(
            *mdp, plan.learner == "reinforce", plan.baseline, plan.scaled, plan.discount, plan.bonus, plan.longest,
            block.size, block.by_visits, block.by_timestep, block.actor_visits, block.actor_timestep,
            state.keys[seed], block.began, state.lane[seed], state.table[seed], state.visits[seed],
            state.critic[seed], state.moments[seed], *(array[episode].reshape(-1) for array in past),
            state.past_weight[episode].reshape(-1, tables.width), weight,
        )  # fmt: skip
        return
    model = seed if plan.planning else slice(0)
    machine.value_block(
        *mdp, METHODS[plan.learner], exploration_kind(plan), plan.discount, plan.bonus, plan.longest, plan.planning,
        block.level, block.by_visits, block.by_timestep, state.keys[seed], block.began, state.lane[seed],
        state.table[seed], state.visits[seed], state.observed[model].reshape(-1), state.known[model].reshape(-1),
        weight,
    )  # fmt: skip


def softmax(table: Floats, temperature: float) -> Floats:
    """(L, S, A) probabilities in proportion to exp(table / temperature)."""
    scaled = np.exp((table - table.max(axis=2, keepdims=True)) / temperature)
    return np.asarray(scaled / scaled.sum(axis=2, keepdims=True), dtype=np.float64)


def judged(plan: LearningPlan, tables: DrawTables, state: LearnerState, timestep: int) -> list[Policy]:
    """The policy of every seed that the curve shows after `timestep` timesteps."""
    table = tables.spread(state.table[:, :-1], -np.inf)
    if plan.learns_policy:
        return list(softmax(table, 1.0))
    greedy = table.argmax(axis=2)
    if plan.judged == "target":
        return list(greedy)
    level = float(plan.levels(np.array([timestep]))[0])
    if isinstance(plan.exploration, Softmax):
        return list(softmax(table, level))
    best = np.eye(tables.n_actions)[greedy]
    if isinstance(plan.exploration, EpsilonGreedy):
        available = np.isfinite(table)
        return list(level * available / available.sum(axis=2, keepdims=True) + (1.0 - level) * best)
    rows = tables.rows
    lanes = enumerate(zip(state.table, state.visits, strict=True))
    for seed, (values, visits) in lanes:
        pairs = [
            kernels.confident_of(values, visits, row[0], row[0] + int((row < tables.n_pairs).sum()), level)
            for row in rows
        ]
        best[seed] = np.eye(tables.n_actions)[tables.action[pairs]]
    return list(best)


class Referee:
    """True returns of policies; one that did not change since its seed's last evaluation is not evaluated again."""

    def __init__(self, mdp: TabularMdp, horizon: int | None, discount: float) -> None:
        self._mdp, self._horizon, self._discount = mdp, horizon, discount
        self._last: dict[int, tuple[Policy, float]] = {}

    def judge(self, seed_index: int, policy: Policy) -> float:
        """The exact return of `policy` from the start distribution."""
        known = self._last.get(seed_index)
        if known is not None and np.array_equal(known[0], policy):
            return known[1]
        value = evaluate(self._mdp, policy, discount=self._discount, horizon=self._horizon)
        self._last[seed_index] = (policy, start_value(self._mdp, value))
        return self._last[seed_index][1]
