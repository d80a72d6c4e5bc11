"""Finds the data that travels with scoper and reads a rule pack from it.

A checkout beside the package wins, else the copy inside the wheel. A folder of an organisation overlays the shipped
rules file by file: the same relative path replaces, a new one adds. With `replaces: true` in its `pack.yaml` it stands
alone: nothing of the shipped rules is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scoper.domain.questionnaire import Question
from scoper.errors import InputError, Problem, did_you_mean
from scoper.reasoning.flips import Lever
from scoper.reasoning.pack import Rule, RulePack, Table, VocabularyTrap
from scoper.services import rule_files
from scoper.services.follow_ups import Questions
from scoper.services.strict_yaml import Node, parse, read_text

PACK_FILE = "pack.yaml"
_NEEDED = ("questions/*.yaml", "decisions/technique/_table.yaml", "decisions/family/_table.yaml", "priors.yaml")
_WHOLE_FILES = ("article_table.yaml", "levers.yaml", "priors.yaml", "vocabulary.yaml")
_FURTHER = (
    "precedents",
    "mdp_templates",
    "risks",
    "methods",
    "ladder",
    "sub_types",
    "capabilities",
    "follow_ups",
    "claims",
)
_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Library:
    """Questions in the order in which a person would be asked, the rule pack, and its digest.

    `rules_dir` is the folder laid over the shipped files, or used `alone`, for readers of further files (precedents).
    `texts` are the files that the digest is of: relative name to text, for who keeps the rules with a verdict. `made`
    is what other services made of these rules, by name, so that it is made once.
    """

    questions: Mapping[str, Question]
    pack: RulePack
    levers: Mapping[str, Lever]
    traps: tuple[VocabularyTrap, ...]
    digest: str
    rules_dir: Path | None = None
    alone: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """The questions carry the follow-up questions of the same folders along."""
        object.__setattr__(self, "questions", Questions(self.questions, self.roots))

    @property
    def roots(self) -> tuple[tuple[Path, str], ...]:
        """The folders that the rules come from, with the names to show; a later one wins file by file."""
        own = ((self.rules_dir, str(self.rules_dir)),) if self.rules_dir is not None else ()
        return own if self.alone else ((data_path("rules"), "rules"), *own)


def data_path(*parts: str) -> Path:
    """The place of shipped data such as `rules`, `examples` or `reports/templates`."""
    checkout = _PACKAGE.parent
    root = checkout if (checkout / "pyproject.toml").is_file() and (checkout / "rules").is_dir() else _PACKAGE / "_data"
    return root.joinpath(*parts)


def load_library(rules_dir: Path | None = None) -> Library:
    """The shipped rules, overlaid by `rules_dir` when given, or `rules_dir` alone when its `pack.yaml` says so.

    Raises InputError with every problem of every file.
    """
    if rules_dir is not None and not rules_dir.is_dir():
        raise InputError(Problem("rules-missing", "there is no such folder of rules", str(rules_dir)))
    if rules_dir is not None and stands_alone(rules_dir):
        return _read_alone(rules_dir)
    files = _files(data_path("rules"), "rules")
    if rules_dir is not None:
        overlay = _files(rules_dir, str(rules_dir))
        further = (name for folder in _FURTHER for name in rules_dir.glob(f"{folder}/**/*.yaml"))
        if not overlay and not any(further):
            expected = "questions/ID.yaml, decisions/TABLE/RULE.yaml, precedents/ID.yaml, mdp_templates/ID.yaml, ..."
            raise InputError(Problem("rules-empty", "the folder holds no rules", str(rules_dir), remedy=expected))
        files |= overlay
    return replace(_read(files), rules_dir=rules_dir)


def library_of(texts: Mapping[str, str], source: str) -> Library:
    """The rules that were kept as `Library.texts`; `source` names where they lie.

    Raises InputError with every problem of every text. Precedents are not among them: those of the shipped rules count.
    """
    missing = [name for name in _WHOLE_FILES if name not in texts]
    if missing:
        raise InputError(Problem("rules-incomplete", f"the rules kept here lack {', '.join(missing)}", source))
    return _read({name: _File(f"{source}:{name}", text) for name, text in sorted(texts.items())})


def stands_alone(folder: Path) -> bool:
    """Whether a folder of rules replaces the shipped ones as a whole: `pack.yaml` with `replaces: true`.

    Raises InputError when the file says anything else than `replaces: true` or `replaces: false`.
    """
    path = folder / PACK_FILE
    if not path.is_file():
        return False
    reader = rule_files.Reader(str(path))
    entry = reader.mapping(parse(read_text(path), str(path)), ("replaces",), ("title",))
    said = reader.choice(entry.get("replaces"), ("true", "false"))
    if reader.problems:
        raise InputError(reader.problems)
    return said == "true"


def _read_alone(folder: Path) -> Library:
    """A whole pack by itself. Levers, words that sound like a technique, and the article's table may be left out."""
    files = _files(folder, str(folder))
    place = f"{folder}/{PACK_FILE}"
    missing = [
        Problem("rules-incomplete", f"a pack that replaces the shipped one needs {pattern}", place, 1, 1)
        for pattern in _NEEDED
        if not any(folder.glob(pattern))
    ]
    try:
        library = _read({name: _File(f"{folder}/{name}", text) for name, text in _EMPTY.items()} | files)
    except InputError as error:
        absent = {"rule-pack"} if missing else set()  # said better by what is missing
        raise InputError([*missing, *(p for p in error.problems if p.code not in absent)]) from None
    if missing:
        raise InputError(missing)
    return replace(library, rules_dir=folder, alone=True)


