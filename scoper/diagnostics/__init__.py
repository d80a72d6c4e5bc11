"""What the evidence says about reward, environment and learning: one file per diagnostic, found in this folder.

A file holds one constant, `DIAGNOSTIC = Diagnostic(id, question, summary, inspect)`, its id being the file's name.
`inspect` is pure: evidence in, findings out. Installed packages add theirs with the entry point group
`scoper.diagnostics`; one that fails becomes a caution that names it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from scoper.domain.action_range import ActionRange
from scoper.domain.certificates import Examples
from scoper.domain.empirical import EmpiricalModel, Played
from scoper.domain.episodes import Episodes, Exploration, Replays, Stepped
from scoper.domain.findings import Finding
from scoper.domain.probe import GapShare, ReturnSummary
from scoper.domain.probe_statistics import DecisionSummary
from scoper.domain.robustness import RobustnessSummary
from scoper.domain.tabular import TabularMdp
from scoper.domain.wanted import Wanted
from scoper.extensions import in_folder, with_plug_ins

if TYPE_CHECKING:
    from scoper.diagnostics._audit import Audit

GROUP = "scoper.diagnostics"
Group = Literal["signal", "reach", "learn", "optimum", "gaming", "observation", "is_rl", "sure"]
_LAST, _UNSHOWN = 1_000, 91
BLIND: tuple[str, ...] = ("random", "idle", "constant")
"""The floors that look neither at the state nor ahead."""
FLOORS: tuple[str, ...] = ("random", "idle", "constant", "myopic")
LINEAR = ("linear", "linear_objective")
"""Planners whose policies are plain automation: weights on what is observed, as an engineer would write them."""
SEARCHED = ("threshold", "base_stock")
"""The rules that the probe found by search; every other one was named by the owner."""


@dataclass(frozen=True)
class Evidence:
    """Everything that was measured or proved, by policy name.

    returns: every return; samples: the numbers behind a measured one; last: those of the last checkpoints, where a
    better one was looked for. lowest: the least return that is possible with rewards like those seen, -inf where it
    is not known. of_seeds: per seed of a learner the fresh episodes of its policy. learners: names of what learned;
    references: rules that were named or found by search; planners: policies that were; decisions: of learners
    against the floors. optimal and worst: the best and worst return of any policy, None unless proved.
    objective: what the owner wants of each policy, higher being better; best_objective its optimum. discounted_loss:
    share of the attainable return lost by optimising with the spec's discount. actions_matter, replays: None when not
    tested; alike: the comparisons in which no effect of the actions was seen. exploration: a search made when all
    floors' episodes returned the same; stepped: all steps of the probe, training included. limit_is_own: no time limit
    came with the environment, so the probe's applies. evaluation_discount: of the returns, 1 for plain sums.
    objective_reward (N,): what the owner gets from every transition of the table, higher being better; terms: reward
    term to (N,). approximate: the table where it is not exact. idle: number of the action that does nothing.
    model: what stepping taught where there is no table;
    played: policies of the audit that were followed in the environment itself. objective_sign: -1 where the owner's
    number in `episodes` is to be small. observed (S,): number of what is observed of every state of the table, None
    where that is the state. action_range: what parts of a box of actions do anything, None where that was not tested.
    wanted: what the owner said beside a number; examples: those of it as they came out; counted: name to (N,) of what
    it wants more or less of; shown_digest: of the traces that the owner is shown. published: the reward is that of a
    registered task of the field. robustness: what disturbances leave of the best policy's advantage, None where that
    was not looked at.
    """

    table: TabularMdp | None = None
    horizon: int | None = None
    discount: float = 1.0
    returns: Mapping[str, ReturnSummary] = field(default_factory=dict)
    samples: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    last: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    of_seeds: Mapping[str, tuple[tuple[float, ...], ...]] = field(default_factory=dict)
    lowest: float = -math.inf
    episodes: Mapping[str, Episodes] = field(default_factory=dict)
    learners: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    planners: tuple[str, ...] = ()
    decisions: Mapping[str, DecisionSummary] = field(default_factory=dict)
    optimal: float | None = None
    worst: float | None = None
    target: float | None = None
    gap_share: GapShare | None = None
    objective_declared: bool = False
    objective: Mapping[str, float] = field(default_factory=dict)
    best_objective: float | None = None
    discounted_loss: float | None = None
    actions_matter: bool | None = None
    alike: Replays | None = None
    exploration: Exploration | None = None
    stepped: Stepped | None = None
    replays: bool | None = None
    limit_is_own: bool = False
    observation_magnitudes: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()
    evaluation_discount: float = 1.0
    objective_reward: NDArray[np.float64] | None = None
    terms: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    approximate: TabularMdp | None = None
    idle: int | None = None
    model: EmpiricalModel | None = None
    played: Mapping[str, Played] = field(default_factory=dict)
    objective_sign: float = 1.0
    observed: NDArray[np.int64] | None = None
    action_range: ActionRange | None = None
    robustness: RobustnessSummary | None = None
    wanted: Wanted = field(default_factory=Wanted)
    published: bool = False
    examples: Examples = field(default_factory=Examples)
    counted: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    shown_digest: str = ""

    @property
    def floors(self) -> tuple[str, ...]:
        """The floors that were measured."""
        return tuple(name for name in FLOORS if name in self.returns)

    @property
    def blind(self) -> float | None:
        """The highest return that looks neither at the state nor ahead; None where none was measured.

        What a policy loses is held against this and not against random actions: those may be as bad as one likes, and
        beside them every loss looks small.
        """
        return max((self.returns[name].mean for name in BLIND if name in self.returns), default=None)

    @property
    def best_learner(self) -> str | None:
        """The learner with the highest mean return, first of those that are shown to beat the floors."""
        return max(self.learners, key=lambda name: (self.is_shown(name), self.returns[name].mean), default=None)

    def is_shown(self, learner: str) -> bool:
        """Whether it is decided that the learner does better than the best floor."""
        decision = self.decisions.get(learner)
        return decision is not None and decision.outcome == "better"

    @property
    def best_rule(self) -> str | None:
        """The rule with the highest mean return, named or found by search, a linear one too: the one to beat."""
        linear = [name for name in self.planners if name in LINEAR]
        return max((*self.references, *linear), key=lambda name: self.returns[name].mean, default=None)

    @property
    def best_planned(self) -> str | None:
        """The policy planned on a model that has the highest mean return; None where none was planned."""
        planned = [name for name in self.planners if name not in LINEAR]
        return max(planned, key=lambda name: self.returns[name].mean, default=None)

    @property
    def owners_rule(self) -> str | None:
        """The owner's own rule with the highest mean return; None where none is named."""
        named = [name for name in self.references if name not in SEARCHED]
        return max(named, key=lambda name: self.returns[name].mean, default=None)

    @cached_property
    def audit(self) -> Audit:
        """The ladder of policies that the audit of the reward compares; worked out when first asked for."""
        from scoper.diagnostics._audit import Audit

        return Audit(self)

    def scale(self) -> float:
        """The spread of returns that differences are compared with: best known minus random, at least tiny."""
        means = [summary.mean for summary in self.returns.values()]
        return max(max(means, default=0.0) - min(means, default=0.0), 1e-12)


