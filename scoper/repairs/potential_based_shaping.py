"""What leads astray as shaping is replaced by shaping that cannot: the change of a potential.

F(s, s') = discount * potential(s') - potential(s), zero behind an end, leaves every policy's rank as it is (Ng, Harada,
Russell 1999, theorem 1). The potential is the value that the reward without the replaced term has in every state; where
there is no spec to hold a table of it, the objective's own value in the states as observed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from scoper.domain.mdp import EnvironmentSpec, MdpSpec
from scoper.domain.repairs import Proposal, SpecEdit
from scoper.domain.tabular import Floats, TabularMdp
from scoper.numerics.solve import solve
from scoper.repairs import Case, Repair
from scoper.repairs._pay import Lever, in_next, levers, wrapped
from scoper.repairs._world import Trials
from scoper.repairs.pay_the_objective import told_lines

_MOST_NUMBERS, _DIGITS = 400, 4


def propose(case: Case) -> Sequence[Proposal]:
    """The term that is replaced, and the potential that replaces it."""
    trials, defect = case.trials, case.named(REPAIR.mends)
    if trials is None or defect is None or not trials.is_judged:
        return []
    if isinstance(case.spec, EnvironmentSpec):
        return _of_environment(case, case.spec, trials, defect)
    for lever in levers(case):
        found = _instead_of(case.spec, trials, lever, defect)
        if found is not None:
            return [found]
    return []


def _instead_of(spec: MdpSpec, trials: Trials, lever: Lever, defect: str) -> Proposal | None:
    table, axes = trials.world.table, _axes(spec)
    if axes is None or len(table.state_labels) != table.n_states or len(spec.reward) < 2:
        return None
    rest = trials.reward - lever.part
    potential = _value(table, rest, spec.discount)
    shaped = rest + _shaping(table, potential, spec.discount)
    share = trials.share(f"potential for {lever.words}", shaped)
    values = _by_state(spec, table, potential)
    if share is None or values is None:
        return None
    here, after = ", ".join(spec.state), ", ".join(f"next_{name}" for name in spec.state)
    ends = in_next(spec, spec.terminated)
    later = f"potential[{after}]" if spec.terminated == "false" else f"(0 if {ends} else potential[{after}])"
    text = json.dumps(f"{spec.discount:.15g} * {later} - potential[{here}]", ensure_ascii=False)
    words = f"the term {lever.words} is replaced by the change of a potential, the value of the other terms"
    edits = (
        SpecEdit(path=("reward", lever.term), text=text),
        SpecEdit(path=("tables", "potential"), text=_nested(axes, values)),
    )
    return Proposal(repair=REPAIR.id, defect=defect, words=words, edits=edits, expected=share)


def _of_environment(case: Case, spec: EnvironmentSpec, trials: Trials, defect: str) -> Sequence[Proposal]:
    """The objective as the reward, shaped by its own value in every observation; where these can be listed."""
    model, objective, wanted = case.evidence.model, spec.objective, trials.world.wanted
    if model is None or wanted is None or objective is None or objective.info is None:
        return []
    if model.coding != "values" or model.n_cells > _MOST_NUMBERS:
        return []
    potential = _value(model.table, wanted, spec.discount)
    share = trials.share("objective with its potential", wanted + _shaping(model.table, potential, spec.discount))
    if share is None:
        return []
    rows = [", ".join(f"{value:g}" for value in row) for row in model.rows]
    listed = ", ".join(f"({row},): {value:.{_DIGITS}g}" for row, value in zip(rows, potential, strict=True))
    sign = "-" if objective.direction == "minimise" else ""
    init, reset, step = told_lines(objective)
    flat = "tuple(float(f'{x:g}') for x in np.ravel(gymnasium.spaces.flatten(self.env.observation_space, observation)))"
    read = f"self.potential.get({flat}, 0.0)"
    step = [*step, f"after = 0.0 if terminated else {read}"]
    step += [f"reward = {sign}grown + {spec.discount:g} * after - self.before", "self.before = after"]
    words = "the objective is paid, and the change of a potential beside it: its own value in every observation"
    return [
        wrapped(
            spec,
            REPAIR.id,
            defect,
            words,
            init=[*init, f"self.potential = {{{listed}}}"],
            reset=[*reset, f"self.before = {read}"],
            step=step,
            expected=share,
        )
    ]


def _value(table: TabularMdp, pay: Floats, discount: float) -> Floats:
    """(S,) the best value of `pay` (N,) from every state, rounded; 0 where nothing follows."""
    sight = min(discount, 1.0 - 1e-3)
    value = solve(table, discount=sight, reward=pay, tolerance=1e-4, compiled=False).value
    goes_on = np.zeros(table.n_states, dtype=bool)
    goes_on[table.successor[~table.terminates]] = True
    goes_on |= table.initial > 0.0
    rounded = np.array([float(f"{each:.{_DIGITS}g}") for each in value])
    return np.where(goes_on, rounded, 0.0)


def _shaping(table: TabularMdp, potential: Floats, discount: float) -> Floats:
    """(N,) what the change of the potential pays."""
    after = np.where(table.terminates, 0.0, potential[table.successor])
    return discount * after - potential[table.pair_of_transition // table.n_actions]


def _axes(spec: MdpSpec) -> list[tuple[str, list[str]]] | None:
    """Name and values of every state variable, as many as a table takes; None where there are too many."""
    axes = []
    for name, variable in spec.state.items():
        if variable.kind == "categorical":
            axes.append((name, [str(value) for value in variable.values]))
        elif variable.kind == "integer" and variable.low is not None and variable.high is not None:
            axes.append((name, [str(value) for value in range(int(variable.low), int(variable.high) + 1)]))
        else:
            return None
    small = len(axes) <= 3 and int(np.prod([len(values) for _, values in axes])) <= _MOST_NUMBERS
    return axes if small else None


def _by_state(spec: MdpSpec, table: TabularMdp, potential: Floats) -> dict[tuple[str, ...], float] | None:
    found = {}
    for label, value in zip(table.state_labels, potential, strict=True):
        parts = dict(part.split("=", 1) for part in label.split(", ") if "=" in part)
        if set(parts) != set(spec.state):
            return None
        found[tuple(parts[name] for name in spec.state)] = float(value)
    return found


def _nested(
    axes: Sequence[tuple[str, list[str]]], values: dict[tuple[str, ...], float], at: tuple[str, ...] = ()
) -> str:
    """The table in one line of YAML, state by state; 0 where a state is never reached."""
    if len(at) == len(axes):
        return f"{values.get(at, 0.0):g}"
    parts = [f"{key}: {_nested(axes, values, (*at, key))}" for key in axes[len(at)][1]]
    return "{" + ", ".join(parts) + "}"


REPAIR = Repair(
    id="potential_based_shaping",
    summary="Replaces shaping that leads astray by the change of a potential.",
    mends=("positive_cycle", "shaping_changes_optimum"),
    propose=propose,
    rank=20,
)
