"""The groups of commands in the order in which a person comes to them, and the help that lists them so.

Which group a command stands in, and where, is said beside the command: `PLACE = (group, rank)` in its file.
"""

from __future__ import annotations

import importlib

import click

COMMANDS = "scoper.interfaces.cli.commands"
GROUPS = {
    "scope": "Scope a problem",
    "closer": "Look closer",
    "probe": "Model, check and probe",
    "report": "Report, keep and compare",
    "rules": "Rules and schemas",
    "setup": "Set up and connect",
}


def place_of(name: str) -> tuple[str, int]:
    """The group and the rank in it that the file of the command `name` states."""
    group, rank = importlib.import_module(f"{COMMANDS}.{name.replace('-', '_')}").PLACE
    return group, rank


def grouped(names: list[str]) -> dict[str, list[str]]:
    """The commands by group, both in the order in which they are used; groups without a command are left out."""
    places = {name: place_of(name) for name in names}
    found = {group: sorted((n for n in names if places[n][0] == group), key=lambda n: places[n][1]) for group in GROUPS}
    return {group: members for group, members in found.items() if members}


def write_commands(group: click.Group, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """A section for each group; every command with its whole sentence."""
    names = group.list_commands(ctx)
    spacing = max(map(len, names)) if names else 0
    for key, members in grouped(names).items():
        rows = [(name, _sentence(group.get_command(ctx, name))) for name in members]
        with formatter.section(GROUPS[key]):
            formatter.write_dl([(name.ljust(spacing), said) for name, said in rows])


def _sentence(command: click.Command | None) -> str:
    return (command.short_help or command.get_short_help_str(limit=200)) if command is not None else ""
