"""The verdict's part of a report: what the templates show of it, in the order they show it.

Layout only: rows are picked, named and sorted; whatever is concluded, measured or proved is read from the dossier.
Texts stay as they were written; the templates make them inert.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scoper.domain.decision import UNDECIDED, Verdict
from scoper.domain.dossier import Dossier
from scoper.domain.questionnaire import UNKNOWN
from scoper.services.report_data import ReportData

Row = dict[str, Any]
FIRST_REASONS = 3
MARKS = ("reinforcement_learning", "llm_orchestration", "plain_automation")
TABLES = ("technique", "family", "readiness", "qualifier", "surrounding", "conflict")
EFFORTS = ("answer", "minutes", "days", "weeks", "fixed")


def words(identifier: str) -> str:
    """An answer value with spaces instead of underscores."""
    return identifier.replace("_", " ")


def question_text(dossier: Dossier, signal: str) -> str:
    """The question as it is asked, or the signal's id in words when the rule pack has no such question."""
    question = dossier.questions.get(signal)
    return question.text if question else words(signal)


def in_order(dossier: Dossier, signals: Iterable[str]) -> list[str]:
    """`signals` in the order of the questions; unknown ids last, by name."""
    rank = {signal: index for index, signal in enumerate(dossier.questions)}
    return sorted(signals, key=lambda signal: (rank.get(signal, len(rank)), signal))


def open_signals(dossier: Dossier) -> list[str]:
    """Questions without a known answer, in order."""
    return [signal for signal in dossier.questions if dossier.case.value_of(signal) == UNKNOWN]


def verdict_view(dossier: Dossier, data: ReportData) -> Row:
    """The first page: technique, readiness, ranking, flips and the next questions."""
    verdict = dossier.verdict
    others = [t for t in verdict.possible if t != verdict.technique]
    return {
        "id": verdict.technique,
        "name": data.name("techniques", verdict.technique),
        "meaning": data.meaning("techniques", verdict.technique),
        "decided": verdict.technique != UNDECIDED,
        "readiness": verdict.readiness,
        "readiness_name": data.name("readiness", verdict.readiness),
        "readiness_meaning": data.meaning("readiness", verdict.readiness),
        "conditions": verdict.conditions,
        "settled": verdict.settled,
        "close_to": data.name("techniques", verdict.close_to) if verdict.close_to else "",
        "others": [data.name("techniques", t) for t in others],
        "n_open": len(open_signals(dossier)),
        "n_questions": len(dossier.questions),
        "family": data.name("families", verdict.family) if verdict.family else "",
        "family_meaning": data.meaning("families", verdict.family) if verdict.family else "",
        "qualifiers": [_named(data, "qualifiers", q) | {"advice": _advice(verdict, q)} for q in verdict.qualifiers],
        "notes": (*(conflict.advice for conflict in verdict.conflicts), *verdict.notes),
        "ranking": [{"name": data.name("techniques", t.technique), "support": t.support} for t in verdict.ranking],
        "current": dossier.verdict_is_current,
        "flips": flip_rows(dossier, data),
        "next": next_rows(dossier, data),
    }


def _named(data: ReportData, kind: str, key: str) -> Row:
    return {"name": data.name(kind, key), "meaning": data.meaning(kind, key)}


def _advice(verdict: Verdict, conclusion: str) -> list[str]:
    """What the rules that certainly conclude `conclusion` advise (why they hold, where they advise nothing)."""
    hits = [entry for entry in verdict.trace if entry.status == "hit" and entry.concludes == conclusion]
    return list(dict.fromkeys(entry.advice or entry.because for entry in hits))


def flip_rows(dossier: Dossier, data: ReportData) -> list[Row]:
    """The flips, cheapest to come about first: open answers, then what the team can change, then fixed facts."""
    rank = {effort: index for index, effort in enumerate(EFFORTS)}
    flips = sorted(dossier.verdict.flips, key=lambda f: (rank.get(f.effort, len(rank)), len(f.change)))
    return [
        {
            "changes": [
                _change(dossier, data, signal, flip.change[signal]) for signal in in_order(dossier, flip.change)
            ],
            "to": data.name("techniques", flip.to),
            "effort": data.name("efforts", flip.effort),
            "open": all(dossier.case.value_of(signal) == UNKNOWN for signal in flip.change),
        }
        for flip in flips
    ]


def _change(dossier: Dossier, data: ReportData, signal: str, value: str) -> Row:
    before = dossier.case.value_of(signal)
    return {"signal": signal, "name": data.name("signals", signal), "before": words(before), "after": words(value)}


