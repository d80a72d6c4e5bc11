"""The engine without a compiler: one timestep of every seed at a time, in numpy.

It follows `kernels.value_block` and `policy_kernels.policy_block` word by word and sum by sum, so that both give the
same bytes; it is written without them, as arrays over seeds, and is the check of one against the other. It needs many
seeds to be fast.
"""

from __future__ import annotations

import numpy as np

from scoper.domain.tabular import Bools, Floats, Ints
from scoper.numerics.learning import kernels
from scoper.numerics.learning.plan import LearningPlan
from scoper.numerics.learning.policy_kernels import finish
from scoper.numerics.learning.rows import Rows, drawn_transitions, rows_at
from scoper.numerics.learning.schedule import METHODS, Block, exploration_kind
from scoper.numerics.learning.state import LearnerState, begin_all, uniforms
from scoper.numerics.learning.tables import DrawTables


def advance(plan: LearningPlan, tables: DrawTables, state: LearnerState, block: Block) -> None:
    """The timesteps of `block` for every seed, in place."""
    lockstep = _Lockstep(plan, tables, state, block)
    for i in range(block.size):
        if plan.learns_policy:
            lockstep.policy_timestep(i)
        else:
            lockstep.value_timestep(i)


class _Lockstep:
    def __init__(self, plan: LearningPlan, tables: DrawTables, state: LearnerState, block: Block) -> None:
        self._plan, self._tables, self._state, self._block = plan, tables, state, block
        self._rows, self._seeds = tables.rows, np.arange(state.lane.shape[0])
        self._kind, self._method = exploration_kind(plan), METHODS.get(plan.learner, kernels.Q_LEARNING)

    def _uniform(self, i: int, slot: int) -> Floats:
        return uniforms(self._state.keys[:, 0], (self._block.began + i) * kernels.WORDS + slot)

    def _rows_at(self, state: Ints) -> Rows:
        return rows_at(self._tables, self._rows, self._state.table, self._state.visits, state)

    def _rate(self, count: Ints, by_visits: Floats, by_timestep: Floats, i: int) -> Floats:
        if by_visits.size:
            return np.asarray(by_visits[np.minimum(count, by_visits.size - 1)], dtype=np.float64)
        return np.full(count.shape, by_timestep[i])

    def _paid(self, taken: Ints, visits: Ints) -> Floats:
        """(L,) the reward of the transitions taken, with the bonus of a pair's visits, these ones included."""
        pay = self._tables.reward[taken]
        return pay + self._plan.bonus / np.sqrt(visits.astype(np.float64)) if self._plan.bonus > 0.0 else pay

    def value_timestep(self, i: int) -> None:
        """One timestep of a value learner."""
        plan, tables, state, block = self._plan, self._tables, self._state, self._block
        q, visits, lane = state.table, state.visits, state.lane
        here = self._rows_at(lane[:, 0])
        chosen = here.choose(self._kind, block.level[i], self._uniform(i, kernels.ACTION))
        pair = np.where(lane[:, 2] >= 0, lane[:, 2], here.pairs[self._seeds, chosen])
        taken = drawn_transitions(tables, pair, self._uniform(i, kernels.TRANSITION))
        terminated = tables.terminates[taken]
        over = terminated | (lane[:, 1] + 1 >= plan.longest)
        ahead, carried = self._ahead(i, self._rows_at(tables.successor[taken]), over & ~terminated)
        before = visits[self._seeds, pair]
        visits[self._seeds, pair] = before + 1
        rate = self._rate(before, block.by_visits, block.by_timestep, i)
        target = self._paid(taken, before + 1) + plan.discount * np.where(terminated, 0.0, ahead)
        q[self._seeds, pair] += rate * (target - q[self._seeds, pair])
        if plan.planning:
            self._plan_ahead(i, pair, taken, before)
        lane[:, 2] = np.where(over, -1, carried)
        self._move_on(i, taken, over)

    def _ahead(self, i: int, there: Rows, truncated: Bools) -> tuple[Floats, Ints]:
        """(L,) the value of the next states as the learner sees it, and the pairs that SARSA will take."""
        none = np.full(self._seeds.size, -1, dtype=np.int64)
        if self._method == kernels.Q_LEARNING:
            return there.top(), none
        level = self._block.level[i + 1]
        if self._method == kernels.EXPECTED_SARSA:
            return there.expected(self._kind, level), none
        u = np.where(truncated, self._uniform(i, kernels.AFTER_TRUNCATION), self._uniform(i, kernels.WORDS))
        chosen = there.choose(self._kind, level, u)
        return there.value[self._seeds, chosen], there.pairs[self._seeds, chosen]

    def _move_on(self, i: int, taken: Ints, over: Bools) -> None:
        lane = self._state.lane
        fresh = begin_all(self._tables, self._uniform(i, kernels.START))
        lane[:, 0] = np.where(over, fresh, self._tables.successor[taken])
        lane[:, 1] = np.where(over, 0, lane[:, 1] + 1)

    def _plan_ahead(self, i: int, pair: Ints, taken: Ints, before: Ints) -> None:
        """Dyna-Q's updates from pairs taken before and transitions as often as they were seen."""
        plan, tables, state, block = self._plan, self._tables, self._state, self._block
        seeds, key = self._seeds, state.keys[:, 1]
        state.observed[seeds, taken] += 1
        new = before == 0
        state.known[seeds[new], state.lane[new, 3]] = pair[new]
        state.lane[:, 3] += new
        for j in range(plan.planning):
            word = ((block.began + i) * plan.planning + j) * 2
            again = state.known[seeds, (uniforms(key, word) * state.lane[:, 3]).astype(np.int64)]
            count = state.visits[seeds, again]
            left = (uniforms(key, word + 1) * count).astype(np.int64)
            seen = tables.offsets[again].copy()
            while (beyond := left >= state.observed[seeds, seen]).any():
                left = np.where(beyond, left - state.observed[seeds, seen], left)
                seen += beyond
            ahead = np.where(tables.terminates[seen], 0.0, self._rows_at(tables.successor[seen]).top())
            rate = self._rate(count - 1, block.by_visits, block.by_timestep, i)
            target = self._paid(seen, count) + plan.discount * ahead
            state.table[seeds, again] += rate * (target - state.table[seeds, again])

    def policy_timestep(self, i: int) -> None:
        """One timestep of a policy learner."""
        plan, tables, state, seeds = self._plan, self._tables, self._state, self._seeds
        here = self._rows_at(state.lane[:, 0])
        weight, total = here.weights(1.0)
        chosen = here.drawn(weight, self._uniform(i, kernels.ACTION) * total)
        pair = here.pairs[seeds, chosen]
        taken = drawn_transitions(tables, pair, self._uniform(i, kernels.TRANSITION))
        state.visits[seeds, pair] += 1
        pay = self._paid(taken, state.visits[seeds, pair])
        tail = np.where(tables.terminates[taken], 0.0, state.critic[seeds, tables.successor[taken]])
        over = tables.terminates[taken] | (state.lane[:, 1] + 1 >= plan.longest)
        probability = weight / total[:, None]
        if plan.learner == "reinforce":
            self._remember(i, pair, pay, probability, tail, over)
        else:
            self._actor_critic(i, here, chosen, pay, probability, tail)
        state.moments[over, 2] = 1.0
        self._move_on(i, taken, over)

    def _actor_critic(self, i: int, here: Rows, chosen: Ints, pay: Floats, probability: Floats, tail: Floats) -> None:
        plan, state, block, seeds = self._plan, self._state, self._block, self._seeds
        place, moments = state.lane[:, 0], state.moments
        count = here.visits.sum(axis=1)  # before this timestep
        error = pay + plan.discount * tail - state.critic[seeds, place]
        step = self._rate(count, block.actor_visits, block.actor_timestep, i) * error * moments[:, 2]
        if plan.scaled:
            moments[:, 0] += 1.0
            moments[:, 1] += np.maximum(1.0 / moments[:, 0], 0.001) * (error * error - moments[:, 1])
            step = step / np.where(moments[:, 1] > 0.0, np.sqrt(moments[:, 1]), 1.0)
        state.critic[seeds, place] += self._rate(count, block.by_visits, block.by_timestep, i) * error
        towards = (np.arange(here.value.shape[1]) == chosen[:, None]).astype(np.float64)
        moved = here.value + np.where(here.exists, step[:, None] * (towards - probability), 0.0)
        state.table[seeds[:, None], here.pairs] = moved
        moments[:, 2] *= plan.discount

    def _remember(self, i: int, pair: Ints, pay: Floats, probability: Floats, tail: Floats, over: Bools) -> None:
        """Keep REINFORCE's timestep; learn from the episodes that are over."""
        plan, tables, state, block = self._plan, self._tables, self._state, self._block
        age = state.lane[:, 1]
        state.past_pair[self._seeds, age], state.past_state[self._seeds, age] = pair, state.lane[:, 0]
        state.past_reward[self._seeds, age] = pay
        state.past_weight[self._seeds, age] = probability
        for seed in np.flatnonzero(over):
            finish(
                tables.first_pair, plan.baseline, plan.scaled, plan.discount, int(age[seed]) + 1, tail[seed],
                block.by_visits, block.by_timestep, block.actor_visits, block.actor_timestep, i, state.table[seed],
                state.visits[seed], state.critic[seed], state.moments[seed], state.past_pair[seed],
                state.past_state[seed], state.past_reward[seed], state.past_weight[seed],
            )  # fmt: skip
