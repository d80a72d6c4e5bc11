"""Every deviation of a simulator from its spec as a sentence, with the first step that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from scoper.domain.tabular import Ints
from scoper.modelling.grid import Axis
from scoper.services.conform_tests import Deviation, rejected_tests
from scoper.services.conforming import Checked
from scoper.services.numbers import count, number


def deviations(checked: Checked) -> tuple[Deviation, ...]:
    """All of them: what is certain first, then tests, the least likely first."""
    return (*_starts(checked), *_impossible(checked), *_rewards(checked), *_ends(checked), *_masks(checked),
            *_truncations(checked), *rejected_tests(checked))  # fmt: skip


def verdict(checked: Checked) -> str:
    """`conforms`, as far as was tested, or `deviates`."""
    return "deviates" if deviations(checked) else "conforms"


def _witness(checked: Checked, row: int) -> dict[str, Any]:
    """The step numbered `row` of the sample in words and numbers."""
    sample = checked.code.sample
    column = sample.column
    after = {name: _shown(checked, name, values[row]) for name, values in sample.after.items()}
    before = {name: _shown(checked, name, values[row]) for name, values in sample.before.items()}
    return {
        "seed": int(column["seed"][row]),
        "episode": int(column["episode"][row]),
        "timestep": int(column["timestep"][row]),
        "state": before,
        "action": checked.actions.label(int(checked.code.action[row])),
        "next": after,
        "reward": float(column["reward"][row]),
        "terminated": bool(column["terminated"][row]),
        "truncated": bool(column["truncated"][row]),
    }


def _shown(checked: Checked, name: str, value: float) -> Any:
    axis = _axis(checked, name)
    if not np.isfinite(value):
        return None
    if axis.kind == "categorical":
        places = np.flatnonzero(axis.values == value)
        return axis.labels[int(places[0])] if places.size else float(value)
    return int(value) if value == int(value) else float(value)


def _axis(checked: Checked, name: str) -> Axis:
    return next(axis for axis in checked.states.axes if axis.name == name)


def _where(witness: dict[str, Any]) -> str:
    state = ", ".join(f"{name}={value}" for name, value in witness["state"].items())
    place = f"seed {witness['seed']}, episode {witness['episode']}, timestep {witness['timestep']}"
    return f"{state}, {witness['action']} ({place})"


def _starts(checked: Checked) -> Iterator[Deviation]:
    bad = checked.found.bad_starts
    if not bad.size:
        return
    row = int(checked.code.begins[bad[0]])
    witness = _witness(checked, row)
    state = ", ".join(f"{name}={value}" for name, value in witness["state"].items())
    claim = f"{count(bad.size)} of {count(checked.code.begins.size)} episodes start where the spec never does"
    claim += f"; first {state}"
    wrong = [name for name in checked.states.axes if not _may_start(checked, name, row)]
    if wrong:
        claim += f" ({', '.join(axis.name for axis in wrong)})"
    place = f", seed {witness['seed']}"
    yield Deviation("start", claim + place, True, int(bad.size), None, witness, "compare reset with `start`")


def _may_start(checked: Checked, axis: Axis, row: int) -> bool:
    place = int(checked.code.places_before[axis.name][row])
    states = np.flatnonzero(checked.compiled.mdp.initial > 0)
    at = np.unravel_index(states, checked.states.shape)[checked.states.axes.index(axis)]
    return bool((at == place).any())


def _impossible(checked: Checked) -> Iterator[Deviation]:
    """One deviation per variable to blame, with the first witness."""
    blamed: dict[str, list[int]] = {}
    allowed: dict[str, str] = {}
    for step in checked.found.impossible:
        row = int(checked.code.used[step])
        names = _to_blame(checked, int(checked.code.steps.pair[step]), row)
        for name, words in names.items():
            blamed.setdefault(name, []).append(row)
            allowed.setdefault(name, words)
    n = checked.code.used.size
    for name, rows in sorted(blamed.items(), key=lambda item: -len(item[1])):
        witness = _witness(checked, rows[0])
        became = witness["next"].get(name, ", ".join(f"{k}={v}" for k, v in witness["next"].items()))
        told = "a value that is none of its" if became is None else became
        claim = f"next.{name} became {told} in {_where(witness)}; the spec allows {allowed[name]}"
        if name == "":
            claim = (
                f"the state became {became} in {_where(witness)}: every value is possible there, together they are not"
            )
        claim += f". {count(len(rows))} of {count(n)} steps"
        remedy = f"compare the simulator's {name or 'step'} with next.{name}" if name else "compare step with `next`"
        yield Deviation("transition", claim, True, len(rows), None, witness, remedy)


def _to_blame(checked: Checked, pair: int, row: int) -> dict[str, str]:
    """The variables whose own value cannot follow, with what can; the empty name where only the combination cannot."""
    table = checked.compiled.mdp
    part = slice(int(table.offsets[pair]), int(table.offsets[pair + 1]))
    outcomes = table.successor[part][table.probability[part] > 0]
    places = np.unravel_index(outcomes, checked.states.shape)
    found = {}
    for axis, possible in zip(checked.states.axes, places, strict=True):
        if int(checked.code.places_after[axis.name][row]) not in possible:
            found[axis.name] = _range(axis, np.unique(possible))
    return found or {"": ""}


def _range(axis: Axis, places: Ints) -> str:
    if places.size == 1:
        return f"{axis.labels[int(places[0])]} only"
    if places.size > 6 or (places.size > 2 and (np.diff(places) == 1).all() and axis.kind == "integer"):
        return f"{axis.labels[int(places[0])]} to {axis.labels[int(places[-1])]}"
    return ", ".join(axis.labels[int(place)] for place in places)


def _rewards(checked: Checked) -> Iterator[Deviation]:
    bad = checked.found.bad_rewards
    if not bad.size:
        return
    step = int(bad[0])
    witness = _witness(checked, int(checked.code.used[step]))
    expected = float(checked.found.expected[step])
    claim = f"the reward was {number(witness['reward'])} where the spec pays {number(expected)}, in {_where(witness)}"
    if checked.reward_cause:
        claim += f"; {checked.reward_cause}"
    claim += f". {count(bad.size)} of {count(checked.code.used.size)} steps"
    witness["expected_reward"] = expected
    yield Deviation("reward", claim, True, int(bad.size), None, witness, "compare the simulator's reward with `reward`")


def _ends(checked: Checked) -> Iterator[Deviation]:
    code, horizon = checked.code, checked.spec.horizon
    rows = code.used[checked.found.bad_ends]
    ended = code.sample.column["terminated"][rows] != 0
    timestep = code.sample.column["timestep"]
    for flag in (True, False):
        wrong = rows[ended == flag]
        if not wrong.size:
            continue
        witness = _witness(checked, int(wrong[0]))
        state = ", ".join(f"{name}={value}" for name, value in witness["next"].items())
        verb = "terminates" if flag else "does not terminate"
        claim = f"the simulator {verb} on reaching {state}, the spec {'does not' if flag else 'does'}"
        claim += f"; from {_where(witness)}"
        remedy = "compare the simulator's terminated with `terminated`"
        last = {int(t) + 1 for t in timestep[wrong]}
        if flag and horizon is not None and last == {horizon}:
            claim = f"the simulator terminates at the horizon of {horizon}, where an episode is only truncated"
            remedy = "return truncated, not terminated, when the time is over"
        elif flag and len(last) == 1 and wrong.size > 1:
            claim += f"; always after {next(iter(last))} timesteps"
        claim += f". {count(wrong.size)} of {count(code.used.size)} steps"
        yield Deviation("termination", claim, True, int(wrong.size), None, witness, remedy)


def _masks(checked: Checked) -> Iterator[Deviation]:
    differs = checked.code.sample.column["mask_differs"]
    rows = np.flatnonzero(differs > 0)
    if not rows.size:
        return
    row = int(rows[0])
    witness, action = _witness(checked, row), int(differs[row]) - 1
    state = int(checked.code.state[row])
    spec_allows = bool(checked.compiled.mdp.available[state, action]) if state >= 0 else True
    name = checked.actions.label(action)
    whose = (
        ("the spec allows", "the simulator's mask does not") if spec_allows else ("the spec forbids", "the mask allows")
    )
    claim = f"{whose[0]} {name} where {whose[1]}, before {_where(witness)}. {count(rows.size)} steps"
    witness["disputed_action"] = name
    yield Deviation("availability", claim, True, int(rows.size), None, witness, "compare action_mask with `available`")


def _truncations(checked: Checked) -> Iterator[Deviation]:
    column, horizon = checked.code.sample.column, checked.spec.horizon
    if horizon is None:
        return
    cut = (column["truncated"] != 0) & (column["terminated"] == 0)
    rows = np.flatnonzero(cut & (column["timestep"] + 1 != horizon))
    if rows.size:
        witness = _witness(checked, int(rows[0]))
        after = int(column["timestep"][rows[0]]) + 1
        claim = f"the simulator truncates after {count(after)} timesteps, the spec's horizon is {count(horizon)}"
        claim += f" (seed {witness['seed']}, episode {witness['episode']})"
        yield Deviation("horizon", claim, True, int(rows.size), None, witness, "give both the same number of timesteps")
