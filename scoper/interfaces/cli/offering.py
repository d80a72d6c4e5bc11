"""Answers offered to a case, on a terminal: listed, asked about, and what taking them does to the verdict."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import click

from scoper.domain.decision import Verdict
from scoper.domain.questionnaire import Question
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common
from scoper.services.feedback import Offer

_WIDTH = 79
_RELATIONS = {"new": "not answered yet", "agrees": "the case says so too", "contradicts": "the case says {before}"}


def may_ask(common: Common) -> bool:
    """Whether a person can be asked about offers now."""
    return not (common.no_input or common.json) and console.can_ask()


def asked(offered: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """The offers that a person agrees to, asked about one by one."""
    chosen = []
    for offer in offered:
        replaces = f", in place of {offer.before()}" if offer.relation == "contradicts" else ""
        only = f" (only where {offer.proposal.presumes})" if offer.proposal.presumes else ""
        if click.confirm(f"Take {offer.signal} = {offer.proposal.answer}{only}{replaces}", err=True, default=False):
            chosen.append(offer)
    return tuple(chosen)


def listed(offered: tuple[Offer, ...], questions: Mapping[str, Question]) -> list[str]:
    """The offers as lines: the answer, how it stands to the case, its meaning and its evidence."""
    lines = [] if offered else ["The result speaks for no answer that the case does not hold already."]
    for offer in offered:
        relation = _RELATIONS[offer.relation].format(before=offer.before())
        mark = "! " if offer.relation == "contradicts" else "  "
        lines.append(f"{mark}{offer.signal} = {offer.proposal.answer}   [{relation}]")
        meaning = questions[offer.signal].meanings[offer.proposal.answer]
        presumes = offer.proposal.presumes
        only = f"Only where {presumes}: that was not measured." if presumes else ""
        for text in filter(None, (only, meaning, offer.proposal.evidence)):
            lines += textwrap.wrap(text, _WIDTH, initial_indent="      ", subsequent_indent="      ")
    return lines


def outcome(
    offered: tuple[Offer, ...],
    chosen: tuple[Offer, ...],
    before: Verdict,
    after: Verdict,
    again: str,
) -> list[str]:
    """What was taken and left, and the verdict before and after."""
    from scoper.interfaces.cli.verdict_text import brief_lines

    left = [offer.signal for offer in offered if offer not in chosen]
    lines = ["", f"Accepted: {', '.join(offer.signal for offer in chosen) or 'nothing, so nothing was written'}"]
    if chosen and left:
        lines += textwrap.wrap(f"Left: {', '.join(left)}", _WIDTH, subsequent_indent="      ")
    if not chosen and offered:
        told = f"{again} --accept all   takes those that contradict no answer and presume nothing"
        lines += textwrap.wrap(told, _WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    lines += ["", "Verdict before" if chosen else "Verdict", *(f"  {line}" for line in brief_lines(before))]
    return [*lines, "", "Verdict after", *(f"  {line}" for line in brief_lines(after))] if chosen else lines


def document(
    digest: str, offered: tuple[Offer, ...], chosen: tuple[Offer, ...], before: Verdict, after: Verdict
) -> dict[str, Any]:
    """The same as JSON."""
    shown = [
        {
            **offer.proposal.model_dump(mode="json"),
            "evidence": offer.proposal.evidence,
            "relation": offer.relation,
            "present": [answer.model_dump(mode="json", exclude_none=True) for answer in offer.present],
        }
        for offer in offered
    ]
    return {
        "format": 1,
        "case": {"digest": digest},
        "offers": shown,
        "accepted": [offer.signal for offer in chosen],
        "before": before.model_dump(mode="json"),
        "after": after.model_dump(mode="json"),
    }
