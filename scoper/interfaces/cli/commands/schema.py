"""`scoper schema case|spec|gate|rules`: the JSON Schema of a kind of file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scoper.errors import Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options
from scoper.services.schemas import SCHEMAS

PLACE = ("rules", 2)


@click.command(
    "schema",
    short_help="The JSON Schema of case, spec, gate or rule files, for editors.",
    epilog="Example: scoper schema case -o .scoper/case.schema.json",
)
@click.argument("what", type=click.Choice(list(SCHEMAS)))
@click.option("--kind", metavar="KIND", help="With rules: one kind of file, such as question, rule, risk.")
@click.option("-o", "--output", type=click.Path(), help="The file; without it, stdout.")
@click.option("--force", is_flag=True, help="Replace the file.")
@common_options
def command(common: Common, what: str, kind: str | None, output: str | None, force: bool) -> None:
    """Print the JSON Schema (draft 7) of a kind of file, made from the rules in use.

    Editors with a YAML language server complete and check by it. Files that scoper writes name it in their first line,
    `# yaml-language-server: $schema=.scoper/case.schema.json`, and scoper puts it there. The schema knows what can be
    said without reading the rest of a file; the commands themselves check everything.
    """
    from scoper.services.files import write_atomic
    from scoper.services.library import load_library
    from scoper.services.schema_rules import rules_schema
    from scoper.services.schemas import schema_text

    if kind is not None and what != "rules":
        raise UsageError(Problem("schema-kind", "--kind belongs to `scoper schema rules`"))
    library = load_library(common.rules_dir)
    schema = rules_schema(library, kind) if kind is not None else SCHEMAS[what](library)
    text = schema_text(schema)
    if output is None:
        console.data(text)
        return
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    write_atomic(Path(output), text, overwrite=force)
    if common.json:
        console.data(json.dumps({"format": 1, "file": output, "bytes": len(text.encode())}))
    console.say(f"written: {output}")
