"""`scoper --spec` describes the real parser, and the command reference is made from it."""

import json
from pathlib import Path

import click
import pytest

from scoper.interfaces.cli.description import describe
from scoper.interfaces.cli.main import cli, main
from scoper.interfaces.cli.reference import markdown
from scoper.services.settings import SETTINGS

ROOT = Path(__file__).parent.parent.parent
SPEC = describe(cli)
COMMANDS = {tuple(command["path"]): command for command in SPEC["commands"]}


def test_it_is_one_json_document_on_stdout_and_nothing_else_is_done(capsys):
    assert main(["--spec"]) == 0
    shown = capsys.readouterr()

    assert json.loads(shown.out) == json.loads(json.dumps(SPEC))
    assert shown.err == ""


def parser_of(path):
    command, context = cli, click.Context(cli)
    for name in path:
        command = command.get_command(context, name)
        context = click.Context(command, info_name=name, parent=context)
    return command


def all_paths(group, context, path=()):
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from all_paths(command, click.Context(command, parent=context), (*path, name))


def test_every_command_of_the_parser_is_in_it_with_every_parameter():
    assert sorted(COMMANDS) == sorted(all_paths(cli, click.Context(cli)))
    for path, told in COMMANDS.items():
        command = parser_of(path)
        options = [each for each in command.params if isinstance(each, click.Option)]
        assert [each["flags"] for each in told["options"]] == [[*o.opts, *o.secondary_opts] for o in options]
        assert len(told["arguments"]) == len(command.params) - len(options)
        assert told["summary"]


@pytest.mark.parametrize(
    ("path", "flag", "expected"),
    [
        (
            ("probe",),
            "--seed",
            {"type": "integer", "least": 0, "most": 2**31 - 1, "default": 0, "setting": "probe.seed"},
        ),
        (("probe",), "--env-arg", {"type": "text", "repeatable": True, "takes_value": True, "setting": None}),
        (("probe",), "--fail-on", {"type": "choice", "default": None}),
        (("report",), "--output", {"required": True, "type": "path"}),
        (("assess",), "--json", {"type": "flag", "takes_value": False, "default": False, "common": True}),
        (("assess",), "--color", {"choices": ["auto", "always", "never"], "default": "auto", "setting": "color"}),
        (("rules", "check"), "--fail-on", {"default": "blocker"}),
    ],
)
def test_types_defaults_and_choices_are_those_of_the_options(path, flag, expected):
    (option,) = [each for each in COMMANDS[path]["options"] if flag in each["flags"]]

    assert {key: option[key] for key in expected} == expected


def test_every_setting_that_is_an_option_is_named_at_it():
    named = {option["setting"] for command in SPEC["commands"] for option in command["options"]}

    assert {key for key in SETTINGS if not key.startswith("tui.")} <= named


def test_exit_codes_are_those_that_errors_carry():
    from scoper import errors

    carried = {
        each.exit_code for each in (errors.InputError, errors.UsageError, errors.ProbeError, errors.StorageError)
    }

    assert {str(code) for code in carried | {errors.ScoperError.exit_code}} <= set(SPEC["exit_codes"])


def test_the_command_reference_is_up_to_date():
    stored = (ROOT / "reports" / "COMMANDS.md").read_text()

    assert stored == markdown(SPEC), "make it again: scoper --reference > reports/COMMANDS.md"


def test_the_reference_names_every_command_and_option_and_its_links_lead_to_headings():
    page = markdown(SPEC)
    headings = {line.removeprefix("## ").replace(" ", "-") for line in page.splitlines() if line.startswith("## ")}

    for path, command in COMMANDS.items():
        assert "-".join(["scoper", *path]) in headings
        assert all(f"`{flag}`" in page for option in command["options"] for flag in option["flags"])


def test_a_block_laid_out_by_hand_is_set_in_by_four_however_deep_the_docstring_stands():
    from scoper.interfaces.cli.description import _text

    deep = "First.\n\n    \b\n    key: 1\n      inner: 2\n\n    Last\n    words."
    assert _text(deep) == "First.\n\n    key: 1\n      inner: 2\n\nLast words."
    assert _text(deep.replace("\n    ", "\n")) == _text(deep)  # Python 3.13 takes the margin away itself
