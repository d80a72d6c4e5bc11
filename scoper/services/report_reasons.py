"""The grounds of a verdict in a report: reasons, rule trace, exclusions, open questions, answers with their evidence.

Layout only, as in `scoper.services.report_view`.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.domain.decision import Verdict
from scoper.domain.dossier import Dossier
from scoper.domain.questionnaire import UNKNOWN
from scoper.services.report_commands import trace_command
from scoper.services.report_data import ReportData
from scoper.services.report_view import (
    FIRST_FLIPS,
    Row,
    advice_of,
    flip_rows,
    in_order,
    next_rows,
    ordered_questions,
    phrase,
    question_text,
    ranking_rows,
    unsure_rows,
    words,
)

FIRST_REASONS, FIRST_OPEN = 3, 5
LEAST_CORE = 3  # answers that several reasons share are told once from so many on
TABLES = ("technique", "family", "readiness", "qualifier", "surrounding", "conflict")


def reasons_view(dossier: Dossier, data: ReportData) -> Row:
    """All minimal reasons, the answers they rest on, and the rule trace."""
    verdict = dossier.verdict
    sets = [in_order(dossier, reason) for reason in verdict.reasons if reason]
    rank = {signal: index for index, signal in enumerate(ordered_questions(dossier))}
    sets.sort(key=lambda reason: (len(reason), [rank.get(signal, len(rank)) for signal in reason]))
    phrases = [[phrase(dossier, data, signal) for signal in reason] for reason in sets]
    core = set.intersection(*map(set, sets)) if len(sets) > 1 else set()
    core = core if len(core) >= LEAST_CORE and all(set(reason) - core for reason in sets) else set()
    used = in_order(dossier, {signal for reason in sets for signal in reason})
    carriers = [
        {**phrase(dossier, data, signal), "text": question_text(dossier, signal), "means": _means(dossier, signal)}
        | {"evidence": _evidence(dossier, signal), "reasons": [i + 1 for i, r in enumerate(sets) if signal in r]}
        for signal in used
    ]
    hits, open_rules = _trace(verdict, "hit", data), _trace(verdict, "open", data)
    maybe = _still_to_come(verdict, data)
    missed = sum(1 for entry in verdict.trace if entry.status == "missed")
    unconditional = verdict.settled and not sets and any(not reason for reason in verdict.reasons)
    return {
        "reasons": phrases[:FIRST_REASONS],
        "more": phrases[FIRST_REASONS:],
        "core": in_order(dossier, core),
        "common": [phrase(dossier, data, signal) for signal in in_order(dossier, core)],
        "carriers": carriers,
        "bare": [row["name"] for row in carriers if not row["evidence"]],
        "weak": _weak(dossier, carriers, sets),
        "hits": hits,
        "open": maybe[:FIRST_OPEN],
        "n_open_more": len(maybe[FIRST_OPEN:]),
        "n_open_idle": len(open_rules) - len(maybe),
        "trace_command": trace_command(dossier),
        "n_missed": missed,
        "unconditional": unconditional,
        "settled": verdict.settled,
        "within": [data.name("techniques", technique) for technique in verdict.possible],
    }


def _means(dossier: Dossier, signal: str) -> str:
    question = dossier.questions.get(signal)
    return question.meanings.get(dossier.case.value_of(signal), "") if question else ""


def _evidence(dossier: Dossier, signal: str) -> list[str]:
    given = dossier.case.answers.get(signal, ())
    return list(dict.fromkeys(a.evidence for a in given if a.evidence and a.evidence.strip()))


def _weak(dossier: Dossier, carriers: Sequence[Row], reasons: Sequence[Sequence[str]]) -> list[Row]:
    """The deciding answers of low confidence or without evidence; none where one whole reason does without them."""
    found = []
    for row in carriers:
        low = _low(dossier, row["signal"])
        faults = [*(["of low confidence"] if low else []), *([] if row["evidence"] else ["without evidence"])]
        if faults:
            found.append({"signal": row["signal"], "name": row["name"], "faults": " and ".join(faults)})
    weak = {row["signal"] for row in found}
    return found if all(weak.intersection(reason) for reason in reasons) else []


def _low(dossier: Dossier, signal: str) -> bool:
    """Whether nobody who gave the answer was surer of it than a little."""
    known = [a for a in dossier.case.answers.get(signal, ()) if a.answer != UNKNOWN]
    return bool(known) and all(a.confidence == "low" for a in known)


def _still_to_come(verdict: Verdict, data: ReportData) -> list[Row]:
    """The open rules that could still change what the reader does.

    A rule of a fact between the tables changes nothing by itself, a second rule for what holds already changes nothing,
    and a settled verdict leaves the rules of its table nothing to decide; that answers nobody has to give could
    contradict each other is no news then either.
    """
    telling = [table for table in TABLES if not (verdict.settled and table in ("technique", "conflict"))]
    held = {(entry.table, entry.concludes) for entry in verdict.trace if entry.status == "hit"}
    wanted = [e for e in verdict.trace if e.table in telling and (e.table, e.concludes) not in held]
    return _trace(verdict.model_copy(update={"trace": tuple(wanted)}), "open", data)


def _trace(verdict: Verdict, status: str, data: ReportData) -> list[Row]:
    rows = [
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
    told: set[str] = set()
    for row in rows:
        work, comma, place = str(row["source"]).rpartition(", ")
        row["cited"] = f"the same, {place}" if comma and work in told else row["source"]
        told = {work}
    return rows


def _conclusion(conclusion: str, data: ReportData) -> str:
    kinds = ("techniques", "families", "readiness", "qualifiers")
    return next((data.name(kind, conclusion) for kind in kinds if data.meaning(kind, conclusion)), words(conclusion))


def why_not_view(dossier: Dossier, data: ReportData) -> list[Row]:
    """Every technique that has a reason against it, in the order of the ranking."""
    order = [entry.technique for entry in dossier.verdict.ranking]
    support = {row["name"]: row["percent"] for row in ranking_rows(dossier.verdict, data)}
    against = dossier.verdict.why_not
    known = [t for t in order if t in against] + sorted(t for t in against if t not in order)
    return [
        {
            "name": data.name("techniques", t),
            "support": support.get(data.name("techniques", t), "0 %"),
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
    return [{"name": data.name("techniques", t), "advice": advice_of(verdict, t)} for t in verdict.surroundings]


def unknowns_view(dossier: Dossier, data: ReportData) -> Row:
    """What is open: the questions that can change the verdict, doubtful answers, and disputed ones."""
    following, flips = next_rows(dossier, data), flip_rows(dossier, data)
    shown = {text for flip in flips[:FIRST_FLIPS] for text in flip["measure"]}
    disputed = [s for s in in_order(dossier, dossier.case.answers) if _disputed(dossier, s)]
    return {
        "questions": following,
        "unsure": [{**row, "told": row["find_out"] in shown} for row in unsure_rows(dossier, data)],
        "flips": _grouped(flips[FIRST_FLIPS:]),
        "disputed": [{"name": data.name("signals", s), "answers": _answers_of(dossier, s)} for s in disputed],
    }


def _grouped(flips: Sequence[Row]) -> list[Row]:
    """Flips by the verdict that they lead to and by what bringing them about would take."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for flip in flips:
        groups.setdefault((flip["to"], flip["effort"]), []).append(flip)
    return [{"to": to, "effort": effort, "rows": rows} for (to, effort), rows in groups.items()]


