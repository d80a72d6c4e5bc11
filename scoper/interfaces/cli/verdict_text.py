"""A verdict as lines of plain text: what to do first, then why, what would change it, and what to ask next."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from scoper.domain.decision import Conflict, Flip, Verdict
from scoper.domain.questionnaire import Case
from scoper.interfaces.wording import EFFORTS, READINESS, SETTLED, UNSETTLED, bar, telling, words, worth

_FLIPS_SHOWN = 6
"""One for each verdict that there can be instead."""
_WIDTH = 79
_SHOWN = 4
_WORTH_SHOWING = 0.005


def verdict_lines(case: Case, verdict: Verdict, *, whole: bool = False, more: str = "--all") -> Iterator[str]:
    """The lines of one verdict; unless `whole`, long lists are cut and say how many more `more` shows."""
    listed = functools.partial(_list, whole=whole, more=more)
    facts = {signal: case.value_of(signal) for signal in case.answers}
    yield case.title
    yield from textwrap.wrap(_headline(verdict), _WIDTH, initial_indent="  VERDICT  ", subsequent_indent=" " * 11)
    yield from textwrap.wrap(_certainty(verdict), _WIDTH, initial_indent=" " * 11, subsequent_indent=" " * 11)
    for ranked in verdict.ranking:
        if ranked.support >= _WORTH_SHOWING:
            yield f"    {words(ranked.technique):<24}{bar(ranked.support)} {ranked.support:4.0%}"
    rest = 1.0 - sum(ranked.support for ranked in verdict.ranking)
    if rest >= _WORTH_SHOWING:
        yield f"    {words('undecided'):<24}{bar(rest)} {rest:4.0%}"
    yield from listed("Do first" if verdict.readiness != "go" else "Mind", verdict.conditions)
    yield from listed("Belongs around it", [words(name) for name in verdict.surroundings])
    yield from listed("Mark as", [words(name) for name in verdict.qualifiers])
    yield from listed("Answers that pull apart", [_conflict(conflict, facts) for conflict in verdict.conflicts])
    yield from listed(
        "Each respondent, completed by what the others agree on",
        [f"{r.by}: {words(r.technique)}" for r in verdict.respondents],
    )
    yield from listed("They differ on", [_disagreement(d.signal, d.answers) for d in verdict.disagreements])
    yield from listed("Words to watch", verdict.notes)
    yield from listed(_reason_title(verdict), [_reason(chosen, facts) for chosen in verdict.reasons])
    flips = [_flip(flip, facts) for flip in telling(verdict.flips)]
    yield from listed("What would change it (the smallest change to each other verdict first)", flips, _FLIPS_SHOWN)
    questions = [f"{question.signal} ({worth(question)}): {question.find_out}" for question in verdict.next_questions]
    yield from listed("Find out next (the most information per effort first)", questions)
    unsure = [f"{question.signal} ({worth(question)}): {question.find_out}" for question in verdict.raise_confidence]
    yield from listed("Make sure of what was answered without being sure", unsure)
    if verdict.skipped:
        told = f"Skipped, no answer changes the verdict any more: {', '.join(verdict.skipped)}"
        yield from textwrap.wrap(told, _WIDTH, initial_indent="  ", subsequent_indent="    ")


def brief_lines(verdict: Verdict) -> Iterator[str]:
    """The verdict in a few lines: what, how sure, what else is possible, what to do first."""
    yield from headline_lines(verdict)
    yield from textwrap.wrap(_certainty(verdict), _WIDTH, initial_indent=" " * 9, subsequent_indent=" " * 9)
    possible = [ranked for ranked in verdict.ranking if ranked.support > 0]
    if len(possible) > 1 and not verdict.settled:
        shares = ", ".join(f"{words(each.technique)} {each.support:.0%}" for each in possible)
        yield from _under("Possible so far: ", shares, 2)
    for condition in verdict.conditions[:_SHOWN]:
        yield from _under(f"{'Do first' if verdict.readiness != 'go' else 'Mind'}: ", condition, 2)


def _under(first: str, text: str, indent: int | None = None) -> list[str]:
    """`text` behind `first`, two columns narrower than the rest, as callers set these lines in."""
    later = " " * (len(first) if indent is None else indent)
    return textwrap.wrap(text, _WIDTH - 2, initial_indent=first, subsequent_indent=later)


def headline_lines(verdict: Verdict) -> Iterator[str]:
    """The verdict and whether to go ahead, and nothing else."""
    yield from _under("VERDICT  ", _headline(verdict))


def _conflict(conflict: Conflict, facts: Mapping[str, str]) -> str:
    answers = ", ".join(f"{signal} = {facts.get(signal, 'unknown')}" for signal in conflict.signals)
    return f"{answers} ({conflict.kind}): {conflict.advice}"


def _headline(verdict: Verdict) -> str:
    family = f", {words(verdict.family)}" if verdict.family else ""
    return f"{words(verdict.technique)}{family} - {READINESS[verdict.readiness]}"


def _certainty(verdict: Verdict) -> str:
    if verdict.settled and verdict.close_to:
        return f"{SETTLED}; yet close to {words(verdict.close_to)}, as not every answer is sure"
    if verdict.settled:
        return SETTLED
    if verdict.close_to:
        return f"close: between {words(verdict.technique)} and {words(verdict.close_to)}"
    near = [f"{words(each.technique)} {each.support:.0%}" for each in verdict.ranking[:2] if each.support > 0]
    if verdict.technique == "undecided" and near:
        return f"{UNSETTLED}; nearest: {', '.join(near)}"
    return UNSETTLED


def _reason_title(verdict: Verdict) -> str:
    if verdict.settled:
        return "Why (each line alone is enough)"
    return f"Why it is within {', '.join(words(name) for name in verdict.possible)} (each line alone is enough)"


def _reason(chosen: tuple[str, ...], facts: Mapping[str, str]) -> str:
    return ", ".join(f"{signal} = {facts[signal]}" for signal in chosen)


def _flip(flip: Flip, facts: Mapping[str, str]) -> str:
    changes = ", ".join(f"{signal}: {facts.get(signal, 'unknown')} -> {value}" for signal, value in flip.change.items())
    return f"{changes}  =>  {words(flip.to)} ({EFFORTS[flip.effort]})"


def _disagreement(signal: str, answers: Mapping[str, str]) -> str:
    return f"{signal} ({', '.join(f'{by}: {answer}' for by, answer in answers.items())})"


def _list(
    title: str, entries: Sequence[str], shown: int = _SHOWN, *, whole: bool = False, more: str = "--all"
) -> Iterator[str]:
    if not entries:
        return
    shown = len(entries) if whole else shown
    yield from textwrap.wrap(title, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    for entry in entries[:shown]:
        yield from textwrap.wrap(entry, _WIDTH, initial_indent="    - ", subsequent_indent="      ")
    if len(entries) > shown:
        yield f"    ({len(entries) - shown} more: {more})"
