"""The JSON Schema of a case file, made from the questions: an editor completes signals and their answers."""

from __future__ import annotations

from collections.abc import Mapping

from scoper.domain.questionnaire import CASE_FORMAT, CONFIDENCES, Question
from scoper.services.case_format import ANSWER_KEYS, CASE_KEYS, allowed_values
from scoper.services.case_parts import MOST_PARTS, PART_ID, PART_KEYS
from scoper.services.case_review import PROBE_VERDICTS, TRIGGER_KEYS
from scoper.services.follow_ups import follow_ups_of
from scoper.services.schema_parts import (
    MAYBE_TEXT,
    TEXT,
    Schema,
    closed,
    document,
    listed,
    reference,
    told,
    words,
)

_DAYS = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9])"
_DATE = rf"^\s*[0-9]{{4}}-({_DAYS})\s*$"
_KEYS: Mapping[str, Schema] = {
    "scoper": {"const": CASE_FORMAT, "description": "The format of this file."},
    "title": told(TEXT, "The problem in a few words."),
    "summary": told(MAYBE_TEXT, "One paragraph, the problem as its owner tells it."),
    "domain": told(MAYBE_TEXT, "The field, such as retail."),
    "spec": told(MAYBE_TEXT, "The MDP spec file beside this one."),
    "review_by": {
        "type": ["string", "null"],
        "pattern": _DATE,
        "description": "The day by which to look at this again, such as 2027-01-31.",
    },
}
_PARTS: Mapping[str, Schema] = {
    "confidence": {"enum": [*CONFIDENCES, None], "description": "How sure of it."},
    "evidence": told(MAYBE_TEXT, "What the answer rests on."),
    "by": told(MAYBE_TEXT, "Who answered."),
}


def case_schema(signals_only: Mapping[str, Question]) -> Schema:
    """The schema of a case about these questions and the follow-up questions that come with them."""
    questions = {**signals_only, **follow_ups_of(signals_only)}
    signals = {name: _signal(question) for name, question in questions.items()}
    definitions: dict[str, Schema] = {}
    for name, question in questions.items():
        definitions[f"{name}-value"] = _value(question)
        parts = {"answer": told(reference(f"{name}-value"), question.text), **_PARTS}
        definitions[f"{name}-answer"] = closed({key: parts.get(key, {}) for key in ANSWER_KEYS}, ["answer"])
    answers = closed(signals, description="One line per question; what is missing counts as unknown.")
    answers["type"] = ["object", "null"]
    keys = {**_KEYS, "update_when": _update_when(signals_only), "answers": answers, "parts": _parts(answers)}
    body = closed({key: keys.get(key, {}) for key in CASE_KEYS}, ["scoper", "title"])
    description = "A problem and what is known about it, for scoper: `scoper assess FILE` gives the verdict."
    return document("scoper case", description, {**body, "definitions": definitions})


def _update_when(questions: Mapping[str, Question]) -> Schema:
    """Conditions under which to look at the case again: texts, or facts that can be checked."""
    some = {name: _one_or_more(_value(question)) for name, question in questions.items()}
    sixteen = r"^\s*[0-9a-fA-F]{16}\s*$"
    digest: Schema = {"type": ["string", "number"], "pattern": sixteen, "description": "16 hexadecimal digits."}
    known: dict[str, Schema] = {
        "note": MAYBE_TEXT,
        "answers": closed(some, minProperties=1),
        "rules_other_than": digest,
        "spec_other_than": digest,
        "probe": _one_or_more(words(PROBE_VERDICTS)),
    }
    facts = closed({key: known.get(key, {}) for key in TRIGGER_KEYS}, minProperties=1)
    several = listed({"anyOf": [TEXT, facts]})
    anyhow: Schema = {"type": "null"}
    return {"anyOf": [TEXT, facts, several, anyhow], "description": "When to look at this again."}


def _parts(answers: Schema) -> Schema:
    """Parts by their ids, each with what it says itself."""
    over: Schema = {
        "anyOf": [TEXT, listed(TEXT), {"type": "object", "additionalProperties": MAYBE_TEXT}, {"type": "null"}]
    }
    known: dict[str, Schema] = {
        "title": told(TEXT, "The part in a few words."),
        "summary": told(MAYBE_TEXT, "What the part is for."),
        "spec": told(MAYBE_TEXT, "The part's MDP spec file beside this one."),
        "answers": {**answers, "description": "What is answered for this part only; the others hold for it too."},
        "hands_to": told(over, "The parts that it hands over to: 'part: what is handed over'."),
    }
    part = closed({key: known[key] for key in PART_KEYS})
    names = {"propertyNames": {"pattern": f"^{PART_ID.pattern}$"}, "maxProperties": MOST_PARTS}
    return {"type": ["object", "null"], "additionalProperties": part, **names, "description": "The parts of a project."}


def _one_or_more(schema: Schema) -> Schema:
    return {"anyOf": [schema, listed(schema)]}


def _signal(question: Question) -> Schema:
    """A short answer, a long one, or a list of long ones from several people."""
    name = question.id
    several = listed(reference(f"{name}-answer"), least=1)
    return {
        "description": f"{question.text}\n\nWhy it is asked: {question.why}",
        "anyOf": [reference(f"{name}-value"), reference(f"{name}-answer"), several],
    }


def _value(question: Question) -> Schema:
    """The allowed values with their meanings; true and false stand for yes and no."""
    allowed = allowed_values(question)
    schema = words(allowed, question.meanings)
    if question.kind == "graded":
        schema["enum"] += [True, False]
        schema["enumDescriptions"] += ["The same as yes.", "The same as no."]
    return schema
