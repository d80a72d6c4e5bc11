"""Follow-up questions: answers that a case may hold beside the signals, and that never change the technique.

They are read only when a case or somebody asks for them. `Questions` are the signals as everybody knows them, and carry
the follow-up questions along for those who read and write cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from scoper.domain.questionnaire import Question

if TYPE_CHECKING:
    from scoper.domain.approach import FollowUpQuestion

Roots = Sequence[tuple[Path, str]]
FOLDER = "follow_ups"


class Questions(dict[str, Question]):
    """The signals by id, in the order in which they are asked; `follow_ups` are known beside them."""

    def __init__(self, signals: Mapping[str, Question], roots: Roots = ()) -> None:
        """`roots` are the folders of rules, a later one winning file by file."""
        super().__init__(signals)
        self.roots = tuple(roots)

    @cached_property
    def follow_ups(self) -> Mapping[str, FollowUpQuestion]:
        """The follow-up questions by id, in their order; raises InputError with every fault of their files."""
        from scoper.services.approach_files import read_all, read_follow_up  # only once a case or somebody asks

        found = read_all(files_in(self.roots, FOLDER), read_follow_up)
        return {each.id: each for each in sorted(found, key=lambda each: (each.order, each.id)) if each.id not in self}


def files_in(roots: Roots, folder: str) -> list[tuple[Path, str]]:
    """The YAML files of one folder of the rules, by name, with the names to show; a later root's file wins."""
    files = {
        path.name: (path, f"{shown}/{folder}/{path.name}")
        for root, shown in roots
        for path in (root / folder).glob("*.yaml")
    }
    return [files[name] for name in sorted(files)]


def follow_ups_of(questions: Mapping[str, Question]) -> Mapping[str, FollowUpQuestion]:
    """The follow-up questions that come with `questions`; none where they are a plain mapping."""
    return questions.follow_ups if isinstance(questions, Questions) else {}


def any_question(signal: str, questions: Mapping[str, Question]) -> Question | None:
    """A signal's question, or a follow-up question."""
    return questions.get(signal) or follow_ups_of(questions).get(signal)
