"""The words of the line mode beyond the interview: respondents, spec, measured answers, traces, help. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from scoper.domain.text import shown
from scoper.interfaces.wording import words

if TYPE_CHECKING:
    from scoper.domain.certificates import EpisodeTrace
    from scoper.domain.decision import Verdict
    from scoper.interfaces.tui.session import SpecDesk

HELP = """\
Besides, at any time:
  reasons [all]  the verdict with reasons, what would flip it, why not the others
  compare        who answered what, and where each respondent leads
  spec           the spec with line numbers, drafted from the answers where there is none
  problems       what is wrong in the spec, by line
  set N TEXT     write line N of the spec anew; insert N TEXT and delete N likewise
  save           save the spec; reread drops what was written and reads the file again
  probe BUDGET   test the reward in a process of its own: quick, standard or long
  answers        what the probe measured, as answers; accept 1 3 or accept all takes them
  traces         what earns the most reward, step by step; wanted yes NOTE or wanted no NOTE answers
  report NAME    save the report as .md, .html or .json; without a name it is read out"""
TRUST = "It runs in a child process, with your rights. Do you trust this code?"
UNSAVED = "The spec has lines that are not saved. save keeps them; quit again drops them."
_LINES = 28
_AROUND = 1


def compared(verdict: Verdict) -> Iterator[str]:
    """Where each respondent leads, and who said what where they differ."""
    if not verdict.respondents:
        yield "Only one respondent so far. Start with --by NAME to answer under a name of your own."
        return
    for each in verdict.respondents:
        yield f"{shown(each.by)}: {words(each.technique)}"
    yield f"They differ on {len(verdict.disagreements)} questions."
    for differing in verdict.disagreements:
        said = "; ".join(f"{shown(name)}: {words(value)}" for name, value in differing.answers.items())
        yield f"  {differing.signal}: {said}"


def why_not(verdict: Verdict) -> Iterator[str]:
    """What speaks against each of the other techniques."""
    yield "  Why not the others"
    for name, reasons in verdict.why_not.items():
        yield f"    - {words(name)}: {'; '.join(reasons)}"


def spec_lines(desk: SpecDesk) -> Iterator[str]:
    """The file, whether it is saved, why it looks as it does, and its numbered lines."""
    yield f"Spec {desk.path}: {'saved' if desk.saved else 'not saved'}"
    if desk.draft is not None:
        yield f"Template {words(desk.draft.template)}: {desk.draft.because}"
    for number, row in enumerate(desk.text.splitlines(), 1):
        yield f"{number:3}  {row}"


def around(desk: SpecDesk, number: int) -> Iterator[str]:
    """The lines about line `number`, as they now stand."""
    for at, row in enumerate(desk.text.splitlines(), 1):
        if abs(at - number) <= _AROUND:
            yield f"{at:3}  {row}"


def problem_lines(desk: SpecDesk) -> Iterator[str]:
    """What is wrong, by line and column."""
    if not desk.problems:
        yield "No problems: this spec can be probed." if desk.probeable else "Nothing is left to fill in here."
    else:
        yield f"{len(desk.problems)} to settle:"
    for problem in desk.problems:
        remedy = f" ({problem.remedy})" if problem.remedy else ""
        yield f"  line {problem.line}, column {problem.column}: {problem.message}{remedy}"


def offer_lines(offered: Iterable[Any]) -> Iterator[str]:
    """Numbered answers that the measurement speaks for, with their evidence and what the case says."""
    known = list(offered)
    if not known:
        yield "The probe speaks for no answer that the case does not hold."
    for number, each in enumerate(known, 1):
        yield f"  {number}  {each.signal} = {each.proposal.answer}: {each.proposal.evidence}"
        if each.relation == "contradicts":
            yield f"     contradicts: the case says {each.before()}"
    if known:
        yield "accept with the numbers, or accept all, puts them into the case."


def trace_lines(traces: Iterable[EpisodeTrace]) -> Iterator[str]:
    """Episodes of what earns the most reward, and how to answer."""
    from scoper.services.reviewing import lines_of

    for trace in traces:
        yield f"{trace.policy}, seed {trace.seed}"
        yield from lines_of(trace, _LINES)
    yield "Is this what you want? wanted yes NOTE, or wanted no NOTE."
