"""A solved spec as one JSON document and as a CSV table with a line per state."""

from __future__ import annotations

import csv
import io
import math

import numpy as np

from scoper.domain.tabular import Ints
from scoper.services.solving import SolvedSpec


def document(solved: SolvedSpec, top: int) -> dict[str, object]:
    """The document of `scoper solve --json`; `policy` lists the `top` states that the best policy visits most."""
    table, average = solved.table, solved.average
    basis = "proved" if solved.proved else "proved on the arrays"
    return {
        "format": 1,
        "spec": {"name": solved.spec.name, "digest": solved.digest},
        "size": {
            "states": table.n_states,
            "actions": table.n_actions,
            "transitions": int(table.successor.size),
            "truncated_mass": table.truncated_mass,
        },
        "criterion": solved.criterion,
        "optimal": _finite(solved.start),
        "returns": {"optimal": _finite(solved.start), "random": _finite(solved.random)}
        | {name: _finite(value) for name, value in solved.named.items()},
        "objective_of_best": None if solved.objective is None else _finite(solved.objective),
        "best_objective": None if solved.best_objective is None else _finite(solved.best_objective),
        "solution": {
            "method": solved.method,
            "why": solved.choice,
            "converged": True,
            "iterations": solved.iterations,
            "residual": _finite(solved.residual),
            "error_bound": _finite(solved.error_bound),
        },
        "basis": {"optimal": basis, "returns": basis, "objective_of_best": basis, "best_objective": basis},
        "policy": [_row(solved, int(state)) for state in busiest(solved)[:top]],
        "sensitivity": [
            {
                "discount": effect.discount,
                "optimal": _finite(effect.value),
                "of_this_policy": _finite(effect.reference),
                "states_decided_otherwise": _finite(effect.differs),
            }
            for effect in solved.sensitivity
        ],
        "average_reward": None
        if average is None
        else {
            "from_start": _finite(float(table.initial @ average.gain)),
            "error_bound": _finite(average.error_bound),
            "converged": average.converged,
        },
        "notes": list(solved.notes),
    }


def busiest(solved: SolvedSpec) -> Ints:
    """(S,) the states in the order in which the best policy spends its time, or starts; ties by number."""
    weight = solved.table.initial if solved.occupancy is None else solved.occupancy.state
    return np.argsort(-weight, kind="stable")


def policy_csv(solved: SolvedSpec) -> str:
    """Every state on a line: its variables, value, best action, gap to the second best, share of the time."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    states, actions = solved.states, solved.actions
    writer.writerow(
        [*(a.name for a in states.axes), "value", *(f"best_{a.name}" for a in actions.axes), "gap", "occupancy"]
    )
    for state in range(solved.table.n_states):
        point = np.unravel_index(state, states.shape)
        action = np.unravel_index(int(solved.policy[state]), actions.shape)
        writer.writerow(
            [
                *(axis.labels[int(place)] for axis, place in zip(states.axes, point, strict=True)),
                repr(float(solved.value[state])),
                *(axis.labels[int(place)] for axis, place in zip(actions.axes, action, strict=True)),
                repr(float(solved.gap[state])),
                "" if solved.occupancy is None else repr(float(solved.occupancy.share[state])),
            ]
        )
    return text.getvalue()


def _row(solved: SolvedSpec, state: int) -> dict[str, object]:
    return {
        "state": solved.states.label(state),
        "action": solved.actions.label(int(solved.policy[state])),
        "value": _finite(float(solved.value[state])),
        "gap": _finite(float(solved.gap[state])),
        "occupancy": None if solved.occupancy is None else float(solved.occupancy.share[state]),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
