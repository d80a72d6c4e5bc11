"""The interview as a dialogue in plain lines: one question, one line of answer, one acknowledgement.

No redraw, no colour, no cursor movement, so it suits screen readers, ssh, pipes and scripts. Every answer is in the
file before the dialogue says so. What to ask next and what it means is decided by the services.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from scoper.domain.questionnaire import CONFIDENCES, Answer, Confidence, Question
from scoper.domain.text import one_line, shown
from scoper.errors import did_you_mean
from scoper.interfaces.cli import dialogue_text as say
from scoper.interfaces.cli.dialogue_round import BESIDES, NOTHING_LEFT, UNNAMED, announced, left_to, own_or_all
from scoper.interfaces.cli.sitting import Sitting
from scoper.interfaces.cli.verdict_text import brief_lines
from scoper.interfaces.cli.workbench_words import HELP as BEYOND
from scoper.interfaces.wording import words
from scoper.services.scoping import Interview, interview

if TYPE_CHECKING:
    from scoper.interfaces.cli.workbench import Workbench


@dataclass(frozen=True)
class _Step:
    """What undo brings back: a question's answers (None: it had none) and the questions put off."""

    signal: str
    answers: tuple[Answer, ...] | None
    put_off: tuple[str, ...]


class Dialogue(Sitting):
    """One sitting."""

    def _begin(self) -> None:
        """What was put off, what undo brings back, what is told and when; and the commands."""
        self.put_off: tuple[str, ...] = ()
        self.history: list[_Step] = []
        self.confidence: Confidence | None = None
        self.taken_back: dict[str, Answer] = {}  # for the answer that comes instead
        self.chosen: str | None = None  # jumped to, or come back to
        self.round: tuple[str, ...] = ()  # what others answered and this respondent is asked as well
        self.beyond = False  # go on although the technique is certain
        self.said = ""
        self.contradictions: frozenset[str] | None = None  # the rules of those that stand; None before the first look
        self.commands: dict[str, Callable[[str, str], bool]] = {
            "?": self._explain,
            "s": self._skip,
            "u": self._undo,
            "n": self._note,
            "c": self._confidence,
            "r": self._review,
            "v": self._verdict,
            "j": self._jump,
            "a": self._others,
            "h": self._help,
        }
        self.commands |= {word: self.commands[letter] for word, letter in say.COMMAND_WORDS.items()}
        self.beyond_interview: frozenset[str] = frozenset()
        self._leaving: Callable[[], str] = lambda: ""

    def extend(self, bench: Workbench) -> None:
        """Offer the commands of `bench` too: spec, probe, report and the like."""
        self.beyond_interview = frozenset(bench.commands())
        self.commands |= bench.commands()
        self._leaving = bench.unsaved

    def run(self) -> Interview:
        """Hold the dialogue until it is finished, quit, or the input ends; where it stands then."""
        if line := announced(self.file.case, self.by, self.library.questions):
            self.tell(line)
        while True:
            state = interview(self.file.case, self.library)
            signal = self._next(state)
            self._tell_change(state)
            going_on = self._ask(signal, state) if signal else self._close(state)
            if not going_on:
                return interview(self.file.case, self.library)

    def _tell_change(self, state: Interview) -> None:
        """What an answer changed: answers that newly exclude each other, the technique, its being settled.

        Not during a round, where it would tell what the others said.
        """
        if self.round:
            return
        verdict = state.verdict
        standing = {c.rule: c for c in verdict.conflicts if c.kind == "contradiction"}
        known = frozenset(standing) if self.contradictions is None else self.contradictions
        self.contradictions = frozenset(standing)
        for line in say.contradictions((standing[rule] for rule in standing if rule not in known), self.file.case):
            self.tell(line)
        so_far = f"So far: {words(verdict.technique)}, {'settled' if verdict.settled else 'not settled'}."
        if self.said and so_far != self.said:
            self.tell(so_far)
        self.said = so_far

    def _next(self, state: Interview) -> str | None:
        if self.chosen:
            return self.chosen
        if self.round:
            return self.round[0]
        if state.final and not self.beyond:
            return None
        return next((signal for signal in state.open if signal not in self.put_off), None)

    def _ask(self, signal: str, state: Interview) -> bool:
        """One question until a line settles it; False to leave."""
        question = self.library.questions[signal]
        self.tell("\n".join(["", *self._question_lines(question, state)]))
        while (line := self.read(f"{signal}> ")) is not None:
            line = one_line(line)
            if line.lower() in ("q", "quit", "exit"):
                if self._may_leave():
                    return False
            elif not line:
                self.tell("\n".join(self._question_lines(question, state)))
            elif self._take(question, line):
                return True
        return False

    def _may_leave(self) -> bool:
        """Whether nothing is lost by leaving; told once, the second time it is."""
        warning, self._leaving = self._leaving(), lambda: ""
        if warning:
            self.tell(warning)
        return not warning

    def _question_lines(self, question: Question, state: Interview) -> Iterator[str]:
        left = len([signal for signal in state.open if signal not in self.put_off])
        if question.id in self.round:
            place = f"Question {question.id} (answered by others; {len(self.round)} of these left)"
        elif question.id in self.file.case.answers:
            given = self._given(question.id)
            place = f"Question {question.id} ({f'answered: {given}' if given else 'answered by others'})"
        else:
            place = f"Question {len(state.answered) + 1} (up to {left} left), {question.id}"
        return say.question_lines(question, place)

    def _take(self, question: Question, line: str) -> bool:
        """Carry out one line; True when another question is due."""
        value = say.chosen_value(question, line)
        if value:
            return self._answer(question.id, value)
        head, _, rest = line.partition(" ")
        command = self.commands.get(head.lower())
        if command:
            return command(question.id, rest.strip())
        self.tell(say.not_understood(question, line))
        return False

    def _answer(self, signal: str, value: str) -> bool:
        given = self.file.case.answers.get(signal, ())
        own = next((answer for answer in given if answer.by == self.by), None) if self.by else None
        if not self.by and len(given) == 1:
            own = given[0]
        before = own or self.taken_back.get(signal)
        new = Answer(
            answer=value,
            confidence=self.confidence or (before.confidence if before else None),
            evidence=self.note or (before.evidence if before else None),
            by=self.by or (own.by if own else None),
        )
        if not self._save(signal, (*self.answers_of_others(signal), new)):
            return True
        self.tell(f"Saved: {signal} = {self._given(signal)}")
        if len(given) > 1 and not self.by:
            self.tell(f"This replaced the answers of {len(given)} people; u brings them back, --by NAME adds to them.")
        self.note = self.confidence = None
        self.taken_back.pop(signal, None)
        self._leave(signal)
        self.put_off = tuple(name for name in self.put_off if name != signal)
        return True

    def _save(self, signal: str, answers: tuple[Answer, ...] | None) -> bool:
        """Whether the change is on the disk; False when somebody else's change had to be read first."""
        step = _Step(signal, self.file.case.answers.get(signal), self.put_off)
        if not self.write(signal, answers):
            self.history.clear()
            self.chosen = signal
            return False
        self.history.append(step)
        return True

    def _given(self, signal: str) -> str:
        """The answers to a question with all that belongs to them, on one line; one's own where one has a name.

        Empty where there is none.
        """
        answers = own_or_all(self.file.case, self.by).answers.get(signal, ())
        return "; ".join(say.told(answer) for answer in answers)

    def _leave(self, signal: str) -> None:
        """Go on from a question, and say so when it was the last one of a round."""
        left = tuple(name for name in self.round if name != signal)
        if self.round and not left:
            self.tell("That was the last question that others answered.")
        self.round, self.chosen = left, None

    def _explain(self, signal: str, _: str) -> bool:
        for line in say.explained(self.library.questions[signal]):
            self.tell(line)
        return False

    def _skip(self, signal: str, _: str) -> bool:
        self.history.append(_Step(signal, self.file.case.answers.get(signal), self.put_off))
        if signal in self.file.case.answers:
            self.tell(f"Skipped: {signal}. What was answered stands.")
        else:
            self.put_off = (*self.put_off, signal)
            self.tell(f"Skipped for now: {signal}. It counts as unknown.")
        self._leave(signal)
        return True

    def _undo(self, signal: str, _: str) -> bool:
        if not self.history:
            self.tell("Nothing to undo in this sitting.")
            return False
        step = self.history.pop()
        undone = self.file.case.answers.get(step.signal, ())
        if self.file.case.answers.get(step.signal) != step.answers:
            kept = list(self.history)
            if not self._save(step.signal, step.answers):
                return True
            self.history = kept
        self.put_off, self.chosen = step.put_off, step.signal
        self.tell(say.undone(step.signal, self._given(step.signal), self.by))
        if len(undone) == 1 and not step.answers:
            self._keep(step.signal, undone[0])
        return True

    def _keep(self, signal: str, undone: Answer) -> None:
        """What belonged to an answer that was taken back belongs to the one that comes instead, and to no other."""
        self.taken_back[signal] = undone
        if undone.evidence:
            self.tell(f"Its evidence is kept for the answer that comes instead: {shown(undone.evidence, 200)}")
        if undone.confidence:
            self.tell(f"Its confidence is kept for the answer that comes instead: {undone.confidence}")

    def _note(self, signal: str, text: str) -> bool:
        if not text:
            self.tell(say.NOTE_NEEDED)
            return False
        self.note = text
        self.tell(f"Noted for the next answer: {text}")
        self.tell(say.still_asked(self.library.questions[signal]))
        return False

    def _confidence(self, signal: str, text: str) -> bool:
        if text.lower() not in CONFIDENCES:
            self.tell(f"c needs one of: {', '.join(CONFIDENCES)}.")
            return False
        self.confidence = cast(Confidence, text.lower())
        self.tell(f"Confidence of the next answer: {self.confidence}")
        self.tell(say.still_asked(self.library.questions[signal]))
        return False

    def _review(self, _: str, __: str) -> bool:
        case = own_or_all(self.file.case, self.by) if self.round else self.file.case
        for line in say.review_lines(case, self.library.questions, self.put_off):
            self.tell(line)
        return False

    def _verdict(self, _: str, __: str) -> bool:
        for line in brief_lines(interview(self.file.case, self.library).verdict):
            self.tell(line)
        return False

    def _jump(self, _: str, text: str) -> bool:
        name = text.lower().replace(" ", "_").replace("-", "_")
        if name not in self.library.questions:
            said = f"There is no question '{shown(text)}'" if name else "j needs the name of a question"
            self.tell(f"{said}: {did_you_mean(name, self.library.questions)}")
            return False
        self.chosen = name
        return True

    def _others(self, _: str, __: str) -> bool:
        self.round = left_to(self.file.case, self.by, self.library.questions)
        self.chosen = None
        if not self.round:
            self.tell(NOTHING_LEFT if self.by else UNNAMED)
        return bool(self.round)

    def _help(self, _: str, __: str) -> bool:
        self.tell("\n".join([say.HELP, BEYOND] if self.beyond_interview else [say.HELP]))
        return False

    def _close(self, state: Interview) -> bool:
        """Nothing has to be asked any more: offer what is left; False to finish."""
        others = len(left_to(self.file.case, self.by, self.library.questions))
        self.tell("")
        self.tell(BESIDES if others and state.final else say.ended(state, self.put_off))
        self.tell(say.offer(state, others))
        while (line := self.read("> ")) is not None:
            head, _, rest = one_line(line).partition(" ")
            head = head.lower()
            if head in ("", "q", "quit", "exit", "n", "no"):
                if self._may_leave():
                    return False
                continue
            if head in self.beyond_interview:
                self.commands[head]("", rest)
                continue
            if head in ("y", "yes") and state.open:
                self.beyond, self.put_off = True, ()
                return True
            command = self.commands.get(head)
            if command not in (self._undo, self._review, self._verdict, self._jump, self._help, self._others):
                lead = "" if head == "?" else f"Not understood: '{shown(head)}'. "
                self.tell(f"{lead}{say.offer(state, others)}")
            elif command("", rest.strip()):
                return True
        return False
