"""Multi-valued decision diagrams: a first-hit table compiled so that every question about it is one linear pass.

A diagram is quasi-reduced: every path visits every variable in order, equal sub-functions share one node (Bryant 1986
for the binary case; Kam et al. 1998 for multi-valued). Variables are taken as independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Mass = Mapping[int, float]  # probability by node of one level; nodes without any are missing
ROOT_MASS: Mass = {0: 1.0}


@dataclass(frozen=True)
class Variable:
    """A named variable with its values in order."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A row of a first-hit table: all conditions hold -> outcome. A missing variable means any value."""

    when: Mapping[str, frozenset[str]]
    then: str


@dataclass(frozen=True)
class Diagram:
    """`levels[i]` lists the nodes of variable i as tuples of child indices; the last level's children are outcomes."""

    variables: tuple[Variable, ...]
    levels: tuple[tuple[tuple[int, ...], ...], ...]
    outcomes: tuple[str, ...]

    @property
    def n_nodes(self) -> int:
        """Inner nodes of the diagram."""
        return sum(len(level) for level in self.levels)

    def distribution(self, laws: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
        """Probability of every outcome when each variable independently follows `laws[name]` (missing values: 0)."""
        mass = ROOT_MASS
        for variable, level in zip(self.variables, self.levels, strict=True):
            law = [laws[variable.name].get(value, 0.0) for value in variable.values]
            mass = push(level, law, mass)
        return {outcome: mass.get(k, 0.0) for k, outcome in enumerate(self.outcomes)}

    def conditionals(self, laws: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, list[float]]]:
        """For every variable and value, the outcomes' probabilities given that value, others following `laws`.

        One pass down (how much mass reaches a node) and one up (what a node leads to), for all variables together.
        """
        weights = [[laws[v.name].get(value, 0.0) for value in v.values] for v in self.variables]
        reach = [ROOT_MASS]
        for level, law in zip(self.levels, weights, strict=True):
            reach.append(push(level, law, reach[-1]))
        n = len(self.outcomes)
        below = [[1.0 if k == j else 0.0 for j in range(n)] for k in range(n)]
        found: dict[str, dict[str, list[float]]] = {}
        for depth in range(len(self.levels) - 1, -1, -1):
            variable, level = self.variables[depth], self.levels[depth]
            columns = [[0.0] * n for _ in variable.values]
            for node, mass in reach[depth].items():
                for column, child in zip(columns, level[node], strict=True):
                    _add(column, below[child], mass)
            found[variable.name] = dict(zip(variable.values, columns, strict=True))
            below = [mixture([below[child] for child in children], weights[depth], n) for children in level]
        return found

    def reachable(self, allowed: Mapping[str, frozenset[str]]) -> frozenset[str]:
        """The outcomes of all assignments in which every variable takes one of its allowed values."""
        here = {0}
        for variable, level in zip(self.variables, self.levels, strict=True):
            values = allowed[variable.name]
            open_children = [k for k, value in enumerate(variable.values) if value in values]
            here = {level[node][k] for node in here for k in open_children}
        return frozenset(self.outcomes[k] for k in here)

    def evaluate(self, assignment: Mapping[str, str]) -> str:
        """The outcome of one complete assignment."""
        node = 0
        for variable, level in zip(self.variables, self.levels, strict=True):
            node = level[node][variable.values.index(assignment[variable.name])]
        return self.outcomes[node]

    def refine(self, outcome: str, detail: Diagram) -> Diagram:
        """Split `outcome` into `outcome/x` by the outcome x of `detail`, a diagram over the same variables."""
        names: dict[str, int] = {}

        def leaf(pair: tuple[int, int]) -> int:
            name = self.outcomes[pair[0]]
            name = f"{name}/{detail.outcomes[pair[1]]}" if name == outcome else name
            return names.setdefault(name, len(names))

        level_pairs: list[list[tuple[int, int]]] = [[(0, 0)]]
        for ours, theirs in zip(self.levels, detail.levels, strict=True):
            pairs = ((a, b) for i, j in level_pairs[-1] for a, b in zip(ours[i], theirs[j], strict=True))
            level_pairs.append(list(dict.fromkeys(pairs)))
        below = {pair: leaf(pair) for pair in level_pairs[-1]}
        levels: list[tuple[tuple[int, ...], ...]] = []
        for depth in range(len(self.levels) - 1, -1, -1):
            unique: dict[tuple[int, ...], int] = {}
            here = {}
            for i, j in level_pairs[depth]:
                children = tuple(
                    below[pair] for pair in zip(self.levels[depth][i], detail.levels[depth][j], strict=True)
                )
                here[i, j] = unique.setdefault(children, len(unique))
            levels.append(tuple(unique))
            below = here
        return Diagram(self.variables, tuple(reversed(levels)), tuple(names))


