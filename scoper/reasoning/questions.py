"""Which open question matters, and how much it is expected to tell.

The gain of a question is the mutual information between its answer and the verdict (technique and family), in bits,
under the prior (Shannon 1948). A question matters when some completion changes the verdict, or a rule about readiness,
qualifiers or surroundings, by its answer alone. Beside the gain stands the prior probability of the answers that, on
their own, make the verdict name something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations, product
from math import log2
from operator import or_
from typing import Any, Literal

from scoper.domain.decision import FAMILIES, NextQuestion
from scoper.domain.questionnaire import UNKNOWN
from scoper.reasoning.diagram import Diagram
from scoper.reasoning.knowledge import Knowledge, named
from scoper.reasoning.pack import TableKind

Matters = Literal["technique", "family", "conditions"]
Pairs = Mapping[str, frozenset[tuple[str, str]]]
_COLLECTED: tuple[TableKind, ...] = ("readiness", "qualifier", "surrounding")
_EFFORT_WEIGHT: Mapping[str, float] = {"minutes": 1.0, "days": 1.2, "weeks": 1.4}
_RL = "reinforcement_learning"
_DIGITS = 6
_TIE_DIGITS = 9  # families whose masses agree this far are a tie, whatever the order of summation


def entropy(law: Mapping[Any, float]) -> float:
    """Shannon entropy in bits."""
    return _bits(law.values())


def _bits(shares: Iterable[float]) -> float:
    return -sum(p * log2(p) for p in shares if p > 0.0)


def ranked_questions(knowledge: Knowledge) -> tuple[NextQuestion, ...]:
    """The open questions that matter, the most information per effort first; ties in the order of the questions."""
    outlook = _Outlook(knowledge)
    found = [outlook.question(signal, level) for signal, level in what_matters(knowledge).items()]
    return tuple(sorted(found, key=lambda q: -q.gain / _EFFORT_WEIGHT[q.effort or "minutes"]))


def unsure_answers(knowledge: Knowledge) -> tuple[NextQuestion, ...]:
    """Answers that are doubted and could change something: what being sure of each would tell, the most first."""
    outlook, found = _Outlook(knowledge), []
    for signal in knowledge.pack.questions:
        if signal in knowledge.facts and knowledge.reliability.get(signal, 1.0) < 1.0:
            level = what_matters(knowledge.with_fact(signal, UNKNOWN)).get(signal)
            found += [outlook.question(signal, level)] if level in ("technique", "family") else []
    return tuple(sorted(found, key=lambda q: -q.gain / _EFFORT_WEIGHT[q.effort or "minutes"]))


def gain(knowledge: Knowledge, signal: str) -> float:
    """Expected reduction of the verdict's entropy by the answer to an open question, in bits."""
    return _Outlook(knowledge).worth(signal)[0]


def may_change(knowledge: Knowledge, signal: str) -> float:
    """Probability that the answer alone makes the verdict name another technique, or another family of RL."""
    return _Outlook(knowledge).worth(signal)[1]