def load_rules(folder: Path | None) -> Library:
    """The rules of a folder for a comparison: on their own when the folder holds a whole pack, else as an overlay.

    A whole pack has its own questions and its own tables for technique and family; of the shipped files only those
    that it lacks besides (priors, levers, article table) are then used.
    """
    if folder is not None and stands_alone(folder):
        return _read_alone(folder)
    whole = folder is not None and all(
        any(folder.glob(pattern))
        for pattern in ("questions/*.yaml", "decisions/technique/_table.yaml", "decisions/family/_table.yaml")
    )
    if folder is None or not whole:
        return load_library(folder)
    shipped = _files(data_path("rules"), "rules")
    common = {name: file for name, file in shipped.items() if name in _WHOLE_FILES}
    return replace(_read(common | _files(folder, str(folder))), rules_dir=folder)


_EMPTY = {
    "article_table.yaml": "source: none\ncells: []\n",
    "levers.yaml": "source: none\nlevers: {}\n",
    "priors.yaml": "source: none\ndefault: {yes: 1, partly: 1, no: 1}\nsignals: {}\n",
    "vocabulary.yaml": "source: none\ntraps: []\n",
}


@dataclass(frozen=True)
class _File:
    shown: str
    text: str


def _files(root: Path, shown: str) -> dict[str, _File]:
    paths = [*root.glob("questions/*.yaml"), *root.glob("decisions/*/*.yaml")]
    paths += [root / name for name in _WHOLE_FILES if (root / name).is_file()]
    named = ((path.relative_to(root).as_posix(), path) for path in paths)
    return {name: _File(f"{shown}/{name}", read_text(path)) for name, path in sorted(named)}


def _read(files: Mapping[str, _File]) -> Library:
    reader = rule_files.Reader()
    questions = _questions(reader, files)
    tables = _tables(reader, files, questions)
    rule_ids = [rule.id for table in tables for rule in table.rules]
    reader.source = files["article_table.yaml"].shown
    cells = rule_files.read_cells(reader, _parse(reader, files["article_table.yaml"]), questions, rule_ids)
    reader.source = files["priors.yaml"].shown
    priors = _parse(reader, files["priors.yaml"])
    prior, source = rule_files.read_prior(reader, priors, questions)
    reliability = rule_files.read_reliability(reader, priors)
    reader.source = files["levers.yaml"].shown
    levers = rule_files.read_levers(reader, _parse(reader, files["levers.yaml"]), questions)
    traps = rule_files.read_vocabulary(reader, _parse(reader, files["vocabulary.yaml"]), questions)
    _check_whole(reader, tables, rule_ids)
    if reader.problems:
        raise InputError(reader.problems)
    digest = _digest(files)
    pack = RulePack(tables, questions, prior, source, cells, digest, reliability)
    texts = {name: file.text for name, file in files.items()}
    return Library(questions, pack, levers, traps, digest, texts=texts)


