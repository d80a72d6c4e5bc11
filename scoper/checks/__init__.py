"""Offline checks that need no learner, no API key and no network: one file per check, found in this folder.

A file holds one constant, `CHECK = Check(id, technique, summary, inputs, run, ...)`, its id being the file's name.
`run` is pure: what was read and entered in, an outcome out. Installed packages add theirs with the entry point group
`scoper.checks`; one that fails to load is named and left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from scoper.domain.checks import Outcome
from scoper.domain.records import Records
from scoper.domain.tree import Tree
from scoper.errors import Problem, UsageError
from scoper.extensions import in_folder, with_plug_ins

GROUP = "scoper.checks"
InputKind = Literal["records", "rules", "document", "texts", "programme", "case"]
ParamKind = Literal["number", "whole", "share", "word", "column", "columns", "words", "flag", "range"]


@dataclass(frozen=True)
class Input:
    """A file that a check reads, as the command line takes it in this place.

    kind: `records` a CSV of cases with a header, `rules` a decision table as CSV, `document` YAML or JSON, `texts` a
    folder or file of sample documents, `programme` a linear or mixed-integer programme as CSV or MPS, `case` a case
    file with its verdict.
    """

    name: str
    kind: InputKind
    help: str
    required: bool = True


@dataclass(frozen=True)
class Param:
    """A value that the user enters as `--name`. A `range` is a number or `low..high`; `columns` are split at commas.

    low and high: the least and greatest allowed number, both allowed unless `open_ends`. default None means: not given.
    """

    name: str
    kind: ParamKind
    help: str
    default: Any = None
    required: bool = False
    low: float | None = None
    high: float | None = None
    open_ends: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A YAML or JSON file as a tree, with its name for messages and the lines on which it still says TODO."""

    source: str
    root: Tree
    todo: tuple[int, ...] = ()


@dataclass(frozen=True)
class Given:
    """What a check runs on: inputs and parameters by name; what was not given is absent or None."""

    inputs: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    def records(self, name: str) -> Records:
        """The CSV under this name."""
        found = self.inputs[name]
        assert isinstance(found, Records)
        return found

    def document(self, name: str) -> Document:
        """The YAML or JSON file under this name."""
        found = self.inputs[name]
        assert isinstance(found, Document)
        return found

    def number(self, name: str) -> float:
        """A number that is required or has a default."""
        return float(self.values[name])

    def get(self, name: str, default: Any = None) -> Any:
        """A value, or the default where none was given."""
        value = self.values.get(name)
        return default if value is None else value

    def require(self, *names: str) -> None:
        """Raise UsageError naming every one of these parameters that was not given."""
        missing = [name for name in names if self.values.get(name) is None]
        if missing:
            raise UsageError(
                [Problem("check-option", f"--{name.replace('_', '-')} is needed here") for name in missing]
            )


@dataclass(frozen=True)
class Check:
    """One question about a technique that a file and some numbers answer.

    technique: one of `scoper.domain.checks.CHECK_TECHNIQUES`. summary: one sentence. question ends with a question
    mark. formula: what is computed, with `source`: author, year, or "own, with derivation". shows_not: what must not be
    concluded. informs: signals of the questionnaire that a result can speak for. whole: runs when only the first input
    is given, so that `scoper check TECHNIQUE FILE` includes it. fits: of the first input as it was read and the entered
    texts, why the file is none for this check, empty where it is one; without it a `whole` check takes every file of
    its kind, and any other is run by its name only. example: what follows `scoper check`. extra: the optional
    dependency that it needs.
    """

    id: str
    technique: str
    summary: str
    inputs: tuple[Input, ...]
    run: Callable[[Given], Outcome]
    question: str = ""
    params: tuple[Param, ...] = ()
    formula: str = ""
    source: str = ""
    shows_not: str = ""
    informs: tuple[str, ...] = ()
    whole: bool = False
    fits: Callable[[Any, Mapping[str, Any]], str] | None = None
    example: str = ""
    extra: str = ""

    @property
    def reads_answers(self) -> bool:
        """Whether the result depends on the answers of a case: whether one of the inputs is a case."""
        return any(item.kind == "case" for item in self.inputs)


def discover() -> tuple[tuple[Check, ...], tuple[str, ...]]:
    """All checks in order of technique and id, and a sentence per plug-in that is broken."""
    found, broken = with_plug_ins(in_folder(__name__, "CHECK", Check), GROUP, Check)
    return found, tuple(each.sentence("check") for each in broken)