def next_rows(dossier: Dossier, data: ReportData) -> list[Row]:
    """The open questions that can still change the verdict, most informative first."""
    rows = []
    for entry in dossier.verdict.next_questions:
        question = dossier.questions.get(entry.signal)
        effort = question.effort if question else ""
        rows.append(
            {
                "signal": entry.signal,
                "name": data.name("signals", entry.signal),
                "text": question_text(dossier, entry.signal),
                "gain": entry.gain,
                "effort": data.name("efforts", effort) if effort else "",
                "why": question.why if question else "",
                "find_out": question.find_out if question else "",
            }
        )
    return rows


def table_view(dossier: Dossier, data: ReportData) -> Row:
    """The article's table: a row per signal, a cell per technique, and the cells that spoke with their reasons."""
    cells = dossier.verdict.cells
    columns = list(dict.fromkeys(cell.technique for cell in cells))
    columns.sort(key=lambda t: MARKS.index(t) if t in MARKS else len(MARKS))
    rows = []
    for row, signal in sorted({(cell.row, cell.signal) for cell in cells}):
        found = {cell.technique: cell for cell in cells if (cell.row, cell.signal) == (row, signal)}
        answer = next(iter(found.values())).answer
        rows.append(
            {
                "signal": signal,
                "name": data.name("signals", signal),
                "answer": words(answer),
                "cells": [_cell(found.get(technique), data) for technique in columns],
            }
        )
    spoke = [
        {
            "signal": data.name("signals", cell.signal),
            "technique": data.name("techniques", cell.technique),
            "reason": cell.reason,
            "basis": data.name("basis", cell.basis),
        }
        for cell in cells
        if cell.spoke
    ]
    bases = [_named(data, "basis", basis) for basis in dict.fromkeys(cell.basis for cell in cells) if basis]
    return {"columns": [data.name("techniques", t) for t in columns], "rows": rows, "spoke": spoke, "bases": bases}


def _cell(cell: Any, data: ReportData) -> Row:
    if cell is None:
        return {"mark": "", "met": "", "basis": "", "spoke": False}
    met = data.name("met", cell.answer) if cell.mark == "needs" else ""
    return {
        "mark": data.name("marks", cell.mark),
        "met": met,
        "basis": data.name("basis", cell.basis),
        "spoke": cell.spoke,
    }


def reasons_view(dossier: Dossier, data: ReportData) -> Row:
    """All minimal reasons, the answers they rest on, and the rule trace."""
    verdict = dossier.verdict
    sets = [in_order(dossier, reason) for reason in verdict.reasons if reason]
    sets.sort(
        key=lambda reason: (len(reason), [list(dossier.questions).index(s) for s in reason if s in dossier.questions])
    )
    phrases = [[_phrase(dossier, data, signal) for signal in reason] for reason in sets]
    used = in_order(dossier, {signal for reason in sets for signal in reason})
    carriers = [
        {**_phrase(dossier, data, signal), "text": question_text(dossier, signal), "means": _means(dossier, signal)}
        | {"evidence": _evidence(dossier, signal), "reasons": [i + 1 for i, r in enumerate(sets) if signal in r]}
        for signal in used
    ]
    hits, maybe = _trace(verdict, "hit", data), _trace(verdict, "open", data)
    missed = sum(1 for entry in verdict.trace if entry.status == "missed")
    unconditional = verdict.settled and not sets and any(not reason for reason in verdict.reasons)
    return {
        "reasons": phrases[:FIRST_REASONS],
        "more": phrases[FIRST_REASONS:],
        "carriers": carriers,
        "hits": hits,
        "open": maybe,
        "n_missed": missed,
        "unconditional": unconditional,
    }


def _phrase(dossier: Dossier, data: ReportData, signal: str) -> Row:
    return {"signal": signal, "name": data.name("signals", signal), "answer": words(dossier.case.value_of(signal))}


def _means(dossier: Dossier, signal: str) -> str:
    question = dossier.questions.get(signal)
    return question.meanings.get(dossier.case.value_of(signal), "") if question else ""


def _evidence(dossier: Dossier, signal: str) -> list[str]:
    given = dossier.case.answers.get(signal, ())
    return list(dict.fromkeys(a.evidence for a in given if a.evidence and a.evidence.strip()))


