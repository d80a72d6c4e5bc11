"""The flags that every command shares."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from scoper.interfaces import console


@dataclass(frozen=True)
class Common:
    """The shared flags' values: `rules_dir` is None for the shipped rules."""

    json: bool
    quiet: bool
    color: str
    no_input: bool
    rules_dir: Path | None
    trust: bool


def _say_whose_rules(rules: str | None) -> None:
    """Other rules may mean another verdict, so rules that nobody asked for on the command line are named."""
    context = click.get_current_context(silent=True)
    source = context.get_parameter_source("rules") if context is not None else None
    if rules and source is click.core.ParameterSource.DEFAULT_MAP:
        console.say(f"rules: {rules}, as configured (`scoper config show` says where)")


_FLAGS = (
    click.option("--json", "json_", is_flag=True, help="Print one JSON document per input on stdout."),
    click.option("--quiet", "-q", is_flag=True, help="No talk on stderr; errors only."),
    click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colour."),
    click.option("--no-input", is_flag=True, help="Never ask anything."),
    click.option(
        "--rules", "rules", metavar="DIR", type=click.Path(), help="Rules to use instead of the shipped ones."
    ),
    click.option("--trust", is_flag=True, help="Run code that a spec names."),
)


def common_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the shared flags to a command and hand them over as one `Common` in the keyword `common`."""

    @functools.wraps(function)
    def wrapper(**arguments: Any) -> Any:
        rules = arguments.pop("rules")
        common = Common(
            json=arguments.pop("json_"),
            quiet=arguments.pop("quiet"),
            color=arguments.pop("color"),
            no_input=arguments.pop("no_input"),
            rules_dir=Path(rules) if rules else None,
            trust=arguments.pop("trust"),
        )
        console.configure(quiet=common.quiet, color=common.color)
        _say_whose_rules(rules)
        return function(common=common, **arguments)

    for flag in reversed(_FLAGS):
        wrapper = flag(wrapper)
    return wrapper
