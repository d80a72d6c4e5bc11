"""Names of states and actions as people read them, and a map where states have two components."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from scoper.domain.conduct import OccupancyMap
from scoper.domain.empirical import EmpiricalModel
from scoper.domain.tabular import Floats, Ints, TabularMdp

_OPAQUE = 2**40
_MOST_SHOWN, _MOST_PARTS = 4, 64


@dataclass(frozen=True)
class Places:
    """states, actions: a name per number. axes: of two components their names and labels, and (S,) the places on both.

    None where states have another number of components.
    """

    states: Sequence[str]
    actions: Sequence[str]
    axes: tuple[str, tuple[str, ...], Ints, str, tuple[str, ...], Ints] | None = None

    def map_of(self, shares: Floats) -> OccupancyMap | None:
        """The `shares` (S,) of the time over the two components."""
        if self.axes is None:
            return None
        x_name, x_labels, x, y_name, y_labels, y = self.axes
        cells = np.zeros((len(y_labels), len(x_labels)))
        np.add.at(cells, (y, x), shares)
        rows = tuple(tuple(round(float(cell), 6) for cell in row) for row in cells)
        return OccupancyMap(x_name=x_name, x_labels=x_labels, y_name=y_name, y_labels=y_labels, cells=rows)


@dataclass(frozen=True)
class _Counted(Sequence[str]):
    """Names of `size` states without any, made when asked for: tables can have millions."""

    size: int

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, number: Any) -> Any:
        return f"state {number}"


def places_of(table: TabularMdp, model: EmpiricalModel | None) -> Places:
    """The names in a table, or in a model that was estimated by stepping."""
    if model is not None:
        return _of_model(model)
    states = table.state_labels or _Counted(table.n_states)
    actions = table.action_labels or tuple(f"action {number}" for number in range(table.n_actions))
    return Places(states, actions, _parsed(table.state_labels))


def _parsed(labels: Sequence[str]) -> Any:
    """Two components from labels such as "stock=3, season=dry"; None for labels of any other form."""
    parts = [[part.split("=") for part in label.split(", ")] for label in labels]
    if not parts or any(len(two) != 2 or any(len(each) != 2 for each in two) for two in parts):
        return None
    names = {tuple(name for name, _ in two) for two in parts}
    if len(names) != 1:
        return None
    columns = [[two[axis][1] for two in parts] for axis in (0, 1)]
    kinds = [list(dict.fromkeys(column)) for column in columns]
    if not all(1 < len(kind) <= _MOST_PARTS for kind in kinds):
        return None
    one, other = next(iter(names))
    place = [np.array([kind.index(value) for value in column]) for kind, column in zip(kinds, columns, strict=True)]
    return one, tuple(kinds[0]), place[0], other, tuple(kinds[1]), place[1]


def _of_model(model: EmpiricalModel) -> Places:
    actions = tuple(f"action {_short(action)}" for action in model.actions)
    varying = [j for j in range(model.rows.shape[1]) if np.ptp(model.rows[:, j]) > 0]
    if model.rows.shape[1] == 1 and float(model.rows.max()) > _OPAQUE:
        return Places(tuple(f"observation {n}" for n in range(model.n_cells)), actions)
    shown = varying[:_MOST_SHOWN] or [0]
    more = ", ..." if len(varying) > _MOST_SHOWN else ""
    about = "" if model.coding == "values" else "about "
    states = tuple(
        ", ".join(f"{model.components[j]} {about}{centre[j]:.4g}" for j in shown) + more for centre in model.centres
    )
    return Places(states, actions, _model_axes(model, varying))


def _model_axes(model: EmpiricalModel, varying: Sequence[int]) -> Any:
    if len(varying) != 2:
        return None
    found: list[Any] = []
    for j in varying:
        values, place = np.unique(model.rows[:, j], return_inverse=True)
        if values.size > _MOST_PARTS:
            return None
        if model.coding == "bins":
            ends = [float("-inf"), *model.edges[j], float("inf")]
            ranges = [_range(low, high) for low, high in pairwise(ends)]
            labels = tuple(ranges[int(value)] for value in values)
        else:
            labels = tuple(f"{value:.4g}" for value in values)
        found += [model.components[j], labels, place.reshape(-1)]
    return tuple(found)


def _range(low: float, high: float) -> str:
    if np.isinf(low):
        return f"< {high:.3g}"
    return f"> {low:.3g}" if np.isinf(high) else f"{low:.3g}..{high:.3g}"


def _short(action: Any) -> str:
    array = np.asarray(action)
    if array.dtype.kind in "iufb":
        text = ", ".join(f"{float(value):.3g}" for value in array.ravel()[:_MOST_SHOWN])
        return text + (", ..." if array.size > _MOST_SHOWN else "")
    return str(action)[:40]
