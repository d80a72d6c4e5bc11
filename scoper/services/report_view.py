"""The verdict's part of a report: technique, readiness, ranking, flips, next questions, and the article's table.

Layout only: rows are picked, named and sorted; whatever is concluded, measured or proved is read from the dossier.
Texts stay as they were written; the templates make them inert.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from scoper.domain.decision import UNDECIDED, Conflict, NextQuestion, RespondentVerdict, Verdict
from scoper.domain.dossier import Dossier
from scoper.domain.questionnaire import UNKNOWN
from scoper.services.report_data import ReportData

Row = dict[str, Any]
MARKS = ("reinforcement_learning", "llm_orchestration", "plain_automation")
ROUNDING = 1e-4  # a share smaller than this is what rounding leaves of nothing
_SIGNAL = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
FIRST_FLIPS = 3  # the flips that stand on the first page
EFFORTS = ("answer", "minutes", "days", "weeks", "fixed")


def words(identifier: str) -> str:
    """An answer value with spaces instead of underscores."""
    return identifier.replace("_", " ")


def question_text(dossier: Dossier, signal: str) -> str:
    """The question as it is asked, or the signal's id in words when the rule pack has no such question."""
    question = dossier.questions.get(signal)
    return question.text if question else words(signal)


def ordered_questions(dossier: Dossier) -> list[str]:
    """The questions' ids by their place; two equal dossiers give the same order, however they came about."""
    return sorted(dossier.questions, key=lambda signal: (dossier.questions[signal].order, signal))


def in_order(dossier: Dossier, signals: Iterable[str]) -> list[str]:
    """`signals` in the order of the questions; unknown ids last, by name."""
    rank = {signal: index for index, signal in enumerate(ordered_questions(dossier))}
    return sorted(signals, key=lambda signal: (rank.get(signal, len(rank)), signal))


def open_signals(dossier: Dossier) -> list[str]:
    """Questions without a known answer, in order."""
    return [signal for signal in ordered_questions(dossier) if dossier.case.value_of(signal) == UNKNOWN]


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
        "conditions": condition_texts(dossier, data),
        "settled": verdict.settled,
        "close_to": data.name("techniques", verdict.close_to) if verdict.close_to else "",
        "others": [data.name("techniques", t) for t in others],
        "n_open": len(open_signals(dossier)),
        "n_questions": len(dossier.questions),
        "family": data.name("families", verdict.family) if verdict.family else "",
        "family_meaning": data.meaning("families", verdict.family) if verdict.family else "",
        "qualifiers": [named(data, "qualifiers", q) | {"advice": advice_of(verdict, q)} for q in verdict.qualifiers],
        "notes": [note for note in verdict.notes if note not in {c.advice for c in verdict.conflicts}],
        "conflicts": [_conflict(dossier, data, conflict) for conflict in verdict.conflicts],
        "respondents": respondent_rows(verdict, data),
        "divided": len({respondent.technique for respondent in verdict.respondents}) > 1,
        "ranking": ranking_rows(verdict, data),
        "percent": _percent(verdict, data),
        "current": dossier.verdict_is_current,
        "flips": flip_rows(dossier, data),
        "n_flips_first": FIRST_FLIPS,
        "next": next_rows(dossier, data),
    }


def condition_texts(dossier: Dossier, data: ReportData) -> list[str]:
    """The verdict's conditions with each signal called what the rest of the report calls it."""

    def name(found: re.Match[str]) -> str:
        known = found[0] in dossier.questions
        return data.name("signals", found[0]) if known else found[0]

    return [_SIGNAL.sub(name, condition) for condition in dossier.verdict.conditions]


def ranking_rows(verdict: Verdict, data: ReportData) -> list[Row]:
    """The techniques by support, with what no technique gets as a last row; the percents add up to 100."""
    shares = {entry.technique: entry.support for entry in verdict.ranking}
    rest = 1.0 - math.fsum(shares.values())
    if shares and rest > ROUNDING:
        shares[UNDECIDED] = rest
    return [
        {"name": data.name("techniques", technique), "support": shares[technique], "percent": text}
        for technique, text in zip(shares, percents(list(shares.values())), strict=True)
    ]


def percents(shares: list[float]) -> list[str]:
    """Shares of a whole in percent that add up to what the whole is, by largest remainders; traces stay "< 1 %"."""
    exact = [100.0 * share for share in shares]
    whole = [math.floor(value + 1e-9) for value in exact]
    missing = round(math.fsum(exact)) - sum(whole)
    order = sorted(range(len(shares)), key=lambda i: (whole[i] - exact[i], i))
    for index in order[: max(0, missing)]:
        whole[index] += 1
    return [
        "< 1 %" if value == 0 and share > 0 else "> 99 %" if value == 100 and share < 1.0 else f"{value} %"
        for value, share in zip(whole, shares, strict=True)
    ]


def _percent(verdict: Verdict, data: ReportData) -> str:
    """The support of the verdict's technique, empty while undecided."""
    name = data.name("techniques", verdict.technique)
    rows = ranking_rows(verdict, data) if verdict.technique != UNDECIDED else []
    return next((str(row["percent"]) for row in rows if row["name"] == name), "")


