"""The real projects that are nearest to a case: reading their files, ranking them, and their JSON.

One file `rules/precedents/ID.yaml` is one project. A folder of an organisation adds or replaces projects file by file,
as it does with rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scoper.domain.decision import FAMILIES, TECHNIQUES
from scoper.domain.precedent import PrecedentMatch
from scoper.domain.questionnaire import UNKNOWN, Case, Question, digest_of
from scoper.domain.text import one_line
from scoper.errors import InputError, did_you_mean
from scoper.reasoning.precedents import CodedPrecedent, Match, ranked
from scoper.services.library import Library
from scoper.services.rule_files import Reader
from scoper.services.strict_yaml import Node, examine, read_text

_TOLD = ("id", "title", "domain", "year", "source", "source_seen", "problem", "worked", "family")
_TOLD_TOO = ("family_alternatives", "research_grade", "arguable", "lesson")
KEYS: tuple[str, ...] = (*_TOLD, *_TOLD_TOO, "answers", "disputed")
_DIGITS = 6


def nearest(
    case: Case, library: Library, top: int = 5, *, precedents: Sequence[CodedPrecedent] | None = None
) -> tuple[Match, ...]:
    """The `top` precedents nearest to the answers of `case`, nearest first; fewer when fewer are comparable.

    `precedents` are those of the library unless they are given. Raises InputError with every problem of their files.
    """
    known = load_precedents(library) if precedents is None else precedents
    return ranked(case.facts(), known, library.questions)[: max(0, top)]


def matched(case: Case, match: Match) -> PrecedentMatch:
    """A match as the value that a dossier keeps; `uncompared` follows the answers' order in case and project."""
    precedent = match.precedent
    known = dict.fromkeys((*case.facts(), *precedent.answers))
    compared = {*match.same, *(each.signal for each in match.different)}
    return PrecedentMatch(
        **{key: getattr(precedent, key) for key in (*_TOLD, *_TOLD_TOO)},
        distance=round(float(match.distance), _DIGITS),
        same=match.same,
        different=match.different,
        uncompared=tuple(signal for signal in known if signal not in compared),
        disputed=precedent.disputed,
    )


def load_precedents(library: Library) -> tuple[CodedPrecedent, ...]:
    """All precedents by id: the shipped ones, overlaid by those of the library's folder of rules.

    Raises InputError with every problem of every file.
    """
    files: dict[str, tuple[Path, str]] = {}
    for root, shown_root in library.roots:
        files |= _files(root, shown_root)
    reader = Reader()
    found = [_read_file(reader, path, shown, library.questions) for _, (path, shown) in sorted(files.items())]
    if reader.problems:
        raise InputError(reader.problems)
    return tuple(precedent for precedent in found if precedent is not None)


def _files(root: Path, shown: str) -> dict[str, tuple[Path, str]]:
    return {path.stem: (path, f"{shown}/precedents/{path.name}") for path in root.glob("precedents/*.yaml")}


def _read_file(reader: Reader, path: Path, shown: str, questions: Mapping[str, Question]) -> CodedPrecedent | None:
    reader.source = shown
    root, problems = examine(read_text(path), shown)
    reader.problems += problems
    if problems or root is None:
        return None
    return read_precedent(reader, root, path.stem, questions)


def read_precedent(reader: Reader, root: Node, stem: str, questions: Mapping[str, Question]) -> CodedPrecedent | None:
    """The precedent of one file, or None when it has faults."""
    before = len(reader.problems)
    entry = reader.mapping(root, KEYS)
    answers = _answers(reader, entry.get("answers"), questions)
    disputed = reader.words(entry.get("disputed"), questions)
    for signal in disputed:
        if signal in answers:
            reader.fault(entry["disputed"], f"'{signal}' is disputed and answered", "leave it out of one of the two")
    found = CodedPrecedent(
        id=reader.same_id(entry.get("id"), stem),
        title=_text(reader, entry, "title"),
        domain=_text(reader, entry, "domain"),
        year=reader.number(entry.get("year")),
        source=_text(reader, entry, "source"),
        source_seen=_flag(reader, entry, "source_seen"),
        problem=_text(reader, entry, "problem"),
        worked=reader.choice(entry.get("worked"), TECHNIQUES),
        family=_family(reader, entry),
        family_alternatives=reader.words(entry.get("family_alternatives"), FAMILIES),
        research_grade=_flag(reader, entry, "research_grade"),
        arguable=_flag(reader, entry, "arguable"),
        lesson=_text(reader, entry, "lesson"),
        answers=answers,
        disputed=disputed,
    )
    return found if len(reader.problems) == before else None


def _text(reader: Reader, entry: Mapping[str, Node], key: str) -> str:
    return one_line(reader.text(entry.get(key)))


def _flag(reader: Reader, entry: Mapping[str, Node], key: str) -> bool:
    return reader.choice(entry.get(key), ("true", "false")) == "true"


def _family(reader: Reader, entry: Mapping[str, Node]) -> str | None:
    node, worked = entry.get("family"), entry.get("worked")
    if node is None or worked is None:
        return None
    learned = worked.text == "reinforcement_learning"
    if node.text == "null" and not node.quoted:
        if learned:
            reader.fault(node, "reinforcement learning needs a family", f"allowed: {', '.join(FAMILIES)}")
        return None
    if not learned:
        reader.fault(node, f"only reinforcement learning has a family, not {worked.text}", "write null")
    return reader.choice(node, FAMILIES)


def _answers(reader: Reader, node: Node | None, questions: Mapping[str, Question]) -> dict[str, str]:
    if node is not None and node.kind != "mapping":
        reader.fault(node, "expected a mapping from signals to answers")
    answers = {}
    for key, value in node.items if node is not None else ():
        if key.text not in questions:
            reader.fault(key, f"unknown signal '{key.text}'", did_you_mean(key.text, questions))
            continue
        allowed = [known for known in questions[key.text].values if known != UNKNOWN]
        answers[key.text] = reader.choice(value, allowed)
    return answers


def precedents_digest(precedents: Sequence[CodedPrecedent]) -> str:
    """Digest of all precedents' content, independent of the files' layout."""
    return digest_of([precedent.model_dump() for precedent in precedents])


def match_document(match: Match) -> dict[str, Any]:
    """One match as plain JSON values."""
    precedent = match.precedent
    return {
        **{key: getattr(precedent, key) for key in (*_TOLD, *_TOLD_TOO)},
        "family_alternatives": list(precedent.family_alternatives),
        "distance": round(float(match.distance), _DIGITS),
        "similarity": round(match.similarity, _DIGITS),
        "compared": match.compared,
        "same": list(match.same),
        "different": {each.signal: {"ours": each.ours, "theirs": each.theirs} for each in match.different},
        "disputed": list(precedent.disputed),
    }
