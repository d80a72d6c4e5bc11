"""What a set of known answers leaves open: facet values, verdicts, support.

A `Knowledge` is one partial assignment of the signals; all statements are over every completion of the others, weighted
by the pack's prior where a number is asked for. The prior takes signals as independent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scoper.domain.decision import TECHNIQUES, UNDECIDED
from scoper.domain.questionnaire import UNKNOWN
from scoper.reasoning.pack import RulePack

MAJORITY = 0.5 + 1e-9  # more than half, whatever the rounding


def named(support: Mapping[str, float]) -> str:
    """The technique that holds the majority of `support`, else undecided."""
    best = max(TECHNIQUES, key=lambda name: support.get(name, 0.0))
    return best if support.get(best, 0.0) > MAJORITY else UNDECIDED


@dataclass(frozen=True)
class Knowledge:
    """Known answers against a rule pack; `facts` maps signals to known values (never unknown).

    `reliability[signal]` is the probability that the answer stands; with the rest of the probability it is as if the
    question were open. It moves support only: what is possible takes every answer at its word.
    """

    pack: RulePack
    facts: Mapping[str, str]
    reliability: Mapping[str, float] = field(default_factory=dict)

    def with_fact(self, signal: str, value: str) -> Knowledge:
        """The same with one answer set, or taken back when `value` is unknown."""
        facts = {s: v for s, v in self.facts.items() if s != signal}
        reliability = {s: r for s, r in self.reliability.items() if s != signal}
        return Knowledge(self.pack, facts if value == UNKNOWN else facts | {signal: value}, reliability)

    def allowed_values(self, signal: str) -> frozenset[str]:
        """The values that a completion may give to a signal."""
        known = self.facts.get(signal)
        return frozenset((known,)) if known else frozenset(self.pack.known_values(signal))

    def law(self, signal: str) -> Mapping[str, float]:
        """The probability of each value of a signal: the answer as far as it is reliable, else the prior."""
        known, prior = self.facts.get(signal), self.pack.prior[signal]
        if known is None:
            return prior
        reliable = self.reliability.get(signal, 1.0)
        if reliable >= 1.0:
            return {known: 1.0}
        doubted = {value: (1.0 - reliable) * share for value, share in prior.items()}
        return doubted | {known: doubted.get(known, 0.0) + reliable}

    @cached_property
    def allowed(self) -> Mapping[str, frozenset[str]]:
        """For every variable of the verdict diagram, the values it can still take."""
        return {variable.name: self.allowed_variable(variable.name) for variable in self.pack.variables}

    def allowed_variable(self, name: str) -> frozenset[str]:
        """The values that a facet, or a signal that stands alone, can still take."""
        diagram = self.pack.facet_diagrams.get(name)
        if diagram is None:
            return self.allowed_values(name)
        key = (name, *(self.facts.get(v.name) for v in diagram.variables))
        return self.pack.facet_values.get(
            key, lambda: diagram.reachable({v.name: self.allowed_values(v.name) for v in diagram.variables})
        )

    @cached_property
    def laws(self) -> Mapping[str, Mapping[str, float]]:
        """For every variable of the verdict diagram, its probabilities."""
        return {variable.name: self.law_of_variable(variable.name) for variable in self.pack.variables}

    def law_of_variable(self, name: str) -> Mapping[str, float]:
        """The probability of each value of a facet, or of a signal that stands alone."""
        diagram = self.pack.facet_diagrams.get(name)
        if diagram is None:
            return self.law(name)
        key = (name, *((self.facts.get(v.name), self.reliability.get(v.name, 1.0)) for v in diagram.variables))
        return self.pack.facet_laws.get(
            key, lambda: diagram.distribution({v.name: self.law(v.name) for v in diagram.variables})
        )

    @cached_property
    def possible(self) -> frozenset[str]:
        """The techniques (and undecided) that some completion reaches."""
        return self.pack.technique_diagram.reachable(self.allowed)

    @cached_property
    def technique_support(self) -> Mapping[str, float]:
        """Prior-weighted share of the completions that reach each technique; undecided included."""
        reached = self.pack.technique_diagram.distribution(self.laws)
        return {name: reached.get(name, 0.0) for name in (*TECHNIQUES, UNDECIDED)}

    @cached_property
    def verdict_support(self) -> Mapping[str, float]:
        """The same per technique and family (`reinforcement_learning/value_based`)."""
        return self.pack.verdict_diagram.distribution(self.laws)

    @property
    def technique(self) -> str:
        """The technique that the majority of the weighted completions reaches, or every one; else undecided."""
        if self.settled:
            (only,) = self.possible
            return only
        return named(self.technique_support)

    @property
    def settled(self) -> bool:
        """Whether every completion reaches the same technique."""
        return len(self.possible) == 1