def named(data: ReportData, kind: str, key: str) -> Row:
    """An id's name and meaning."""
    return {"name": data.name(kind, key), "meaning": data.meaning(kind, key)}


def phrase(dossier: Dossier, data: ReportData, signal: str) -> Row:
    """A signal by name with the answer that counts."""
    return {"signal": signal, "name": data.name("signals", signal), "answer": words(dossier.case.value_of(signal))}


def _conflict(dossier: Dossier, data: ReportData, conflict: Conflict) -> Row:
    answers = [phrase(dossier, data, signal) for signal in in_order(dossier, conflict.signals)]
    return {"contradiction": conflict.kind == "contradiction", "answers": answers, "advice": conflict.advice}


def respondent_rows(verdict: Verdict, data: ReportData) -> list[Row]:
    """The technique that each respondent's answers lead to."""
    return [
        {"by": r.by, "technique": data.name("techniques", r.technique), "support": _support(r)}
        for r in verdict.respondents
    ]


def _support(respondent: RespondentVerdict) -> float | None:
    """The support of the technique named; none where none is named."""
    return None if respondent.technique == UNDECIDED else respondent.support


def advice_of(verdict: Verdict, conclusion: str) -> list[str]:
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
            "measure": _measures(dossier, flip.change),
            "effort": data.name("efforts", flip.effort),
            "open": all(dossier.case.value_of(signal) == UNKNOWN for signal in flip.change),
        }
        for flip in flips
    ]


def _measures(dossier: Dossier, change: Iterable[str]) -> list[str]:
    """The cheapest way to find out each answer of a change."""
    asked = [dossier.questions[signal].find_out for signal in in_order(dossier, change) if signal in dossier.questions]
    return [text for text in asked if text]


def _change(dossier: Dossier, data: ReportData, signal: str, value: str) -> Row:
    before, question = dossier.case.value_of(signal), dossier.questions.get(signal)
    means = question.meanings.get(value, "").rstrip(".") if question and question.kind == "choice" else ""
    means = means[:1].lower() + means[1:] if means[1:2].islower() or means[1:2] == " " else means
    named = {"signal": signal, "name": data.name("signals", signal), "means": means}
    return named | {"before": words(before), "after": words(value)}


def next_rows(dossier: Dossier, data: ReportData) -> list[Row]:
    """The open questions that can still change the verdict, most informative first."""
    return [_question_row(dossier, data, entry) for entry in dossier.verdict.next_questions]


def unsure_rows(dossier: Dossier, data: ReportData) -> list[Row]:
    """The answers that were not given with certainty and could change the verdict, most informative first."""
    return [_question_row(dossier, data, entry) for entry in dossier.verdict.raise_confidence]


def _question_row(dossier: Dossier, data: ReportData, entry: NextQuestion) -> Row:
    question = dossier.questions.get(entry.signal)
    effort = entry.effort or (question.effort if question else "")
    return {
        "signal": entry.signal,
        "name": data.name("signals", entry.signal),
        "text": question_text(dossier, entry.signal),
        "gain": entry.gain,
        "may_change": entry.may_change,
        "level": entry.matters or "",
        "by_doubt": entry.matters == "conditions" and round(entry.gain, 2) > 0,
        "matters": data.name("matters", entry.matters) if entry.matters else "",
        "effort": data.name("efforts", effort) if effort else "",
        "why": question.why if question else "",
        "find_out": entry.find_out or (question.find_out if question else ""),
    }


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
    bases = [named(data, "basis", basis) for basis in dict.fromkeys(cell.basis for cell in cells) if basis]
    marks = [
        named(data, "marks", mark) for mark in dict.fromkeys(cell.mark for cell in cells) if data.name("marks", mark)
    ]
    named_columns = [data.name("techniques", technique) for technique in columns]
    return {"columns": named_columns, "rows": rows, "spoke": spoke, "bases": bases, "marks": marks}


def _cell(cell: Any, data: ReportData) -> Row:
    if cell is None:
        return {"mark": "", "mark_id": "", "met": "", "answer_id": "", "basis": "", "spoke": False}
    met = data.name("met", cell.answer) if cell.mark == "needs" else ""
    return {
        "mark": data.name("marks", cell.mark),
        "mark_id": cell.mark,
        "met": met,
        "answer_id": cell.answer,
        "basis": data.name("basis", cell.basis),
        "spoke": cell.spoke,
    }


def family_view(dossier: Dossier, data: ReportData) -> list[Row]:
    """The method families, best first; empty unless the technique is reinforcement learning."""
    return [
        {**named(data, "families", f.family), "support": f.support, "chosen": f.family == dossier.verdict.family}
        for f in dossier.verdict.family_ranking
    ]


def idle_families(dossier: Dossier, data: ReportData) -> list[str]:
    """The families that no way of answering leads to, by name; the chosen one is never among them."""
    return [row["name"] for row in family_view(dossier, data) if not row["support"] and not row["chosen"]]
