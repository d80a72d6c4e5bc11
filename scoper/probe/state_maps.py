"""Value and best action over the two components of a solved table's states, for who reads the result.

Nothing is drawn for tables whose states have another number of components.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scoper.domain.conduct import StateMap
from scoper.domain.tabular import Floats, TabularMdp
from scoper.probe.conduct_places import places_of
from scoper.probe.exact import ExactSolution

_DIGITS = 9


def state_maps(table: TabularMdp | None, solution: ExactSolution | None) -> tuple[StateMap, ...]:
    """The map of the value and that of the best action; empty where there is no table of two components."""
    if table is None or solution is None or solution.shown.size != table.n_states:
        return ()
    places = places_of(table, None)
    if places.axes is None:
        return ()
    x_name, x_labels, x, y_name, y_labels, y = places.axes
    found = []
    one = _quantity(places.actions)
    chosen = solution.shown.astype(np.float64) if one is None else one[1][solution.shown]
    drawn = {"policy": chosen} | (
        {"value": solution.state_value} if solution.state_value.size == table.n_states else {}
    )
    for kind in ("value", "policy"):
        if kind not in drawn:
            continue
        cells = np.full((len(y_labels), len(x_labels)), np.nan)
        cells[y, x] = drawn[kind]
        found.append(
            StateMap(
                kind="value" if kind == "value" else "policy",
                x_name=x_name,
                x_labels=x_labels,
                y_name=y_name,
                y_labels=y_labels,
                cells=tuple(tuple(_cell(float(value)) for value in row) for row in cells),
                of="" if kind == "value" or one is None else one[0],
                words=tuple(places.actions) if kind == "policy" and one is None else (),
                timed=solution.timed,
            )
        )
    return tuple(found)


def _quantity(labels: Sequence[str]) -> tuple[str, Floats] | None:
    """Name and numbers of actions such as "order=3"; None where they are no numbers of one name."""
    pairs = [label.split("=") for label in labels]
    if any(len(pair) != 2 for pair in pairs) or len({name for name, _ in pairs}) != 1:
        return None
    try:
        numbers = np.array([float(value) for _, value in pairs])
    except ValueError:
        return None
    return (pairs[0][0], numbers) if np.isfinite(numbers).all() else None


def _cell(value: float) -> float | None:
    """With nine significant digits, so that the last bits of a machine's arithmetic do not show; None for no state."""
    return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None
