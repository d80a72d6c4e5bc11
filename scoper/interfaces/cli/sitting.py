"""What every dialogue in plain lines holds: the case as it is saved, where lines come from, and who answers.

A change made by somebody else meanwhile is never overwritten: the file is read again, and the answer is asked again.
"""

from __future__ import annotations

from collections.abc import Callable

from scoper.domain.questionnaire import Answer
from scoper.errors import StorageError
from scoper.interfaces.cli.dialogue_text import CHANGED_OUTSIDE
from scoper.services.cases import CaseFile, read_case, set_answer
from scoper.services.library import Library


class Sitting:
    """`read` takes the prompt that it may show and gives the next line or None at the end of input; `tell` says lines.

    `by` is the name under which answers are recorded beside those of others.
    """

    def __init__(
        self,
        file: CaseFile,
        library: Library,
        *,
        read: Callable[[str], str | None],
        tell: Callable[[str], None],
        by: str | None = None,
    ) -> None:
        self.file, self.library, self.read, self.tell, self.by = file, library, read, tell, by
        self.note: str | None = None
        self._begin()

    def _begin(self) -> None:
        """Set what this kind of dialogue keeps besides."""

    def answers_of_others(self, signal: str) -> tuple[Answer, ...]:
        """What a new answer leaves in place: the answers under other names; nothing without a name."""
        given = self.file.case.answers.get(signal, ())
        return tuple(answer for answer in given if answer.by != self.by) if self.by else ()

    def write(self, signal: str, answers: tuple[Answer, ...] | None) -> bool:
        """Whether the change is on the disk; False when somebody else's change had to be read first, which is told."""
        try:
            self.file = set_answer(self.file, signal, answers, self.library.questions)
        except StorageError as error:
            if error.problems[0].code != "case-changed":
                raise
            self.file = read_case(self.file.named, self.library.questions)
            self.tell(CHANGED_OUTSIDE)
            return False
        return True
