"""What would mend a reward or an environment: one file per repair, found in this folder.

A file holds one constant, `REPAIR = Repair(id, summary, mends, propose)`, its id being the file's name. `propose` is
pure: it tries its change on the world that the audit knows and offers the spec's edits (or a wrapper) that come out
well there. Nothing is claimed here; whoever asks applies a proposal to a copy and audits that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from scoper.diagnostics import Evidence
from scoper.domain.findings import DEFECTS, Finding
from scoper.domain.mdp import EnvironmentSpec, MdpSpec
from scoper.domain.repairs import Proposal
from scoper.extensions import in_folder

if TYPE_CHECKING:
    from scoper.repairs._world import Trials

MISPAID = frozenset(DEFECTS[DEFECTS.index("positive_cycle") : DEFECTS.index("clipped_reward") + 1]) - {
    "nan_or_inf_reward",
    "unbounded_reward",
}
"""Defects of what is paid, which every change of the reward may mend."""
DIVERGES = "proxy_true_divergence"


@dataclass(frozen=True)
class Case:
    """What a repair looks at: the spec, the evidence, and the defects that findings name, the worst first."""

    spec: MdpSpec | EnvironmentSpec
    evidence: Evidence
    findings: Sequence[Finding] = ()

    @cached_property
    def defects(self) -> tuple[str, ...]:
        """Named by blockers and cautions, each once; divergence itself where the audit sees it and nobody named it."""
        named = [f.defect for f in self.findings if f.defect and f.severity != "info"]
        if self.evidence.model is not None or self.evidence.table is not None or self.evidence.approximate is not None:
            named += [DIVERGES] if self.evidence.audit.diverges else []
        return tuple(dict.fromkeys(named))

    @cached_property
    def trials(self) -> Trials | None:
        """Where changes of what is paid can be tried; None without a world."""
        from scoper.repairs._world import trials_of

        return trials_of(self.evidence)

    def finding(self, defect: str) -> Finding | None:
        """The first finding that names a defect."""
        return next((found for found in self.findings if found.defect == defect), None)

    def named(self, mends: Sequence[str]) -> str | None:
        """The worst defect at hand that is among `mends`."""
        return next((defect for defect in self.defects if defect in mends), None)


@dataclass(frozen=True)
class Repair:
    """One way to mend. mends: kinds of defect, the plainest case first. rank: the lowest comes first, of equal fit."""

    id: str
    summary: str
    mends: tuple[str, ...]
    propose: Callable[[Case], Sequence[Proposal]]
    rank: int = 50
    pays: bool = field(default=False)
    """Whether it changes what is paid, so that it is tried at every defect of that kind, after those made for it."""


def discover() -> tuple[Repair, ...]:
    """All repairs in order of id."""
    return in_folder(__name__, "REPAIR", Repair)


def proposals(case: Case, most: int = 3) -> tuple[Proposal, ...]:
    """At most `most` proposals, one of a repair: what it offers first; those made for the worst defects come first.

    A repair that fails proposes nothing: a proposal is an offer, and no question stays open without it.
    """
    fits = [(fit, repair.rank, repair) for repair in discover() if (fit := _fit(repair, case)) is not None]
    found: list[Proposal] = []
    for _, _, repair in sorted(fits, key=lambda each: each[:2]):
        if len(found) == most:
            break
        with contextlib.suppress(ArithmeticError, LookupError, ValueError, AssertionError):
            found += repair.propose(case)[:1]
    return tuple(found)


def _fit(repair: Repair, case: Case) -> int | None:
    """How well a repair fits what was found: 0 for the worst defect and so on; None where it is of no use."""
    for place, defect in enumerate(case.defects):
        if defect in repair.mends:
            return place
    return len(case.defects) if repair.pays and case.named(sorted(MISPAID)) else None
