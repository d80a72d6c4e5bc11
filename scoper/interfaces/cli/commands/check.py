"""`scoper check TECHNIQUE [CHECK] FILE`: what a file and a few numbers tell about a technique, without running it.

The sub-commands are made from what `scoper.checks` finds: a check that is added there is a command here.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scoper.errors import Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.check_options import arguments, options, split
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.checks import Check
    from scoper.domain.checks import CheckResult

_ALL = "all"
_NAMES = {"not-yet": "what has to be measured before anything is built", "bandit": "contextual bandits"}
_SHORT_HELP = {"not-yet": "What to measure before anything is built."}
_LEVELS = ("blocker", "caution", "info")


class _Checks(click.Group):
    """The checks of one technique; a file in the place of a check's name means all that run on such a file."""

    def __init__(self, technique: str, short: str) -> None:
        super().__init__(
            short,
            help=f"Offline checks for {_NAMES.get(short, technique).replace('_', ' ').replace('llm', 'LLM')}.",
            short_help=_SHORT_HELP.get(short),
        )
        self.technique = technique

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from scoper.services.checking import checks_of

        super().format_help_text(ctx, formatter)
        checks = [check for check in checks_of(self.technique) if check.inputs]
        named = ", ".join(check.id.replace("_", "-") for check in checks)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(f"FILE in place of a name runs every check that such a file is for, of {named}.")

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from scoper.services.checking import checks_of

        checks = checks_of(self.technique)
        example = next((check for check in checks if check.inputs and (check.whole or check.fits)), checks[0]).example
        parts = example.split()
        with formatter.indentation():
            formatter.write_paragraph()
            formatter.write_text(f"Example: scoper check {parts[0]} {parts[2]}")

    def list_commands(self, ctx: click.Context) -> list[str]:
        from scoper.services.checking import checks_of

        return [check.id.replace("_", "-") for check in checks_of(self.technique)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from scoper.services.checking import check_named

        if cmd_name == _ALL:
            return _command_for_all(self.technique)
        try:
            return _command_for(check_named(cmd_name, self.technique))
        except UsageError:
            return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from scoper.services.checking import check_named

        word = args[0]
        command = self.get_command(ctx, word)
        if command is not None:
            return word, command, args[1:]
        if Path(word).is_dir():
            remedy = "name one file; --help of a check says what it reads"
            raise UsageError(Problem("check-folder", f"{word} is a folder", remedy=remedy))
        if Path(word).exists() or Path(word).suffix:
            return _ALL, _command_for_all(self.technique), args
        check_named(word, self.technique)  # raises with the nearest spelling
        return None, None, args


class _Techniques(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        from scoper.services.checking import SHORT

        return list(SHORT)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from scoper.services.checking import SHORT

        plain = cmd_name.replace("-", "_")
        short = next((s for s, full in SHORT.items() if plain in (s.replace("-", "_"), full)), None)
        return _Checks(SHORT[short], short) if short else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from scoper.interfaces.cli.given_file import check_hint

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(f"{error.format_message()}{check_hint(args[0])}", ctx) from None


PLACE = ("probe", 2)


@click.group(
    "check",
    cls=_Techniques,
    invoke_without_command=True,
    short_help="Offline checks on your own files: no API key, no training.",
    epilog="Example: scoper check automation cases.csv",
)
@common_options
@click.pass_context
def command(ctx: click.Context, common: Common) -> None:
    """Check on your own files and numbers what a technique would need; without a name, list the checks.

    Every result says how it was computed, where each number comes from, and what it does not show. With --case what was
    measured is offered as answers of that case; nothing is written that nobody accepted. --keep puts the result beside
    the case, and its report shows it for as long as files and answers stay the same.
    """
    if ctx.invoked_subcommand is None:
        _list(common)


def _list(common: Common) -> None:
    from scoper.services.checking import checks_of, short_name

    checks = checks_of()
    if common.json:
        parts = ("id", "technique", "summary", "question", "formula", "source", "shows_not", "informs")
        documents = [{part: getattr(check, part) for part in parts} for check in checks]
        console.data(json.dumps({"format": 1, "checks": documents}, ensure_ascii=False))
        return
    for check in checks:
        console.data(f"scoper check {short_name(check.technique)} {check.id.replace('_', '-')}")
        console.data(textwrap.fill(check.summary, 79, initial_indent="    ", subsequent_indent="    "))
    console.say("Next: one of these lines with --help   (its files, its numbers, an example)")


def _command_for(check: Check) -> click.Command:
    def run(common: Common, **words: Any) -> int:
        files, entered, extra = split(check.inputs, words)
        return _run([check], files, entered, extra, common)

    wrapped: Callable[..., Any] = common_options(run)
    for add in reversed((*arguments(check.inputs), *options(check.params))):
        wrapped = add(wrapped)
    text = f"{check.question}\n\n{check.summary} {check.formula}\n\nIt does not show: {check.shows_not}"
    name = check.id.replace("_", "-")
    made = click.command(name, short_help=check.summary, help=text, epilog=f"Example: scoper check {check.example}")
    return made(wrapped)


def _command_for_all(technique: str) -> click.Command:
    """All checks that the file is for, with the parameters of all of them by name."""
    from scoper.checks import Input
    from scoper.services.checking import checks_of

    checks = checks_of(technique)
    params = {param.name: param for check in reversed(checks) for param in check.params}
    file = Input("file", "records", "the file to look at")

    def run(common: Common, **words: Any) -> int:
        from scoper.services.check_recognition import fitting

        files, entered, extra = split((file,), words)
        if not files:
            raise UsageError(Problem("check-option", f"FILE is missing: {file.help}"))
        found = fitting(technique, files["file"], entered, common.rules_dir)
        return _run(found.run, files, entered, extra, common, found.not_run)

    wrapped: Callable[..., Any] = common_options(run)
    for add in reversed((*arguments((file,)), *options(tuple(params.values())))):
        wrapped = add(wrapped)
    return click.command(_ALL, help="Run every check that the file is for, and say which were not run and why.")(
        wrapped
    )


def _run(
    checks: Sequence[Check],
    files: dict[str, Path],
    words: dict[str, Any],
    extra: dict[str, Any],
    common: Common,
    not_run: Sequence[tuple[Check, str]] = (),
) -> int:
    from scoper.services.check_words import markdown_of, not_run_lines, result_lines
    from scoper.services.checking import document, run_check

    for flag in ("accept", "keep"):
        if extra[flag] and not extra["case"]:
            raise UsageError(Problem("check-case", f"--{flag} goes with --case CASE"))
    results = [run_check(check, _named(check, files), words, common.rules_dir) for check in checks]
    if common.json:
        made = document(checks[0].technique, results, not_run)
        made |= _offer(results, extra, common) if extra["case"] else {}
        console.data(json.dumps(made, ensure_ascii=False, allow_nan=False))
    elif extra["markdown"]:
        console.data(markdown_of(results))
    else:
        console.data("\n\n".join("\n".join(result_lines(result)) for result in results))
        if not_run:
            console.data("\n" + "\n".join(not_run_lines(not_run)))
    if extra["case"] and not common.json:
        _offer(results, extra, common)
    if not common.json:
        from scoper.interfaces.cli.next_step import next_of_check

        console.say(next_of_check(extra["case"], bool(extra["keep"])))
    return _failed(results, extra["fail_on"])


def _named(check: Check, files: dict[str, Path]) -> dict[str, Path]:
    """The files by the names of the check's own inputs; `file` is the first of them."""
    if "file" not in files:
        return files
    return {check.inputs[0].name: files["file"]} if check.inputs else {}


def _failed(results: Sequence[CheckResult], level: str | None) -> int:
    if level is None:
        return 0
    failing = _LEVELS[: _LEVELS.index(level) + 1]
    return int(any(fault.severity in failing for result in results for fault in result.outcome.faults))


def _offer(results: Sequence[CheckResult], extra: dict[str, Any], common: Common) -> dict[str, Any]:
    """Offer what was measured as answers of the case; only what is accepted is written."""
    from scoper.interfaces.cli import offering
    from scoper.services import checking, feedback
    from scoper.services.cases import read_case, single
    from scoper.services.library import load_library
    from scoper.services.scoping import assess

    library = load_library(common.rules_dir)
    file = single(read_case(Path(extra["case"]), library.questions))
    offered = checking.offers(file.case, results, library.questions)
    before = assess(file.case, library)
    if not common.json:
        console.data("\n" + "\n".join(offering.listed(offered, library.questions)))
    if extra["accept"] is not None:
        chosen = feedback.picked(offered, [name.strip() for name in extra["accept"].split(",") if name.strip()])
    else:
        chosen = offering.asked(offered) if offering.may_ask(common) else ()
    changed = feedback.accept(file, chosen, library.questions)
    after = assess(changed.case, library)
    if extra["keep"]:
        from scoper.services.check_kept import keep

        console.say(f"kept: {keep(changed, results)}")
    if not common.json and offered:
        again = f"the same command with --case {extra['case']}"
        console.data("\n".join(offering.outcome(offered, chosen, before, after, again)))
    return offering.document(changed.case.digest(), offered, chosen, before, after)
