"""`scoper rules check|show|diff|export|trace`: verify the rules, read them, compare, hand on, trace to claims."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoper.errors import InputError, Problem, UsageError, did_you_mean
from scoper.interfaces import console
from scoper.interfaces.cli.completing import offering, rules_and_tables
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.reasoning.rule_table import HitPolicy
    from scoper.reasoning.verification import PackReport, TableReport

_MOST_SHOWN = 8

PLACE = ("rules", 1)


@click.group("rules", short_help="Verify, read, compare, export the rules.", epilog="Example: scoper rules check")
def command() -> None:
    """Work with the rule pack, or check a decision table of your own."""


@command.command(
    "check",
    short_help="Verify rules, or a CSV table, over the whole space of cases.",
    epilog="Example: scoper rules check prices.csv --hit-policy first",
)
@click.argument("what", required=False, type=click.Path(), metavar="[FOLDER|TABLE.csv]")
@click.option(
    "--hit-policy",
    type=click.Choice(["unique", "any", "first", "collect"]),
    help="Of a CSV table: may one line hold, any that agree, does the first decide, or do all count? (unique)",
)
@click.option("--default", metavar="OUTPUT", help="Of a CSV table: what is concluded where no line holds.")
@click.option("--write-golden", is_flag=True, help="Bring the golden cases up to the rules, then check.")
@click.option(
    "--fail-on",
    type=click.Choice(["blocker", "caution", "info"]),
    default="blocker",
    help="Exit 1 when there is a finding of this severity or a worse one.",
)
@common_options
def check(
    common: Common,
    what: str | None,
    hit_policy: HitPolicy | None,
    default: str | None,
    write_golden: bool,
    fail_on: str,
) -> int:
    """Check a rule pack (the shipped one, or FOLDER laid over it) or a decision table TABLE.csv.

    Nothing is sampled: gaps, overlaps, masked, dead, subsumed and superfluous rules, unreachable verdicts, dead
    questions, declared monotonicity and faults that no golden case would notice are looked for in all cases, and each
    finding comes with a case in which it shows. In a CSV table the header names inputs and outputs (`-> price`; else
    the last column); a cell is a value, a list `a, b`, `not(a, b)`, `-` for any, a comparison
    `>= 5`, or a range `[150..250]`, `(150..250)` without its ends. `size {small, large}` in the header lists what else
    an input can be.
    """
    is_table = what is not None and Path(what).suffix.lower() in (".csv", ".tsv", ".txt")
    if not is_table and (hit_policy or default is not None):
        raise UsageError(Problem("rules-check", "--hit-policy and --default go with a CSV table"))
    if is_table and write_golden:
        raise UsageError(Problem("rules-check", "--write-golden goes with a rule pack"))
    started = time.perf_counter()
    report: PackReport | TableReport
    if is_table:
        report = _check_table(Path(what or ""), hit_policy or "unique", default)
    else:
        report = _check_pack(Path(what) if what else common.rules_dir, write_golden, started)
    if common.json:
        console.data(json.dumps({"format": 1, **report.as_document()}, indent=2, ensure_ascii=False))
    else:
        console.data("\n".join(report.lines()))
    levels = ("blocker", "caution", "info")
    failing = levels[: levels.index(fail_on) + 1]
    return int(any(finding.severity in failing for finding in report.findings))


def _check_table(path: Path, hit_policy: HitPolicy, default: str | None) -> TableReport:
    from scoper.reasoning.verification import verify_table
    from scoper.services.csv_table import assumed_words, read_csv_table

    table = read_csv_table(path, hit_policy, default)
    for variable in assumed_words(path, table):
        console.say(_assumed(variable.name, variable.values))
    return verify_table(table)


def _assumed(name: str, values: tuple[str, ...]) -> str:
    """What was taken for granted about a column of words, and how to say otherwise."""
    shown = [f"'{value}'" for value in values[:_MOST_SHOWN]]
    shown += [f"{len(values) - _MOST_SHOWN} more"] if len(values) > _MOST_SHOWN else []
    seen = " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]
    header = ", ".join([*values[:_MOST_SHOWN], *(["..."] if len(values) > _MOST_SHOWN else []), "x"])
    verb = "were" if len(values) > 1 else "was"
    others = f"declare others in the header as `{name} {{{header}}}`"
    return f"{name}: only {seen} {verb} seen and taken as all its values; {others}"


def _check_pack(folder: Path | None, write_golden: bool, started: float) -> PackReport:
    from scoper.reasoning.verdict import pack_size
    from scoper.reasoning.verification import verify
    from scoper.services.library import load_rules
    from scoper.services.verification import read_subject
    from scoper.services.verification import write_golden as write

    library = load_rules(folder)
    subject = read_subject(library)
    read = time.perf_counter()
    vectors, nodes = pack_size(library.pack)  # builds every diagram
    built = time.perf_counter()
    if write_golden:
        written = write(library, subject)
        for what, names in (("moved", written.moved), ("dropped", written.dropped), ("added", written.added)):
            console.say(f"golden cases {what}: {', '.join(names) or 'none'}")
        subject = read_subject(library)
    report = verify(subject)
    ended = time.perf_counter()
    console.say(f"{vectors:,} answer vectors as {nodes} diagram nodes, built in {(built - read) * 1e3:.0f} ms")
    console.say(f"rules read in {(read - started) * 1e3:.0f} ms, verified in {(ended - read) * 1e3:.0f} ms")
    return report


@command.command(
    "show", short_help="Print a table or a rule with its source.", epilog="Example: scoper rules show technique"
)
@click.argument("name", required=False, shell_complete=offering(rules_and_tables))
@common_options
def show(common: Common, name: str | None) -> None:
    """Print the rules: all tables, one table, or one rule with its reason and source."""
    from scoper.reasoning.listing import rule_lines, table_lines
    from scoper.services.library import load_library

    pack = load_library(common.rules_dir).pack
    tables = {table.id: table for table in pack.tables}
    rules = {rule.id: rule for table in pack.tables for rule in table.rules}
    shown = [table for table in pack.tables if name in (None, table.id)]
    if name in rules:
        lines = [rule_lines(rules[name])]
    elif not shown:
        remedy = did_you_mean(name or "", [*tables, *rules])
        raise InputError(Problem("rule-unknown", f"there is no table or rule '{name}'", remedy=remedy))
    else:
        lines = [table_lines(table) for table in shown]
    if common.json:
        wanted = [rules[name]] if name in rules else [rule for table in shown for rule in table.rules]
        console.data(json.dumps({"format": 1, "rules": [_rule_document(rule) for rule in wanted]}, indent=2))
    else:
        console.data("\n\n".join("\n".join(part) for part in lines))


def _rule_document(rule: object) -> dict[str, object]:
    document = dict(vars(rule))
    document["when"] = {name: sorted(values) for name, values in document["when"].items()}
    return document


@command.command(
    "diff",
    short_help="Where two versions of the rules say something else.",
    epilog="Example: scoper rules diff rules-2025 rules-2026",
)
@click.argument("first", type=click.Path())
@click.argument("second", required=False, type=click.Path())
@click.option("--exit-code", is_flag=True, help="Exit 1 when any verdict changes.")
@common_options
def diff(common: Common, first: str, second: str | None, exit_code: bool) -> int:
    """Compare the verdicts of two folders of rules over all answers; of one folder, with the shipped rules.

    For each change of verdict: its prior mass, and the smallest answers that alone bring it about. A folder without
    questions or without the tables of technique and family is laid over the shipped rules.
    """
    from scoper.reasoning.pack_diff import compare
    from scoper.services.library import load_rules

    before = load_rules(Path(first)) if second else load_rules(common.rules_dir)
    after = load_rules(Path(second or first))
    found = compare(before.pack, after.pack)
    if common.json:
        digests = {"first": before.digest, "second": after.digest}
        console.data(json.dumps({"format": 1, "digests": digests, **found.as_document()}, indent=2))
    else:
        console.data("\n".join(found.lines()))
    return int(exit_code and bool(found.changes))


@command.command(
    "export",
    short_help="Write the rules as DMN, Markdown or CSV.",
    epilog="Example: scoper rules export --format dmn -o scoper.dmn",
)
@click.option(
    "--format", "format_", type=click.Choice(["dmn", "markdown", "csv"]), default="dmn", help="What to write."
)
@click.option("--table", metavar="ID", help="Only this table (needed for csv).")
@click.option("-o", "--output", type=click.Path(), help="The file; without it, stdout.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@common_options
def export(common: Common, format_: str, table: str | None, output: str | None, force: bool) -> None:
    """Hand the rules on: DMN 1.3 (facets, technique, family, each with the hit policy UNIQUE), Markdown, or CSV."""
    from scoper.services import table_export
    from scoper.services.dmn import dmn_xml
    from scoper.services.files import write_atomic
    from scoper.services.library import load_rules

    pack = load_rules(common.rules_dir).pack
    if format_ == "dmn":
        if table is not None:
            raise UsageError(Problem("rules-export", "a DMN file holds all tables; leave --table out"))
        text = dmn_xml(pack)
    elif format_ == "markdown":
        text = table_export.markdown_tables(pack, table)
    else:
        text = table_export.csv_table(pack, table)
    if output is None:
        console.data(json.dumps({"format": 1, "text": text}) if common.json else text)
        return
    write_atomic(Path(output), text, overwrite=force)
    if common.json:
        console.data(json.dumps({"format": 1, "file": output, "bytes": len(text.encode())}))
    console.say(f"written: {output}")


@command.command(
    "trace",
    short_help="Every claim of the article and where it is encoded.",
    epilog="Example: scoper rules trace 38",
)
@click.argument("number", required=False, type=click.IntRange(min=1))
@common_options
def trace(common: Common, number: int | None) -> None:
    """Print the matrix of claims: for each the rules, questions, spec fields, probes and report texts that encode it.

    A claim that is deliberately not encoded is listed with its reason. Every target is looked up; one that does not
    exist is an error.
    """
    from scoper.interfaces.cli.claim_text import claim_lines
    from scoper.services.claims import COLUMNS, read_claims
    from scoper.services.library import load_library

    claims = read_claims(load_library(common.rules_dir))
    shown = [claim for claim in claims if number in (None, claim.number)]
    if not shown:
        raise InputError(Problem("claim-unknown", f"there is no claim {number}; they go up to {len(claims)}"))
    if common.json:
        rows = [
            {
                "id": claim.number,
                "section": claim.section,
                "claim": claim.claim,
                "encoded": {kind: list(targets) for kind, targets in claim.targets.items()},
                "columns": {column: {k: list(v) for k, v in claim.column(column).items()} for column in COLUMNS},
                "not_encoded": claim.not_encoded or None,
            }
            for claim in shown
        ]
        console.data(json.dumps({"format": 1, "claims": rows}, ensure_ascii=False, indent=2))
    else:
        console.data("\n".join(claim_lines(shown, len(claims))))
