"""A repair of a reward or an environment: what to change in the spec, what came of it, and where it was looked at.

Values only. A proposal is what a repair offers on the evidence; a `RepairSummary` is one that was applied to a copy and
audited again.
"""

from __future__ import annotations

from typing import Literal

from scoper.domain.questionnaire import Value


class SpecEdit(Value):
    """One entry of a spec file: at `path` stands `text` (YAML on one line) from now on, or nothing where it is None."""

    path: tuple[str, ...]
    text: str | None


class Attained(Value):
    """What the owner gets from the policy that earns the most reward, between a floor and what is attainable.

    share: (of_best - floor) / (attainable - floor). floor: random actions, or the least of any policy where those
    already have nearly all.
    """

    of_best: float
    attainable: float
    floor: float
    share: float

    def share_of(self, value: float) -> float:
        """The share that a value of the objective is; 1 where nothing is to be gained."""
        reach = self.attainable - self.floor
        return 1.0 if reach <= 0.0 else (value - self.floor) / reach


class Proposal(Value):
    """A change that may mend `defect`.

    edits: of the spec. wrapper: source text of a module that makes the repaired environment, empty for a change of the
    spec alone. expected: the share of the attainable objective that the world as known promises, None where that was
    not tried. rule: policy whose objective counts afterwards, where the repair is a rule; else the reward's best.
    """

    repair: str
    defect: str
    words: str
    edits: tuple[SpecEdit, ...]
    wrapper: str = ""
    expected: float | None = None
    rule: str = ""


class Diagnosis(Value):
    """What a child tells its parent for repairs: how good the reward's best is for the owner, and what may mend it.

    by_discount: the share of the attainable return that the spec's discount makes best, None where not known.
    """

    attained: Attained | None = None
    by_discount: float | None = None
    proposals: tuple[Proposal, ...] = ()


class AuditedState(Value):
    """One side of before and after: the verdict, and the owner's number of what earns the most (None: not known)."""

    verdict: str
    objective: float | None = None
    share: float | None = None


class RepairSummary(Value):
    """A repair that was applied to a copy and audited again.

    claimed: whether the owner's objective says that this mends something; without an objective it is a candidate, for
    the case that the finding is a defect. patch: unified diff of the spec file. wrapper: text of the module
    `wrapper_file`, which belongs into the folder that `path` of the spec names; empty when there is none.
    """

    id: str
    repair: str
    defect: str
    words: str
    status: Literal["passed", "candidate"]
    patch: str
    wrapper: str = ""
    wrapper_file: str = ""
    before: AuditedState
    after: AuditedState

    @property
    def claimed(self) -> bool:
        """Whether it is shown to mend a defect."""
        return self.status == "passed"
