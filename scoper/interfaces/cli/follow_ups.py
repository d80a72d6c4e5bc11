"""The follow-up questions as plain lines: what narrows down how to go about a verdict, and never changes it.

After every answer it is worked out again which of them still tell anything, so few have to be asked.
"""

from __future__ import annotations

from scoper.domain.questionnaire import Answer, Question
from scoper.domain.text import one_line
from scoper.interfaces.cli import dialogue_text as say
from scoper.interfaces.cli.approach_text import ALL_PUT_OFF, NOTHING_MORE, headlines
from scoper.interfaces.cli.dialogue_round import own_or_all
from scoper.interfaces.cli.sitting import Sitting
from scoper.services.approach import approach_of, open_questions
from scoper.services.cases import CaseFile
from scoper.services.scoping import assess

_HELP = (
    "Answer with the number or the word (y, n); ? explains, s skips, u undoes the last answer, n TEXT notes evidence "
    "for the next answer, h says this again, q quits."
)


class FollowUps(Sitting):
    """One sitting."""

    def _begin(self) -> None:
        """What was skipped, and what undo brings back."""
        self.skipped: set[str] = set()
        self.history: list[tuple[str, tuple[Answer, ...] | None]] = []

    def run(self) -> CaseFile:
        """Ask until nothing more tells anything, or until the input ends; the case as it is saved then."""
        self.tell(_HELP)
        said = ""
        while True:
            verdict = assess(self.file.case, self.library)
            approach = approach_of(self.file.case, self.library, verdict)
            now = "; ".join(headlines(approach))
            if now and now != said:
                self.tell(f"So far: {now}.")
            said = now
            worth = open_questions(self.file.case, self.library, approach)
            left = [question for question in worth if question.id not in self.skipped]
            if not left:
                self.tell(ALL_PUT_OFF if worth else NOTHING_MORE)
                return self.file
            if not self._ask(left[0], len(left)):
                return self.file

    def _ask(self, question: Question, left: int) -> bool:
        """One question until a line settles it; False to leave."""
        self.tell("\n".join(["", *say.question_lines(question, f"Follow-up (up to {left} left), {question.id}")]))
        while (line := self.read(f"{question.id}> ")) is not None:
            line = one_line(line)
            head, _, rest = line.partition(" ")
            if head.lower() in ("q", "quit", "exit"):
                return False
            if head.lower() in ("s", "skip"):
                self.skipped.add(question.id)
                return True
            if head.lower() in ("u", "undo") and self.history:
                self._undo()
                return True
            if told := self._told(question, head, rest):
                self.tell(told)
            elif value := say.chosen_value(question, line):
                self._save(question.id, value)
                return True
            elif line:
                self.tell(say.not_understood(question, line))
        return False

    def _told(self, question: Question, head: str, rest: str) -> str:
        """What a line that is no answer is told; empty where it may be one."""
        if head == "n" and rest:
            self.note = rest
            return f"Noted for the next answer: {rest}"
        if head.lower() in ("u", "undo"):
            return "Nothing to undo in this sitting."
        if head.lower() in ("h", "help"):
            return _HELP
        return "\n".join(say.explained(question)) if head == "?" else ""

    def _undo(self) -> None:
        signal, before = self.history.pop()
        if not self.write(signal, before):
            self.history.clear()
            return
        self.skipped.discard(signal)
        given = own_or_all(self.file.case, self.by).answers.get(signal, ())
        self.tell(say.undone(signal, "; ".join(say.told(answer) for answer in given), self.by))

    def _save(self, signal: str, value: str) -> None:
        before = self.file.case.answers.get(signal)
        new = Answer(answer=value, evidence=self.note, by=self.by)
        if not self.write(signal, (*self.answers_of_others(signal), new)):
            self.history.clear()
            return
        self.history.append((signal, before))
        self.tell(f"Saved: {signal} = {value}")
        self.note = None
        self.skipped.add(signal)
