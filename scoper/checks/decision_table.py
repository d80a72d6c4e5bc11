"""The user's own decision table: verified over all cases that can occur, and held against the past ones."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from scoper.checks import Check, Given, Input
from scoper.checks._cases import DECISION, share_of
from scoper.checks._shapes import is_rule_table
from scoper.domain.checks import Fault, Listing, Outcome, Quantity, Speaks
from scoper.domain.numbers import count, share
from scoper.domain.records import Records
from scoper.domain.text import shown
from scoper.reasoning.checks import RuleFinding, check_table
from scoper.reasoning.diagram import Variable
from scoper.reasoning.rule_table import RuleTable, Spans

_SHOWN = 20


def run(given: Given) -> Outcome:
    """What is wrong with the table, and what it says of past cases where those are given."""
    table = given.inputs["table"]
    assert isinstance(table, RuleTable)
    findings = check_table(table)
    faults = tuple(_fault(finding, table) for finding in findings)
    size = Quantity(
        name="cases that the table distinguishes",
        value=float(table.size),
        unit="cases",
        basis="proved",
        words=f"{len(table.lines)} lines over {len(table.variables)} inputs; all of them were looked at.",
    )
    blockers = sum(fault.severity == "blocker" for fault in faults)
    found = (
        f"{blockers} blocker{'s' * (blockers != 1)} and {len(faults) - blockers} smaller remarks"
        if faults
        else "nothing"
    )
    if "cases" not in given.inputs:
        headline = f"The table of {len(table.lines)} lines was verified over all cases that can occur: {found} found."
        return Outcome(headline=headline, quantities=(size,), faults=faults)
    against = _Against(table, given.records("cases"), given.get("decision"))
    n, right = against.n, against.right
    decided = n - len(against.silent)
    quantities = (
        size,
        share_of("past cases that a line decides", decided, n, "Exact interval (95 %)."),
        share_of("past cases decided as they were", right, n, "Of all past cases; exact interval (95 %)."),
    )
    headline = (
        f"The table decides {share(decided / n)} of {count(n)} past cases and {share(right / n)} as they were; "
        f"verified over all cases that can occur: {found} found."
    )
    return Outcome(
        headline=headline,
        quantities=quantities,
        listings=against.listings(),
        faults=(*faults, *against.faults()),
        speaks=_speaks(against, blockers),
    )


def _fault(finding: RuleFinding, table: RuleTable) -> Fault:
    line = next((rule.removeprefix("line ") for rule in finding.rules if rule.startswith("line ")), "")
    witness = ", ".join(f"{name} = {value}" for name, value in finding.witness.items())
    claim = f"{finding.message}" + (f" (for example {witness})" if witness else "")
    return Fault(
        code=finding.check,
        severity=finding.severity,
        claim=claim,
        source=f"{table.name}.csv",
        line=int(line) if line.isdigit() else 0,
        column=1 if line.isdigit() else 0,
        evidence={"witness": dict(finding.witness), "rules": list(finding.rules)},
        remedy=finding.remedy,
    )


class _Against:
    """The table applied to every past case."""

    def __init__(self, table: RuleTable, records: Records, decision: str | None) -> None:
        self.table, self.records = table, records
        self.compared = self._compared(table, records, decision)
        self.decision = self.compared[0] if self.compared else decision or records.names[-1]
        records.require([self.decision, *(v.name for v in table.variables)])
        self.n, self.right = len(records), 0
        self.silent: list[int] = []
        self.torn: list[tuple[int, str]] = []
        self.wrong: list[tuple[int, str]] = []
        for row in range(self.n):
            self._judge(row)

    @staticmethod
    def _compared(table: RuleTable, records: Records, decision: str | None) -> tuple[str, ...]:
        """The outputs of the table that the past cases have a column of; none where it has a single, unnamed one."""
        named = tuple(table.lines[0].outputs) if table.lines else ()
        if decision is not None:
            return (decision,) if decision in named else ()
        return tuple(name for name in named if name in records.names)

    def _judge(self, row: int) -> None:
        values = {v.name: self._value(v, row) for v in self.table.variables}
        said = self._said(values)
        actual = self._decided(row)
        if not said:
            self.silent.append(row)
        elif len(set(said)) > 1 and self.table.hit_policy != "first":
            self.torn.append((row, " / ".join(dict.fromkeys(said))))
        elif said[0] == actual:
            self.right += 1
        else:
            self.wrong.append((row, said[0]))

    def _said(self, values: Mapping[str, str | None]) -> list[str]:
        said = [
            self._shown(line.outputs) if self.compared else line.then
            for line in self.table.lines
            if all(values[name] in allowed for name, allowed in line.when.items())
        ]
        return said or ([self.table.default] if self.table.default is not None else [])

    def _shown(self, outputs: Mapping[str, str]) -> str:
        """What is compared of a line or a past case, in one text."""
        if len(self.compared) == 1:
            return outputs[self.compared[0]]
        return ", ".join(f"{name} = {outputs[name]}" for name in self.compared)

    def _decided(self, row: int) -> str:
        """What was decided in a past case."""
        if not self.compared:
            return self.records.column(self.decision)[row]
        return self._shown({name: self.records.column(name)[row] for name in self.compared})

    def _value(self, variable: Variable, row: int) -> str | None:
        """The value of the table's variable that a cell falls under; None where it can be none of them."""
        cell = self.records.column(variable.name)[row]
        if not isinstance(variable, Spans):
            return cell if cell in variable.values else None
        number = self.records.number_of(cell)
        if number is None:
            return None
        for value, (low, low_in, high, high_in) in zip(variable.values, variable.bounds, strict=True):
            above = number > low or (low_in and number == low) or low == -inf
            below = number < high or (high_in and number == high) or high == inf
            if above and below:
                return value
        return None

    def listings(self) -> tuple[Listing, ...]:
        """The past cases that the table decides otherwise, twice, or not at all."""
        rows = [(row, f"the table says {said}") for row, said in self.wrong]
        rows += [(row, f"two lines disagree: {said}") for row, said in self.torn]
        rows += [(row, "no line holds") for row in self.silent]
        if not rows:
            return ()
        texts = tuple(
            (str(self.records.lines[row]), self._inputs(row), self._decided(row), said)
            for row, said in sorted(rows)[:_SHOWN]
        )
        note = f"{count(len(rows))} in all." if len(rows) > _SHOWN else ""
        header = ("line", "input", "decided", "")
        return (Listing(title="Exceptions", header=header, rows=texts, note=note),)

    def _inputs(self, row: int) -> str:
        cells = [f"{v.name}={shown(self.records.column(v.name)[row], 20)}" for v in self.table.variables[:6]]
        return shown(", ".join(cells), 120)

    def faults(self) -> tuple[Fault, ...]:
        """That past cases fall through the table, or between its lines."""
        source, found = self.records.source, []
        if self.silent:
            claim = f"{count(len(self.silent))} past cases meet no line"
            line = self.records.lines[self.silent[0]]
            remedy = "add lines for them, or a last line that hands the case to a person"
            found.append(
                Fault(code="not_covered", severity="caution", claim=claim, source=source, line=line, remedy=remedy)
            )
        if self.torn:
            claim = f"{count(len(self.torn))} past cases meet lines that disagree"
            line = self.records.lines[self.torn[0][0]]
            found.append(Fault(code="disagreeing", severity="blocker", claim=claim, source=source, line=line))
        return tuple(found)