def _add(column: list[float], row: Sequence[float], mass: float) -> None:
    for k, share in enumerate(row):
        if share:
            column[k] += mass * share


def mixture(rows: Sequence[Sequence[float]], law: Sequence[float], n: int) -> list[float]:
    """The sum of rows of length `n`, each weighted by its entry of `law`."""
    mixed = [0.0] * n
    for row, weight in zip(rows, law, strict=True):
        if weight:
            _add(mixed, row, weight)
    return mixed


def push(level: Sequence[tuple[int, ...]], law: Sequence[float], mass: Mass) -> Mass:
    """The mass on the next level's nodes when each value of this level's variable has its weight in `law`."""
    weights = [(k, weight) for k, weight in enumerate(law) if weight]
    pushed: dict[int, float] = {}
    for node, amount in mass.items():
        children = level[node]
        for k, weight in weights:
            child = children[k]
            pushed[child] = pushed.get(child, 0.0) + amount * weight
    return pushed


def compile_rows(variables: tuple[Variable, ...], rows: Sequence[Row], default: str) -> Diagram:
    """The diagram of a first-hit table; `default` where no row holds.

    Requires that every condition names one of the variables, whose names differ. A residual function is identified by
    the rows that can still hold, cut after the first one that certainly does.
    """
    builder = _Builder(variables, rows, default)
    builder.node(0, builder.cut(0, (1 << len(rows)) - 1))
    return builder.finish()


class _Builder:
    """Bottom-up construction of one diagram; discarded afterwards. Sets of rows are bits, the first row the lowest.

    `holding[i][k]` are the rows that value k of variable i leaves possible, `decided[i]` those that no variable from
    the i-th on can rule out any more.
    """

    def __init__(self, variables: tuple[Variable, ...], rows: Sequence[Row], default: str) -> None:
        self.rows, self.default, self.variables = rows, default, variables
        self.outcomes: dict[str, int] = {}
        self.unique: list[dict[tuple[int, ...], int]] = [{} for _ in variables]
        self.memo: dict[tuple[int, int], int] = {}
        place = {variable.name: depth for depth, variable in enumerate(variables)}
        self.holding = [[(1 << len(rows)) - 1] * len(variable.values) for variable in variables]
        self.decided = [0] * (len(variables) + 1)
        for number, row in enumerate(rows):
            for name, values in row.when.items():
                held = self.holding[place[name]]
                for k, value in enumerate(variables[place[name]].values):
                    if value not in values:
                        held[k] &= ~(1 << number)
            after = max((place[name] for name in row.when), default=-1) + 1
            for depth in range(after, len(self.decided)):
                self.decided[depth] |= 1 << number

    def cut(self, depth: int, alive: int) -> int:
        certain = alive & self.decided[depth]
        return alive & (((certain & -certain) << 1) - 1) if certain else alive

    def node(self, depth: int, alive: int) -> int:
        key = (depth, alive)
        found = self.memo.get(key)
        if found is None:
            found = self.memo[key] = self._make(depth, alive)
        return found

    def _make(self, depth: int, alive: int) -> int:
        if depth == len(self.variables):
            name = self.rows[(alive & -alive).bit_length() - 1].then if alive else self.default
            return self.outcomes.setdefault(name, len(self.outcomes))
        children = tuple([self.node(depth + 1, self.cut(depth + 1, alive & held)) for held in self.holding[depth]])
        return self.unique[depth].setdefault(children, len(self.unique[depth]))

    def finish(self) -> Diagram:
        return Diagram(self.variables, tuple(tuple(level) for level in self.unique), tuple(self.outcomes))
