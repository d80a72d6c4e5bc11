"""The catalogue of diagnostics: what each asks, how it answers, when it speaks, and where it is known to be wrong.

Everything in it is said by the diagnostics themselves; nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoper.diagnostics import Diagnostic, Group, discover
from scoper.errors import Problem, UsageError, did_you_mean

GROUPS: Mapping[Group, str] = {
    "signal": "Is there signal?",
    "reach": "Can it be reached?",
    "learn": "Can it be learned in the budget?",
    "optimum": "Is the optimum what you want?",
    "gaming": "Can it be gamed?",
    "observation": "Is the observation enough?",
    "is_rl": "Is it RL at all?",
    "sure": "How sure are we?",
}
"""The larger questions, in the order in which they are asked."""


@dataclass(frozen=True)
class Catalogue:
    """Diagnostics in the order of the groups, and a sentence per plug-in that is broken."""

    diagnostics: tuple[Diagnostic, ...]
    broken: tuple[str, ...] = ()

    def of(self, group: Group) -> tuple[Diagnostic, ...]:
        """Those of one group."""
        return tuple(each for each in self.diagnostics if each.group == group)


def load_catalogue(ids: tuple[str, ...] = ()) -> Catalogue:
    """All diagnostics, or those named by id or by a kind of defect that they catch; raises UsageError for others."""
    known, broken = discover()
    order = list(GROUPS)
    ordered = tuple(sorted(known, key=lambda each: (order.index(each.group), each.id)))
    if not ids:
        return Catalogue(ordered, broken)
    names = {each.id for each in ordered} | {kind for each in ordered for kind in each.catches}
    for name in ids:
        if name not in names:
            text = f"there is no diagnostic '{name}', and none that catches a defect of this name"
            remedy = did_you_mean(name, sorted(names))
            raise UsageError(Problem("diagnostic-unknown", text, remedy=remedy or "see `scoper diagnostics`"))
    return Catalogue(tuple(each for each in ordered if each.id in ids or set(ids) & set(each.catches)), broken)


def catalogue_document(catalogue: Catalogue) -> dict[str, Any]:
    """The catalogue as plain JSON."""
    return {
        "format": 1,
        "groups": [{"id": group, "question": question} for group, question in GROUPS.items()],
        "diagnostics": [_row(each) for each in catalogue.diagnostics],
        "broken": list(catalogue.broken),
    }


def _row(each: Diagnostic) -> dict[str, Any]:
    method = each.method
    return {
        "id": each.id,
        "group": each.group,
        "question": each.question,
        "summary": each.summary,
        "catches": list(each.catches),
        "rank": each.rank,
        "formula": method.formula if method else None,
        "source": method.source if method else None,
        "inputs": list(method.inputs) if method else [],
        "threshold": method.threshold if method else None,
        "failure": method.failure if method else None,
    }
