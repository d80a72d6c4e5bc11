"""The page that every technique's scaffold has: how to go about it, the first week, when to stop, when to come back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from scoper.checks import Check
from scoper.domain.approach import Approach, Choice, Entry, Selection
from scoper.domain.decision import TECHNIQUES, UNDECIDED, Verdict
from scoper.domain.questionnaire import Case
from scoper.services.checking import checks_of, short_name
from scoper.services.kind_scaffolds import KindScaffold, kind_scaffold, selection_of, steps_of
from scoper.services.markdown import code, md
from scoper.services.report_data import Step

_TITLES = {"rung": "The lowest rung that fits", "sub_type": "What kind of work", "missing": "What is missing first"}
_TEXTS = (("first_week", "First week"), ("kill", "Stop when"), ("climb", "Climb when"), ("come_back", "Come back when"))
_READINESS = {"go": "go", "go_if": "go, if the conditions are met", "not_yet": "not yet", "no": "no"}
_RISKS, _OTHERS = 5, 4
_OPEN = "TODO"
_TABLES = {"agreement": "labelled_twice.csv", "text_baseline": "labelled_texts.csv"}
"""The drafted table that a check of the first days reads."""
_FILE = re.compile(r"\b[\w-]+\.(?:csv|jsonl?|md|py|yaml)\b")


def week_page(
    case: Case,
    verdict: Verdict,
    approach: Approach,
    steps: Mapping[str, Sequence[Step]],
    packs: Sequence[Path] = (),
    drafted: Mapping[str, str] | None = None,
) -> str:
    """first_week.md: the chosen kind with its reasons, the week, the thresholds, the checks and the risks to watch.

    `steps` are those of the report's first week, by technique; `packs` the rule packs that may hold kinds of their own;
    `drafted` the files beside this page with their text.
    """
    drafted = drafted or {}
    technique = verdict.technique.replace("_", " ").replace("llm", "LLM")
    lines = [
        f"# First week: {md(case.title)}",
        "",
        (f"Verdict: {md(technique)}: {_READINESS[verdict.readiness]}."),
        "",
    ]
    for selection in approach.selections:
        if selection.kind in _TITLES:
            lines += _selection(selection)
    lines += _days(case, verdict, approach, steps, packs, drafted)
    lines += _examples(drafted)
    lines += _checks(verdict, kind_scaffold(approach, verdict.technique, packs))
    lines += _risks(approach.risks)
    return "\n".join(lines)


def _selection(selection: Selection) -> list[str]:
    chosen = selection.choice(selection.chosen)
    title = _TITLES[selection.kind]
    if chosen is None:
        return [f"## {title}", "", "None fits what was answered; look at the reasons in the report.", ""]
    sure = "" if selection.settled else " (as far as the answers tell)"
    lines = [f"## {title}: {md(chosen.name)}{sure}", "", f"{md(chosen.summary)}", ""]
    lines += [f"- Why: {md(ground.text)}" for ground in chosen.why]
    lines += [f"- Against it: {md(ground.text)}" for ground in chosen.why_not if ground.certain]
    for key, name in _TEXTS:
        lines += [f"- {name}: {md(_after(text))}" for text in chosen.texts.get(key, ())]
    if not selection.settled and selection.kind in ("sub_type", "rung"):
        lines.append(f"- The files here are those that every kind has{_could_settle(len(selection.asks))}")
    lines += [f"- To find out: {md(ask.text)} ({code(ask.id)})" for ask in selection.asks]
    others = [other for other in selection.choices if other.id != chosen.id and other.why_not][:_OTHERS]
    if others:
        lines += ["", "Why not the others:", "", *(f"- {md(o.name)}: {md(_against(o))}" for o in others)]
    return [*lines, ""]


def _could_settle(asks: int) -> str:
    if not asks:
        return "."
    what = "the answer to this question" if asks == 1 else "answers to these questions"
    return f"; {what} could settle the kind, and with it the files:"


def _after(text: str) -> str:
    """A condition without the `When` that the line begins with already."""
    return text.removeprefix("When ")


def _against(choice: Choice) -> str:
    return next((ground.text for ground in choice.why_not if ground.certain), choice.why_not[0].text)


def _days(
    case: Case,
    verdict: Verdict,
    approach: Approach,
    steps: Mapping[str, Sequence[Step]],
    packs: Sequence[Path],
    drafted: Collection[str],
) -> list[str]:
    """The days of the report's first week that apply before anything was probed; what to settle if not ready."""
    technique = verdict.technique
    own = steps_of(steps, technique, approach, "first_week", packs) if verdict.readiness != "no" else ()
    listed = sorted((step for step in own if step.applies(case, "none", False)), key=lambda step: step.day)
    kind = kind_scaffold(approach, technique, packs)
    drafts = [f"Drafted here: {md(kind.drafts)}{_beside(kind.id, technique, approach)}", ""] if kind else []
    head = ["## Day by day", "", *drafts]
    head += ["| Day | Do | Go on when | Stop and scope again when |", "| --- | --- | --- | --- |"]
    note = "The thresholds are proposals: agree on them before the first day, and stop for good when two are missed."
    return [*head, *(_day(step, _commands(step, kind, drafted)) for step in listed), "", note, ""] if listed else []


