"""`scoper completion SHELL`: the script that makes a shell complete commands, flags, choices and ids."""

from __future__ import annotations

import json

import click

from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

_VARIABLE = "_SCOPER_COMPLETE"
_SHELLS = {
    "bash": 'eval "$(scoper completion bash)"   in ~/.bashrc',
    "zsh": 'eval "$(scoper completion zsh)"    in ~/.zshrc, below compinit',
    "fish": "scoper completion fish > ~/.config/fish/completions/scoper.fish",
}

PLACE = ("setup", 3)


@click.command(
    "completion",
    short_help="Completion for bash, zsh and fish.",
    epilog='Example: eval "$(scoper completion bash)"',
)
@click.argument("shell", type=click.Choice(list(_SHELLS)))
@common_options
def command(common: Common, shell: str) -> None:
    """Print the script that completes commands, flags, their values, settings and the ids of signals and rules.

    bash (4.4 or newer): eval "$(scoper completion bash)" in ~/.bashrc. zsh: the same with zsh in ~/.zshrc, below
    compinit. fish: scoper completion fish > ~/.config/fish/completions/scoper.fish.
    """
    from click.shell_completion import get_completion_class

    from scoper.interfaces.cli.main import cli

    made = get_completion_class(shell)
    assert made is not None
    script = made.source_template % made(cli, {}, "scoper", _VARIABLE).source_vars()
    if common.json:
        console.data(json.dumps({"format": 1, "shell": shell, "script": script, "install": _SHELLS[shell]}))
    else:
        console.data(script)
