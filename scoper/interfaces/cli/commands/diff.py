"""`scoper diff A B`: what changed between two scopings, and what of it moved the verdict."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

PLACE = ("report", 4)


@click.command(
    "diff",
    short_help="What changed between two scopings, and what moved the verdict.",
    epilog="Example: scoper diff snapshots/case-2027-01-31.json case.yaml",
)
@click.argument("a", type=click.Path())
@click.argument("b", type=click.Path())
@click.option("--rules-before", metavar="DIR", type=click.Path(), help="Rules of A, where A is a case file.")
@click.option(
    "--fail-on", type=click.Choice(["verdict", "any"]), help="Exit 1 when the verdict moved, or when anything differs."
)
@common_options
def command(common: Common, a: str, b: str, rules_before: str | None, fail_on: str | None) -> int:
    """Compare A with B: answers, rules, measurements, verdict - and name the changes that moved it.

    Each of the two is a case, a snapshot, a report, a dossier.json, a folder that `scoper run` wrote, or a probe's
    result.json. What moved the verdict is exact: all smallest sets of changes that alone, applied to A, make its
    technique (or family, or readiness) another one. A change of rules is one of the changes; snapshots bring theirs
    along, for a case file A name them with --rules-before.
    """
    from scoper.interfaces.cli.diff_text import diff_lines
    from scoper.services.diffing import diff, document
    from scoper.services.library import load_library
    from scoper.services.scopings import read_scoping

    library = load_library(common.rules_dir)
    earlier = load_library(Path(rules_before)) if rules_before else library
    found = diff(read_scoping(Path(a), earlier), read_scoping(Path(b), library), library)
    if common.json:
        console.data(json.dumps(document(found), ensure_ascii=False, indent=2))
    else:
        lines = [console.emphasis(line) if "VERDICT" in line else line for line in diff_lines(found)]
        console.data("\n".join(lines))
    met = found.verdict_moved if fail_on == "verdict" else fail_on == "any" and not found.empty
    return 1 if met else 0
