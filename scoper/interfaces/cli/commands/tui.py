"""`scoper tui [CASE]`: the terminal interface, or the same as plain lines; the default when no command is given."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scoper.errors import Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options

if TYPE_CHECKING:
    from scoper.interfaces.tui.app import ScoperApp
    from scoper.interfaces.tui.preferences import Preferences
    from scoper.interfaces.tui.session import Session

PLACE = ("scope", 1)


@click.command(
    "tui", short_help="The terminal interface: new case, open case, resume.", epilog="Example: scoper tui case.yaml"
)
@click.argument("case", required=False, type=click.Path())
@click.option("--plain", is_flag=True, help="The same as plain lines, for screen readers; nothing is redrawn.")
@click.option("--by", metavar="NAME", help="Record your answers under this name, beside those of other people.")
@click.option("--theme", metavar="NAME", help="dark, light or high-contrast.")
@click.option("--reduced-motion/--motion", default=None, help="Nothing slides or blinks.")
@click.option("--live-verdict/--no-live-verdict", default=None, help="The verdict so far beside the questions.")
@click.option("--keymap", metavar="ID=KEY;...", type=click.UNPROCESSED, help="Other keys, such as interview.undo=z.")
@click.option("--track", "trackers", multiple=True, metavar="NAME", help="Export probes to this tracker; repeatable.")
@click.option("--track-to", type=click.Path(file_okay=False), help="Folder for --track (scoper-runs).")
@click.option("--no-probe", is_flag=True, help="Start no probes.")
@click.option("--replay", type=click.Path(dir_okay=False), help="Show this recorded probe of CASE's spec; run nothing.")
@click.option("--speed", type=click.FloatRange(0.01), help="With --replay: this many times as fast as it was.")
@common_options
def command(
    common: Common,
    case: str | None,
    plain: bool,
    by: str | None,
    theme: str | None,
    reduced_motion: bool | None,
    live_verdict: bool | None,
    keymap: str | Mapping[str, str] | None,
    trackers: tuple[str, ...],
    track_to: str | None,
    no_probe: bool,
    replay: str | None,
    speed: float | None,
) -> int:
    """Open the terminal interface, on CASE when one is named.

    Without a terminal, and with --plain, everything it does is asked and told as plain lines. Ctrl+P is the palette of
    all commands, F1 the help on whatever has the focus; every key can be moved (--keymap, or the configuration).
    """
    if (replay and not case) or (speed and not replay):
        raise UsageError(Problem("replay", "--replay needs a CASE to show the probe in, --speed needs --replay"))
    if plain or not _can_draw(common):
        return _as_lines(common, case, by, replay, not no_probe)
    from scoper.interfaces.tui.app import run
    from scoper.interfaces.tui.session import Session
    from scoper.services.library import load_library

    table = {"theme": theme, "reduced_motion": reduced_motion, "live_verdict": live_verdict, "keymap": keymap}
    wish = _wish({name: value for name, value in table.items() if value is not None})
    first = _recording(Path(replay), speed) if replay else None
    if trackers:
        from scoper.tracking import chosen

        chosen(trackers)
    start = Session(
        load_library(common.rules_dir),
        panel=wish.live_verdict,
        by=by or "",
        track=trackers,
        track_to=Path(track_to) if track_to else None,
        may_probe=not no_probe,
        saved="; ".join(wish.doubts),
    )
    if replay and case:
        from scoper.services.cases import read_case, single

        single(read_case(Path(case), start.library.questions))
    code, left = run(Path(case) if case else None, start.library, first=first, start=start, wish=wish)
    if code == 0 and os.environ.get("SCOPER_WEB") != "1":
        _say_where(left)
    return code


def _say_where(left: Session) -> None:
    """What was noted and not saved, where the answers are, and the next step as a line that can be copied."""
    if left.file is None or left.interview is None:
        return
    from scoper.interfaces.cli.next_step import next_line, pointed, saved_line
    from scoper.interfaces.wording import unsaved_notes

    for noted in left.pending.values():
        for line in unsaved_notes(noted.evidence, noted.confidence):
            console.say(line)
    name, verdict = str(left.file.named), left.interview.verdict
    console.say(saved_line(left.file, left.library))
    if left.in_parts:
        console.say(pointed(f"scoper assess {shlex.quote(name)}", "every part, and the hand-overs"))
    else:
        console.say(next_line(name, verdict.settled, verdict.technique))


def _wish(flags: Mapping[str, object]) -> Preferences:
    """What flags say, else what the environment says; keys of both."""
    from scoper.interfaces.tui.preferences import preferences

    ids: frozenset[str] = frozenset()
    if "keymap" in flags or os.environ.get("SCOPER_KEYMAP"):
        from scoper.interfaces.tui.keys import ids as all_ids

        ids = all_ids()
    return preferences(os.environ, flags, ids)


def _as_lines(common: Common, case: str | None, by: str | None, replay: str | None, may_probe: bool) -> int:
    from scoper.interfaces.cli.commands.ask import hold

    if common.no_input or replay:
        remedy = "`scoper --help` lists the commands that ask nothing; `scoper probe --replay` shows a recording"
        raise UsageError(Problem("no-terminal", "there is no terminal to draw on", remedy=remedy))
    console.say("Plain lines: nothing is redrawn. `scoper --help` lists the other commands.")
    return hold(common, Path(case) if case else None, by=by, may_probe=may_probe)


def _recording(file: Path, speed: float | None) -> Callable[[ScoperApp], None]:
    """What shows the recorded probe in `file`; raises what reading it raises."""
    from scoper.interfaces.tui.probe import show_recording
    from scoper.services.probing import replay

    events = replay(file)
    return lambda app: show_recording(app, events, speed)


def _can_draw(common: Common) -> bool:
    """Whether there is a terminal to draw on (with stderr, where the screens go), or the web server in its place."""
    if os.environ.get("SCOPER_WEB") == "1" and os.environ.get("TEXTUAL_DRIVER"):
        return True
    if common.no_input or os.environ.get("TERM", "") in ("", "dumb"):
        return False
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
