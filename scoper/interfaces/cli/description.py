"""The command line described for programs: `scoper --spec`, read off the parser itself.

All commands with their arguments, options, types, defaults and examples, the settings, and what exit codes mean.
"""

from __future__ import annotations

import inspect
from typing import Any

import click

import scoper
from scoper.interfaces.cli.groups import GROUPS, place_of
from scoper.services.settings import SETTINGS

FORMAT = 1
EXIT_CODES = {
    "0": "fine",
    "1": "a gate was not met: --fail-on, --check, --exit-code, or a condition that failed",
    "2": "usage or bad input; every problem is told at once, and nothing was written",
    "3": "the probe could not run: crash, hang or memory, or code that nobody agreed to run",
    "4": "reading or writing failed: disk, permission, lock, or a file that exists",
    "5": "a bug of scoper; one line and a file with details",
    "129": "ended by SIGHUP",
    "130": "ended by SIGINT (Ctrl+C)",
    "143": "ended by SIGTERM",
}
COMMON = ("json_", "quiet", "color", "no_input", "rules", "trust")
Description = dict[str, Any]


def describe(root: click.Group) -> Description:
    """The whole command line as one document."""
    context = click.Context(root, info_name="scoper", resilient_parsing=True)
    commands = [each for name in root.list_commands(context) for each in _walk(root, name, context)]
    shared = next((each for each in commands if each["path"] == ["assess"]), None)
    return {
        "format": FORMAT,
        "program": "scoper",
        "version": scoper.__version__,
        "summary": _text(root.help),
        "options": [_option(each, context) for each in root.params if isinstance(each, click.Option)],
        "common_options": [each for each in shared["options"] if each["common"]] if shared else [],
        "groups": GROUPS,
        "commands": [{**each, "group": place_of(each["path"][0])[0]} for each in commands],
        "exit_codes": EXIT_CODES,
        "streams": {"stdout": "data", "stderr": "talk and errors"},
        "settings": [
            {
                "key": setting.key,
                "allowed": setting.expected(),
                "environment": setting.variable,
                "personal": setting.personal,
                "summary": setting.summary,
            }
            for setting in SETTINGS.values()
        ],
        "environment": {
            "SCOPER_CONFIG": "A file read in place of the project's; empty: no files.",
            "SCOPER_DEBUG": "1 shows the traceback of a bug.",
            "NO_COLOR": "Any value: no colour.",
        },
    }


def _walk(group: click.Group, name: str, parent: click.Context) -> list[Description]:
    command = group.get_command(parent, name)
    if command is None or command.hidden:
        return []
    context = click.Context(command, info_name=name, parent=parent, resilient_parsing=True)
    path = [*_path(parent), name]
    own = _command(command, context, path)
    if not isinstance(command, click.Group):
        return [own]
    return [own, *(each for inner in command.list_commands(context) for each in _walk(command, inner, context))]


def _path(context: click.Context) -> list[str]:
    return [] if context.parent is None else [*_path(context.parent), str(context.info_name)]


def _command(command: click.Command, context: click.Context, path: list[str]) -> Description:
    usage = " ".join([*context.command_path.split(), *command.collect_usage_pieces(context)])
    options = [each for each in command.params if isinstance(each, click.Option)]
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    return {
        "path": path,
        "summary": command.get_short_help_str(limit=200),
        "help": _text(command.help),
        "usage": usage,
        "example": (command.epilog or "").removeprefix("Example: "),
        "group": isinstance(command, click.Group),
        "arguments": [_argument(each, context) for each in arguments],
        "options": [_option(each, context) for each in options],
    }


def _text(text: str | None) -> str:
    """Paragraphs of a help text, each on one line; one that is laid out by hand keeps its lines, set in by four."""
    return "\n\n".join(_paragraph(part) for part in inspect.cleandoc(text or "").split("\n\n")).strip()


def _paragraph(text: str) -> str:
    kept = text.lstrip("\n").partition("\b\n")
    if kept[1] and not kept[0].strip():
        return "\n".join(f"    {line}" for line in kept[2].rstrip().split("\n"))
    return " ".join(text.split())


def _argument(argument: click.Argument, context: click.Context) -> Description:
    return {
        "name": argument.make_metavar(context),
        "required": argument.required,
        "many": argument.nargs == -1,
        **_type(argument),
    }


def _option(option: click.Option, context: click.Context) -> Description:
    key = next((key for key in (f"{_command_of(context)}.{_plain(option)}", _plain(option)) if key in SETTINGS), None)
    return {
        "flags": [*option.opts, *option.secondary_opts],
        "required": option.required,
        "repeatable": option.multiple,
        "takes_value": not option.is_flag,
        **_type(option),
        "default": _default(option, context),
        "help": _text(option.help),
        "common": option.name in COMMON,
        "setting": key,
    }


def _command_of(context: click.Context) -> str:
    return ".".join(_path(context)).replace("-", "_")


def _plain(option: click.Parameter) -> str:
    return (option.name or "").rstrip("_")


def _type(parameter: click.Parameter) -> Description:
    kind = parameter.type
    if isinstance(kind, click.Choice):
        return {"type": "choice", "choices": [str(choice) for choice in kind.choices]}
    if isinstance(kind, click.IntRange | click.FloatRange):
        whole = isinstance(kind, click.IntRange)
        return {"type": "integer" if whole else "number", "least": kind.min, "most": kind.max}
    if isinstance(kind, click.Path):
        what = "file" if not kind.dir_okay else "folder" if not kind.file_okay else "path"
        return {"type": what}
    return {"type": {"text": "text", "boolean": "flag", "integer": "integer", "float": "number"}.get(kind.name, "text")}


def _default(option: click.Option, context: click.Context) -> Any:
    value = option.get_default(context, call=True)
    if isinstance(value, list | tuple):
        return [each for each in value if isinstance(each, str | int | float | bool)] or None
    return value if isinstance(value, str | int | float | bool) else None
