"""The headline of a check that looks for faults in the parts of a file: how many, how grave, of which kinds."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.checks import Fault


def counted(n: int, what: str) -> str:
    """`1 step`, `2 steps`."""
    return f"{n} {what}{'s' * (n != 1)}"


def fault_headline(faults: Sequence[Fault], n: int, what: str, none: str = "") -> str:
    """One sentence on the faults of `n` parts of one kind, such as `step`; `none` is added where there is no fault."""
    parts = counted(n, what)
    if not faults:
        return f"No fault in {parts}{none}."
    blockers = sum(fault.severity == "blocker" for fault in faults)
    if len(faults) == 1:
        grave = "a blocker" if blockers else "no blocker"
    else:
        grave = f"{blockers} of them {'a blocker' if blockers == 1 else 'blockers'}"
    kinds = dict.fromkeys(fault.code.replace("_", " ") for fault in faults)
    return f"{counted(len(faults), 'fault')} in {parts}, {grave}: {', '.join(kinds)}."
