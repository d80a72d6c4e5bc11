"""`scoper ask CASE`: the interview as plain lines, for screen readers, ssh and pipes."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoper.errors import Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.services.cases import CaseFile
    from scoper.services.library import Library

_LONGEST_LINE = 65_536

PLACE = ("scope", 2)


@click.command(
    "ask",
    short_help="The interview as plain lines; creates or resumes CASE.",
    epilog="Example: scoper ask case.yaml --title 'Reorder one product'",
)
@click.argument("case", type=click.Path())
@click.option("--title", help="Title of a new case, instead of being asked for it.")
@click.option("--summary", help="Summary of a new case, one paragraph.")
@click.option("--by", metavar="NAME", help="Record the answers under this name, beside those of other people.")
@click.option("--follow-ups", is_flag=True, help="Ask what narrows down how to go about the verdict instead.")
@click.option("--plain", is_flag=True, expose_value=False, help="Always so here; understood as `scoper --plain` is.")
@common_options
def command(
    common: Common, case: str, title: str | None, summary: str | None, by: str | None, follow_ups: bool
) -> None:
    """Ask what still matters for the verdict, one question a line, and save each answer at once in CASE.

    CASE is a file such as case.yaml; where there is none it is made, after its title was asked for. Reads answers from
    standard input, so it can be piped; the end of the input quits and loses no answer. The same command resumes. With
    --json the talk goes to stderr and the verdict, as of `scoper assess --json`, to stdout.
    """
    if common.no_input:
        remedy = "write the answers into the case file, or use `scoper assess`"
        raise UsageError(Problem("no-input", "an interview asks, which --no-input forbids", remedy=remedy))
    hold(common, Path(case), title=title, summary=summary, by=by, follow_ups=follow_ups)


def hold(
    common: Common,
    case: Path | None,
    *,
    title: str | None = None,
    summary: str | None = None,
    by: str | None = None,
    may_probe: bool = True,
    follow_ups: bool = False,
) -> int:
    """Hold the dialogue on `case`, chosen from a list where none is named, and say what it amounts to; 0."""
    from scoper.domain.text import one_line
    from scoper.interfaces.cli.dialogue import Dialogue
    from scoper.interfaces.cli.dialogue_lines import terminal_width, wrapped
    from scoper.interfaces.cli.plain import chosen_case
    from scoper.interfaces.cli.workbench import Workbench
    from scoper.services.library import load_library

    def tell(text: str) -> None:
        (console.say if common.json else console.data)(wrapped(text, terminal_width()))

    def read(prompt: str = "> ") -> str | None:
        if sys.stdin is not None and sys.stdin.isatty():
            console.prompt(prompt, talk=common.json)
        return _line()

    library = load_library(common.rules_dir)
    if case is None:
        file = chosen_case(Path(), library, read, tell)
    else:
        file = _open(case, title, summary, library, tell, read)
    if file is None:
        tell("No case was opened.")
        return 0
    said = f"each answer is saved at once in {file.named}. Type h for help, q to quit."
    tell(f"scoper asks about '{file.case.title}'; {said}")
    if file.case.parts:
        first = shlex.quote(f"{file.path}#{file.case.parts[0].id}")
        tell(f"It has {len(file.case.parts)} parts; what is answered here holds for all of them. One part alone:")
        tell(f"scoper ask {first}")
    if follow_ups:
        from scoper.interfaces.cli.follow_ups import FollowUps

        sitting = FollowUps(file, library, read=read, tell=tell, by=one_line(by or "") or None)
        file = sitting.run()
        _tell_of_notes(((sitting.note, None),), tell)
        _close(common, file, library, tell, by)
        return 0
    dialogue = Dialogue(file, library, read=read, tell=tell, by=one_line(by or "") or None)
    dialogue.extend(
        Workbench(
            library,
            read=read,
            tell=tell,
            file=lambda: dialogue.file,
            keep=lambda changed: setattr(dialogue, "file", changed),
            by=dialogue.by,
            may_probe=may_probe,
        )
    )
    dialogue.run()
    undone = ((each.evidence, each.confidence) for each in dialogue.taken_back.values())
    _tell_of_notes(((dialogue.note, dialogue.confidence), *undone), tell)
    _close(common, dialogue.file, library, tell, dialogue.by)
    return 0


def _open(
    path: Path,
    title: str | None,
    summary: str | None,
    library: Library,
    tell: Callable[[str], None],
    read: Callable[[str], str | None],
) -> CaseFile:
    """The case at `path`, created when there is none; an empty title is refused there."""
    from scoper.services.cases import create_case, divided, read_case
    from scoper.services.files import require_folder

    if divided(path)[1] is not None:
        return read_case(path, library.questions)
    if path.exists() or path.is_symlink():
        file = read_case(path, library.questions)
        if title or summary:
            tell(f"{path} exists already; --title and --summary are for new cases and change nothing.")
        return file
    require_folder(path)
    if title is None:
        tell(f"{path} is a new case. What is its title? A few words on one line.")
        title = _answered(tell, read, "A case needs a title; a few words on one line.")
        if title and summary is None:
            tell("A summary, one paragraph on one line? Enter leaves it out.")
            summary = read("summary> ")
    return create_case(path, title=title or "", summary=summary or "")


def _answered(tell: Callable[[str], None], read: Callable[[str], str | None], again: str) -> str | None:
    """The next line that says something, None at the end of the input."""
    from scoper.domain.text import one_line

    while (line := read("title> ")) is not None:
        if one_line(line):
            return line
        tell(again)
    return None


def _line() -> str | None:
    """The next line of standard input without its end, None when there is none; bytes that are no text become marks."""
    if sys.stdin is None:  # closed by whoever started scoper
        return None
    raw = line = sys.stdin.buffer.readline(_LONGEST_LINE)
    while line and not line.endswith(b"\n"):  # the rest of an endless line is dropped
        line = sys.stdin.buffer.readline(_LONGEST_LINE)
    return raw.decode("utf-8", "replace").rstrip("\r\n") if raw else None


def _tell_of_notes(noted: Iterable[tuple[str | None, str | None]], tell: Callable[[str], None]) -> None:
    """What was noted, evidence and confidence, and then followed by no answer is given back."""
    from scoper.interfaces.wording import unsaved_notes

    for evidence, confidence in noted:
        for line in unsaved_notes(evidence, confidence):
            tell(line)


def _close(common: Common, file: CaseFile, library: Library, tell: Callable[[str], None], by: str | None) -> None:
    """Say what the answers so far amount to and what to do next."""
    from scoper.domain.decision import UNDECIDED
    from scoper.interfaces.cli.next_step import everything, pointed, saved_line
    from scoper.interfaces.cli.verdict_text import brief_lines
    from scoper.services.approach import approach_of, open_questions, with_approach
    from scoper.services.project import as_document, project_of
    from scoper.services.scoping import assess

    verdict, project = assess(file.case, library), project_of(file.case, library)
    more = len(open_questions(file.case, library, approach_of(file.case, library, verdict))) if verdict.settled else 0
    name = shlex.quote(str(file.named))
    tell("")
    for part in project.parts if project else ():
        tell(f"{part.title}  [{part.id}]")
        for line in brief_lines(part.verdict):
            tell(f"  {line}")
    for line in brief_lines(verdict) if project is None else ():
        tell(line)
    tell(saved_line(file, library))
    named = f" --by {shlex.quote(by)}" if by else ""
    if project is not None:
        tell(pointed(f"scoper ask {shlex.quote(f'{file.path}#{project.parts[0].id}')}{named}", "one part alone"))
        tell(pointed(f"scoper assess {name}", "every part, and the hand-overs"))
    elif verdict.settled and verdict.technique != UNDECIDED:
        tell(pointed(f"scoper methods {name}", "how to go about it"))
        if more:
            tell(
                pointed(
                    f"scoper ask {name}{named} --follow-ups",
                    f"narrows that down, {more} question{'s' if more > 1 else ''} at most",
                )
            )
        tell(everything(name, verdict.technique))
    elif verdict.settled:
        tell(pointed(f"scoper assess {name}", "the reasons, and what would change it"))
    else:
        tell(pointed(f"scoper ask {name}{named}", "resume"))
        tell(pointed(f"scoper assess {name}", "the reasons so far"))
        tell(pointed(f"scoper report {name} -o report.md", "the report so far"))
    if common.json:
        document = {
            "format": 1,
            "case": {"title": file.case.title, "digest": file.case.digest()},
            "rules_digest": library.digest,
            "verdict": with_approach(verdict, approach_of(file.case, library, verdict, with_risks=False)),
            **({"project": as_document(project)} if project else {}),
        }
        console.data(json.dumps(document, ensure_ascii=False, indent=2))
