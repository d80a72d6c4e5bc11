"""`scoper rules check|show`: verify the rule pack, read it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.errors import InputError, Problem, did_you_mean
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options


@click.group("rules", short_help="Verify the rule pack, or read it.", epilog="Example: scoper rules check")
def command() -> None:
    """Work with the rule pack."""


@command.command(
    "check", short_help="Verify the rules over the whole answer space.", epilog="Example: scoper rules check --json"
)
@click.argument("folder", required=False, type=click.Path())
@common_options
def check(common: Common, folder: str | None) -> int:
    """Check a rule pack (the shipped one, or FOLDER laid over it) over the whole space of answers.

    Dead rules can never decide; dead questions can never change a verdict; every technique must be reachable.
    """
    from scoper.reasoning.verification import verify
    from scoper.services.library import load_library

    report = verify(load_library(Path(folder) if folder else common.rules_dir).pack)
    if common.json:
        console.data(json.dumps({"format": 1, **report.as_document()}, indent=2))
    else:
        console.data("\n".join(report.lines()))
    return 0 if report.sound else 1


@command.command(
    "show", short_help="Print a table or a rule with its source.", epilog="Example: scoper rules show technique"
)
@click.argument("name", required=False)
@common_options
def show(common: Common, name: str | None) -> None:
    """Print the rules: all tables, one table, or one rule with its reason and source."""
    from scoper.reasoning.listing import rule_lines, table_lines
    from scoper.services.library import load_library

    pack = load_library(common.rules_dir).pack
    tables = {table.id: table for table in pack.tables}
    rules = {rule.id: rule for table in pack.tables for rule in table.rules}
    if name is None:
        console.data("\n\n".join("\n".join(table_lines(table)) for table in pack.tables))
    elif name in tables:
        console.data("\n".join(table_lines(tables[name])))
    elif name in rules:
        console.data("\n".join(rule_lines(rules[name])))
    else:
        remedy = did_you_mean(name, [*tables, *rules])
        raise InputError(Problem("rule-unknown", f"there is no table or rule '{name}'", remedy=remedy))
