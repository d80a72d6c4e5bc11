"""The claims of the article that bear on a decision, and where each is encoded.

`rules/claims` lists every claim with its targets: rules, questions, spec fields, diagnostics, words of the report and
so on, or the reason why it is deliberately not encoded. Here they are read, and every target is looked up.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from scoper.domain.decision import FAMILIES
from scoper.errors import InputError, did_you_mean
from scoper.services.follow_ups import files_in, follow_ups_of
from scoper.services.library import Library, data_path
from scoper.services.rule_files import Reader
from scoper.services.specs import DECLARATIVE_KEYS
from scoper.services.strict_yaml import Node, parse, read_text, to_python

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "rule": (
        "rules",
        "cells",
        "demands",
        "families",
        "vocabulary",
        "capabilities",
        "methods",
        "ladder",
        "sub_types",
        "risks",
    ),
    "question": ("questions", "follow_ups"),
    "spec field": ("spec",),
    "probe or check": ("diagnostics", "baselines", "checks", "commands", "trackers"),
    "report": ("text", "glossary", "precedents", "mdp_templates"),
}
"""The columns of the matrix and the kinds of targets in each."""

KINDS = tuple(kind for kinds in COLUMNS.values() for kind in kinds)
_MODULES = {
    "diagnostics": "scoper.diagnostics",
    "baselines": "scoper.baselines",
    "checks": "scoper.checks",
    "commands": "scoper.interfaces.cli.commands",
    "trackers": "scoper.tracking",
}
_FOLDERS = ("capabilities", "methods", "ladder", "risks", "precedents", "mdp_templates")


@dataclass(frozen=True)
class Claim:
    """One claim in our own words; `targets` maps a kind of target to ids. Without any, `not_encoded` says why."""

    number: int
    section: str
    claim: str
    targets: Mapping[str, tuple[str, ...]]
    not_encoded: str = ""

    def column(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """The targets that stand in one column of the matrix, by kind."""
        return {kind: self.targets[kind] for kind in COLUMNS[name] if kind in self.targets}


def read_claims(library: Library) -> tuple[Claim, ...]:
    """All claims by number. Raises InputError for faults of the files, for targets that do not exist among them."""
    reader = Reader()
    known = {kind: look() for kind, look in _lookups(library).items()}
    claims: list[Claim] = []
    for path, shown in files_in(library.roots, "claims"):
        reader.source = shown
        entry = reader.mapping(parse(read_text(path), shown), ("source", "section", "claims"))
        section, node = reader.text(entry.get("section")), entry.get("claims")
        claims += [_claim(reader, child, section, known) for child in (node.children if node is not None else ())]
    if reader.problems:
        raise InputError(reader.problems)
    return tuple(sorted(claims, key=lambda claim: claim.number))


def _claim(reader: Reader, node: Node, section: str, known: Mapping[str, Collection[str]]) -> Claim:
    entry = reader.mapping(node, ("id", "claim"), ("encoded", "not_encoded"))
    if ("encoded" in entry) == ("not_encoded" in entry):
        reader.fault(node, "a claim is either encoded somewhere, or says under 'not_encoded' why not")
    encoded = entry.get("encoded")
    targets = {}
    for key, value in encoded.items if encoded is not None else ():
        if not reader.known(key, KINDS, "kind of target"):
            continue
        targets[key.text] = reader.words(value)
        for child in value.children:
            _look_up(reader, child, key.text, known[key.text])
    return Claim(
        number=reader.number(entry.get("id")),
        section=section,
        claim=reader.text(entry.get("claim")),
        targets=targets,
        not_encoded=reader.text(entry.get("not_encoded")),
    )


def _look_up(reader: Reader, node: Node, kind: str, known: Collection[str]) -> None:
    if kind == "text":
        if not any(node.text in text for text in known):
            reader.fault(node, f"no template of the report says '{node.text}'")
    elif node.text not in known:
        reader.fault(node, f"'{node.text}' is not among {kind.replace('_', ' ')}", did_you_mean(node.text, known))


def _lookups(library: Library) -> dict[str, Callable[[], Collection[str]]]:
    """Per kind of target, how to find out what there is."""
    tables = library.pack.tables
    found: dict[str, Callable[[], Collection[str]]] = {
        "rules": lambda: {rule.id for table in tables for rule in table.rules},
        "cells": lambda: {f"{cell.row}/{cell.technique}" for cell in library.pack.cells},
        "demands": lambda: {row["id"] for row in _yaml(library, "demands.yaml").get("demands", [])},
        "families": lambda: set(FAMILIES),
        "vocabulary": lambda: {word for trap in library.traps for word in trap.words},
        "questions": lambda: set(library.questions),
        "follow_ups": lambda: set(follow_ups_of(library.questions)),
        "spec": lambda: set(DECLARATIVE_KEYS),
        "sub_types": lambda: {path.stem for root, _ in library.roots for path in root.glob("sub_types/*/*.yaml")},
        "glossary": lambda: set(_yaml(library, "glossary.yaml")),
        "text": _texts,
    }
    found |= {kind: lambda module=module: _modules(module) for kind, module in _MODULES.items()}  # type: ignore[misc]
    return found | {name: lambda name=name: _stems(library, name) for name in _FOLDERS}


def _stems(library: Library, folder: str) -> set[str]:
    return {path.stem for path, _ in files_in(library.roots, folder)}


def _modules(package: str) -> set[str]:
    """The public modules of a package, which is not imported; each is one diagnostic, check, command, ..."""
    spec = find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return {found.name.replace("_", "-") if package.endswith("commands") else found.name for found in _public(places)}


def _public(places: Sequence[str]) -> list[pkgutil.ModuleInfo]:
    return [found for found in pkgutil.iter_modules(places) if not found.name.startswith("_")]


def _yaml(library: Library, name: str) -> Any:
    """The last of the files of this name among the folders of rules, as plain values; empty where there is none."""
    paths = [root / name for root, _ in library.roots if (root / name).is_file()]
    return to_python(parse(read_text(paths[-1]), name)) if paths else {}


def _texts() -> tuple[str, ...]:
    """The texts of the report: its templates, and the words in them."""
    folder: Path = data_path("reports", "templates")
    paths = [*folder.rglob("*.j2"), *folder.glob("*.yaml")]
    return tuple(" ".join(path.read_text(encoding="utf-8").split()) for path in sorted(paths))
