"""The scaffold of a settled sub-type or rung: one folder each, with what it drafts, its first week and what stops it.

`scaffolds/TECHNIQUE/ID/scaffold.yaml` beside the report templates, or in a rule pack of one's own. Its files are looked
for in that folder, then in `scaffolds/shared`, then among the technique's common ones. Where the kind is not settled,
or nobody wrote a folder for it, the technique's common files and week stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from scoper.domain.approach import Approach, Choice, Selection
from scoper.domain.decision import UNDECIDED
from scoper.errors import InputError, Problem
from scoper.services.report_data import Step, read_plan, steps_in
from scoper.services.risk_files import When

Part = Literal["first_week", "stop"]
SHEET, SHARED = "scaffold.yaml", "shared"
_KINDS = ("sub_type", "rung")
_KEYS = ("drafts", "files", "spec", "instead_of", "checks", "first_week", "stop")


@dataclass(frozen=True)
class KindScaffold:
    """What one sub-type or rung drafts.

    `drafts` says it in a sentence; `files` are names in order, the main one first; `spec` asks for an MDP spec besides.
    `checks` are the offline checks that fit it, None where all of the technique do. Days of `first_week` take the
    place of the technique's steps of that day, `stop` that of all of the technique's.
    `instead_of` are kinds of its level: where one of them is settled and this one certainly fits too, it is drafted.
    """

    id: str
    drafts: str
    files: tuple[str, ...]
    spec: bool
    instead_of: tuple[str, ...]
    checks: tuple[str, ...] | None
    first_week: tuple[Step, ...]
    stop: tuple[Step, ...]
    folders: tuple[Path, ...]

    def text(self, name: str) -> str | None:
        """The fixed text of a file, None where it is one of the technique's common ones."""
        found = (folder / name for folder in self.folders)
        return next((path.read_text(encoding="utf-8") for path in found if path.is_file()), None)


def selection_of(approach: Approach | None, technique: str) -> Selection | None:
    """The selection of a sub-type or rung for a technique."""
    found = approach.selections if approach is not None else ()
    return next((each for each in found if each.kind in _KINDS and each.technique == technique), None)


def settled_kind(approach: Approach | None, technique: str) -> Choice | None:
    """The sub-type or rung that comes first however the open facts turn out; None while some answer could change it."""
    selection = selection_of(approach, technique)
    return selection.choice(selection.chosen) if selection is not None and selection.settled else None


def kind_scaffold(approach: Approach | None, technique: str, packs: Sequence[Path] = ()) -> KindScaffold | None:
    """The scaffold of the settled kind, of the last of the rule packs `packs` that has one, else the shipped one."""
    selection, choice = selection_of(approach, technique), settled_kind(approach, technique)
    if selection is None or choice is None:
        return None
    for other in selection.choices:
        if other.id != choice.id and other.level == choice.level and other.standing == "fits":
            kind = load_kind(technique, other.id, packs)
            if kind is not None and choice.id in kind.instead_of:
                return kind
    return load_kind(technique, choice.id, packs)


def load_kind(technique: str, identifier: str, packs: Sequence[Path] = ()) -> KindScaffold | None:
    """The scaffold of this kind; None where there is no folder for it. Raises InputError for a faulty sheet."""
    from scoper.services.library import data_path

    roots = [data_path("reports", "templates", "scaffolds"), *(pack / "scaffolds" for pack in packs)]
    for root in reversed(roots):
        folder = root / technique / identifier
        if (folder / SHEET).is_file():
            return _read(folder, (folder, root / SHARED, roots[0] / SHARED))
    return None


def shared_text(name: str) -> str:
    """The fixed text of a file that several kinds draft."""
    from scoper.services.library import data_path

    return (data_path("reports", "templates", "scaffolds") / SHARED / name).read_text(encoding="utf-8")


def steps_of(
    steps: Mapping[str, Sequence[Step]],
    technique: str,
    approach: Approach | None,
    which: Part,
    packs: Sequence[Path] = (),
) -> tuple[Step, ...]:
    """The first week, or what stops it, for a technique and its settled kind; `steps` are the techniques' own.

    Where something is missing before the technique, getting it comes first.
    """
    own = tuple(steps.get(technique, ()))
    if which == "first_week" and technique != UNDECIDED and (first := _missing(approach)) is not None:
        return (first, *_of_kind(own, technique, approach, which, packs))
    return _of_kind(own, technique, approach, which, packs)


def _missing(approach: Approach | None) -> Step | None:
    """What to do about what is missing first, as a step of the first day."""
    found = approach.selections if approach is not None else ()
    choice = next((each.choice(each.chosen) for each in found if each.kind == "missing"), None)
    texts = {name: text[0] for name, text in choice.texts.items() if text} if choice is not None else {}
    if "first_week" not in texts:
        return None
    go = texts.get("come_back", "").removeprefix("When ")
    return Step(texts["first_week"], When({}), day=1, go=go[:1].upper() + go[1:], no_go=texts.get("kill", ""))


def _of_kind(
    own: tuple[Step, ...], technique: str, approach: Approach | None, which: Part, packs: Sequence[Path]
) -> tuple[Step, ...]:
    kind = kind_scaffold(approach, technique, packs)
    if kind is None:
        return own
    if which == "stop":
        return kind.stop or own
    days = {step.day for step in kind.first_week}
    return (*kind.first_week, *(step for step in own if step.day not in days))


def _read(folder: Path, folders: tuple[Path, ...]) -> KindScaffold:
    path = folder / SHEET
    document: Any = read_plan(path)
    unknown = sorted(set(document) - set(_KEYS)) if isinstance(document, dict) else ["no mapping"]
    if unknown or not {"drafts", "files", "first_week"} <= set(document):
        message = f"the keys are {', '.join(_KEYS)}, of which drafts, files and first_week are needed"
        raise InputError([Problem("scaffold-sheet", message, str(path))])
    return KindScaffold(
        id=folder.name,
        drafts=str(document["drafts"]),
        files=tuple(str(name) for name in document["files"]),
        spec=bool(document.get("spec", False)),
        instead_of=tuple(str(name) for name in document.get("instead_of", ())),
        checks=tuple(str(name) for name in document["checks"] or ()) if "checks" in document else None,
        first_week=steps_in(document["first_week"]),
        stop=steps_in(document.get("stop", ())),
        folders=folders,
    )
