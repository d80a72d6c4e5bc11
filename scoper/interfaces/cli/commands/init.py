"""`scoper init [DIR]`: a new project folder, nothing overwritten."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click

from scoper.interfaces import console
from scoper.interfaces.cli.completing import examples, offering
from scoper.interfaces.cli.options import Common, common_options

PLACE = ("setup", 1)


@click.command(
    "init",
    short_help="A new project folder: settings, an example case, schemas.",
    epilog="Example: scoper init my-scoping --example invoice_approval",
)
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option(
    "--example",
    default="warehouse_reorder",
    show_default=True,
    shell_complete=offering(examples),
    help="Which example to copy; an unknown name lists them.",
)
@click.option("--skill", is_flag=True, help="Also SKILL.md: how an assistant scopes with scoper.")
@common_options
def command(common: Common, folder: str, example: str, skill: bool) -> None:
    """Fill DIR (the present folder) with what a project needs: scoper.toml with the settings that there are, an example
    case with its spec, and in .scoper the schemas by which editors complete and check.

    Files that exist stay as they are, and are named. Asks nothing.
    """  # noqa: D205
    from scoper.services.library import load_library
    from scoper.services.starting import start

    found = start(Path(folder), load_library(common.rules_dir), example=example, skill=skill)
    for path in found.kept:
        console.say(f"kept: {path} exists already")
    if common.json:
        document = {
            "format": 1,
            "written": [str(path) for path in found.written],
            "kept": [str(path) for path in found.kept],
            "case": str(found.case),
        }
        console.data(json.dumps(document, ensure_ascii=False))
        return
    console.data("\n".join(str(path) for path in (*found.written, *found.kept)))
    case = shlex.quote(str(found.case))
    console.say(f"Next: scoper assess {case}   (the example's verdict, and why)")
    console.say(f"      scoper run {case} -o {shlex.quote(str(Path(folder) / 'out'))}")
    console.say("        (everything in one go)")
    console.say(f"      scoper ask {shlex.quote(str(Path(folder) / 'case.yaml'))}   (your own problem)")
