"""A verdict and everything it is made of: support, reasons, flips, trace.

Values only; they are computed in `scoper.reasoning`. The JSON of a `Verdict` is the `verdict` object that
`scoper assess --json` prints.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from scoper.domain.questionnaire import Value

TechniqueName = Literal[
    "reinforcement_learning",
    "llm_orchestration",
    "plain_automation",
    "supervised_learning",
    "contextual_bandit",
    "classical_optimisation",
]
TECHNIQUES: tuple[str, ...] = get_args(TechniqueName)
UNDECIDED = "undecided"
FamilyName = Literal[
    "dynamic_programming",
    "value_based",
    "policy_based",
    "model_based",
    "offline_rl",
    "multi_agent_rl",
]
FAMILIES: tuple[str, ...] = get_args(FamilyName)
Readiness = Literal["go", "go_if", "not_yet", "no"]
READINESS: tuple[Readiness, ...] = get_args(Readiness)
Basis = Literal["declared", "cited", "measured", "proved", "extrapolated"]


class Technique(Value):
    """A technique and the share of the prior-weighted completions of the unknown answers that lead to it (0 to 1)."""

    technique: str
    support: float


class Family(Value):
    """A method family and its support, given that the technique is reinforcement learning (0 to 1)."""

    family: str
    support: float


class Flip(Value):
    """A smallest set of answer changes after which the verdict is another one.

    `effort` is what the team would have to do: `answer` (find out), `days`, `weeks`, or `fixed` (not in its hands).
    """

    change: Mapping[str, str]
    to: str
    effort: str


class NextQuestion(Value):
    """An open question and what its answer is worth.

    `gain` is the expected information about the verdict (technique and family) in bits. `may_change` is the probability
    that the answer alone makes the verdict name another technique, or another family of reinforcement learning; with a
    zero there, other answers have to come along. `matters` is the most that the answer can change in any completion.
    `effort` is what finding out costs, `find_out` the cheapest way. The last four are None or empty in verdicts saved
    before they were computed.
    """

    signal: str
    gain: float
    may_change: float | None = None
    matters: Literal["technique", "family", "conditions"] | None = None
    effort: Literal["minutes", "days", "weeks"] | None = None
    find_out: str = ""


class TraceEntry(Value):
    """One rule and what became of it: `hit` (its condition holds), `open` (it may hold) or `missed` (it cannot).

    `advice` is the sentence that a hit contributes, if any: a condition to meet, a hybrid to build.
    """

    rule: str
    table: str
    status: Literal["hit", "open", "missed"]
    concludes: str
    because: str
    source: str
    basis: str
    advice: str = ""


class Cell(Value):
    """One cell of the article's table for this case: what was answered, what the cell says, whether it spoke."""

    row: int
    signal: str
    technique: str
    mark: str
    basis: str
    answer: str
    spoke: bool
    reason: str


class Conflict(Value):
    """Answers that pull apart: a contradiction (one of them must be wrong) or a question of precedence.

    `signals` is a minimal set: without any one of its answers the conflict is gone.
    """

    rule: str
    kind: Literal["contradiction", "precedence"]
    signals: tuple[str, ...]
    advice: str


class RespondentVerdict(Value):
    """The technique that one respondent's answers lead to, the answers of nobody else contradicting them."""

    by: str
    technique: str
    support: float


class Disagreement(Value):
    """A signal on which respondents differ, and who said what."""

    signal: str
    answers: Mapping[str, str]


class Verdict(Value):
    """What the answers say, exactly, about the technique to use.

    `raise_confidence` are answers that somebody gave without being sure: what making sure of each is worth.
    """

    technique: str
    ranking: tuple[Technique, ...]
    possible: tuple[str, ...]
    settled: bool
    close_to: str | None = None
    readiness: Readiness
    conditions: tuple[str, ...] = ()
    family: str | None = None
    family_ranking: tuple[Family, ...] = ()
    qualifiers: tuple[str, ...] = ()
    surroundings: tuple[str, ...] = ()
    hits: tuple[str, ...] = ()
    reasons: tuple[tuple[str, ...], ...] = ()
    flips: tuple[Flip, ...] = ()
    next_questions: tuple[NextQuestion, ...] = ()
    skipped: tuple[str, ...] = ()
    raise_confidence: tuple[NextQuestion, ...] = ()
    why_not: Mapping[str, tuple[str, ...]] = {}
    conflicts: tuple[Conflict, ...] = ()
    respondents: tuple[RespondentVerdict, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    notes: tuple[str, ...] = ()
    trace: tuple[TraceEntry, ...] = ()
    cells: tuple[Cell, ...] = ()
