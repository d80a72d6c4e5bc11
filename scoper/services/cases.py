"""Case files: read, created, and changed one answer (or the spec's name) at a time without touching the rest.

Every change is checked by reading the new text back before it is written; a file that somebody else changed since it
was read is left alone. What a case file may say is `scoper.services.case_format`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scoper.domain.questionnaire import Answer, Case, Part, Question
from scoper.domain.text import clean, one_line, shown
from scoper.errors import InputError, Problem, StorageError, UsageError, did_you_mean
from scoper.services.case_format import allowed_values, parse_case, tidy
from scoper.services.files import lock, write_atomic
from scoper.services.follow_ups import any_question, follow_ups_of
from scoper.services.other_files import read_wanted
from scoper.services.strict_yaml import Node, parse, read_text


@dataclass(frozen=True)
class CaseFile:
    """A case and the text it was read from; every change gives a new one.

    part: the id of the part that `case` stands for, as a case of its own; None for the whole case.
    """

    path: Path
    case: Case
    text: str
    part: str | None = None

    @property
    def named(self) -> Path:
        """What a command takes to mean the same: FILE, or FILE#PART."""
        return self.path if self.part is None else self.path.with_name(f"{self.path.name}#{self.part}")


def read_case(path: Path, questions: Mapping[str, Question]) -> CaseFile:
    """The case in the file `path`, or with `path` as FILE#PART one of its parts as a case of its own.

    Raises InputError with every problem of the file at once, StorageError when it cannot be read, UsageError when
    there is no such part.
    """
    path, part = divided(path)
    text = read_wanted(path, "case")
    case = parse_case(text, str(path), questions)
    return CaseFile(path, case if part is None else _view(case, part, path), text, part)


def in_parts(file: CaseFile) -> tuple[CaseFile, ...]:
    """Every part of the case as a case of its own, in the order of the file; the case itself when it has none."""
    parts = file.case.parts or ()
    return tuple(CaseFile(file.path, file.case.of_part(part), file.text, part.id) for part in parts) or (file,)


def part_of(file: CaseFile, part: str) -> CaseFile:
    """One part of the case as a case of its own; raises UsageError when there is no such part."""
    return CaseFile(file.path, _view(file.case, part, file.path), file.text, part)


def single(file: CaseFile) -> CaseFile:
    """The file as it is; raises UsageError, which names the parts, where it is a project: each is judged by itself."""
    if not file.case.parts:
        return file
    names = ", ".join(f"{file.path}#{part.id}" for part in file.case.parts)
    message = "the case has parts, and each is judged by itself"
    raise UsageError(Problem("case-parts", message, str(file.path), remedy=f"name one: {names}"))


def divided(path: Path) -> tuple[Path, str | None]:
    """The file and the id of the part that FILE#PART names; a file that is, or would be, called so is meant itself."""
    name, mark, part = path.name.rpartition("#")
    if not mark or not name or os.path.lexists(path):
        return path, None
    file = path.with_name(name)
    return (path, None) if "." in part and not os.path.lexists(file) else (file, part)


def _view(case: Case, part: str, path: Path) -> Case:
    for known in case.parts or ():
        if known.id == part:
            return case.of_part(known)
    ids = [known.id for known in case.parts or ()]
    message = f"there is no part '{shown(part)}'" if ids else "the case has no parts"
    raise UsageError(Problem("case-part", message, str(path), remedy=did_you_mean(part, ids) if ids else ""))


def create_case(path: Path, *, title: str, summary: str = "", domain: str | None = None) -> CaseFile:
    """A new case file without answers, explained by comments, and beside it the schema that editors complete by.

    Raises UsageError for an empty title and StorageError when the file exists already or cannot be written.
    """
    from scoper.services import case_text
    from scoper.services.schemas import lay_schema

    title, summary, domain = one_line(title), clean(summary).strip(), one_line(domain or "") or None
    if not title:
        raise UsageError(
            Problem("case-title", "a case needs a title", str(path), remedy="name the problem in a few words")
        )
    intended = Case(title=title, summary=summary, domain=domain)
    text = _first_equal(case_text.new_case(title, summary, domain), intended, path, {})
    write_atomic(path, text, overwrite=False)
    lay_schema(path.parent, "case")
    return CaseFile(path, intended, text)