def _disputed(dossier: Dossier, signal: str) -> bool:
    return len({a.answer for a in dossier.case.answers[signal] if a.answer != UNKNOWN}) > 1


def _answers_of(dossier: Dossier, signal: str) -> list[str]:
    given = dossier.case.answers[signal]
    return [f"{a.by}: {words(a.answer)}" if a.by else words(a.answer) for a in given]


def _by_state(dossier: Dossier, data: ReportData, signals: Sequence[str]) -> list[Row]:
    """The unanswered questions, those that can still change something first, then those that were left out for good.

    No question stands in two groups.
    """
    asked = {entry.signal for entry in dossier.verdict.next_questions}
    skipped = set(dossier.verdict.skipped)
    states = {s: "asked" if s in asked else "skipped" if s in skipped else "open" for s in signals}
    grouped = {state: [s for s in signals if states[s] == state] for state in ("asked", "open", "skipped")}
    return [
        {"state": state, "rows": [{"signal": s, "text": _asked(dossier, data, s, state)} for s in found]}
        for state, found in grouped.items()
        if found
    ]


def _asked(dossier: Dossier, data: ReportData, signal: str, state: str) -> str:
    """The question, or its name where no answer can change anything any more."""
    return data.name("signals", signal) if state == "skipped" else question_text(dossier, signal)


def listing(numbers: Sequence[int]) -> str:
    """Numbers as they are read out: `1, 2, 4`."""
    return ", ".join(map(str, numbers))


def answers_view(dossier: Dossier, data: ReportData) -> Row:
    """Every answer given, in the order of the questions, and those without one by what they can still change."""
    case, carriers = dossier.case, reasons_view(dossier, data)["carriers"]
    n_reasons = max((number for row in carriers for number in row["reasons"]), default=0)
    carry = {
        row["signal"]: "all" if n_reasons > 1 and len(row["reasons"]) == n_reasons else listing(row["reasons"])
        for row in carriers
    }
    given = [
        {
            "signal": signal,
            "text": data.follow_ups.get(signal) or question_text(dossier, signal),
            "answer": words(answer.answer),
            "evidence": (answer.evidence or "").strip(),
            "confidence": answer.confidence or "",
            "by": (answer.by or "").strip(),
            "moot": answer.answer == UNKNOWN and signal in dossier.verdict.skipped,
            "reasons": carry.get(signal, ""),
            "bare": answer.answer != UNKNOWN and not (answer.evidence or "").strip(),
        }
        for signal in in_order(dossier, case.answers)
        for answer in case.answers[signal]
    ]
    missing = [signal for signal in ordered_questions(dossier) if not case.answers.get(signal)]
    return {
        "given": given,
        "missing": _by_state(dossier, data, missing),
        "n_bare": sum(1 for row in given if row["bare"]),
        "has_reasons": bool(carry),
        "has_by": any(row["by"] for row in given),
        "has_confidence": any(row["confidence"] for row in given),
    }
