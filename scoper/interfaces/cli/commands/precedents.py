"""`scoper precedents CASE`: the nearest real projects, what worked there, and how they differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.domain.questionnaire import Case

PLACE = ("closer", 3)


@click.command(
    "precedents",
    short_help="The nearest real projects and what worked there.",
    epilog="Example: scoper precedents examples/warehouse_reorder.yaml --top 3",
)
@click.argument("case", type=click.Path())
@click.option("--top", type=click.IntRange(min=1), default=5, show_default=True, help="How many projects to show.")
@common_options
def command(common: Common, case: str, top: int) -> None:
    """Show the published projects whose answers are nearest to those of CASE.

    For each: the problem, the technique that worked, what it teaches, which answers differ, and the source. Similarity
    is the mean agreement over the answers known in both. Precedents are a second opinion; no verdict is made from them.
    A case with parts is compared part by part.
    """
    from scoper.interfaces.cli.precedent_text import precedent_lines
    from scoper.services.cases import in_parts, read_case
    from scoper.services.library import load_library
    from scoper.services.precedents import load_precedents, match_document, nearest, precedents_digest
    from scoper.services.scoping import assess

    library = load_library(common.rules_dir)
    file = read_case(Path(case), library.questions)
    precedents = load_precedents(library)

    def document(read: Case) -> dict[str, Any]:
        matches = nearest(read, library, top, precedents=precedents)
        return {
            "case": {"title": read.title, "digest": read.digest()},
            "rules_digest": library.digest,
            "precedents_digest": precedents_digest(precedents),
            "known": len(precedents),
            "precedents": [match_document(match) for match in matches],
        }

    parts = in_parts(file) if file.case.parts else ()
    if common.json:
        told = [{"part": one.part, **document(one.case)} for one in parts]
        whole = {"format": 1, **document(file.case), **({"parts": told} if told else {})}
        console.data(json.dumps(whole, ensure_ascii=False, indent=2))
        return
    for one in parts or (file,):
        matches = nearest(one.case, library, top, precedents=precedents)
        lines = list(precedent_lines(one.case, assess(one.case, library).technique, matches, len(precedents)))
        console.data("\n".join(["", *lines] if one.part and parts and one is not parts[0] else lines))
