"""A published project beside a case: what worked there, how near it is, and which answers differ.

Values only. How near projects are is computed in `scoper.reasoning.precedents`; no verdict is made from them.
"""

from __future__ import annotations

from scoper.domain.questionnaire import Value


class AnswerDifference(Value):
    """One signal answered differently: `ours` in the case, `theirs` in the project."""

    signal: str
    ours: str
    theirs: str


class Precedent(Value):
    """A published project: what it faced and the technique that worked.

    `arguable` says that experts could name another technique than the one in `worked`, `source_seen` that the source
    itself was read. `disputed` are signals on which two codings of the project disagree.
    """

    id: str
    title: str
    domain: str
    year: int
    source: str
    source_seen: bool
    problem: str
    worked: str
    family: str | None = None
    family_alternatives: tuple[str, ...] = ()
    research_grade: bool = False
    arguable: bool = False
    lesson: str = ""
    disputed: tuple[str, ...] = ()


class PrecedentMatch(Precedent):
    """One of the projects nearest to a case, as a report needs it.

    `distance` is Gower's over the compared answers: 0 all the same, 1 all opposite. `same` and `different` are the
    compared signals, the largest differences first; `uncompared` are those that only one of the two knows, or that
    have a meaning for only one.
    """

    distance: float
    same: tuple[str, ...] = ()
    different: tuple[AnswerDifference, ...] = ()
    uncompared: tuple[str, ...] = ()

    @property
    def compared(self) -> int:
        """How many signals are known in both."""
        return len(self.same) + len(self.different)

    @property
    def identical(self) -> bool:
        """Whether case and project know the same answers and no others."""
        return not self.different and not self.uncompared