@dataclass(frozen=True)
class _Outlook:
    """What the answers to single open questions would make of the verdict; one pass of the diagram serves them all."""

    knowledge: Knowledge

    @cached_property
    def given(self) -> Mapping[str, Mapping[str, Sequence[float]]]:
        return self.knowledge.pack.verdict_diagram.conditionals(self.knowledge.laws)

    @cached_property
    def bits(self) -> float:
        return entropy(self.knowledge.verdict_support)

    @cached_property
    def name(self) -> str:
        """The technique named now; for reinforcement learning with its family."""
        outcomes = self.knowledge.pack.verdict_diagram.outcomes
        support = [self.knowledge.verdict_support[outcome] for outcome in outcomes]
        return self._with_family(self.knowledge.technique, support)

    @cached_property
    def shares(self) -> Mapping[str, tuple[int, ...]]:
        """For every technique, the places of its outcomes in the diagram."""
        found: dict[str, tuple[int, ...]] = {}
        for place, outcome in enumerate(self.knowledge.pack.verdict_diagram.outcomes):
            technique = outcome.partition("/")[0]
            found[technique] = (*found.get(technique, ()), place)
        return found

    @cached_property
    def reached(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """For every variable and value, the techniques that completions with that value reach."""
        return _reached(self.knowledge.pack.technique_diagram, self.knowledge.allowed)

    def question(self, signal: str, level: Matters) -> NextQuestion:
        question = self.knowledge.pack.questions[signal]
        bits, change = self.worth(signal)
        return NextQuestion(
            signal=signal,
            gain=round(bits, _DIGITS),
            may_change=round(change, _DIGITS),
            matters=level,
            effort=question.effort,
            find_out=question.find_out,
        )

    def worth(self, signal: str) -> tuple[float, float]:
        """Expected information of the answer in bits, and the probability that it changes what the verdict names."""
        variable = self.knowledge.pack.facet_of[signal]
        if variable not in self.given:
            return 0.0, 0.0
        left = change = 0.0
        for value, probability in self.knowledge.law(signal).items():
            if not probability:
                continue
            after = self.knowledge.with_fact(signal, value)
            law = after.law_of_variable(variable)
            support = self._mixed(variable, law)
            left += probability * _bits(support)
            if self._named(after, variable, support, again=signal in self.knowledge.facts) != self.name:
                change += probability
        return max(0.0, self.bits - left), change

    def _mixed(self, variable: str, law: Mapping[str, float]) -> Sequence[float]:
        columns = [(weight, self.given[variable][name]) for name, weight in law.items() if weight]
        if len(columns) == 1 and columns[0][0] == 1.0:
            return columns[0][1]
        return [sum(weight * column[k] for weight, column in columns) for k in range(len(columns[0][1]))]

    def _named(self, after: Knowledge, variable: str, support: Sequence[float], *, again: bool) -> str:
        """What the verdict names once an answer is known; `support` is that of the outcomes then.

        `again` says that there was an answer before, which the new one may contradict.
        """
        if self.knowledge.settled and not again:
            return self._with_family(self.knowledge.technique, support)
        if again or (
            after.reliability and self._may_settle(variable)
        ):  # possible takes answers at their word, support does not
            reached = [self.reached[variable][value] for value in after.allowed_variable(variable)]
            possible = frozenset().union(*reached)
            if len(possible) == 1:
                return self._with_family(next(iter(possible)), support)
        shares = {technique: sum([support[k] for k in places]) for technique, places in self.shares.items()}
        return self._with_family(named(shares), support)

    def _may_settle(self, variable: str) -> bool:
        """Whether some value that the variable can take leaves one technique only."""
        return any(len(self.reached[variable][value]) == 1 for value in self.knowledge.allowed[variable])

    def _with_family(self, technique: str, support: Sequence[float]) -> str:
        if technique != _RL:
            return technique
        outcomes = self.knowledge.pack.verdict_diagram.outcomes
        mass = {outcomes[k]: round(support[k], _TIE_DIGITS) for k in self.shares[_RL]}
        return max((f"{_RL}/{family}" for family in FAMILIES), key=lambda name: mass.get(name, 0.0))


def _reached(diagram: Diagram, allowed: Mapping[str, frozenset[str]]) -> dict[str, dict[str, frozenset[str]]]:
    """For every variable and value, the outcomes of the assignments with it that are allowed else: two passes."""
    kept = [[k for k, value in enumerate(v.values) if value in allowed[v.name]] for v in diagram.variables]
    below: list[int] = [1 << k for k in range(len(diagram.outcomes))]  # outcomes as bits
    under = [below]
    for level, values in zip(reversed(diagram.levels), reversed(kept), strict=True):
        below = [reduce(or_, [below[node[k]] for k in values]) for node in level]
        under.append(below)
    under.reverse()
    found: dict[str, dict[str, frozenset[str]]] = {}
    here = {0}
    for depth, (variable, level) in enumerate(zip(diagram.variables, diagram.levels, strict=True)):
        bits = {
            k: reduce(or_, [under[depth + 1][level[node][k]] for node in here]) for k in range(len(variable.values))
        }
        found[variable.name] = {
            variable.values[k]: frozenset(name for j, name in enumerate(diagram.outcomes) if mask >> j & 1)
            for k, mask in bits.items()
        }
        here = {level[node][k] for node in here for k in kept[depth]}
    return found


def what_matters(knowledge: Knowledge) -> dict[str, Matters]:
    """Every open signal whose answer can still change something, with the most that it can change."""
    pack = knowledge.pack
    pivotal = pivotal_pairs(pack.verdict_diagram, knowledge.allowed)
    of_technique = pivotal_pairs(pack.technique_diagram, knowledge.allowed) if not knowledge.settled else {}
    by_rules = _signals_in_open_rules(knowledge)
    found: dict[str, Matters] = {}
    for signal in pack.questions:
        if signal in knowledge.facts:
            continue
        if _is_pivotal(knowledge, signal, of_technique):
            found[signal] = "technique"
        elif _is_pivotal(knowledge, signal, pivotal):
            found[signal] = "family"
        elif signal in by_rules:
            found[signal] = "conditions"
    return found


def mattering_signals(knowledge: Knowledge) -> tuple[str, ...]:
    """The open signals whose answer can still change something, in the order of the questions."""
    return tuple(what_matters(knowledge))


def _is_pivotal(knowledge: Knowledge, signal: str, pivotal: Pairs) -> bool:
    variable = knowledge.pack.facet_of[signal]
    pairs = pivotal.get(variable, frozenset())
    if not pairs:
        return False
    diagram = knowledge.pack.facet_diagrams.get(variable)
    if diagram is None:
        return True
    others = [v.name for v in diagram.variables if v.name != signal]
    for values in product(*(sorted(knowledge.allowed_values(other)) for other in others)):
        fixed = dict(zip(others, values, strict=True))
        outputs = {diagram.evaluate({**fixed, signal: v}) for v in knowledge.pack.known_values(signal)}
        if any((a, b) in pairs for a in outputs for b in outputs):
            return True
    return False


def pivotal_pairs(diagram: Diagram, allowed: Mapping[str, frozenset[str]]) -> dict[str, frozenset[tuple[str, str]]]:
    """Per variable the pairs of values that some completion of the other variables tells apart."""
    below: list[int] = list(range(len(diagram.outcomes)))
    classes = [below]
    for variable, level in zip(reversed(diagram.variables), reversed(diagram.levels), strict=True):
        kept = [k for k, value in enumerate(variable.values) if value in allowed[variable.name]]
        names: dict[tuple[int, ...], int] = {}
        below = [names.setdefault(tuple(below[node[k]] for k in kept), len(names)) for node in level]
        classes.append(below)
    classes.reverse()
    pairs: dict[str, frozenset[tuple[str, str]]] = {}
    here = {0}
    for depth, (variable, level) in enumerate(zip(diagram.variables, diagram.levels, strict=True)):
        kept = [k for k, value in enumerate(variable.values) if value in allowed[variable.name]]
        under = classes[depth + 1]
        told = [
            (variable.values[a], variable.values[b])
            for a, b in combinations(kept, 2)
            if any(under[level[node][a]] != under[level[node][b]] for node in here)
        ]
        pairs[variable.name] = frozenset((*told, *((b, a) for a, b in told)))
        here = {level[node][k] for node in here for k in kept}
    return pairs


def _signals_in_open_rules(knowledge: Knowledge) -> set[str]:
    pack = knowledge.pack
    found: set[str] = set()
    for kind in _COLLECTED:
        for table in pack.of_kind(kind):
            for rule in table.rules:
                techniques = rule.when.get("technique", knowledge.possible)
                signals = [name for name in rule.when if name != "technique"]
                if techniques & knowledge.possible and all(rule.when[s] & knowledge.allowed_values(s) for s in signals):
                    found |= {s for s in signals if not knowledge.allowed_values(s) <= rule.when[s]}
    return found
