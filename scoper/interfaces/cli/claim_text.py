"""The matrix of claims as lines of plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from scoper.services.claims import COLUMNS, Claim

_WIDTH = 79


def claim_lines(claims: Sequence[Claim], of_all: int) -> Iterator[str]:
    """Each claim with its targets by column; at the end how many are encoded, when all of them are shown."""
    section = ""
    for claim in claims:
        if claim.section != section:
            section = claim.section
            yield from (("", section) if claim is not claims[0] else (section,))
        yield from textwrap.wrap(
            claim.claim, _WIDTH, initial_indent=f"  {claim.number:>2}  ", subsequent_indent=" " * 6
        )
        for column in COLUMNS:
            if targets := claim.column(column):
                said = "; ".join(f"{kind.replace('_', ' ')}: {', '.join(ids)}" for kind, ids in targets.items())
                yield from _indented(f"{column:<15} {said}")
        if claim.not_encoded:
            yield from _indented(f"{'not encoded':<15} {claim.not_encoded}")
    if len(claims) == of_all:
        left_out = sum(bool(claim.not_encoded) for claim in claims)
        yield ""
        yield f"{of_all} claims: {of_all - left_out} encoded, {left_out} deliberately not, each with its reason."


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 22, break_on_hyphens=False)
