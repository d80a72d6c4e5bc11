"""The audit of a probe as a few lines of plain text: what the reward's best policy does, and what would survive."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from scoper.domain.probe import ProbeResult
from scoper.domain.robustness import CHALLENGE_WORDS, RobustnessRow
from scoper.services.numbers import share

_WIDTH, _SENTENCES = 79, 4


def audit_lines(result: ProbeResult) -> Iterator[str]:
    """Some sentences on the policy, and the worst row of every level; the report has the rest."""
    if result.behaviour is not None and result.behaviour.sentences:
        yield from _wrapped(f"What the reward asks for ({result.behaviour.basis}):")
        for sentence in result.behaviour.sentences[:_SENTENCES]:
            yield from _wrapped(f"- {sentence}", "    ", "  ")
    rows = result.robustness.rows if result.robustness is not None else ()
    weakest = [min(found, key=lambda row: row.share) for found in _by_level(rows) if found]
    if weakest:
        said = "; ".join(f"{share(row.share)} where {_words(row)}" for row in weakest)
        yield from _wrapped(f"Left of its advantage in a world a little different: {said}", "  ")
    elif result.robustness is not None and result.robustness.left_out:
        yield from _wrapped(f"Robustness was not measured: {result.robustness.left_out[-1]}", "  ")


def _by_level(rows: tuple[RobustnessRow, ...]) -> list[list[RobustnessRow]]:
    return [[row for row in rows if row.level == level] for level in ("mild", "moderate", "strong")]


def _words(row: RobustnessRow) -> str:
    return f"{CHALLENGE_WORDS[row.challenge]} ({row.strength})"


def _wrapped(text: str, later: str = "", first: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=later)
