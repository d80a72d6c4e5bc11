"""The words of the interview's dialogue: help, a question as lines, an answer on one line, how a line is understood."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from scoper.domain.decision import Conflict
from scoper.domain.questionnaire import Answer, Case, Question
from scoper.domain.text import one_line, shown
from scoper.errors import nearest
from scoper.interfaces.wording import STILL_ABOUT, words
from scoper.services.case_format import allowed_values
from scoper.services.scoping import Interview

HELP = """\
Answer with the number or the word of a choice; y is yes, and n alone is no.
Other lines you can type:
  ?          why this is asked, with an example and a counter-example
  s          skip: put this question off
  u          undo the last step, as often as you like
  n TEXT     note what the next answer rests on (evidence)
  c LEVEL    confidence of the next answer: low, medium or high
  r          review the answers so far
  v          the verdict so far
  j SIGNAL   jump to a question, also to one that is answered
  a          with --by NAME: also ask what others answered, unseen
  h          this help
  q          save and quit; the same command resumes"""


NOTE_NEEDED = "n needs a text: n Model of 2024, checked against sales."
CHANGED_OUTSIDE = "Not saved: the file was changed by somebody else meanwhile. It was read again; answer once more."
LETTERS = {"y": "yes", "n": "no"}
"""What people type for a word: n with a text behind it is a note."""
COMMAND_WORDS = {"why": "?", "skip": "s", "undo": "u", "back": "u", "note": "n", "evidence": "n", "confidence": "c"}
COMMAND_WORDS |= {"review": "r", "verdict": "v", "jump": "j", "help": "h", "all": "a"}


def question_lines(question: Question, place: str) -> Iterator[str]:
    """A question with its numbered choices and what each states."""
    yield f"{place}: {one_line(question.text)}"
    for index, value in enumerate(allowed_values(question), 1):
        meaning = one_line(question.meanings.get(value, ""))
        yield f"  {index}  {value}{': ' if meaning else ''}{meaning}"
    yield "Type a number or a word; ? explains, n TEXT notes why, s skips, u undoes, q quits, h lists all."


def explained(question: Question) -> Iterator[str]:
    """Why a question is asked, with what speaks for and against, and how to find out."""
    yield f"Why we ask: {one_line(question.why)}"
    yield f"Example: {one_line(question.example)}"
    yield f"Counter-example: {one_line(question.counter_example)}"
    if question.find_out:
        yield f"How to find out ({question.effort}): {one_line(question.find_out)}"


def still_asked(question: Question) -> str:
    """Which question waits for its answer, after a line that was no answer."""
    return f"Still asked: {question.id} ({', '.join(allowed_values(question))})"


def review_lines(case: Case, signals: Collection[str], put_off: tuple[str, ...]) -> Iterator[str]:
    """The answers so far, one a line, and what was put off."""
    yield f"{one_line(case.title)}: {len(case.answers)} of {len(signals)} questions answered."
    for signal in signals:
        if signal in case.answers:
            yield f"  {signal} = {'; '.join(told(answer) for answer in case.answers[signal])}"
    if put_off:
        yield f"  skipped for now: {', '.join(put_off)}"


def chosen_value(question: Question, line: str) -> str | None:
    """The value that a line names by number, word or letter, None when it names none."""
    allowed = allowed_values(question)
    if line.isascii() and line.isdigit() and len(line) < 4:
        return allowed[int(line) - 1] if 1 <= int(line) <= len(allowed) else None
    word = line.lower().replace(" ", "_").replace("-", "_")
    word = LETTERS.get(word, word)
    return word if word in allowed else None


def not_understood(question: Question, line: str) -> str:
    """What to say about a line that is neither a value nor a command."""
    allowed = allowed_values(question)
    near = nearest(line, allowed)
    hint = f"Did you mean '{near}'?" if near else f"Type 1 to {len(allowed)}, one of the words, or h for help."
    return f"Not understood: '{shown(line)}'. {hint} Nothing was saved."


def told(answer: Answer) -> str:
    """An answer with all that belongs to it, on one line."""
    parts = [answer.answer]
    if answer.confidence:
        parts.append(f"confidence {answer.confidence}")
    if answer.evidence:
        parts.append(f"evidence: {shown(answer.evidence, 200)}")
    if answer.by:
        parts.append(f"by {shown(answer.by)}")
    return ", ".join(parts)


def undone(signal: str, given: str, by: str | None) -> str:
    """After a step was taken back: what was answered before, or nothing, with a name nothing of one's own."""
    if given:
        return f"Undone: {signal} = {given}"
    return f"Undone: {signal} is unanswered again{' by you' if by else ''}."


def contradictions(conflicts: Iterable[Conflict], case: Case) -> Iterator[str]:
    """Two lines for each: the answers that exclude each other, what to ask oneself, how to correct one of them."""
    for conflict in conflicts:
        answers = ", ".join(f"{signal} = {case.value_of(signal)}" for signal in conflict.signals)
        jumps = " or ".join(f"j {signal}" for signal in conflict.signals)
        yield f"Contradiction: {answers}. {one_line(conflict.advice)}"
        yield f"  To correct it: {jumps}"


def ended(state: Interview, put_off: tuple[str, ...]) -> str:
    """Why no question follows."""
    if state.certain:
        family = f", {words(state.verdict.family)}" if state.verdict.family else ""
        return f"Certain: {words(state.verdict.technique)}{family}. No open answer can change that any more."
    unknown = [q.signal for q in state.verdict.next_questions if q.matters != "conditions"]
    if state.final and unknown:
        technique = words(state.verdict.technique)
        return f"As far as it is known: {technique}. Only what is unknown could change that: {', '.join(unknown)}."
    if state.open:
        return f"All questions that matter were asked; skipped for now: {', '.join(put_off)}."
    return "All questions that matter are answered."


def offer(state: Interview, others: int = 0) -> str:
    """What can be done when no question follows; `others` is how many questions only others answered."""
    about = f" about {STILL_ABOUT}" if state.final else ""
    rest = f"y goes on with {len(state.open)} more{about}; " if state.open else ""
    rest += f"a asks the {others} that others answered; " if others else ""
    return f"Enter finishes; {rest}r reviews, u undoes, j SIGNAL changes an answer."
