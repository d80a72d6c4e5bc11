"""`scoper mcp`: the MCP server over stdin and stdout."""

from __future__ import annotations

from pathlib import Path

import click

from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

PLACE = ("setup", 5)


@click.command(
    "mcp",
    short_help="MCP server for assistants over stdin and stdout (extra mcp).",
    epilog="Example: scoper mcp --allow-probe",
)
@click.option("--allow-probe", is_flag=True, help="Also offer the tool probe, which computes for minutes.")
@click.option(
    "--allow-path",
    "paths",
    multiple=True,
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Also read files in this folder; repeatable.",
)
@common_options
def command(common: Common, allow_probe: bool, paths: tuple[str, ...]) -> None:
    """Serve the tools assess, explain, next_question, lint and report to an MCP client, until it hangs up.

    They only read, and only files in the folder that the server was started in (and those of --allow-path). With
    --allow-probe there is the tool probe too; code that a spec names runs only with --trust as well, or when it was
    agreed to before. Nothing is sent anywhere. Clients start it as the command `scoper` with the argument `mcp`.
    """
    from scoper.interfaces.mcp_files import Fence
    from scoper.interfaces.mcp_server import build
    from scoper.interfaces.mcp_tools import Tools
    from scoper.services.library import load_library
    from scoper.services.report_data import load_report_data

    fence = Fence.around([Path(), *map(Path, paths)])
    library = load_library(common.rules_dir)
    data = load_report_data(common.rules_dir, library.questions)
    tools = Tools(library, data, fence, common.rules_dir, trust=common.trust)
    server = build(tools, allow_probe=allow_probe)
    console.say("scoper mcp: waiting for a client on stdin; Ctrl+D ends it")
    server.run("stdio")
