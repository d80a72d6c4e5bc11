"""`scoper review SPEC|CASE`: what the reward asks for, shown, and the owner's yes or no on it."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import click

from scoper.domain.probe import ProbePlan
from scoper.domain.wanted import Verification
from scoper.errors import Problem, UsageError
from scoper.interfaces import console
from scoper.interfaces.cli.options import Common, common_options
from scoper.interfaces.cli.targets import consent
from scoper.services.cases import CaseFile
from scoper.services.reviewing import Shown

_WIDTH = 100
_QUESTION = "Is this what you want?"

PLACE = ("probe", 9)


@click.command(
    "review",
    short_help="Look at what the reward asks for; say whether it is wanted.",
    epilog="Example: scoper review mdp.yaml --answer no --by Ana --note 'it never reaches the goal'",
)
@click.argument("target", metavar="SPEC|CASE", type=click.Path())
@click.option(
    "--result", type=click.Path(), help="A probe result (JSON) with traces; default: result.json beside SPEC."
)
@click.option("--answer", type=click.Choice(["yes", "no"]), help="The answer, without asking.")
@click.option("--by", default="", metavar="NAME", help="Who answers.")
@click.option("--note", default="", metavar="TEXT", help="What there is to say about it.")
@common_options
def command(common: Common, target: str, result: str | None, answer: str | None, by: str, note: str) -> int:
    """Show an episode of what earns the most reward, step by step, and ask whether that is wanted.

    The answer is written into the spec, under objective: verified, comments kept; into CASE it goes as evidence on the
    reward. The next probe counts it: a no makes the reward defective, a yes verifies it. On a terminal it is asked
    for; elsewhere the traces are printed, and --answer records.
    """
    from scoper.services import reviewing

    path, case = _meant(Path(target), common)
    shown = reviewing.traces_of(path, Path(result) if result else None)
    if isinstance(shown, ProbePlan):
        plan = shown.model_copy(update={"trust": common.trust or consent(shown, common)})
        shown = reviewing.told(path, plan)
    if not common.json:
        console.data("\n".join(_page(shown)))
    said = _said(shown, answer, by, note, common)
    if said is not None and case is not None:
        from scoper.services.library import load_library

        reviewing.keep_in_case(case, said, load_library(common.rules_dir).questions)
    if common.json:
        console.data(json.dumps(_document(shown, said), ensure_ascii=False))
    elif said is not None:
        kept = f"written to {path}" + (f" and {case.path}" if case is not None else "")
        console.say(f"{'yes' if said.answer else 'no'}, {kept}; the next probe counts it")
    return 0


def _meant(target: Path, common: Common) -> tuple[Path, CaseFile | None]:
    """The spec's file, and the case where `target` is one."""
    from scoper.services.assembling import spec_beside
    from scoper.services.file_sorts import sort_of
    from scoper.services.other_files import read_wanted

    if sort_of(read_wanted(target, "spec"), str(target)) != "case":
        return target, None
    from scoper.services.cases import read_case
    from scoper.services.library import load_library

    file = read_case(target, load_library(common.rules_dir).questions)
    spec = spec_beside(file)
    if spec is None:
        remedy = "scoper scaffold drafts one; or name the spec itself"
        raise UsageError(Problem("review-spec", "the case names no spec", str(target), remedy=remedy))
    return spec, file


def _said(shown: Shown, answer: str | None, by: str, note: str, common: Common) -> Verification | None:
    from scoper.services import reviewing

    if answer is None:
        if common.no_input or common.json or not console.can_ask():
            return None
        answer = "yes" if click.confirm(_QUESTION, err=True, default=None) else "no"
        by = by or click.prompt("Your name", default="", show_default=False, err=True)
        note = note or click.prompt("What is there to say about it", default="", show_default=False, err=True)
    return reviewing.answered(shown, answer == "yes", by, note)


def _page(shown: Shown) -> list[str]:
    from scoper.services.reviewing import lines_of

    lines = [console.emphasis(f"{shown.name}: what earns the most reward")]
    for trace in shown.traces:
        lines += ["", f"{trace.policy[:1].upper()}{trace.policy[1:]}, seed {trace.seed}:"]
        for line in lines_of(trace, 28 if len(shown.traces) == 1 else 14):
            lines += textwrap.wrap(line, _WIDTH, subsequent_indent="         ", drop_whitespace=False) or [""]
    if shown.present is not None:
        by = shown.present.by or "somebody"
        old = "" if shown.present.shown in ("", shown.digest) else " on other traces"
        lines += ["", f"Answered{old}: {'yes' if shown.present.answer else 'no'} ({by})"]
    return lines


def _document(shown: Shown, said: Verification | None) -> dict[str, object]:
    present = said or shown.present
    return {
        "format": 1,
        "spec": {"name": shown.name, "file": str(shown.path)},
        "shown": shown.digest,
        "traces": [trace.model_dump(mode="json") for trace in shown.traces],
        "verified": None if present is None else present.model_dump(mode="json"),
        "recorded": said is not None,
    }
