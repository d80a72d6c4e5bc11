"""Is a rule pack sound? Statements over its whole answer space, each from the diagrams.

Checked here: rules of first-hit tables that never decide, questions that never matter, techniques and families that no
answers reach. A first-hit table with a default has neither gaps nor conflicts by construction.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoper.domain.decision import FAMILIES, TECHNIQUES, UNDECIDED
from scoper.reasoning.diagram import Row, Variable, compile_rows
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.pack import RulePack, Table
from scoper.reasoning.questions import mattering_signals
from scoper.reasoning.verdict import pack_size


@dataclass(frozen=True)
class PackReport:
    """What was found, with the size of the space it was found in."""

    vectors: int
    nodes: int
    rules: int
    dead_rules: tuple[str, ...]
    dead_questions: tuple[str, ...]
    unreachable: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not (self.dead_rules or self.dead_questions or self.unreachable)

    def as_document(self) -> dict[str, object]:
        """The report as plain JSON values."""
        return {
            "sound": self.sound,
            "answer_vectors": self.vectors,
            "diagram_nodes": self.nodes,
            "rules": self.rules,
            "dead_rules": list(self.dead_rules),
            "dead_questions": list(self.dead_questions),
            "unreachable_verdicts": list(self.unreachable),
        }

    def lines(self) -> list[str]:
        """The report as lines of text."""
        size = f"{self.rules} rules over {self.vectors:.3g} answer vectors, {self.nodes} diagram nodes"
        found = [("dead rules", self.dead_rules), ("dead questions", self.dead_questions)]
        found += [("unreachable verdicts", self.unreachable)]
        return [size, *(f"{name}: {', '.join(ids) if ids else 'none'}" for name, ids in found)]


def verify(pack: RulePack) -> PackReport:
    """Check a pack over all completions of nothing known."""
    nothing = Knowledge(pack, {})
    vectors, nodes = pack_size(pack)
    families = {f"reinforcement_learning/{family}" for family in FAMILIES}
    reached = pack.verdict_diagram.reachable(nothing.allowed)
    expected = (*(t for t in TECHNIQUES if t != "reinforcement_learning"), UNDECIDED, *sorted(families))
    matters = set(mattering_signals(nothing))
    return PackReport(
        vectors=vectors,
        nodes=nodes,
        rules=sum(len(table.rules) for table in pack.tables),
        dead_rules=tuple(rule for table in pack.tables for rule in dead_rules(pack, table)),
        dead_questions=tuple(signal for signal in pack.questions if signal not in matters),
        unreachable=tuple(name for name in expected if name not in reached),
    )


def dead_rules(pack: RulePack, table: Table) -> tuple[str, ...]:
    """The rules of a first-hit table that an earlier rule always anticipates."""
    if table.hit_policy != "first":
        return ()
    variables = tuple(_variable(pack, name) for name in table.inputs)
    rows = tuple(Row(rule.when, rule.id) for rule in table.rules)
    diagram = compile_rows(variables, rows, "")
    reached = diagram.reachable({variable.name: frozenset(variable.values) for variable in variables})
    return tuple(rule.id for rule in table.rules if rule.id not in reached)


def _variable(pack: RulePack, name: str) -> Variable:
    facet = pack.facets.get(name)
    return Variable(name, facet.outputs) if facet else pack.signal_variable(name)
