"""What is asked and what was answered.

Values only: a question, an answer with its evidence, a case. Unknown is an answer of its own, never a "no".
Which question comes next is decided in `scoper.reasoning`, not here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

GRADED_VALUES: tuple[str, ...] = ("yes", "partly", "no", "unknown", "not_applicable")
UNKNOWN = "unknown"
Confidence = Literal["low", "medium", "high"]
CONFIDENCES: tuple[str, ...] = ("low", "medium", "high")
CASE_FORMAT = 1


class Value(BaseModel):
    """Base of all domain values: frozen, closed."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Question(Value):
    """One signal as a person is asked about it.

    `meanings` says for every allowed value what choosing it states. `row` is the row of the article's table, if any.
    `effort` is what finding out costs: minutes, days or weeks. `order` is its place among the questions.
    """

    id: str
    section: str
    kind: Literal["graded", "choice"]
    text: str
    why: str
    example: str
    counter_example: str
    meanings: Mapping[str, str]
    source: str
    row: int | None = None
    effort: Literal["minutes", "days", "weeks"] = "minutes"
    find_out: str = ""
    order: int = 0

    @property
    def values(self) -> tuple[str, ...]:
        """The allowed values in the order in which they are offered."""
        return tuple(self.meanings)


class Answer(Value):
    """One respondent's answer to one question."""

    answer: str
    confidence: Confidence | None = None
    evidence: str | None = None
    by: str | None = None


class Trigger(Value):
    """Something after which a case has to be looked at again; what is told besides `note` must all hold.

    `answers` maps signals to the values that count. `rules_other_than` and `spec_other_than` are digests: the condition
    holds when the present one is another. `probe` lists verdicts of a probe of the present spec. With a `note` alone
    nothing can be looked up: people have to watch for it.
    """

    note: str | None = None
    answers: Mapping[str, tuple[str, ...]] | None = None
    rules_other_than: str | None = None
    spec_other_than: str | None = None
    probe: tuple[str, ...] | None = None

    @property
    def watched(self) -> bool:
        """Whether only people can see that it happens."""
        return not self.answers and not self.rules_other_than and not self.spec_other_than and not self.probe


class HandOver(Value):
    """What a part of a project passes on: `to` is another part's id, `what` a few words."""

    to: str
    what: str = ""


class Part(Value):
    """A part of a project with answers of its own; the case's answers hold for it where it gives none itself.

    `spec` names its MDP spec beside the case. `hands_to` says what it passes on to other parts.
    """

    id: str
    title: str
    summary: str = ""
    spec: str | None = None
    answers: Mapping[str, tuple[Answer, ...]] = {}
    hands_to: tuple[HandOver, ...] = ()


NO_NAME = "no name"
"""What a respondent is called whose answers carry no name."""


def people(names: Iterable[str | None]) -> list[str]:
    """What those are called who answered one question; of several without a name each has a number."""
    called, unnamed = [], 0
    for name in names:
        unnamed += name is None
        called.append(name or (NO_NAME if unnamed == 1 else f"{NO_NAME} {unnamed}"))
    return called


def by_person(given: Sequence[Answer]) -> dict[str, Answer]:
    """The answers to one question by what those who gave them are called."""
    return dict(zip(people(answer.by for answer in given), given, strict=True))


_LEFT_OUT = ("review_by", "update_when", "parts")


class Case(Value):
    """A problem as its owner tells it, with the answers so far (several per signal when several people answered).

    `spec` names a filled-in MDP spec file beside the case, when there is one. `review_by` (YYYY-MM-DD) and
    `update_when` say when the case has to be looked at again; `parts` are those of a project that is decided part by
    part. Where absent these are left out of every document, so that digests of cases without them stay what they were.
    """

    title: str
    summary: str = ""
    domain: str | None = None
    spec: str | None = None
    review_by: str | None = None
    update_when: tuple[Trigger, ...] | None = None
    parts: tuple[Part, ...] | None = None
    answers: Mapping[str, tuple[Answer, ...]] = {}

    @model_serializer(mode="wrap")
    def _without_absent(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        document: dict[str, Any] = handler(self)
        return {key: value for key, value in document.items() if value is not None or key not in _LEFT_OUT}

    def value_of(self, signal: str) -> str:
        """The answer that counts: unknown when missing or when respondents disagree beyond one known value."""
        known = {a.answer for a in self.answers.get(signal, ()) if a.answer != UNKNOWN}
        return known.pop() if len(known) == 1 else UNKNOWN

    def of_part(self, part: Part) -> Case:
        """The part as a case of its own: its answers, and the shared ones where it gives none."""
        return Case(
            title=f"{self.title}: {part.title}",
            summary=part.summary,
            domain=self.domain,
            spec=part.spec,
            answers={**self.answers, **part.answers},
        )

    def facts(self) -> dict[str, str]:
        """Signal to value for every signal that is known."""
        return {s: v for s in self.answers if (v := self.value_of(s)) != UNKNOWN}

    def digest(self) -> str:
        """SHA-256 (first 16 hex digits) of the content; independent of layout and comments."""
        return digest_of(self.model_dump(mode="json", exclude_none=True))


def digest_of(document: object) -> str:
    """SHA-256 of the canonical JSON of `document`, first 16 hex digits."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
