"""Linear and mixed-integer programmes: their structure, the exact optimum by HiGHS, and what a greedy rule reaches.

maximise or minimise c x, subject to row_low <= A x <= row_high, low <= x <= high, some x whole. scipy is imported where
a programme is solved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_TINY = 1e-9


@dataclass(frozen=True)
class Programme:
    """A programme of V variables and R rows.

    cost (V,); table (R, V); rows' ends (R,); variables' ends (V,); whole (V,): which are integers; lines (R,): where
    each row stands in the file.
    """

    source: str
    maximise: bool
    variables: tuple[str, ...]
    rows: tuple[str, ...]
    cost: Floats
    table: Floats
    row_low: Floats
    row_high: Floats
    low: Floats
    high: Floats
    whole: Bools
    lines: tuple[int, ...]

    def relaxed(self) -> Programme:
        """The same without whole numbers."""
        return replace(self, whole=np.zeros_like(self.whole))

    def of_rows(self, kept: Sequence[int]) -> Programme:
        """The same with these rows only."""
        index = np.array(kept, dtype=np.int64)
        return replace(
            self,
            rows=tuple(self.rows[i] for i in kept),
            table=self.table[index],
            row_low=self.row_low[index],
            row_high=self.row_high[index],
            lines=tuple(self.lines[i] for i in kept),
        )


@dataclass(frozen=True)
class Solved:
    """status: optimal, infeasible, unbounded or cut (the time was up, `value` is the best found). bound: proved."""

    status: str
    value: float | None
    bound: float | None
    x: Floats | None
    nodes: int = 0


def solve(programme: Programme, limit_s: float = 60.0) -> Solved:
    """The optimum by HiGHS (Huangfu and Hall 2018) through scipy, to a relative gap of 1e-9."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    sign = -1.0 if programme.maximise else 1.0
    rows: tuple[LinearConstraint, ...] = ()
    if programme.table.size:
        rows = (LinearConstraint(csr_array(programme.table), programme.row_low, programme.row_high),)
    found = milp(
        sign * programme.cost,
        constraints=rows,
        bounds=Bounds(programme.low, programme.high),
        integrality=programme.whole.astype(np.int64),
        options={"time_limit": limit_s, "mip_rel_gap": 1e-9},
    )
    status = {0: "optimal", 1: "cut", 2: "infeasible", 3: "unbounded"}.get(found.status, "infeasible")
    if found.status == 4:
        status = _told_apart(programme)
    value = None if found.x is None else sign * float(found.fun)
    bound = getattr(found, "mip_dual_bound", None)
    return Solved(
        status,
        value,
        None if bound is None or not math.isfinite(bound) else sign * float(bound),
        None if found.x is None else np.asarray(found.x, dtype=np.float64),
        int(getattr(found, "mip_node_count", 0) or 0),
    )


def _told_apart(programme: Programme) -> str:
    """Infeasible or unbounded, where the solver leaves it open: without a goal only the first is left."""
    plain = replace(programme, cost=np.zeros_like(programme.cost))
    return "unbounded" if solve(plain).status == "optimal" else "infeasible"


def conflict(programme: Programme, most: int = 300) -> tuple[int, ...]:
    """Rows that cannot all hold, none of which can be spared: the deletion filter (Chinneck and Dravnieks 1991).

    Empty where there are more rows than `most`, or where the variables' own ends contradict each other.
    """
    kept = list(range(len(programme.rows)))
    plain = replace(programme, cost=np.zeros_like(programme.cost))
    if len(kept) > most:
        return ()
    for row in list(kept):
        without = [i for i in kept if i != row]
        if solve(plain.of_rows(without)).status == "infeasible":
            kept = without
    return tuple(kept)


def holds(programme: Programme, x: Floats) -> bool:
    """Whether a plan keeps all rows and ends, to a relative 1e-7."""
    y = programme.table @ x
    slack = 1e-7 * np.maximum(1.0, np.abs(y))
    inside = (y >= programme.row_low - slack) & (y <= programme.row_high + slack)
    ends = (x >= programme.low - 1e-7) & (x <= programme.high + 1e-7)
    return bool(inside.all() and ends.all())


def is_packing(programme: Programme) -> bool:
    """Maximise, nothing negative, rows with upper ends only: taking less is always allowed."""
    return (
        programme.maximise
        and bool((programme.cost >= 0).all() and (programme.table >= 0).all() and (programme.low == 0).all())
        and bool(np.isinf(programme.row_low).all() and np.isfinite(programme.row_high).all())
    )


