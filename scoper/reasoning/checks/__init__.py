"""What can be wrong with rules: one file per check, each with the constant CHECK; found by looking into this folder.

A check looks at one table (also a user's own) or at a whole rule pack, and yields findings, each with a witness: a case
in which the fault shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice

from scoper.domain.findings import Severity
from scoper.extensions import in_folder
from scoper.reasoning.rule_table import RuleTable
from scoper.reasoning.subject import Subject

MAX_FINDINGS = 100


@dataclass(frozen=True)
class RuleFinding:
    """One fault and where it shows: `witness` is a case; `other` a second one when the fault is between two cases.

    Values that a witness leaves out may be any. `rules` are the rules at fault, the worst first.
    """

    check: str
    severity: Severity
    table: str
    rules: tuple[str, ...]
    message: str
    witness: Mapping[str, str]
    other: Mapping[str, str] | None = None
    remedy: str = ""


@dataclass(frozen=True)
class Check:
    """`of_table` sees one table at a time, `of_pack` the whole pack; one of them is enough."""

    id: str
    summary: str
    of_table: Callable[[RuleTable], Iterable[RuleFinding]] | None = None
    of_pack: Callable[[Subject], Iterable[RuleFinding]] | None = None


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check of the folder, in order of their ids."""
    return in_folder(__name__, "CHECK", Check)


def check_table(table: RuleTable) -> tuple[RuleFinding, ...]:
    """The findings of all checks of a table, at most `MAX_FINDINGS` of each check."""
    found: list[RuleFinding] = []
    for check in all_checks():
        if check.of_table is not None:
            found += islice(check.of_table(table), MAX_FINDINGS)
    return tuple(found)


def check_pack(subject: Subject) -> tuple[RuleFinding, ...]:
    """The findings of all checks of a pack: of its tables, then of the whole."""
    found = [finding for table in subject.tables for finding in check_table(table)]
    for check in all_checks():
        if check.of_pack is not None:
            found += islice(check.of_pack(subject), MAX_FINDINGS)
    return tuple(found)