def _beside(identifier: str, technique: str, approach: Approach) -> str:
    """Why a kind was drafted that fits beside the one chosen; nothing where it is the chosen one."""
    selection = selection_of(approach, technique)
    drafted = selection.choice(identifier) if selection is not None else None
    if selection is None or drafted is None or identifier == selection.chosen:
        return ""
    why = " ".join(str(md(ground.text)) for ground in drafted.why if ground.certain)
    return f" It is that of {md(drafted.name)}, which fits as certainly on the same level: {why}"


def _commands(step: Step, kind: KindScaffold | None, drafted: Collection[str]) -> list[str]:
    """What is run on a day: a kind's own commands, of a technique's those whose files are drafted.

    Where no kind is settled and none of the files is drafted, FILE stands for the owner's own.
    """
    if kind is not None and step in kind.first_week:
        return list(step.run)
    ready = [command for command in step.run if set(_FILE.findall(command)) <= set(drafted)]
    if ready or kind is not None:
        return ready
    found = [check for name in step.checks if (check := _found(name)) is not None]
    files = [_TABLES.get(check.id, "") for check in found]
    given = [name if name in drafted else "FILE" for name in files]
    return [f"{_command(c)} {name}" if c.inputs else _command(c) for c, name in zip(found, given, strict=True)]


def _day(step: Step, commands: Sequence[str]) -> str:
    shown = ", ".join(code(command) for command in commands)
    what = f"{md(step.text)} ({shown})" if commands else str(md(step.text))
    cells = (str(step.day or "-"), what, md(step.go) if step.go else "-", md(step.no_go) if step.no_go else "-")
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _found(name: str) -> Check | None:
    return next((check for technique in TECHNIQUES for check in checks_of(technique) if check.id == name), None)


def _command(check: Check) -> str:
    return f"scoper check {short_name(check.technique)} {check.id.replace('_', '-')}"


def _unready(verdict: Verdict) -> bool:
    return verdict.technique == UNDECIDED or verdict.readiness in ("not_yet", "no")


def _examples(drafted: Mapping[str, str]) -> list[str]:
    """What of the drafted files is invented or open, so that nobody believes a figure of theirs."""
    tables = [name for name in drafted if name.endswith(".csv") and _OPEN not in drafted[name]]
    opened = {name: text.count(_OPEN + ":" * name.endswith(".py")) for name, text in drafted.items()}
    opened = {name: count for name, count in opened.items() if count}
    if not tables and not opened:
        return []
    lines = ["## What to put your own in place of", ""]
    if tables:
        named = ", ".join(str(code(name)) for name in tables)
        lines.append(f"- Invented rows, which only show the columns: {named}. No figure counts before they are yours.")
    if opened:
        named = ", ".join(f"{code(name)} ({count})" for name, count in opened.items())
        lines.append(f"- Places marked {_OPEN}: {named}.")
    return [*lines, "- Numbers in the commands above are examples too.", ""]


def _checks(verdict: Verdict, kind: KindScaffold | None) -> list[str]:
    """The offline checks that fit: of the kind, where its sheet names them, else of the technique."""
    wanted = list(checks_of("not_yet")) if _unready(verdict) else []
    if kind is not None and kind.checks is not None:
        wanted += [check for name in kind.checks if (check := _found(name)) is not None]
    elif verdict.technique != UNDECIDED:
        wanted += checks_of(verdict.technique)
    lines = [f"- {code(_command(check))}: {md(check.question)}" for check in wanted]
    return ["## Offline checks", "", *lines, ""] if lines else []


def _risks(entries: Sequence[Entry]) -> list[str]:
    if not entries:
        return []
    lines = ["## Watch for", "", "| Risk | Seen by | Then | Owner |", "| --- | --- | --- | --- |"]
    for entry in entries[:_RISKS]:
        cells = (entry.title, entry.detection, entry.mitigation, entry.owner)
        lines.append("| " + " | ".join(str(md(cell)) for cell in cells) + " |")
    left = len(entries) - _RISKS
    return [*lines, "", *([f"{left} more stand in the report.", ""] if left > 0 else [])]
