"""A rule pack's tables as Markdown for people and as CSV for spreadsheets and `scoper rules check`."""

from __future__ import annotations

import csv
import io

from scoper.errors import Problem, UsageError, did_you_mean
from scoper.reasoning.listing import condition
from scoper.reasoning.pack import RulePack, Table


def table_named(pack: RulePack, name: str | None) -> Table:
    """The table with this id; raises UsageError with the ids there are."""
    tables = {table.id: table for table in pack.tables}
    if name is None or name not in tables:
        message = f"there is no table '{name}'" if name else "name one table: a CSV file holds one"
        remedy = did_you_mean(name or "", tables) if name else f"--table {'|'.join(tables)}"
        raise UsageError(Problem("table-unknown", message, remedy=remedy))
    return tables[name]


def markdown_tables(pack: RulePack, name: str | None = None) -> str:
    """All tables, or one: what each rule asks, concludes, and rests on."""
    tables = pack.tables if name is None else (table_named(pack, name),)
    return "\n".join(_markdown(table) for table in tables)


def _markdown(table: Table) -> str:
    lines = [f"## {table.id}", "", f"{table.because} Kind: {table.kind}; hit policy: {table.hit_policy}.", ""]
    lines += ["| rule | when | then | because | source |", "| --- | --- | --- | --- | --- |"]
    for rule in table.rules:
        cells = (rule.id, condition(rule), rule.then, rule.because, rule.source)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    if table.default:
        lines.append(f"| | otherwise | {table.default} | | |")
    return "\n".join(lines) + "\n"


def csv_table(pack: RulePack, name: str | None) -> str:
    """One table with its inputs' values in the header, as `scoper rules check FILE --hit-policy ...` reads it.

    A default is written as a last line without conditions.
    """
    table = table_named(pack, name)
    named = {n for rule in table.rules for n in rule.when}
    order = [n for n in table.inputs if n in named] + [n for n in pack.questions if n in named - {*table.inputs}]
    variables = [pack.input_variable(n) for n in order]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*(f"{v.name} {{{', '.join(v.values)}}}" for v in variables), f"-> {table.id}"])
    for rule in table.rules:
        cells = (
            ", ".join(x for x in v.values if x in rule.when[v.name]) if v.name in rule.when else "-" for v in variables
        )
        writer.writerow([*cells, rule.then])
    if table.default:
        writer.writerow([*("-" for _ in variables), table.default])
    return text.getvalue()
