"""The command reference: the description of the command line as one Markdown page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoper.interfaces.cli.description import Description

_HEAD = """\
# Commands

Made from the program by `scoper --reference`; a test keeps it up to date. The same for programs: `scoper --spec`. What
goes to stdout is data, what goes to stderr is talk.
"""


def markdown(description: Description) -> str:
    """The page."""
    commands = [each for each in description["commands"]]
    parts = [_HEAD, *_overview(commands), "## Options of every command\n"]
    parts += [_options(description["common_options"]), _exit_codes(description["exit_codes"])]
    parts += [_settings(description["settings"])]
    parts += [_section(command) for command in commands]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _overview(commands: Sequence[Description]) -> list[str]:
    rows = [f"| [`{_name(each)}`](#{_anchor(each)}) | {_cell(each['summary'])} |" for each in commands]
    return ["\n".join(["| command | what it does |", "| --- | --- |", *rows])]


def _name(command: Description) -> str:
    return " ".join(["scoper", *command["path"]])


def _anchor(command: Description) -> str:
    return "-".join(["scoper", *command["path"]])


def _section(command: Description) -> str:
    lines = [f"## {_name(command)}", "", "```text", command["usage"], "```", "", _prose(command["help"])]
    own = [option for option in command["options"] if not option["common"]]
    if own:
        lines += ["", _options(own)]
    if command["example"]:
        lines += ["", "```console", f"$ {command['example']}", "```"]
    return "\n".join(lines)


def _options(options: Sequence[Description]) -> str:
    rows = [f"| {_flags(option)} | {_cell(option['help'])} | {_value(option)} |" for option in options]
    return "\n".join(["| option | meaning | values |", "| --- | --- | --- |", *rows])


def _flags(option: Description) -> str:
    return ", ".join(f"`{flag}`" for flag in option["flags"])


def _value(option: Description) -> str:
    if option["type"] == "choice":
        said = ", ".join(f"`{choice}`" for choice in option["choices"])
    elif option["type"] in ("integer", "number"):
        said = {"integer": "whole number", "number": "number"}[option["type"]] + _range(option)
    else:
        said = "" if option["type"] == "flag" else option["type"]
    notes = ["required"] if option["required"] else []
    notes += ["repeatable"] if option["repeatable"] else []
    if option["default"] not in (None, "", False) and option["takes_value"]:
        notes.append(f"default `{_cell(str(option['default']))}`")
    if option["setting"]:
        notes.append(f"setting `{option['setting']}`")
    return "; ".join(part for part in (said, ", ".join(notes)) if part)


def _range(option: Description) -> str:
    least, most = option.get("least"), option.get("most")
    if least is not None and most is not None:
        return f" {least} to {most}"
    return f" from {least}" if least is not None else f" up to {most}" if most is not None else ""


def _exit_codes(codes: Mapping[str, str]) -> str:
    rows = [f"| {code} | {_cell(meaning)} |" for code, meaning in codes.items()]
    return "\n".join(["## Exit codes", "", "| code | meaning |", "| --- | --- |", *rows])


def _settings(settings: Sequence[Mapping[str, Any]]) -> str:
    text = (
        "Later wins: default; your own file; the project's file, the nearest `scoper.toml` or `pyproject.toml` with a "
        "table `[tool.scoper]` from the present folder upward to the root of its repository; environment variables; "
        "options on the command line. `scoper config show` says where your own file lies and which source won. Files "
        "never make scoper run code, write or send anything; a personal setting cannot come with a project."
    )
    rows = [
        f"| `{each['key']}` | {_cell(each['summary'])} | {_cell(each['allowed'])} | `{each['environment']}` | "
        f"{'yes' if each['personal'] else ''} |"
        for each in settings
    ]
    table = ["| key | meaning | values | variable | personal |", "| --- | --- | --- | --- | --- |", *rows]
    return "\n".join(["## Settings", "", text, "", *table])


def _prose(text: str) -> str:
    return text.replace("*", "\\*").replace("<", "&lt;")


def _cell(text: str) -> str:
    return _prose(text).replace("|", "\\|").replace("\n", " ")
