"""Many cases ranked: where to begin, what to settle first, what to leave.

Cases are sorted, not scored: one number would add up things that have no common unit. The order is that of the
questions a sponsor asks - may it start, is that certain, how certain, what is still to be done - and every place in it
can be read off the columns.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from scoper.domain.decision import UNDECIDED, Verdict
from scoper.errors import InputError, Problem, ScoperError, StorageError
from scoper.services.cases import in_parts
from scoper.services.due import due, states_review
from scoper.services.library import Library
from scoper.services.other_files import other_at
from scoper.services.scoping import assess
from scoper.services.scopings import Scoping, read_scoping
from scoper.services.strict_yaml import examine, read_text

Group = Literal["start", "start_if", "find_out", "wait", "leave"]
GROUPS: tuple[Group, ...] = ("start", "start_if", "find_out", "wait", "leave")
GROUP_WORDS = {
    "start": "start now",
    "start_if": "start once conditions are met",
    "find_out": "find out more first",
    "wait": "not yet",
    "leave": "leave it",
}
RULE = (
    "Ranked by what can be done: start now (go), start once conditions are met (go, if), find out more first "
    "(undecided), not yet (not yet, or a probe shows a defective reward), leave it (no, or a probe shows that nothing "
    "can be gained). Within a group: settled verdicts first, then a probe that shows it feasible, then the larger "
    "support of the technique, then fewer conditions, then the name. Sorted, not scored: these have no common unit, "
    "and every place can be read off the columns."
)
_SKIPPED_FOLDERS = {"snapshots", "node_modules", "__pycache__"}
_MOST_FILES = 5_000
_NEAR = ("*.yaml", "*.yml", "*/*.yaml", "*/*.yml")
_AGAINST = {"reward_defective": "wait", "infeasible": "leave"}


@dataclass(frozen=True)
class Entry:
    """One case: its file as seen from the folder, its group, verdict and what comes next."""

    file: str
    title: str
    group: Group
    verdict: Verdict
    probe: str | None
    due: bool
    next: str
    review_by: str | None = None

    @property
    def support(self) -> float:
        """The share of the named technique; of an undecided case that of its nearest one."""
        shares = {each.technique: each.support for each in self.verdict.ranking}
        return shares.get(self.verdict.technique, max(shares.values(), default=0.0))


@dataclass(frozen=True)
class Portfolio:
    """The cases in order, and the files that could not be read with the first thing wrong in each."""

    folder: str
    entries: tuple[Entry, ...]
    unreadable: tuple[tuple[str, str], ...]
    rules_digest: str


def portfolio(folder: Path, library: Library, today: str | None = None) -> Portfolio:
    """All case files under `folder`, ranked; with `today` (YYYY-MM-DD) also which are past their date.

    YAML files that say `scoper:` are cases; so are those that cannot be parsed, as unreadable ones. Snapshots and
    hidden folders are left out. Raises InputError when there is no such folder, or no case in it.
    """
    if folder.is_file():
        remedy = f"`scoper portfolio {folder.parent}` ranks the cases beside it"
        fault = Problem("portfolio-folder", "this is a file, not a folder", str(folder), remedy=remedy)
        raise InputError(other_at(folder, "cases") or fault)
    if not folder.is_dir():
        raise InputError(Problem("portfolio-folder", "there is no such folder", str(folder)))
    entries: list[Entry] = []
    unreadable: list[tuple[str, str]] = []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            if _is_case(path):
                whole = read_scoping(path, library)
                for part in in_parts(whole.file) if whole.file is not None else ():
                    one = whole if part.part is None else read_scoping(part.named, library)
                    said = name if part.part is None else f"{name}#{part.part}"
                    entries.append(_entry(said, one, whole, library, today))
        except ScoperError as error:
            rest = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
            problem = error.problems[0]
            place = f"line {problem.line}: " if problem.line else ""
            unreadable.append((name, f"{place}{problem.message}{rest}"))
    if not entries and not unreadable:
        remedy = "a case is a YAML file that begins with 'scoper: 1'"
        raise InputError(Problem("portfolio-empty", "there is no case in this folder", str(folder), remedy=remedy))
    return Portfolio(str(folder), tuple(sorted(entries, key=_rank)), tuple(unreadable), library.digest)


def document(found: Portfolio) -> dict[str, Any]:
    """What `scoper portfolio --json` prints."""
    return {
        "format": 1,
        "folder": found.folder,
        "rules_digest": found.rules_digest,
        "ranking_rule": RULE,
        "cases": [
            {
                "rank": rank,
                "file": each.file,
                "title": each.title,
                "group": each.group,
                "technique": each.verdict.technique,
                "family": each.verdict.family,
                "readiness": each.verdict.readiness,
                "settled": each.verdict.settled,
                "support": each.support,
                "probe": each.probe,
                "conditions": list(each.verdict.conditions),
                "next": each.next,
                "review_by": each.review_by,
                "due": each.due,
            }
            for rank, each in enumerate(found.entries, start=1)
        ],
        "unreadable": [{"file": name, "problem": problem} for name, problem in found.unreadable],
    }


def holds_case(folder: Path) -> bool:
    """Whether a case lies in `folder` or in one of its own folders, so that there is something to rank."""
    with contextlib.suppress(OSError):
        return any(_looks_like_case(path, folder) for pattern in _NEAR for path in folder.glob(pattern))
    return False


def _looks_like_case(path: Path, folder: Path) -> bool:
    try:
        return not _hidden(path.relative_to(folder).parts) and _is_case(path)
    except InputError:  # listed as unreadable, with what is wrong in it
        return True
    except ScoperError:
        return False


def _files(folder: Path) -> Iterator[Path]:
    try:
        found = sorted(path for ending in ("*.yaml", "*.yml") for path in folder.rglob(ending))
    except OSError as error:
        raise StorageError(Problem("portfolio-folder", error.strerror or str(error), str(folder))) from None
    visible = (p for p in found if not _hidden(p.relative_to(folder).parts))
    yield from (path for _, path in zip(range(_MOST_FILES), visible, strict=False))


def _hidden(parts: Sequence[str]) -> bool:
    return any(part.startswith(".") or part in _SKIPPED_FOLDERS for part in parts)


def _is_case(path: Path) -> bool:
    """Whether a YAML file is a case; raises InputError where it cannot be told but something of it looks like one."""
    text = read_text(path)
    root, problems = examine(text, str(path))
    if root is not None and root.kind == "mapping":
        return root.get("scoper") is not None
    if problems and "scoper:" in text and "scoper_mdp" not in text:
        raise InputError(problems)
    return False


def _entry(name: str, scoping: Scoping, whole: Scoping, library: Library, today: str | None) -> Entry:
    """A row: a case, or a part of the case `whole`, whose dates hold for its parts."""
    case, dated = scoping.case, whole.case
    assert case is not None
    assert dated is not None
    verdict = assess(case, library)
    probe = scoping.result.verdict if scoping.result is not None and scoping.current else None
    again = due(dated, whole.present(library), today) if states_review(dated) else None
    group = _group(verdict, probe)
    is_due = bool(again and again.due)
    todo = _next(group, verdict, probe, specified=scoping.spec_digest is not None)
    return Entry(name, case.title, group, verdict, probe, is_due, todo, dated.review_by)


def _group(verdict: Verdict, probe: str | None) -> Group:
    if verdict.readiness == "no" or probe == "infeasible":
        return "leave"
    if probe == "reward_defective":
        return "wait"
    if verdict.technique == UNDECIDED:
        return "find_out"
    if verdict.readiness == "not_yet":
        return "wait"
    return "start" if verdict.readiness == "go" else "start_if"


def _next(group: Group, verdict: Verdict, probe: str | None, *, specified: bool) -> str:
    """The first thing to do."""
    if probe in _AGAINST:
        return (
            f"The probe says {probe.replace('_', ' ')}: mend that first." if group != "leave" else "Solve it otherwise."
        )
    if group == "find_out" and verdict.next_questions:
        question = verdict.next_questions[0]
        return question.find_out or f"Answer {question.signal}."
    if verdict.conditions:
        return verdict.conditions[0]
    if verdict.technique == "reinforcement_learning" and probe is None:
        return "Probe its spec." if specified else "Write the spec and probe it."
    return "Begin."


def _rank(entry: Entry) -> tuple[object, ...]:
    return (
        GROUPS.index(entry.group),
        not entry.verdict.settled,
        entry.probe not in ("feasible", "feasible_with_conditions"),
        -entry.support,
        len(entry.verdict.conditions),
        entry.title.casefold(),
        entry.file,
    )