def _speaks(against: _Against, blockers: int) -> tuple[Speaks, ...]:
    if blockers or against.torn or against.right < 0.99 * against.n or against.n < 100:
        return ()
    words = (
        f"a written table of {len(against.table.lines)} lines, free of gaps and contradictions, decides "
        f"{share(against.right / against.n)} of {count(against.n)} past cases as they were"
    )
    return (Speaks(signal="known_rules", answer="yes", words=words),)


CHECK = Check(
    id="decision_table",
    technique="plain_automation",
    summary="Your own decision table: gaps, contradictions, dead lines over all cases, and what it says of past ones.",
    question="Is the written table complete and free of contradictions, and does it say what was decided?",
    inputs=(
        Input("table", "rules", "a decision table as CSV: inputs, then what is decided"),
        Input("cases", "records", "a CSV of past cases with the same input columns", required=False),
    ),
    params=(DECISION,),
    run=run,
    formula=(
        "All combinations of values that the lines can tell apart are compared at once: gaps, overlaps, masked, dead, "
        "subsumed and superfluous lines, each with a case in which it shows. Past cases are then put through the table."
    ),
    source="own; checks of decision tables as in Vanthienen, Mues, Aerts (1998) and DMN 1.3, section 8",
    shows_not="that the table is right: a complete table free of contradictions can still decide wrongly.",
    informs=("known_rules",),
    fits=is_rule_table,
    example="automation decision-table approvals.csv cases.csv",
)