def set_answer(
    file: CaseFile, signal: str, answers: tuple[Answer, ...] | None, questions: Mapping[str, Question]
) -> CaseFile:
    """The file with the answers to `signal` replaced, None or () removing them; saved when this returns.

    Comments and everything else in the file stay byte for byte. Raises UsageError for an unknown signal or value,
    StorageError when the file changed on the disk since `file` was read or cannot be written; nothing is written then.
    """
    new = tuple(tidy(answer) for answer in answers or ())
    _check(signal, new, questions)

    def changed(given: Mapping[str, tuple[Answer, ...]]) -> dict[str, tuple[Answer, ...]]:
        kept = {name: entries for name, entries in given.items() if name != signal or new}
        return {**kept, signal: new} if new else kept

    with lock(file.path):
        _check_unchanged(file)
        whole = _whole(file, questions)
        owner = _owner(file, whole)
        old = owner.answers.get(signal, ())
        if new == old:
            return file
        intended = _with_owner(file, whole, owner.model_copy(update={"answers": changed(owner.answers)}))
        text = _first_equal(_versions(file, signal, old, new, intended), intended, file.path, questions)
        write_atomic(file.path, text, overwrite=True)
    return _again(file, intended, text)


def set_spec(file: CaseFile, name: str, questions: Mapping[str, Question]) -> CaseFile:
    """The file with its `spec:` line naming `name`; saved when this returns.

    Everything else in the file stays byte for byte. Raises UsageError for an empty name, StorageError when the file
    changed on the disk since `file` was read or cannot be written; nothing is written then.
    """
    from scoper.services import case_edit, case_text

    name = clean(name).strip()
    if not name:
        raise UsageError(Problem("case-spec", "the spec needs a file name", str(file.path)))
    with lock(file.path):
        _check_unchanged(file)
        if file.case.spec == name:
            return file
        whole = _whole(file, questions)
        intended = _with_owner(file, whole, _owner(file, whole).model_copy(update={"spec": name}))
        text = case_edit.with_spec(file.text, _node(file), case_text.scalar(name))
        text = _first_equal(iter([text]), intended, file.path, questions)
        write_atomic(file.path, text, overwrite=True)
    return _again(file, intended, text)


def _whole(file: CaseFile, questions: Mapping[str, Question]) -> Case:
    return file.case if file.part is None else parse_case(file.text, str(file.path), questions)


def _owner(file: CaseFile, whole: Case) -> Case | Part:
    """Whose own answers and spec are changed: the part's, or the case's."""
    return next((part for part in whole.parts or () if part.id == file.part), whole)


def _with_owner(file: CaseFile, whole: Case, owner: Case | Part) -> Case:
    """The whole case with its part, or itself, changed."""
    if isinstance(owner, Case):
        return owner
    return whole.model_copy(update={"parts": tuple(owner if p.id == owner.id else p for p in whole.parts or ())})


def _again(file: CaseFile, whole: Case, text: str) -> CaseFile:
    """What `file` stands for, after the change."""
    return CaseFile(file.path, whole if file.part is None else _view(whole, file.part, file.path), text, file.part)


def _node(file: CaseFile) -> Node:
    """The mapping in the text that holds the answers and the spec of what `file` stands for."""
    root = parse(file.text, str(file.path))
    parts = root.get("parts") if file.part is not None else None
    return (parts.get(file.part or "") if parts is not None else None) or root


def _check(signal: str, answers: tuple[Answer, ...], questions: Mapping[str, Question]) -> None:
    question = any_question(signal, questions)
    if question is None:
        message = f"there is no question '{shown(signal)}'"
        known = (*questions, *follow_ups_of(questions))
        raise UsageError(Problem("case-question", message, remedy=did_you_mean(signal, known)))
    allowed = allowed_values(question)
    for answer in answers:
        if answer.answer not in allowed:
            message = f"'{shown(answer.answer)}' is not an answer to '{signal}'"
            raise UsageError(Problem("case-answer", message, remedy=did_you_mean(answer.answer, allowed)))


def _check_unchanged(file: CaseFile) -> None:
    remedy = "read it again and repeat the change"
    try:
        same = read_text(file.path) == file.text
    except InputError as error:
        message = f"the file changed on disk since it was read: {error.problems[0].message}"
        raise StorageError(Problem("case-changed", message, str(file.path), remedy=remedy)) from error
    if not same:
        raise StorageError(
            Problem("case-changed", "the file changed on disk since it was read", str(file.path), remedy=remedy)
        )


def _versions(
    file: CaseFile, signal: str, old: tuple[Answer, ...], new: tuple[Answer, ...], intended: Case
) -> Iterator[str]:
    """Texts for the change, the least edit first; a part is never written anew."""
    from scoper.services import case_edit

    node = _node(file)
    if old or new:
        yield case_edit.edited(file.text, node, signal, old, new)
    if file.part is None:
        yield case_edit.rewritten(file.text, node, intended.answers)


def _first_equal(texts: Iterator[str], intended: Case, path: Path, questions: Mapping[str, Question]) -> str:
    """The first text that reads back as `intended`: nothing else is ever written."""
    for text in texts:
        try:
            if parse_case(text, str(path), questions) == intended:
                return text
        except InputError:
            continue
    message = "this change cannot be written without changing something else in the file"
    raise StorageError(Problem("case-not-editable", message, str(path), remedy="make it in an editor"))