@dataclass(frozen=True)
class Method:
    """What a reader needs in order to trust or to doubt a diagnostic; plain sentences.

    formula: what is computed. source: author, year, equation, or "own". inputs: what it takes, of arrays, model,
    episodes, timesteps, objective, terms, learner. threshold: when it speaks, and how that was calibrated. failure:
    where it is known to be wrong or silent.
    """

    formula: str
    source: str
    inputs: tuple[str, ...]
    threshold: str
    failure: str


@dataclass(frozen=True)
class Diagnostic:
    """One question asked of the evidence.

    group: the larger question it belongs to. catches: the kinds of defect that it names. rank: of findings as severe,
    those with the lowest rank come first: a mechanism before the harm that it does, if it is shown to be the cause.
    """

    id: str
    question: str
    summary: str
    inspect: Callable[[Evidence], Sequence[Finding]]
    group: Group = "sure"
    catches: tuple[str, ...] = ()
    method: Method | None = None
    rank: int = 50


def discover() -> tuple[tuple[Diagnostic, ...], tuple[str, ...]]:
    """All diagnostics in order of id, own ones first, and a sentence per plug-in that is broken."""
    found, broken = with_plug_ins(in_folder(__name__, "DIAGNOSTIC", Diagnostic), GROUP, Diagnostic)
    return found, tuple(each.sentence("diagnostic") for each in broken)


def diagnose(evidence: Evidence) -> tuple[Finding, ...]:
    """The findings of every diagnostic, blockers first, then by the diagnostics' ranks."""
    diagnostics, broken = discover()
    findings = [(_LAST, _broken(sentence)) for sentence in broken]
    for diagnostic in diagnostics:
        try:
            findings += [(_rank(diagnostic, finding), finding) for finding in diagnostic.inspect(evidence)]
        except Exception as error:
            findings.append((_LAST, _not_assessed(diagnostic, error)))
    order = {"blocker": 0, "caution": 1, "info": 2}
    return tuple(found for _, found in sorted(findings, key=lambda each: (order[each[1].severity], each[0])))


def _rank(diagnostic: Diagnostic, finding: Finding) -> int:
    """The diagnostic's, but after the divergence itself for a mechanism that fits and is not shown."""
    return diagnostic.rank if finding.evidence.get("shown", True) else max(diagnostic.rank, _UNSHOWN)


def _not_assessed(diagnostic: Diagnostic, error: Exception) -> Finding:
    """A question that stays open is a condition of the verdict: what was not looked at is not fine."""
    claim = f"the diagnostic '{diagnostic.id}' failed, so its question stays open: {diagnostic.question}"
    evidence = {"error": f"{type(error).__name__}: {error}"}
    remedy = "report this failure to whoever provides the diagnostic, and answer the question by other means"
    return Finding(code="not_assessed", severity="caution", claim=claim, evidence=evidence, remedy=remedy)


def _broken(sentence: str) -> Finding:
    remedy = "update or remove the package that provides it"
    return Finding(code="broken_plug_in", severity="info", claim=sentence, remedy=remedy)
