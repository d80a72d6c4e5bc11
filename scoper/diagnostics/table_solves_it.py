"""Is the problem small enough to be solved exactly?"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A remark when the optimum is proved and some policy gains something: the table then is the solution."""
    table = evidence.table
    if table is None or evidence.optimal is None or evidence.worst is None:
        return []
    if evidence.optimal - evidence.worst <= 1e-9 * max(abs(evidence.optimal), 1.0):
        return []
    return [
        Finding(
            code="table_solves_it",
            severity="info",
            claim=f"a table with {count(table.n_states)} states holds the problem: the exact policy, which returns "
            f"{number(evidence.optimal)}, is at hand, no learner is needed",
            evidence={"states": table.n_states, "actions": table.n_actions, "optimal": evidence.optimal},
            remedy="use the exact policy as long as the table is true; learning pays where the table is not known",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="table_solves_it",
    question="Is the problem small enough to be solved exactly?",
    summary="Says so when the optimum was computed from a table.",
    inspect=inspect,
    group="is_rl",
    method=Method(
        formula="whether the optimum was proved on a table and differs from the worst return",
        source="own; exact solution: Puterman 2005",
        inputs=("arrays",),
        threshold="a note whenever best and worst return differ; nothing to calibrate",
        failure="says nothing of whether the table is true of the world",
    ),
)
