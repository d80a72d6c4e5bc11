"""The help of `scoper`: every command stands once, in a named group, with a sentence of its own that is not cut."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner

from scoper.interfaces.cli.groups import GROUPS, grouped, place_of
from scoper.interfaces.cli.main import cli, main

NAMES = cli.list_commands(click.Context(cli))


def told(columns: int) -> list[str]:
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(cli, ["--help"], terminal_width=columns).output.splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_every_command_says_beside_itself_in_which_group_it_stands(name: str) -> None:
    group, rank = place_of(name)
    assert group in GROUPS
    assert rank >= 1


def test_every_command_stands_in_one_group_and_no_two_at_the_same_place() -> None:
    groups = grouped(NAMES)
    assert list(groups) == list(GROUPS)
    assert sorted(name for members in groups.values() for name in members) == sorted(NAMES)
    assert len({place_of(name) for name in NAMES}) == len(NAMES)


def test_at_80_columns_every_command_has_one_line_with_its_whole_sentence() -> None:
    lines = told(80)
    assert max(map(len, lines)) <= 80
    for name in NAMES:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert [line for line in lines if line.split()[:1] == [name]] == [f"  {name.ljust(11)}  {command.short_help}"]


def test_the_groups_stand_in_the_order_in_which_a_person_comes_to_them() -> None:
    lines = told(80)
    heads = [line.removesuffix(":") for line in lines if line.removesuffix(":") in GROUPS.values()]
    assert heads == list(GROUPS.values())


def test_on_a_narrow_terminal_sentences_are_wrapped_not_cut() -> None:
    text = " ".join(" ".join(told(50)).split())
    for name in NAMES:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert str(command.short_help) in text


def test_the_machine_readable_help_names_the_group_of_every_command() -> None:
    document = json.loads(CliRunner().invoke(cli, ["--spec"]).output)
    assert document["groups"] == GROUPS
    assert {each["path"][0]: each["group"] for each in document["commands"]} == {n: place_of(n)[0] for n in NAMES}


@pytest.mark.parametrize("name", ["ask", "report", "gate"])
def test_a_call_without_what_it_needs_is_answered_with_an_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = cli.get_command(click.Context(cli), name)

    assert main([name]) == 2
    said = capsys.readouterr().err
    assert "Missing" in said
    assert command is not None
    assert said.endswith(f"{command.epilog}\n")