def _trace(verdict: Verdict, status: str, data: ReportData) -> list[Row]:
    return [
        {
            "rule": entry.rule,
            "table": words(entry.table),
            "concludes": _conclusion(entry.concludes, data),
            "because": entry.because,
            "source": entry.source,
            "basis": data.name("basis", entry.basis),
        }
        for entry in sorted(verdict.trace, key=lambda e: TABLES.index(e.table) if e.table in TABLES else len(TABLES))
        if entry.status == status
    ]


def _conclusion(conclusion: str, data: ReportData) -> str:
    kinds = ("techniques", "families", "readiness", "qualifiers")
    return next((data.name(kind, conclusion) for kind in kinds if data.meaning(kind, conclusion)), words(conclusion))


def why_not_view(dossier: Dossier, data: ReportData) -> list[Row]:
    """Every technique that has a reason against it, in the order of the ranking."""
    order = [entry.technique for entry in dossier.verdict.ranking]
    support = {entry.technique: entry.support for entry in dossier.verdict.ranking}
    against = dossier.verdict.why_not
    known = [t for t in order if t in against] + sorted(t for t in against if t not in order)
    return [
        {
            "name": data.name("techniques", t),
            "support": support.get(t, 0.0),
            "reasons": [_against(dossier, data, text) for text in against[t]],
        }
        for t in known
        if against[t] and t != dossier.verdict.technique
    ]


def _against(dossier: Dossier, data: ReportData, text: str) -> Row:
    """A reason against a technique: `signal = value and ...` taken apart, anything else as a sentence."""
    pairs = [part.partition(" = ") for part in text.split(" and ")]
    if not all(equals and signal in dossier.questions for signal, equals, _ in pairs):
        return {"parts": [], "text": text}
    return {"parts": [{"name": data.name("signals", s), "answer": words(v)} for s, _, v in pairs], "text": text}


def around_view(dossier: Dossier, data: ReportData) -> list[Row]:
    """The techniques that belong around the core one, with what the rules advise about each."""
    verdict = dossier.verdict
    return [{"name": data.name("techniques", t), "advice": _advice(verdict, t)} for t in verdict.surroundings]


def unknowns_view(dossier: Dossier, data: ReportData) -> Row:
    """What is open: the questions that can change the verdict, and those that cannot any more."""
    following = next_rows(dossier, data)
    told = {row["signal"] for row in following}
    skipped = [s for s in dossier.verdict.skipped if dossier.case.value_of(s) == UNKNOWN and s not in told]
    disputed = [s for s in in_order(dossier, dossier.case.answers) if _disputed(dossier, s)]
    return {
        "questions": following,
        "skipped": [data.name("signals", signal) for signal in in_order(dossier, skipped)],
        "rest": [data.name("signals", s) for s in open_signals(dossier) if s not in told and s not in skipped],
        "disputed": [{"name": data.name("signals", s), "answers": _answers_of(dossier, s)} for s in disputed],
    }


def _disputed(dossier: Dossier, signal: str) -> bool:
    return len({a.answer for a in dossier.case.answers[signal] if a.answer != UNKNOWN}) > 1


def _answers_of(dossier: Dossier, signal: str) -> list[str]:
    given = dossier.case.answers[signal]
    return [f"{a.by}: {words(a.answer)}" if a.by else words(a.answer) for a in given]


def family_view(dossier: Dossier, data: ReportData) -> list[Row]:
    """The method families, best first; empty unless the technique is reinforcement learning."""
    return [
        {**_named(data, "families", f.family), "support": f.support, "chosen": f.family == dossier.verdict.family}
        for f in dossier.verdict.family_ranking
    ]


def answers_view(dossier: Dossier) -> Row:
    """Every answer given, in the order of the questions, and the questions without one."""
    case = dossier.case
    given = [
        {
            "signal": signal,
            "text": question_text(dossier, signal),
            "answer": words(answer.answer),
            "evidence": (answer.evidence or "").strip(),
            "confidence": answer.confidence or "",
            "by": (answer.by or "").strip(),
            "bare": answer.answer != UNKNOWN and not (answer.evidence or "").strip(),
        }
        for signal in in_order(dossier, case.answers)
        for answer in case.answers[signal]
    ]
    missing = [signal for signal in dossier.questions if not case.answers.get(signal)]
    return {
        "given": given,
        "missing": [{"signal": s, "text": question_text(dossier, s)} for s in missing],
        "n_bare": sum(1 for row in given if row["bare"]),
        "has_by": any(row["by"] for row in given),
        "has_confidence": any(row["confidence"] for row in given),
    }
