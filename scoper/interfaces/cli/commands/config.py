"""`scoper config show`: every setting, its value, and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from scoper.errors import Problem, UsageError, did_you_mean
from scoper.interfaces import console
from scoper.interfaces.cli.completing import offering, settings
from scoper.interfaces.cli.options import Common, common_options
from scoper.services.settings import SETTINGS, Setting

if TYPE_CHECKING:
    from scoper.interfaces.configuration import Configuration, Source

_COMMON = ("rules", "color", "quiet", "no_input")

PLACE = ("setup", 2)


@click.group(
    "config",
    short_help="Settings: what can be set, what is, and where that was said.",
    epilog="Example: scoper config show",
)
def command() -> None:
    """Show what is configured.

    Later wins: default; your own file (`scoper config show` names it); the project's file, the nearest scoper.toml or
    pyproject.toml with a table [tool.scoper], from the present folder upward to the root of its repository; environment
    variables SCOPER_*; options on the command line. SCOPER_CONFIG=FILE reads FILE in place of the project's, and
    SCOPER_CONFIG= (empty) no file at all. A file never makes scoper run code, write or send anything.
    """


@command.command(
    "show",
    short_help="Every setting with its value and its source.",
    epilog="Example: scoper config show probe.budget --json",
)
@click.argument("keys", metavar="[KEY]...", nargs=-1, shell_complete=offering(settings))
@common_options
def show(common: Common, keys: tuple[str, ...]) -> None:
    """Print every setting (or those named): its value, where that was said, and what it wins over.

    A faulty file is reported with every problem as file:line:column, exit code 2.
    """
    from scoper.interfaces.configuration import load

    for key in keys:
        if key not in SETTINGS:
            raise UsageError(Problem("config-key", f"there is no setting '{key}'", remedy=did_you_mean(key, SETTINGS)))
    configuration = load()
    rows = [_row(SETTINGS[key], configuration) for key in keys or SETTINGS]
    if common.json:
        console.data(json.dumps(_document(rows, configuration), ensure_ascii=False, indent=2))
    else:
        console.data("\n".join([*_table(rows), "", *_about_files(configuration)]))


def _row(setting: Setting, configuration: Configuration) -> dict[str, Any]:
    sources = [*configuration.sources.get(setting.key, ()), *_flag(setting)]
    won = sources[-1] if sources else None
    return {
        "key": setting.key,
        "value": won.value if won else _default(setting),
        "source": won.kind if won else "default",
        "place": won.place if won else "",
        "over": [{"value": each.value, "source": each.kind, "place": each.place} for each in reversed(sources[:-1])],
        "default": _default(setting),
        "allowed": setting.expected(),
        "summary": setting.summary,
        "environment": setting.variable,
        "personal": setting.personal,
    }


def _flag(setting: Setting) -> list[Source]:
    """The option on this very command line."""
    from scoper.interfaces.configuration import Source

    context = click.get_current_context()
    if setting.key in _COMMON and context.get_parameter_source(setting.key) is ParameterSource.COMMANDLINE:
        return [Source("flag", context.params[setting.key], f"--{setting.key.replace('_', '-')}")]
    return []


def _default(setting: Setting) -> Any:
    """What the option is when nothing is said, from the parser itself."""
    from scoper.interfaces.cli.main import cli

    context = click.get_current_context()
    found = cli.get_command(context, (setting.command or "assess").replace("_", "-"))
    options = found.params if found else []
    for option in options:
        if option.name in (setting.option, f"{setting.option}_"):
            value = option.get_default(click.Context(found, resilient_parsing=True)) if found else None
            return value if isinstance(value, str | int | float | bool) else None
    return None


def _table(rows: Sequence[dict[str, Any]]) -> list[str]:
    cells = [("key", "value", "from"), *((row["key"], _said(row["value"]), _from(row)) for row in rows)]
    width = [max(len(cell[column]) for cell in cells) for column in (0, 1)]
    return [f"{key:<{width[0]}}  {value:<{width[1]}}  {source}".rstrip() for key, value, source in cells]


def _from(row: dict[str, Any]) -> str:
    parts = [_place(row)]
    parts += [f"over {_said(each['value'])} of {_place(each)}" for each in row["over"]]
    return ", ".join(parts)


def _place(entry: dict[str, Any]) -> str:
    place, source = entry["place"], entry["source"]
    return f"{source} {place}" if place and source in ("environment", "flag") else place or str(source)


def _said(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{name}={key}" for name, key in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _about_files(configuration: Configuration) -> list[str]:
    from scoper.interfaces.configuration import shown

    names = {"user": "your own file", "project": "project file", "named": "file of SCOPER_CONFIG"}
    lines = [
        f"{names[scope]}: {shown(path)}" + ("" if exists else " (there is none)")
        for scope, path, exists in configuration.looked_at
    ]
    if not configuration.looked_at:
        lines.append("no file is read: SCOPER_CONFIG is empty")
    elif all(scope == "user" for scope, _, _ in configuration.looked_at):
        lines.append("project file: none from here upward")
    lines += [f"{name} sets nothing ({hint})" for name, hint in configuration.misspelled]
    return lines


def _document(rows: list[dict[str, Any]], configuration: Configuration) -> dict[str, Any]:
    return {
        "format": 1,
        "precedence": ["default", "user", "project", "environment", "flag"],
        "files": [
            {"scope": scope, "path": str(path), "exists": exists} for scope, path, exists in configuration.looked_at
        ],
        "settings": rows,
        "misspelled_variables": [{"name": name, "remedy": hint} for name, hint in configuration.misspelled],
    }
