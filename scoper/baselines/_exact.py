"""The exact return of a policy on the task's table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoper.baselines import Floats, Outcome, Task
from scoper.domain.probe import ReturnSummary
from scoper.domain.tabular import TabularMdp
from scoper.numerics.evaluate import Policy, evaluate
from scoper.numerics.solve import start_value


def exact_value(task: Task, policy: Policy, reward: Floats | None = None) -> float:
    """Expected return from the start of `policy`: (S,) actions, (S, A) probabilities or (H, S) actions by timestep."""
    assert task.table is not None
    value = evaluate(task.table, policy, discount=task.evaluation_discount, horizon=task.horizon, reward=reward)
    return start_value(task.table, value)


def exact_summary(table: TabularMdp, mean: float, words: str) -> ReturnSummary:
    """An exact return of the table, and what it is of the problem, in basis and words.

    Measured, not proved, where it rests on start states that were only sampled; extrapolated from the table to the
    problem where points stand in the place of an interval.
    """
    if table.sampled_steps:
        words = f"{words}; on a table estimated from {table.sampled_steps:,} steps"
        return ReturnSummary(mean=mean, low=mean, high=mean, n=table.sampled_steps, basis="measured", policy=words)
    if table.start_resets:
        words = f"{words}; from the start states of {table.start_resets:,} resets"
        return ReturnSummary(mean=mean, low=mean, high=mean, n=table.start_resets, basis="measured", policy=words)
    if table.discretised:
        words = f"{words}; proved for the arrays, which are discretised and only approximate the problem"
        return ReturnSummary(mean=mean, low=mean, high=mean, n=1, basis="extrapolated", policy=words)
    if table.truncated_mass > 0.0:
        words = f"{words}; for laws cut at {table.truncated_mass:.1e}"
    return ReturnSummary(mean=mean, low=mean, high=mean, n=1, basis="proved", policy=words)


def exact_outcome(task: Task, policy: Policy, words: str) -> Outcome:
    """The policy's exact return, and what the owner gets from it where an objective is declared on the table."""
    mean = exact_value(task, policy)
    objective = None if task.objective_reward is None else exact_value(task, policy, task.objective_reward)
    assert task.table is not None
    summary = exact_summary(task.table, mean, words)
    return Outcome(summary, (mean,), objective=objective)


def expected_rewards(task: Task) -> Floats:
    """(S, A) expected immediate reward; minus infinity where the action is not available."""
    table = task.table
    assert table is not None
    rewards = np.zeros(table.n_states * table.n_actions)
    np.add.at(rewards, table.pair_of_transition, table.probability * table.reward)
    return np.where(table.available, rewards.reshape(table.n_states, table.n_actions), -np.inf)


def where_available(task: Task, action: int) -> NDArray[np.int64]:
    """(S,) `action` in every state; the state's first available action where it is not allowed."""
    table = task.table
    assert table is not None
    return np.where(table.available[:, action], action, table.available.argmax(axis=1)).astype(np.int64)


def action_label(task: Task, action: int) -> str:
    """The action's name, or its number."""
    labels = task.table.action_labels if task.table else ()
    return labels[action] if action < len(labels) else str(action)