def _parse(reader: rule_files.Reader, file: _File) -> Node:
    reader.source = file.shown
    return parse(file.text, file.shown)


def _questions(reader: rule_files.Reader, files: Mapping[str, _File]) -> dict[str, Question]:
    found = []
    for name, file in files.items():
        if name.startswith("questions/"):
            read = rule_files.read_question(reader, _parse(reader, file), Path(name).stem)
            found += [read] if read else []
            reader.unread |= set() if read else {Path(name).stem}
    return {question.id: question for _, question in sorted(found, key=lambda pair: (pair[0], pair[1].id))}


def _tables(
    reader: rule_files.Reader, files: Mapping[str, _File], questions: Mapping[str, Question]
) -> tuple[Table, ...]:
    heads: dict[str, Table] = {}
    for name, file in files.items():
        if name.endswith("/_table.yaml"):
            table = rule_files.read_table(reader, _parse(reader, file), Path(name).parent.name)
            if table:
                heads[table.id] = table
                _check_head(reader, table)
            else:
                reader.unread.add(Path(name).parent.name)
    facets = {table.id: table for table in heads.values() if table.kind == "facet"}
    rules: dict[str, list[Rule]] = {identifier: [] for identifier in heads}
    vocabularies = {t.id: rule_files.condition_vocabulary(t, facets, questions) for t in heads.values()}
    for name, file in files.items():
        folder = Path(name).parent.name
        if not name.startswith("decisions/") or name.endswith("/_table.yaml"):
            continue
        rule = None
        if folder in heads:
            root = _parse(reader, file)
            rule = rule_files.read_rule(reader, root, Path(name).stem, heads[folder], vocabularies[folder])
        if rule:
            rules[folder].append(rule)
        else:
            reader.unread.add(Path(name).stem)
    return tuple(
        replace(table, rules=tuple(sorted(rules[table.id], key=lambda rule: (rule.order, rule.id))))
        for table in heads.values()
    )


def _check_head(reader: rule_files.Reader, table: Table) -> None:
    allowed = rule_files.allowed_outputs(table)
    for output in table.outputs:
        if allowed is not None and output not in allowed:
            remedy = did_you_mean(output, allowed)
            reader.problems.append(
                Problem("rule-file", f"'{output}' cannot be concluded here", reader.source, remedy=remedy)
            )


def _check_whole(reader: rule_files.Reader, tables: tuple[Table, ...], rule_ids: list[str]) -> None:
    for kind in ("technique", "family"):
        count = sum(table.kind == kind for table in tables)
        if count > 1 or (count == 0 and kind not in reader.unread):
            reader.problems.append(Problem("rule-pack", f"a pack has exactly one table of kind {kind}", "rules"))
    owners: dict[str, str] = {}
    for table in tables:
        for signal in table.inputs if table.kind == "facet" else ():
            if signal in owners:
                message = (
                    f"'{signal}' belongs to the facets {owners[signal]} and {table.id}; facets must not share signals"
                )
                reader.problems.append(Problem("rule-pack", message, f"rules/decisions/{table.id}"))
            owners[signal] = table.id
    for identifier in sorted({r for r in rule_ids if rule_ids.count(r) > 1}):
        reader.problems.append(Problem("rule-pack", f"the rule id '{identifier}' is used twice", "rules/decisions"))


def _digest(files: Mapping[str, _File]) -> str:
    content = hashlib.sha256()
    for name, file in sorted(files.items()):
        content.update(f"{name}\0{file.text}\0".encode())
    return content.hexdigest()[:16]
