"""Picking the MDP template for a case: points for what the case speaks of, points for and against by its answers.

Weights, words and answers stand in the template files. A template needs two different topics, so that no single word,
however often it comes, picks one; where none is near enough the empty frame is the honest pick.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoper.domain.questionnaire import Case
from scoper.errors import Problem, UsageError, did_you_mean
from scoper.services.library import Library
from scoper.services.mdp_templates import SKELETON, MdpTemplate, Topic, load_templates
from scoper.services.naming import load_names

NEEDED_TOPICS = 2
NEEDED_POINTS = 3.0
"""One telling topic with a common one; answers may take a template below that but never lift it above."""
TELLING = 2.0
"""Topics of at least this weight tell more, by a point, when a second word shows them."""
ALIKE = 5
"""Words that begin with the same letters, so many, are one word for this purpose."""
NEAR = 2.0
"""Runners-up are at most this many points behind."""
MOST_RUNNERS_UP = 3


@dataclass(frozen=True)
class Fit:
    """How near a template is: the words of the case per topic, how many different ones, and points by answered signal.

    A word and its plural, or two words that begin alike, are not different.
    """

    template: MdpTemplate
    shared: Mapping[str, tuple[str, ...]]
    different: Mapping[str, int]
    answers: Mapping[str, float]

    @property
    def words(self) -> float:
        """Points for the words alone."""
        return sum(topic.weight + self.sure(topic) for topic in self.template.topics if topic.name in self.shared)

    @property
    def points(self) -> float:
        """All points together."""
        return self.words + sum(self.answers.values())

    @property
    def near(self) -> bool:
        """Whether the template may be picked at all."""
        return self.about and min(self.words, self.points) >= NEEDED_POINTS

    @property
    def about(self) -> bool:
        """Whether the case speaks of two of its topics, one of them a core one or a telling one in two words."""
        topics = [topic for topic in self.template.topics if topic.name in self.shared and topic.weight > 0]
        return len(topics) >= NEEDED_TOPICS and any(topic.core or self.sure(topic) for topic in topics)

    def sure(self, topic: Topic) -> bool:
        """Whether two different words show a telling topic."""
        return topic.weight >= TELLING and self.different.get(topic.name, 0) > 1


@dataclass(frozen=True)
class Choice:
    """The template for a case, why in one sentence, and the ids of the next nearest ones."""

    template: MdpTemplate
    because: str
    runners_up: tuple[str, ...] = ()


def choose(case: Case, library: Library, wanted: str | None = None) -> Choice:
    """The template `wanted`, or the nearest to the case's words and answers, or the skeleton.

    Raises UsageError when there is no template `wanted`.
    """
    templates = load_templates(library)
    if wanted is not None:
        if wanted not in templates:
            remedy = did_you_mean(wanted, templates)
            raise UsageError(Problem("template-unknown", f"there is no template '{wanted}'", remedy=remedy))
        return Choice(templates[wanted], "it was asked for by name")
    ranking = rank(case, (template for name, template in templates.items() if name != SKELETON))
    near = [fit for fit in ranking if fit.near]
    if not near:
        return Choice(templates[SKELETON], _why_none(ranking))
    best = near[0]
    others = tuple(fit.template.id for fit in near[1 : MOST_RUNNERS_UP + 1] if fit.points >= best.points - NEAR)
    return Choice(best.template, _why(best, others), others)


def rank(case: Case, templates: Iterable[MdpTemplate]) -> list[Fit]:
    """How near every template is, the nearest first; equal ones by the number of shared words, then by id."""
    text = _plain(" ".join((case.title, case.summary, case.domain or "")))
    facts = case.facts()
    fits = [_fit(template, text, facts) for template in templates]
    return sorted(fits, key=lambda fit: (-fit.points, -sum(map(len, fit.shared.values())), fit.template.id))


def _fit(template: MdpTemplate, text: str, facts: Mapping[str, str]) -> Fit:
    shared, different = _shared(template.topics, text)
    given = {signal: points.get(facts.get(signal, ""), 0.0) for signal, points in template.prefers.items()}
    return Fit(template, shared, different, {signal: points for signal, points in given.items() if points})


def _shared(topics: tuple[Topic, ...], text: str) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    """Topic to the words of the text that show it, and to how many different ones of its words these are.

    No piece of the text counts twice, the longest word goes first.
    """
    pairs = sorted(((word, topic.name) for topic in topics for word in topic.words), key=lambda pair: -len(pair[0]))
    if not pairs:
        return {}, {}
    pattern = "|".join(f"({_pattern(word)})" for word, _ in pairs)
    found: dict[str, dict[str, str]] = {}
    for match in re.finditer(rf"\b(?:{pattern})\b", text):
        word, topic = pairs[(match.lastindex or 1) - 1]
        found.setdefault(topic, {})[match.group()] = word[:ALIKE]
    shared = {topic.name: tuple(found[topic.name]) for topic in topics if topic.name in found}
    return shared, {topic: len(set(found[topic].values())) for topic in shared}


def _pattern(word: str) -> str:
    stem = re.escape(word.removesuffix("*"))
    return stem + (r"\w*" if word.endswith("*") else "(?:s|es)?")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[-_\u2010-\u2015]", " ", text.lower()).split())


def _why(fit: Fit, others: tuple[str, ...]) -> str:
    weights = {topic.name: topic.weight for topic in fit.template.topics}
    topics = [f"{name} ({_quoted(words)})" for name, words in fit.shared.items() if weights[name] > 0]
    why = "the case speaks of " + _listed(topics)
    fitting = _called(signal for signal, points in fit.answers.items() if points > 0)
    against = [name for name in fit.shared if weights[name] < 0]
    against += _called(signal for signal, points in fit.answers.items() if points < 0)
    if fitting:
        why += f", its answer{'s' * (len(fitting) > 1)} on {_listed(fitting)} fit{'s' * (len(fitting) == 1)}"
    if against:
        why += f", though {_listed(against)} speak{'s' * (len(against) == 1)} against it"
    return why + (f"; next nearest: {', '.join(others)}" if others else "")


def _why_none(ranking: list[Fit]) -> str:
    touched = [fit for fit in ranking if fit.shared]
    if not touched:
        return "no other template shares a word with the case"
    best = max(touched, key=lambda fit: (fit.about, fit.words))
    words = [word for found in best.shared.values() for word in found]
    against = _called(signal for signal, points in best.answers.items() if points < 0)
    if best.about and best.words >= NEEDED_POINTS and against:
        return f"the nearest template, {best.template.id}, does not fit the answers on {_listed(against)}"
    return (
        f"no other template is near enough: the nearest, {best.template.id}, shares only {_quoted(words)} with the case"
    )


def _called(signals: Iterable[str]) -> list[str]:
    """What the signals are called, in quotes, as a sentence says them."""
    names = load_names()
    return [f"'{names.name('signals', signal)}'" for signal in signals]


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in list(words)[:4])


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
