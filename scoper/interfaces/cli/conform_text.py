"""A checked simulator as a page of plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from scoper.domain.text import one_line
from scoper.services.conform_deviations import deviations
from scoper.services.conform_words import cause, detectable, hidden_variable, notes
from scoper.services.conforming import Checked
from scoper.services.numbers import count, share

_WIDTH = 100
_MOST = 12


def conform_lines(checked: Checked) -> Iterator[str]:
    """Verdict, deviations with their witnesses, the hidden variable, and what was and was not tested."""
    found = deviations(checked)
    steps, episodes = checked.code.action.size, checked.code.begins.size
    visited, there = checked.coverage
    yield f"{one_line(checked.simulator)} against {one_line(checked.spec.name)}"
    how_many = f"{count(steps)} steps, {count(episodes)} episodes (measured)"
    if found:
        yield f"  DEVIATES  {count(len(found))} deviation{'s' if len(found) > 1 else ''} in {how_many}"
    else:
        yield f"  CONFORMS  as far as tested: no deviation in {how_many}"
    hidden = hidden_variable(checked)
    if hidden is not None:
        yield from _wrapped(hidden.claim, "  Hidden    ")
        yield from _wrapped(hidden.remedy, "            ")
    if words := cause(checked):
        yield from _wrapped(words, "  Cause     ")
    for deviation in found[:_MOST]:
        mark = "[x]" if deviation.certain else "[!]"
        yield from _wrapped(f"{deviation.code}: {deviation.claim}", f"  {mark}       ")
    if len(found) > _MOST:
        yield f"            and {count(len(found) - _MOST)} more; --json holds them all"
    tests = f"{count(len(checked.found.tests))} tests"
    if checked.found.tests:
        tests += f", false alarm in at most 1 of {count(round(1 / checked.found.level))} runs"
    yield from _wrapped(
        f"{count(visited)} of {count(there)} pairs of state and action ({share(visited / max(1, there))}); {tests}",
        "  Tested    ",
    )
    yield from _wrapped(_missed(checked), "  Unseen    ")
    for note in notes(checked):
        yield from _wrapped(note, "  Note      ")
    for name, source in checked.collected.sources.items():
        yield from _wrapped(f"{name} is read from {source}", "  Mapping   ")
    for name, codes in checked.collected.actions.items():
        yield from _wrapped(f"{name} is sent as a number: {codes}", "  Mapping   ")


def _missed(checked: Checked) -> str:
    """What a check of so many steps does not see, in one sentence; every size stands in the document."""
    visited, there = checked.coverage
    if not visited:
        return "everything: no step could be compared with the spec"
    least = share(detectable(checked)["pair_distance_median"])
    never = f"; anything in the {count(there - visited)} pairs never tried" if there > visited else ""
    return (
        f"for half of the pairs tried, a change of what follows that shows in less than {least} of their steps{never}"
    )


def _wrapped(text: str, first: str) -> list[str]:
    return textwrap.wrap(one_line(text), _WIDTH, initial_indent=first, subsequent_indent=" " * 12)
