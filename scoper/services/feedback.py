"""What a probe measured, offered back as answers of the case, and the case with those that somebody accepted.

An answer that stands is never replaced unasked: an offer that contradicts one has to be accepted by its name. What is
accepted goes into the case file by the least edit, each with its evidence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scoper.domain.probe import ProbeResult
from scoper.domain.questionnaire import UNKNOWN, Answer, Case, Question
from scoper.errors import InputError, Problem, UsageError, did_you_mean
from scoper.services import cases
from scoper.services.assembling import read_result, spec_beside
from scoper.services.cases import CaseFile
from scoper.services.measured_answers import FINER, Proposal, proposals
from scoper.services.results import result_path
from scoper.services.specs import spec_digest
from scoper.services.strict_yaml import read_text

ALL = "all"
Relation = Literal["new", "agrees", "contradicts"]
_BY = "probe"


@dataclass(frozen=True)
class Offer:
    """A proposed answer beside what the case says now: nothing (`new`), the same, or something else."""

    proposal: Proposal
    relation: Relation
    present: tuple[Answer, ...] = ()

    @property
    def signal(self) -> str:
        """The question."""
        return self.proposal.signal

    def before(self) -> str:
        """The answers that stand, in words: `no (Ana)`; empty when there is none."""
        return ", ".join(f"{answer.answer} ({answer.by})" if answer.by else answer.answer for answer in self.present)


def result_for(file: CaseFile, named: Path | None = None) -> ProbeResult:
    """The result in the file `named`, else the one kept beside the spec that the case names.

    Raises UsageError when there is none, InputError for a file that is no result and for a result that was measured on
    another spec than the case's, or on this one before it was changed.
    """
    spec = spec_beside(file)
    path = named or (result_path(spec) if spec else None)
    if path is None or (named is None and not path.is_file()):
        where = f"there is no {path}" if path else "the case names no spec, so no result is found"
        remedy = "scoper probe SPEC -o result.json, then name that file"
        raise UsageError(Problem("feedback-result", where, str(file.path), remedy=remedy))
    result = read_result(path)
    measured = result.spec.get("digest")
    if spec is not None and spec.is_file() and measured and measured != spec_digest(read_text(spec), spec.parent):
        message = f"the result was measured on another spec than {spec.name} is now"
        raise InputError(Problem("result-stale", message, str(path), remedy=f"scoper probe {spec} again"))
    return result


def offers(case: Case, result: ProbeResult, questions: Mapping[str, Question]) -> tuple[Offer, ...]:
    """What the result speaks for and the case does not hold yet, in the order of the questions."""
    return offers_of(case, proposals(result), questions)


def offers_of(case: Case, proposed: Sequence[Proposal], questions: Mapping[str, Question]) -> tuple[Offer, ...]:
    """What these proposals, wherever they come from, say beyond what the case holds, in the order of the questions."""
    found = [
        _offer(case, proposal)
        for proposal in proposed
        if proposal.signal in questions and proposal.answer in questions[proposal.signal].values
    ]
    order = list(questions)
    news = (offer for offer in found if not _is_held(offer) and not _is_finer(offer))
    return tuple(sorted(news, key=lambda offer: order.index(offer.signal)))


def picked(offered: Sequence[Offer], names: Collection[str]) -> tuple[Offer, ...]:
    """The offers with these names; `all` takes every one that contradicts nothing and presumes nothing.

    Raises UsageError for every name that is not among them.
    """
    known = [offer.signal for offer in offered]
    wrong = [name for name in names if name != ALL and name not in known]
    if wrong:
        remedies = [did_you_mean(name, [*known, ALL]) for name in wrong]
        problems = [
            Problem("feedback-accept", f"nothing is offered for '{name}'", remedy=remedy)
            for name, remedy in zip(wrong, remedies, strict=True)
        ]
        raise UsageError(problems)
    return tuple(
        o
        for o in offered
        if o.signal in names or (ALL in names and o.relation != "contradicts" and not o.proposal.presumes)
    )


def accept(file: CaseFile, chosen: Sequence[Offer], questions: Mapping[str, Question]) -> CaseFile:
    """The case with the answers of these offers, saved; with none of them nothing is written.

    Raises StorageError when the file changed on the disk since `file` was read; the rest is not written then.
    """
    for offer in chosen:
        file = cases.set_answer(file, offer.signal, answers_with(offer), questions)
    return file


def answers_with(offer: Offer) -> tuple[Answer, ...]:
    """All answers to the question once the offer is accepted; what it replaces is kept in the evidence."""
    evidence = offer.proposal.evidence
    fresh = Answer(answer=offer.proposal.answer, evidence=evidence)
    if offer.relation == "new":
        return (fresh,)
    if offer.relation == "contradicts":
        return (fresh.model_copy(update={"evidence": f"{evidence}; replaces: {offer.before()}"}),)
    if len(offer.present) > 1:
        return (*offer.present, fresh.model_copy(update={"by": _BY}))
    (mine,) = offer.present
    return (mine.model_copy(update={"evidence": _joined(mine.evidence or "", evidence)}),)


def _joined(before: str, evidence: str) -> str:
    if not before:
        return evidence
    return f"{before} {evidence}" if before.endswith((".", "!", "?")) else f"{before}; {evidence}"


def _offer(case: Case, proposal: Proposal) -> Offer:
    present = tuple(answer for answer in case.answers.get(proposal.signal, ()) if answer.answer != UNKNOWN)
    if not present:
        return Offer(proposal, "new")
    same = all(answer.answer == proposal.answer for answer in present)
    return Offer(proposal, "agrees" if same else "contradicts", present)


def _is_finer(offer: Offer) -> bool:
    """Whether the answers that stand say more than the result can tell, without contradicting it."""
    finer = FINER.get(offer.signal, ())
    return offer.relation == "contradicts" and all(answer.answer in finer for answer in offer.present)


def _is_held(offer: Offer) -> bool:
    """Whether the answer stands already with evidence of this kind: a speed measured again is no news."""
    held = re.compile(rf"(^|[;.!?] ){offer.proposal.basis}: ")
    return offer.relation == "agrees" and any(held.search(answer.evidence or "") for answer in offer.present)
