"""A pack's verdict as one diagram over the signals themselves, in any order of the signals.

Two packs whose facets group the signals differently can be compared over these. A facet is read as far as its signals
have come, and hands its value on with the last of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.decision import UNDECIDED
from scoper.reasoning.diagram import Diagram, Row, Variable, compile_rows
from scoper.reasoning.outcome import RL
from scoper.reasoning.pack import RulePack, rows_of

Open = tuple[tuple[str, int], ...]


def signal_diagram(pack: RulePack, variables: Sequence[Variable]) -> Diagram:
    """Technique (for reinforcement learning with its family) over `variables`.

    Requires every signal that the pack's verdict uses; variables that the pack does not know change nothing.
    """
    return _Composer(pack, tuple(variables)).run()


class _Composer:
    def __init__(self, pack: RulePack, variables: tuple[Variable, ...]) -> None:
        self.variables = variables
        self.position = {v.name: depth for depth, v in enumerate(variables)}
        used = [v for v in pack.variables if v.name not in pack.facets or self._signals(pack, v.name)]
        self.parts = {v.name: self._part(pack, v) for v in used}
        self.owner = {s.name: name for name, part in self.parts.items() for s in part.variables}
        ordered = sorted(used, key=lambda v: self.position[self.parts[v.name].variables[-1].name])
        self.verdicts = self._verdicts(pack, tuple(ordered))
        self.depth_of = {v.name: depth for depth, v in enumerate(ordered)}
        self.outcomes: dict[str, int] = {}
        self.unique: list[dict[tuple[int, ...], int]] = [{} for _ in variables]
        self.memo: dict[tuple[int, int, Open], int] = {}

    def _signals(self, pack: RulePack, facet: str) -> list[Variable]:
        names = sorted(pack.facets[facet].inputs, key=lambda name: self.position[name])
        return [self.variables[self.position[name]] for name in names]

    def _part(self, pack: RulePack, variable: Variable) -> Diagram:
        """What turns signals into a value of one of the verdict's variables."""
        if variable.name in pack.facets:
            facet = pack.facets[variable.name]
            return compile_rows(tuple(self._signals(pack, facet.id)), rows_of(facet), facet.default)
        seen = self.variables[self.position[variable.name]]
        rows = [Row({seen.name: frozenset((value,))}, value) for value in seen.values]
        return compile_rows((seen,), rows, "")

    def _verdicts(self, pack: RulePack, ordered: tuple[Variable, ...]) -> Diagram:
        (technique,), (family,) = pack.of_kind("technique"), pack.of_kind("family")
        names = {v.name for v in ordered}

        def rows(table_rows: Sequence[Row]) -> list[Row]:
            return [Row({n: v for n, v in row.when.items() if n in names}, row.then) for row in table_rows]

        families = compile_rows(ordered, rows(rows_of(family)), family.default)
        return compile_rows(ordered, rows(rows_of(technique)), UNDECIDED).refine(RL, families)

    def run(self) -> Diagram:
        self.node(0, 0, ())
        return Diagram(self.variables, tuple(tuple(level) for level in self.unique), tuple(self.outcomes))

    def node(self, depth: int, verdict: int, open_parts: Open) -> int:
        key = (depth, verdict, open_parts)
        if key not in self.memo:
            self.memo[key] = self._make(depth, verdict, open_parts)
        return self.memo[key]

    def _make(self, depth: int, verdict: int, open_parts: Open) -> int:
        if depth == len(self.variables):
            return self.outcomes.setdefault(self.verdicts.outcomes[verdict], len(self.outcomes))
        signal = self.variables[depth]
        children = tuple(
            self.node(depth + 1, *self._step(signal.name, k, verdict, open_parts)) for k in range(len(signal.values))
        )
        return self.unique[depth].setdefault(children, len(self.unique[depth]))

    def _step(self, signal: str, k: int, verdict: int, open_parts: Open) -> tuple[int, Open]:
        name = self.owner.get(signal)
        if name is None:
            return verdict, open_parts
        part = self.parts[name]
        inner = next(i for i, v in enumerate(part.variables) if v.name == signal)
        reached = part.levels[inner][dict(open_parts).get(name, 0)][k]
        others = tuple(pair for pair in open_parts if pair[0] != name)
        if inner + 1 < len(part.variables):
            return verdict, tuple(sorted((*others, (name, reached))))
        depth = self.depth_of[name]
        value = self.verdicts.variables[depth].values.index(part.outcomes[reached])
        return self.verdicts.levels[depth][verdict][value], others
