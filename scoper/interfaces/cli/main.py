"""The command `scoper`: finds its sub-commands by file name and turns every error into a sentence and an exit code.

A command's module is imported only when it is called or its help is listed by name, so `scoper --version` stays fast.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

import scoper
from scoper.errors import ScoperError, nearest
from scoper.interfaces import console, quick_imports

_COMMANDS = "scoper.interfaces.cli.commands"
_OBJECTS_BETWEEN_COLLECTIONS = 200_000
"""An `assess` makes 80,000; collections on the way, that find nothing, would cost it 20 to 30 ms."""
_DEEPEST = 3
"""As many sub-commands as are nested in one another."""
_UNCONFIGURED = ("completion",)
"""Commands that no faulty file may stop: a shell that starts calls them."""


class _LazyGroup(click.Group):
    """A group whose commands are the files of the folder `commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        folder = Path(__file__).parent / "commands"
        names = (file.stem for file in folder.glob("*.py") if not file.stem.startswith("_"))
        return sorted(name.replace("_", "-") for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{_COMMANDS}.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from scoper.interfaces.cli.groups import write_commands

        write_commands(self, ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            found = super().resolve_command(ctx, args)
        except click.UsageError as error:
            from scoper.interfaces.cli.given_file import hint_for

            match = nearest(args[0], self.list_commands(ctx))
            hint = hint_for(args[0]) or (f" Did you mean '{match}'?" if match else "")
            raise click.UsageError(f"{error.format_message()}{hint}", ctx) from None
        name, command, rest = found
        if name and command and not ctx.resilient_parsing and not {"-h", "--help"} & set(rest):
            ctx.default_map = _configured(name, command, rest)
        return found


def _configured(name: str, command: click.Command, rest: Sequence[str] = ()) -> dict[str, Any]:
    """What files and environment say for a command and the sub-commands on the line, as click looks it up."""
    if name in _UNCONFIGURED:
        return {}
    from scoper.interfaces.configuration import defaults, load

    found = defaults(load(), name)
    inner: dict[str, Any] = found
    words = [word for word in rest if not word.startswith("-") and word not in found]
    for word in reversed(words[:_DEEPEST] if isinstance(command, click.Group) else []):
        inner = {**found, word: inner}
    return {name: inner} if found else {}


def _print_spec(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    """`--spec` and `--reference`: the parser says of itself what it takes, and nothing else is done."""
    if not wanted or context.resilient_parsing:
        return
    from scoper.interfaces.cli.description import describe

    found = describe(cli)
    if parameter.name == "reference":
        from scoper.interfaces.cli.reference import markdown

        console.data(markdown(found))
    else:
        import json

        console.data(json.dumps(found, ensure_ascii=False, indent=2))
    context.exit()


@click.group(
    cls=_LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: scoper run examples/warehouse_reorder.yaml -o out",
)
@click.version_option(scoper.__version__, prog_name="scoper")
@click.option(
    "--spec", is_flag=True, is_eager=True, expose_value=False, callback=_print_spec, help="This help as JSON, whole."
)
@click.option(
    "--reference", is_flag=True, is_eager=True, expose_value=False, callback=_print_spec, help="As Markdown, whole."
)
@click.option("--plain", is_flag=True, help="Without a command: plain lines instead of screens.")
@click.pass_context
def cli(ctx: click.Context, plain: bool) -> object:
    """Decide whether a problem calls for reinforcement learning, LLM orchestration or plain automation.

    Without a command: the terminal interface (new case, open case, resume). Start with `scoper ask CASE` for plain
    lines, `scoper run CASE -o DIR` for everything in one go, or `scoper init` for a folder with an example.

    Exit codes: 0 fine, 1 a gate was not met, 2 usage or bad input, 3 the probe could not run, 4 read/write trouble, 5
    internal error.
    """
    if ctx.invoked_subcommand is None:
        command = cli.get_command(ctx, "tui")
        assert command is not None
        configured = _configured("tui", command).get("tui")
        return command.main(
            args=["--plain"] if plain else [], prog_name="scoper tui", standalone_mode=False, default_map=configured
        )
    return None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; never lets a traceback through (SCOPER_DEBUG=1 shows it)."""
    try:
        result = cli.main(args=None if argv is None else list(argv), prog_name="scoper", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        _show(error)
        return 2
    except (click.Abort, KeyboardInterrupt) as end:
        console.complain(f"scoper: interrupted; {_kept(end)}")
        return 130
    except ScoperError as error:
        for problem in error.problems:
            console.complain(f"scoper: error[{problem.code}]: {problem.sentence()}")
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        console.complain(f"scoper: error[storage]: {error.filename or ''}: {error.strerror or error}")
        return 4
    except Exception as error:
        return _internal_error(error)


def _kept(end: BaseException) -> str:
    """What an interrupted command leaves behind: its own words, if it gave the interruption some."""
    own = end.__cause__ if isinstance(end, click.Abort) else end  # click puts its own exception in the place of ours
    said = str(own) if isinstance(own, KeyboardInterrupt) else ""
    return said or "everything acknowledged as saved is saved"


def _show(error: click.ClickException) -> None:
    """Say what is wrong with the line; where something is missing, with the example of the command's help."""
    if sys.stderr is not None:  # click would say it on stdout
        error.show(sys.stderr)
    if isinstance(error, click.MissingParameter) and error.ctx and error.ctx.command.epilog:
        console.complain(error.ctx.command.epilog)


def _internal_error(error: Exception) -> int:
    import traceback  # only here: it costs every other command 5 ms

    report = Path(f"scoper-crash-{os.getpid()}.txt")
    details = "".join(traceback.format_exception(error))
    if os.environ.get("SCOPER_DEBUG"):
        console.complain(details)
    try:
        report.write_text(
            f"scoper {scoper.__version__}, Python {sys.version.split()[0]}\n\n{details}", encoding="utf-8"
        )
        kept = f"details in {report}"
    except OSError:
        kept = "run again with SCOPER_DEBUG=1 for details"
    console.complain(f"scoper: error[internal]: {type(error).__name__}: this is a bug of scoper; {kept}")
    return 5


def run() -> None:
    """Entry point of the installed script."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    quick_imports.be_quick()
    _leave(main())


def _leave(code: int) -> NoReturn:
    """End the process without taking every object apart first, which costs a short command 30 ms.

    What was to be done at exit is done. With threads still at work, or an output that cannot be flushed, Python ends
    as it always does.
    """
    if threading.active_count() > 1:
        raise SystemExit(code)
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        raise SystemExit(code) from None
    os._exit(code)
