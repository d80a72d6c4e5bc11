"""Is a rule pack sound? All checks over its whole answer space, and the figures that say what was looked at.

Nothing is sampled: every statement is about all answer vectors, by way of the decision diagrams.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scoper.reasoning.checks import RuleFinding, check_pack, check_table
from scoper.reasoning.checks.doubtful import opened
from scoper.reasoning.influence import Influence, influences
from scoper.reasoning.mutation import mutants
from scoper.reasoning.pack import RulePack
from scoper.reasoning.rule_table import RuleTable
from scoper.reasoning.subject import Subject
from scoper.reasoning.verdict import pack_size


@dataclass(frozen=True)
class PackReport:
    """What was found, and in how large a space.

    `killed` of `mutants` faults are noticed by the `golden` cases; faults that change nothing whatever are not counted.
    """

    vectors: int
    nodes: int
    rules: int
    tables: int
    findings: tuple[RuleFinding, ...]
    influences: tuple[Influence, ...]
    golden: int
    mutants: int
    killed: int
    claims: int
    demands: int
    doubtful_cells: int
    opened: int

    @property
    def sound(self) -> bool:
        """Whether no finding is a blocker."""
        return not any(finding.severity == "blocker" for finding in self.findings)

    def count(self, *kinds: str) -> int:
        """The number of findings of these kinds."""
        return sum(finding.check in kinds for finding in self.findings)

    def as_document(self) -> dict[str, object]:
        """The report as plain JSON values."""
        return {
            "sound": self.sound,
            "answer_vectors": self.vectors,
            "diagram_nodes": self.nodes,
            "tables": self.tables,
            "rules": self.rules,
            "golden_cases": self.golden,
            "mutation": {"mutants": self.mutants, "noticed": self.killed, "score": self._score()},
            "monotonicity": {"declared": self.claims, "refuted": self.count("monotonicity")},
            "demands": {"written": self.demands, "unmet": self.count("demand")},
            "doubtful_cells": {"cells": self.doubtful_cells, "undecided_cases_they_could_name": self.opened},
            "findings": [as_document(finding) for finding in self.findings],
            "influence": [
                {"signal": i.signal, "technique": i.technique, "verdict": i.verdict, "advice": i.advice}
                for i in self.influences
            ],
        }

    def _score(self) -> float | None:
        return self.killed / self.mutants if self.golden else None

    def lines(self) -> list[str]:
        """The report as lines of text."""
        lines = [
            f"{self.rules} rules in {self.tables} tables over {self.vectors:.3g} answer vectors: "
            + ("sound" if self.sound else "not sound"),
            *finding_lines(self.findings),
            _counted("gaps", self.count("gap")),
            _counted("overlaps and conflicts", self.count("overlap", "conflict", "duplicate")),
            _counted("masked and dead rules", self.count("masked", "dead", "impossible")),
            _counted("superfluous rules and conditions", self.count("superfluous", "subsumed", "idle-condition")),
            _counted("pairs of rules that could be one", self.count("contractible")),
            _counted("unreachable verdicts", self.count("unreachable")),
            _counted("dead questions", self.count("dead-question")),
            f"monotonicity: {self.claims - self.count('monotonicity')} of {self.claims} declarations proved",
        ]
        if self.demands:
            lines.append(f"demands written by hand: {self.demands - self.count('demand')} of {self.demands} met")
        if self.golden:
            share = f"{self.killed} of {self.mutants} ({self._score():.1%})"
            lines.append(f"mutants noticed by the {self.golden} golden cases: {share}")
            changed = self.count("doubtful") or "no"
            note = f"read in all ways, {changed} golden verdict becomes another ({self.opened} open ones would get one)"
            lines.append(f"doubtful cells: {self.doubtful_cells}; {note}")
        return [*lines, "", *_influence_lines(self.influences)]


def _counted(what: str, number: int) -> str:
    return f"{what}: {number or 'none'}"


def _influence_lines(found: Iterable[Influence]) -> list[str]:
    lines = ["what hangs on each question (prior probability that its answer alone decides)"]
    lines.append(f"  {'question':24} {'technique':>9} {'verdict':>9} {'advice':>9}")
    for one in sorted(found, key=lambda i: (-i.verdict, -(i.advice or 0.0))):
        advice = "" if one.advice is None else f"{one.advice:9.1%}"
        lines.append(f"  {one.signal:24} {one.technique:9.1%} {one.verdict:9.1%} {advice:>9}")
    return lines


def as_document(finding: RuleFinding) -> dict[str, object]:
    """A finding as plain JSON values."""
    return {
        "check": finding.check,
        "severity": finding.severity,
        "table": finding.table,
        "rules": list(finding.rules),
        "message": finding.message,
        "witness": dict(finding.witness),
        "other_witness": dict(finding.other) if finding.other is not None else None,
        "remedy": finding.remedy,
    }


def finding_lines(findings: Iterable[RuleFinding]) -> list[str]:
    """Findings as lines of text, each with its witness."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.severity}[{finding.check}] {finding.table}: {finding.message}")
        cases = (case for case in (finding.witness, finding.other) if case)
        lines += ["    case: " + ", ".join(f"{name}={value}" for name, value in case.items()) for case in cases]
        if finding.remedy:
            lines.append(f"    remedy: {finding.remedy}")
    return lines


def verify(pack: RulePack | Subject) -> PackReport:
    """Check a pack, and with a `Subject` also its golden cases and declared monotonicity."""
    subject = pack if isinstance(pack, Subject) else Subject(pack)
    vectors, nodes = pack_size(subject.pack)
    findings = check_pack(subject)
    idle = sum(finding.check == "idle-value" for finding in findings)
    total = sum(1 for _ in mutants(subject.pack)) - idle
    return PackReport(
        vectors=vectors,
        nodes=nodes,
        rules=sum(len(table.rules) for table in subject.pack.tables),
        tables=len(subject.pack.tables),
        findings=findings,
        influences=influences(subject.pack),
        golden=len(subject.golden),
        mutants=total,
        killed=total + idle - len(subject.survivors) if subject.golden else 0,
        claims=len(subject.monotone),
        demands=len(subject.demands),
        doubtful_cells=sum(cell.mark == "soft" for cell in subject.pack.cells),
        opened=opened(subject),
    )


@dataclass(frozen=True)
class TableReport:
    """What was found in one table, and how many cases it was looked for in."""

    table: RuleTable
    findings: tuple[RuleFinding, ...]

    @property
    def sound(self) -> bool:
        """Whether no finding is a blocker."""
        return not any(finding.severity == "blocker" for finding in self.findings)

    def as_document(self) -> dict[str, object]:
        """The report as plain JSON values."""
        return {
            "sound": self.sound,
            "table": self.table.name,
            "hit_policy": self.table.hit_policy,
            "lines": len(self.table.lines),
            "cases": self.table.size,
            "inputs": {variable.name: list(variable.values) for variable in self.table.variables},
            "findings": [as_document(finding) for finding in self.findings],
        }

    def lines(self) -> list[str]:
        """The report as lines of text."""
        head = f"{len(self.table.lines)} lines over {self.table.size:,} cases, hit policy {self.table.hit_policy}: "
        return [head + ("sound" if self.sound else "not sound"), *finding_lines(self.findings)]


def verify_table(table: RuleTable) -> TableReport:
    """Check one table on its own."""
    return TableReport(table, check_table(table))
