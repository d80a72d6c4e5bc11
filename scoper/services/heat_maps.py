"""Value, best action and visits of a solved spec over one or two of its state variables, as grids of numbers.

A map shows every value of its variables; all other variables are held where the optimal policy is most often, or where
the caller wants them, and the map says so. Drawing is the callers' business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.tabular import Floats
from scoper.errors import Problem, UsageError, did_you_mean
from scoper.modelling.grid import Axis, Grid
from scoper.services.solving import SolvedSpec


@dataclass(frozen=True)
class HeatMap:
    """cells (Y, X), nan where there is nothing to show; one row where only one variable is shown.

    x_name, y_name: the variables (y_name empty for one), x_labels, y_labels their values. words: names of the numbers
    0, 1, ... where a cell is a choice, empty where it is a quantity. held: the other variables and their values.
    is_action: whether a cell is the best action, not an amount.
    """

    name: str
    title: str
    x_name: str
    x_labels: tuple[str, ...]
    y_name: str
    y_labels: tuple[str, ...]
    cells: Floats
    words: tuple[str, ...] = ()
    held: str = ""
    is_action: bool = False


def heat_maps(
    solved: SolvedSpec, variables: Sequence[str] = (), at: Mapping[str, str] | None = None
) -> tuple[HeatMap, ...]:
    """Maps of the value, of every action variable, and of the visits where they are known.

    variables: one or two state variables, the two with most values when none is named. at: values of others to hold.
    Raises UsageError for names and values that the spec does not have.
    """
    x, y = _axes(solved.states, variables)
    shown = [x.name] if y is None else [x.name, y.name]
    places = _places(solved, solved.states, shown, at or {})
    numbers = _numbers(solved.states, places, x, y)
    held = ", ".join(f"{a.name}={a.labels[places[a.name]]}" for a in solved.states.axes if a.name not in shown)

    def made(name: str, title: str, values: Floats, words: tuple[str, ...] = ()) -> HeatMap:
        y_labels = y.labels if y is not None else ("",)
        return HeatMap(
            name=name,
            title=title,
            x_name=x.name,
            x_labels=x.labels,
            y_name=y.name if y is not None else "",
            y_labels=y_labels,
            cells=values[numbers],
            words=words,
            held=held,
            is_action=name.startswith("policy_"),
        )

    when = "" if solved.timed is None else " (timestep 0)"
    value = np.where(np.isfinite(solved.value), solved.value, np.nan)
    found = [made("value", f"Value: best return from a state on{when}", value)]
    choices = np.unravel_index(solved.policy, solved.actions.shape)
    for axis, chosen in zip(solved.actions.axes, choices, strict=True):
        numeric = axis.kind != "categorical" or all(_is_number(label) for label in axis.labels)
        cells = axis.values[chosen] if numeric else np.asarray(chosen, dtype=np.float64)
        title = f"Policy: best {axis.name}{when}"
        found.append(made(f"policy_{axis.name}", title, cells, () if numeric else axis.labels))
    if solved.occupancy is not None:
        title = "Occupancy: share of the time that the best policy spends in a state"
        found.append(made("occupancy", title, solved.occupancy.share))
    return tuple(found)


def _axes(states: Grid, variables: Sequence[str]) -> tuple[Axis, Axis | None]:
    known = {axis.name: axis for axis in states.axes}
    for name in variables:
        if name not in known:
            remedy = did_you_mean(name, known)
            raise UsageError(Problem("show-variable", f"there is no state variable '{name}'", remedy=remedy))
    if len(variables) > 2 or len(set(variables)) != len(variables):
        raise UsageError(Problem("show-variable", "name one state variable or two different ones"))
    widest = sorted(known, key=lambda name: -known[name].values.size)[:2]
    names = list(variables) or [name for name in known if name in widest]
    names.sort(key=lambda name: -known[name].values.size) if not variables else None
    return known[names[0]], known[names[1]] if len(names) > 1 else None


def _places(solved: SolvedSpec, states: Grid, shown: Sequence[str], at: Mapping[str, str]) -> dict[str, int]:
    """The number of the value at which every variable is held."""
    weight = solved.occupancy.state if solved.occupancy is not None else solved.table.initial
    usual = np.unravel_index(int(np.argmax(weight)), states.shape)
    places = {axis.name: int(place) for axis, place in zip(states.axes, usual, strict=True)}
    for name, value in at.items():
        axis = next((a for a in states.axes if a.name == name), None)
        if axis is None or name in shown:
            free = [a.name for a in states.axes if a.name not in shown]
            text = f"'{name}' is shown, not held" if name in shown else f"there is no state variable '{name}'"
            raise UsageError(Problem("show-at", text, remedy=did_you_mean(name, free)))
        if value not in axis.labels:
            text = f"{name} has no value '{value}'"
            raise UsageError(Problem("show-at", text, remedy=did_you_mean(value, axis.labels)))
        places[name] = axis.labels.index(value)
    return places


def _numbers(states: Grid, places: Mapping[str, int], x: Axis, y: Axis | None) -> np.ndarray:
    """(Y, X) the numbers of the states on the map."""
    rows = np.arange(y.values.size if y is not None else 1)[:, None]
    columns = np.arange(x.values.size)[None, :]
    index = [
        columns if axis.name == x.name else rows if y is not None and axis.name == y.name else places[axis.name]
        for axis in states.axes
    ]
    return np.asarray(np.ravel_multi_index(np.broadcast_arrays(*index), states.shape))


def _is_number(label: str) -> bool:
    try:
        float(label)
    except ValueError:
        return False
    return True
