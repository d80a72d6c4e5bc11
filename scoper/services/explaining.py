"""What a name means: a question, technique, method, rule, table or word of the glossary; its part in a case.

Everything is quoted from the rule pack and the words of the reports; nothing is decided here.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from scoper.domain.decision import TECHNIQUES, Verdict
from scoper.domain.questionnaire import UNKNOWN, Case, Question
from scoper.errors import Problem, UsageError, did_you_mean
from scoper.reasoning.listing import condition
from scoper.reasoning.options import Option
from scoper.services.approach_files import LADDER, NOT_YET
from scoper.services.follow_ups import follow_ups_of
from scoper.services.guide import guide_of
from scoper.services.library import Library
from scoper.services.report_data import ReportData

Explanation = dict[str, Any]
FOLLOW_UP = "follow-up question"
READINESS = "level of readiness"
_NAMED = {
    "technique": ("techniques", "technique"),
    "family": ("families", "family"),
    "mark": ("qualifiers", "qualifier"),
    READINESS: ("readiness", "readiness"),
    "verdict of a probe": ("probe_verdicts", ""),
    "weight of a finding": ("severities", ""),
}
"""Of what has a name in the words of reports: where it stands there, and the kind of table that concludes it."""
RUNG, KIND, MISSING = "rung", "kind of solution", "what is missing first"
_AS_KIND, _WIDTH = "also_a_kind", 79
_ORDER = (
    *("meaning", _AS_KIND, "why", "when", "then", "fits_when", "not_when"),
    *("example", "counter_example", "find_out", "advice", "source"),
)
_ALSO = {
    "conditional_go": "go_if",
    "go,_if_the_conditions_are_met": "go_if",
    "value_based_rl": "value_based",
    "policy_based_rl": "policy_based",
    "model_based_rl": "model_based",
}
"""Shorter names that screens and lines of text print."""


def names(library: Library, data: ReportData) -> dict[str, str]:
    """Everything that can be explained: its name and what kind of thing it is."""
    found = {option.id: _kind_of(option) for option in _options(library)}
    found |= {method.id: "method" for method in guide_of(library).methods}
    for kind in ("weight of a finding", "verdict of a probe", READINESS, "mark"):
        found |= dict.fromkeys(data.words.get(_NAMED[kind][0], {}), kind)
    found |= {_spelled(term): "word" for term in data.glossary}
    found |= {table.id: "table" for table in library.pack.tables}
    found |= {rule.id: "rule" for table in library.pack.tables for rule in table.rules}
    found |= dict.fromkeys(data.words.get("families", {}), "family")
    found |= dict.fromkeys(data.words.get("techniques", {}), "technique")
    found |= dict.fromkeys(follow_ups_of(library.questions), FOLLOW_UP)
    return found | dict.fromkeys(library.questions, "signal")


def explain(
    name: str, library: Library, data: ReportData, case: Case | None = None, verdict: Verdict | None = None
) -> Explanation:
    """What `name` means, and with a case and its verdict what it has to do with it.

    Raises UsageError for a name that means nothing, with the nearest that does.
    """
    known = names(library, data)
    plain = name.strip().replace(" ", "_").lower()
    spelled = name if name in known else plain if plain in known else plain.replace("-", "_")
    if spelled not in known:
        spelled = _shown_names(library, data).get(spelled, spelled)
    kind = known.get(spelled)
    if kind is None:
        message = f"there is nothing called '{_short(name)}' to explain"
        raise UsageError(Problem("explain-unknown", message, remedy=did_you_mean(plain, known)))
    found: Explanation = {"format": 1, "name": spelled, "kind": kind, **_meaning(spelled, kind, library, data)}
    if case is not None and verdict is not None:
        found["in_this_case"] = _part(spelled, kind, library, case, verdict)
    return found


def _options(library: Library) -> tuple[Option, ...]:
    """The rungs, and the kinds of solution of every technique and of what is missing."""
    guide = guide_of(library)
    kinds = [option for group in (*TECHNIQUES, NOT_YET) for option in guide.sub_types(group)]
    return (*guide.ladder, *kinds)


def _kind_of(option: Option) -> str:
    return RUNG if option.group == LADDER else MISSING if option.group == NOT_YET else KIND


def _shown_names(library: Library, data: ReportData) -> dict[str, str]:
    """What has an id by the name under which reports, screens and lines of text print it."""
    named = [(option.name, option.id) for option in _options(library)]
    named += [(method.name, method.id) for method in guide_of(library).methods]
    headings = [*(heading for heading, _ in _NAMED.values()), "signals"]
    named += [(word["name"], key) for heading in headings for key, word in data.words.get(heading, {}).items()]
    return _ALSO | {_spelled(shown): key for shown, key in named}


def question_document(question: Question) -> Explanation:
    """A question as plain JSON: what is asked, why, and what every answer states."""
    return {
        "signal": question.id,
        "question": question.text,
        "why": question.why,
        "example": question.example,
        "counter_example": question.counter_example,
        "answers": dict(question.meanings),
        "find_out": question.find_out,
        "effort": question.effort,
        "source": question.source,
    }


def _meaning(name: str, kind: str, library: Library, data: ReportData) -> Explanation:
    if kind == "signal":
        readers = [r.id for table in library.pack.tables for r in table.rules if name in r.when]
        return {**question_document(library.questions[name]), "rules": readers}
    if kind == FOLLOW_UP:
        asked = follow_ups_of(library.questions)[name]
        return {**question_document(asked), "meant_for": list(asked.applies_to)}
    if kind == "method":
        method = next(each for each in guide_of(library).methods if each.id == name)
        return {"title": method.name, "meaning": method.summary, "meant_for": list(method.techniques)}
    if kind in (RUNG, KIND, MISSING):
        return _option_meaning(next(option for option in _options(library) if option.id == name))
    if kind in _NAMED:
        words, tables = _NAMED[kind]
        word = data.words[words][name]
        rules = [rule.id for table in library.pack.tables if table.kind == tables for rule in table.rules
                 if rule.then == name]  # fmt: skip
        return {"title": word["name"], "meaning": word["meaning"], "rules": rules}
    if kind == "table":
        table = next(table for table in library.pack.tables if table.id == name)
        told = {"meaning": table.because, "hit_policy": table.hit_policy, "outputs": list(table.outputs)}
        return {**told, "rules": [rule.id for rule in table.rules]}
    if kind == "rule":
        rule = next(rule for table in library.pack.tables for rule in table.rules if rule.id == name)
        told = {"meaning": rule.because, "when": condition(rule), "then": rule.then, "table": rule.table}
        return {**told, "source": rule.source, "basis": rule.basis, "advice": rule.advice}
    term = next(t for t in data.glossary if _spelled(t) == name)
    also = [option.summary for option in _options(library) if option.id == name]
    return {"title": term, "meaning": data.glossary[term], **({_AS_KIND: also[0]} if also else {})}


def _option_meaning(option: Option) -> Explanation:
    """What a rung or a kind of solution is, when it fits and when not."""
    told = {"title": option.name, "meaning": option.summary, "source": option.source}
    reasons = {"fits_when": option.why, "not_when": option.why_not}
    said = {key: " ".join(dict.fromkeys(line.because for line in of)) for key, of in reasons.items() if of}
    return {**told, **said, **({"meant_for": [option.group]} if option.group in TECHNIQUES else {})}


def _part(name: str, kind: str, library: Library, case: Case, verdict: Verdict) -> Explanation:
    if kind == "signal":
        return {
            "answer": case.value_of(name) if name in case.answers else UNKNOWN,
            "answered": name in case.answers,
            "in_reasons": [list(reason) for reason in verdict.reasons if name in reason],
            "flips": [flip.model_dump(mode="json") for flip in verdict.flips if name in flip.change],
            "still_matters": any(question.signal == name for question in verdict.next_questions),
        }
    if kind == FOLLOW_UP:
        return {"answer": case.value_of(name) if name in case.answers else UNKNOWN, "answered": name in case.answers}
    if kind == "technique":
        support = {entry.technique: entry.support for entry in verdict.ranking}
        return {
            "is_the_verdict": verdict.technique == name,
            "possible": name in verdict.possible,
            "support": support.get(name),
            "why_not": list(verdict.why_not.get(name, ())),
            "flips_to_it": [flip.model_dump(mode="json") for flip in verdict.flips if flip.to == name],
        }
    if kind == "family":
        support = {entry.family: entry.support for entry in verdict.family_ranking}
        return {"is_the_verdict": verdict.family == name, "support": support.get(name)}
    if kind == READINESS:
        return {"is_the_readiness": verdict.readiness == name}
    if kind == "mark":
        return {"is_marked_as": name in verdict.qualifiers}
    if kind == "rule":
        status = next((entry.status for entry in verdict.trace if entry.rule == name), "missed")
        return {"status": status}
    if kind == "table":
        return {"hits": [entry.rule for entry in verdict.trace if entry.table == name and entry.status == "hit"]}
    return {}


def _spelled(name: str) -> str:
    return name.replace(" ", "_").replace("-", "_").lower()


def _short(text: str) -> str:
    shown = "".join(char if char.isprintable() else "?" for char in text)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def lines(found: Mapping[str, Any]) -> list[str]:
    """An explanation as lines of text."""
    title = found.get("question") or found.get("title") or found["name"]
    head = f"{found['name']} ({found['kind']})" + (f": {title}" if title != found["name"] else "")
    told = _wrapped(head, "", "    ")
    for key in _ORDER:
        told += _row(key, found[key]) if found.get(key) else []
    for answer, meaning in found.get("answers", {}).items():
        told += _row(answer, meaning, spell=False)
    for names_of in ("rules", "meant_for"):
        told += _row(names_of, ", ".join(found[names_of])) if found.get(names_of) else []
    part = found.get("in_this_case") or {}
    told += ["  In this case"] if part else []
    for key, value in part.items():
        told += _row(key, _value(value), indent=4, width=13) if value not in ([], None) else []
    return told


def _row(label: str, text: str, *, indent: int = 2, width: int = 15, spell: bool = True) -> list[str]:
    """A label and what belongs to it, further lines under where it begins."""
    said = label.replace("_", " ") if spell else label
    return _wrapped(text, f"{' ' * indent}{said:<{width}} ", " " * (indent + width + 1))


def _wrapped(text: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
        break_long_words=False,
    ) or [first.rstrip()]


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0%}"
    if isinstance(value, list):
        return "; ".join(_value(each) for each in value)
    if isinstance(value, dict):
        change = ", ".join(f"{signal} = {answer}" for signal, answer in value.get("change", {}).items())
        return f"{change} -> {value.get('to')}"
    return str(value)