def is_covering(programme: Programme) -> bool:
    """Minimise, nothing negative, rows with lower ends only: taking more is always allowed."""
    return (
        not programme.maximise
        and bool((programme.cost >= 0).all() and (programme.table >= 0).all() and (programme.low == 0).all())
        and bool(np.isinf(programme.row_high).all() and np.isfinite(programme.row_low).all())
    )


def greedy(programme: Programme) -> tuple[str, Floats] | None:
    """(name of the rule, plan) of the usual greedy rule; None where none applies or it ends without a plan.

    Packing (Dantzig 1957): most gain per scarcest resource first, as many as fit. Covering (Chvatal 1979): least cost
    per unit of what is still missing, one by one. Else the rounded optimum without whole numbers, if it is a plan.
    """
    if is_packing(programme):
        return "most gain for the scarcest resource first", _packed(programme)
    if is_covering(programme) and programme.whole.all():
        plan = _covered(programme)
        return None if plan is None else ("least cost for what is still missing first", plan)
    if programme.whole.any():
        found = solve(programme.relaxed())
        if found.x is not None and found.status == "optimal":
            rounded = np.where(programme.whole, np.round(found.x), found.x)
            if holds(programme, rounded):
                return "the plan without whole numbers, rounded", rounded
    return None


def _packed(programme: Programme) -> Floats:
    left = programme.row_high.copy()
    x = np.zeros(programme.cost.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        need = np.where(programme.table > 0, programme.table / np.maximum(left, _TINY)[:, None], 0.0)
        need = need.max(axis=0, initial=0.0)
        worth = np.where(need > 0, programme.cost / need, np.where(programme.cost > 0, np.inf, 0.0))
    for j in np.argsort(-worth, kind="stable"):
        column = programme.table[:, j]
        used = column > 0
        most = float((left[used] / column[used]).min()) if used.any() else math.inf
        most = min(most, float(programme.high[j]))
        if not math.isfinite(most) or programme.cost[j] == 0:
            continue
        x[j] = math.floor(most + _TINY) if programme.whole[j] else most
        left = left - x[j] * column
    return x


def _covered(programme: Programme, most: int = 100_000) -> Floats | None:
    missing = programme.row_low.copy()
    x = np.zeros(programme.cost.size)
    for _ in range(most):
        if (missing <= _TINY).all():
            return x
        helps = np.minimum(programme.table, np.maximum(missing, 0.0)[:, None]).sum(axis=0)
        open_ = (x < programme.high - _TINY) & (helps > _TINY)
        if not open_.any():
            return None
        price = np.where(open_, programme.cost / np.where(helps > _TINY, helps, 1.0), np.inf)
        j = int(np.argmin(price))
        x[j] += 1.0
        missing = missing - programme.table[:, j]
    return None


def blocks(programme: Programme) -> int:
    """How many parts that share no variable it falls into."""
    label = np.arange(programme.cost.size)
    changed = True
    used = programme.table != 0
    while changed:
        before = label.copy()
        for row in used:
            if row.any():
                label[row] = label[row].min()
        changed = bool((before != label).any())
    return int(np.unique(label).size)


def is_network(programme: Programme) -> bool:
    """Whether every vertex is whole by itself: entries 0, 1, -1, two a column at most, and rows split as it takes.

    Sufficient for total unimodularity (Hoffman and Kruskal 1956; Heller and Tompkins 1956): rows fall into two sets
    such that two entries of one sign lie in different sets, two of different signs in one. Whole ends are needed too.
    """
    table = programme.table
    if not np.isin(table, (-1.0, 0.0, 1.0)).all() or ((table != 0).sum(axis=0) > 2).any():
        return False
    ends = np.concatenate([programme.row_low, programme.row_high, programme.low, programme.high])
    ends = ends[np.isfinite(ends)]
    if (ends % 1.0 != 0.0).any():
        return False
    links: dict[int, list[tuple[int, int]]] = {}
    for column in table.T:
        rows = np.flatnonzero(column)
        if rows.size == 2:
            a, b = int(rows[0]), int(rows[1])
            differ = int(column[a] == column[b])
            links.setdefault(a, []).append((b, differ))
            links.setdefault(b, []).append((a, differ))
    return _splits(links)


def _splits(links: Mapping[int, Sequence[tuple[int, int]]]) -> bool:
    """Whether rows fall into two sets so that linked ones differ where they must and agree where they must."""
    side: dict[int, int] = {}
    for start in links:
        if start in side:
            continue
        side[start] = 0
        stack = [start]
        while stack:
            at = stack.pop()
            for other, differ in links[at]:
                wanted = side[at] ^ differ
                if other not in side:
                    side[other] = wanted
                    stack.append(other)
                elif side[other] != wanted:
                    return False
    return True
