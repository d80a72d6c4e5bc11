"""What proves that a problem is infeasible: a statement about its arrays that is worked out again from them.

The arrays are named by a digest, so that a proof of one problem is not taken for one of another.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np

from scoper.baselines import Task
from scoper.baselines._exact import exact_value
from scoper.diagnostics import Evidence
from scoper.diagnostics._tables import actions_differ, reachable_transitions, same_returns
from scoper.diagnostics.learner_beats_floors import MUST_BEAT
from scoper.domain.certificates import Proof, Statement
from scoper.domain.numbers import count, number
from scoper.domain.tabular import Floats, TabularMdp
from scoper.probe.exact import ExactSolution
from scoper.probe.exact import solve as solve_exactly

SAME, _ZERO = 1e-9, 1e-12


def proof_of(task: Task, evidence: Evidence, solution: ExactSolution | None) -> Proof | None:
    """The proof of an infeasible verdict; None where it rests on no exact arrays."""
    table = evidence.table
    if table is None:
        return None
    known: dict[str, Any] = {
        "n_states": table.n_states,
        "n_actions": table.n_actions,
        "n_transitions": int(table.successor.size),
        "arrays_digest": arrays_digest(table),
        "discount": task.evaluation_discount,
        "horizon": task.horizon,
    }
    if not actions_differ(table) and table.n_actions > 1:
        return Proof(statement="actions_alike", **known)
    if solution is None or not solution.proved:
        return None
    bound = max((s.error_bound for s in solution.solutions), default=0.0)
    known |= {"best": solution.optimal, "error_bound": bound}
    if same_returns(evidence) and math.isfinite(solution.worst):
        return Proof(statement="all_policies_alike", worst=solution.worst, **known)
    for name in MUST_BEAT:
        floor = evidence.returns.get(name)
        slack = SAME * max(abs(solution.optimal), evidence.scale())
        if floor is not None and floor.basis == "proved" and floor.mean >= solution.optimal - slack:
            words = f"{name} ({floor.policy})" if floor.policy and name == "constant" else name
            return Proof(statement="no_policy_beats_the_floor", floor=floor.mean, floor_of=words, **known)
    reached = _out_of_reach(task, table)
    return None if reached is None else Proof(statement=reached[0], **known | {"best": reached[1], "error_bound": 0.0})


def _out_of_reach(task: Task, table: TabularMdp) -> tuple[Statement, float] | None:
    """That nothing the owner wants, or no reward above zero, can be met from the start, with the most that can be."""
    possible = reachable_transitions(table)
    wanted = task.objective_reward
    if wanted is not None and float(np.abs(wanted[possible]).max(initial=0.0)) <= _ZERO:
        return "objective_out_of_reach", 0.0
    most = float(table.reward[possible].max(initial=-np.inf))
    exists = float(table.reward[table.probability > 0].max(initial=-np.inf))
    return ("reward_out_of_reach", most) if most <= 0.0 < exists else None


def sentence(proof: Proof) -> str:
    """The statement in words, with the sizes of what it is proved of."""
    sizes = (
        f"{count(proof.n_states)} states, {count(proof.n_actions)} actions, {count(proof.n_transitions)} transitions"
    )
    what = {
        "actions_alike": "in every reachable state all actions have the same outcomes",
        "all_policies_alike": f"the best and the worst policy both return {number(proof.best or 0.0)}",
        "no_policy_beats_the_floor": f"no policy returns more than {proof.floor_of}: both {number(proof.best or 0.0)}",
        "objective_out_of_reach": "what the owner wants is 0 on every transition that can happen",
        "reward_out_of_reach": f"no transition that can happen pays more than {number(proof.best or 0.0)}",
    }[proof.statement]
    bound = f", within {proof.error_bound:.1e}" if proof.error_bound else ""
    return f"{what}{bound}; proved on arrays of {sizes}"


def proved_again(proof: Proof, task: Task, *, is_environment: bool) -> tuple[bool, str]:
    """Whether the statement holds on the arrays of `task`, and why."""
    table = task.table
    if table is None:
        return False, "there are no arrays to prove it on"
    digest = arrays_digest(table)
    if digest != proof.arrays_digest:
        return False, f"the arrays are others (digest {digest[:12]}, not {proof.arrays_digest[:12]})"
    if proof.statement == "actions_alike":
        alike = not actions_differ(table)
        return alike, "all actions have the same outcomes in every reachable state" if alike else "actions differ"
    if proof.statement in ("objective_out_of_reach", "reward_out_of_reach"):
        reached = _out_of_reach(task, table)
        same = reached is not None and reached[0] == proof.statement
        return same, "what could be met was looked for again" if same else "something better can be met"
    solution = solve_exactly(task, is_environment=is_environment)
    slack = max(1e-6 * max(abs(solution.optimal), 1.0), proof.error_bound)
    if abs(solution.optimal - (proof.best or 0.0)) > slack:
        return False, f"the best return is {number(solution.optimal)}, not {number(proof.best or 0.0)}"
    if proof.statement == "all_policies_alike":
        alike = solution.optimal - solution.worst <= slack
        return alike, f"the worst policy returns {number(solution.worst)}, the best {number(solution.optimal)}"
    floor = _floor(task, table, proof)
    holds = floor is not None and floor >= solution.optimal - slack
    return holds, f"{proof.floor_of} returns {number(floor or 0.0)}, the best policy {number(solution.optimal)}"


def _floor(task: Task, table: TabularMdp, proof: Proof) -> float | None:
    """The return of the best of random and constant actions: what the statement's floor comes to."""
    random = table.available / table.available.sum(axis=1, keepdims=True)
    if proof.floor_of == "random":
        return float(exact_value(task, random))
    first = table.available.argmax(axis=1)
    values = [
        float(exact_value(task, np.where(table.available[:, action], action, first).astype(np.int64)))
        for action in range(table.n_actions)
    ]
    return max(values) if proof.floor_of.startswith(("constant", "idle")) else proof.floor


def arrays_digest(table: TabularMdp) -> str:
    """SHA-256 of the arrays, numbers rounded to twelve digits: equal problems give equal digests."""
    digest = hashlib.sha256(f"{table.n_states} {table.n_actions}".encode())
    for whole in (table.offsets, table.successor, table.terminates, table.available):
        digest.update(np.ascontiguousarray(whole, dtype=np.int64).tobytes())
    for real in (table.probability, table.reward, table.initial):
        digest.update(np.ascontiguousarray(_rounded(real)).tobytes())
    return digest.hexdigest()


def _rounded(values: Floats) -> Floats:
    """Twelve decimals: what machines add up in another order differs beyond them."""
    return np.asarray(np.round(values, 12) + 0.0, dtype=np.float64)
