"""The use case of scoping: a case in, a verdict, the next question or a dossier out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import scoper
from scoper.domain.decision import Disagreement, RespondentVerdict, Verdict
from scoper.domain.questionnaire import UNKNOWN, Case, respondent
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.verdict import decide
from scoper.services.library import Library

if TYPE_CHECKING:
    from scoper.domain.checks import KeptCheck
    from scoper.domain.dossier import Dossier
    from scoper.domain.probe import ProbeResult

PRECEDENTS_KEPT = 5


@dataclass(frozen=True)
class Interview:
    """Where an interview stands.

    `next_signal` is None when no open question can change anything any more. `certain` says that the technique (and
    family) is settled; `final` that no question left to ask can change it: those that could have no known answer.
    `open` are the questions that still matter, best first; `skipped` those that no longer do.
    """

    verdict: Verdict
    next_signal: str | None
    certain: bool
    final: bool
    answered: tuple[str, ...]
    skipped: tuple[str, ...]
    open: tuple[str, ...]


def assess(case: Case, library: Library) -> Verdict:
    """The verdict of a case's answers with all reasons, flips and exclusions."""
    verdict = decide(knowledge_of(case, library), library.levers)
    differ = _disagreements(case, library)
    agree = (f"Agree on {', '.join(d.signal for d in differ)}: respondents differ.",) if differ else ()
    return verdict.model_copy(
        update={
            "notes": _notes(case, library),
            "respondents": respondents(case, library),
            "disagreements": differ,
            "conditions": (*agree, *verdict.conditions),
        }
    )


def interview(case: Case, library: Library, *, order: Literal["gain", "fixed"] = "gain") -> Interview:
    """Where the interview of a case stands; explicit answers of `unknown` are not asked again."""
    knowledge = knowledge_of(case, library)
    verdict = decide(knowledge, library.levers, explained=False)
    asked = [signal for signal in library.questions if signal in case.answers]
    left = [q for q in verdict.next_questions if q.signal not in asked]
    ranked = [q.signal for q in left]
    if order == "fixed":
        ranked = [signal for signal in library.questions if signal in ranked]
    certain = len(library.pack.verdict_diagram.reachable(knowledge.allowed)) == 1
    return Interview(
        verdict=verdict,
        next_signal=ranked[0] if ranked else None,
        certain=certain,
        final=certain or all(q.matters == "conditions" for q in left),
        answered=tuple(asked),
        skipped=verdict.skipped,
        open=tuple(ranked),
    )


def make_dossier(
    case: Case,
    library: Library,
    *,
    spec_text: str | None = None,
    spec_name: str | None = None,
    spec_folder: Path | None = None,
    spec_notes: tuple[str, ...] = (),
    result: ProbeResult | None = None,
    checks: tuple[KeptCheck, ...] = (),
    provenance: Mapping[str, str] | None = None,
) -> Dossier:
    """Everything of one scoping as one value. `result` counts as measured on the spec whose digest it carries.

    Files that the spec names are looked up in `spec_folder`. Raises InputError with every problem of the files of
    precedents.
    """
    from scoper.domain.dossier import Dossier  # 150 ms of models and numpy that only a report needs
    from scoper.services.approach import approach_of, spec_of
    from scoper.services.guide_digest import guide_digests
    from scoper.services.precedents import load_precedents, matched, nearest, precedents_digest
    from scoper.services.project import project_of
    from scoper.services.specs import spec_digest

    precedents = load_precedents(library)
    matches = nearest(case, library, PRECEDENTS_KEPT, precedents=precedents)
    verdict = assess(case, library)
    digest = spec_digest(spec_text, spec_folder) if spec_text is not None else None
    current = result if result is not None and result.spec.get("digest") == digest else None
    return Dossier(
        rules_digest=library.digest,
        guide_digests=guide_digests(library),
        case=case,
        case_digest=case.digest(),
        questions=dict(library.questions),
        verdict=verdict,
        approach=approach_of(case, library, verdict, spec=spec_of(spec_text, spec_name), result=current),
        project=project_of(case, library),
        spec_text=spec_text,
        spec_name=spec_name,
        spec_digest=digest,
        spec_notes=spec_notes,
        result=result,
        result_spec_digest=result.spec.get("digest") if result is not None else None,
        checks=checks,
        precedents=tuple(matched(case, match) for match in matches),
        precedents_digest=precedents_digest(precedents),
        n_precedents=len(precedents),
        provenance={"scoper": scoper.__version__, **(provenance or {})},
    )


def respondents(case: Case, library: Library) -> tuple[RespondentVerdict, ...]:
    """The technique that each respondent's answers lead to; where one said nothing, what the others agree on counts.

    Empty unless at least two people are named in the case.
    """
    people = sorted({a.by for entries in case.answers.values() for a in entries if a.by})
    if len(people) < 2:
        return ()
    verdicts = []
    for person in people:
        own = {s: mine for s, entries in case.answers.items() if (mine := tuple(a for a in entries if a.by == person))}
        knowledge = knowledge_of(case.model_copy(update={"answers": {**case.answers, **own}}), library)
        support = knowledge.technique_support[knowledge.technique]
        verdicts.append(RespondentVerdict(by=person, technique=knowledge.technique, support=round(support, 6)))
    return tuple(verdicts)


def _disagreements(case: Case, library: Library) -> tuple[Disagreement, ...]:
    found = []
    for signal, entries in case.answers.items():
        if signal in library.questions and len({a.answer for a in entries}) > 1:
            said = {respondent(a.by, k): a.answer for k, a in enumerate(entries, start=1)}
            found.append(Disagreement(signal=signal, answers=said))
    return tuple(found)


def _notes(case: Case, library: Library) -> tuple[str, ...]:
    text = f"{case.title} {case.summary}".lower()
    facts = case.facts()
    return tuple(
        trap.note
        for trap in library.traps
        if any(re.search(rf"\b{re.escape(word)}\b", text) for word in trap.words)
        and not any(facts.get(signal) in values for signal, values in trap.unless.items())
    )


def knowledge_of(case: Case, library: Library) -> Knowledge:
    """What the answers of a case say under these rules: what is known, and how far each answer is relied on."""
    known = {signal: value for signal, value in case.facts().items() if signal in library.questions}
    reliability = {signal: r for signal in known if (r := _reliability(case, signal, library)) < 1.0}
    return Knowledge(library.pack, known, reliability)


def _reliability(case: Case, signal: str, library: Library) -> float:
    stated = (a.confidence for a in case.answers[signal] if a.answer != UNKNOWN)
    return max(1.0 if c is None else library.pack.reliability.get(c, 1.0) for c in stated)
