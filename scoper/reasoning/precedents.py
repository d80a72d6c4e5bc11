"""How near real projects are to a case: the share in which their answers agree.

The distance is Gower's coefficient (Gower 1971, Biometrics 27, 857-871): the mean of one distance per signal, over the
signals that both have answered, exact as a fraction. Signals weigh the same unless weights are given: weights taken
from a rule pack would make the nearest project repeat what the rules say instead of being a second opinion. Nothing
here enters a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoper.domain.precedent import AnswerDifference, Precedent
from scoper.domain.questionnaire import UNKNOWN, Question

NOT_APPLICABLE = "not_applicable"
MIN_COMPARED = 5
# Choices whose values, in the order offered, are steps of one quantity; every other choice is alike or not.
ORDERED_CHOICES = frozenset({"horizon", "interaction_cost"})
_GRADES = {"no": Fraction(0), "partly": Fraction(1, 2), "yes": Fraction(1)}
_ALIKE, _OPPOSITE = Fraction(0), Fraction(1)


class CodedPrecedent(Precedent):
    """A precedent with its `answers`: known values only, what two codings agree on or one of them alone knew."""

    answers: Mapping[str, str]


@dataclass(frozen=True)
class Match:
    """A precedent beside a case. `same` and `different` are the compared signals, the largest differences first."""

    precedent: CodedPrecedent
    distance: Fraction
    same: tuple[str, ...]
    different: tuple[AnswerDifference, ...]

    @property
    def similarity(self) -> float:
        """One minus the distance: 1 when all compared answers are the same, 0 when all are opposite."""
        return float(1 - self.distance)

    @property
    def compared(self) -> int:
        """How many signals are known in both."""
        return len(self.same) + len(self.different)


def signal_distance(question: Question, one: str, other: str) -> Fraction | None:
    """Distance of two answers to one question, 0 to 1; None when they cannot be compared.

    Grades and ordered choices: the difference of their places over the range; other choices: 0 or 1. An unknown
    answer, and a question that has a meaning for only one of the two, compare with nothing.
    """
    if UNKNOWN in (one, other):
        return None
    if one == other:
        return _ALIKE
    if NOT_APPLICABLE in (one, other):
        return None
    places = _places(question)
    return abs(places[one] - places[other]) if places else _OPPOSITE


def _places(question: Question) -> Mapping[str, Fraction]:
    """Where each value lies between 0 and 1; empty when the values have no order."""
    if question.kind == "graded":
        return _GRADES
    if question.id not in ORDERED_CHOICES:
        return {}
    values = [value for value in question.values if value not in (UNKNOWN, NOT_APPLICABLE)]
    return {value: Fraction(place, max(1, len(values) - 1)) for place, value in enumerate(values)}


def signal_distances(
    ours: Mapping[str, str], theirs: Mapping[str, str], questions: Mapping[str, Question]
) -> dict[str, Fraction]:
    """The distance of every signal that can be compared, in the order of the questions."""
    found = {}
    for signal, question in questions.items():
        distance = signal_distance(question, ours.get(signal, UNKNOWN), theirs.get(signal, UNKNOWN))
        if distance is not None:
            found[signal] = distance
    return found


def gower_distance(distances: Mapping[str, Fraction], weights: Mapping[str, Fraction] | None = None) -> Fraction | None:
    """The weighted mean of the signals' distances, uniform without `weights`; None when no weight is left.

    With the same signals known everywhere this is a metric on answers; with unknown ones the triangle inequality may
    fail, so nearness to a case says nothing about nearness among precedents.
    """
    weight = {signal: weights[signal] if weights is not None else Fraction(1) for signal in distances}
    total = sum(weight.values(), Fraction(0))
    return sum((weight[s] * d for s, d in distances.items()), Fraction(0)) / total if total else None


def ranked(
    facts: Mapping[str, str],
    precedents: Iterable[CodedPrecedent],
    questions: Mapping[str, Question],
    *,
    weights: Mapping[str, Fraction] | None = None,
) -> tuple[Match, ...]:
    """All precedents with at least `MIN_COMPARED` comparable signals, nearest first.

    Ties go to the one with more signals compared, then to the id.
    """
    found = []
    for precedent in precedents:
        distances = signal_distances(facts, precedent.answers, questions)
        distance = gower_distance(distances, weights)
        if distance is not None and len(distances) >= MIN_COMPARED:
            found.append(_match(precedent, facts, distance, distances))
    return tuple(sorted(found, key=lambda match: (match.distance, -match.compared, match.precedent.id)))


def _match(
    precedent: CodedPrecedent, facts: Mapping[str, str], distance: Fraction, distances: Mapping[str, Fraction]
) -> Match:
    apart = sorted((signal for signal, far in distances.items() if far), key=lambda signal: -distances[signal])
    return Match(
        precedent=precedent,
        distance=distance,
        same=tuple(signal for signal, far in distances.items() if not far),
        different=tuple(
            AnswerDifference(signal=signal, ours=facts[signal], theirs=precedent.answers[signal]) for signal in apart
        ),
    )
