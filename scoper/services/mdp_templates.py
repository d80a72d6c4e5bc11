"""MDP templates: finding the one nearest to a case, and filling in its placeholders.

A template is one YAML file under rules/mdp_templates whose id is its name: a spec text with TODO where only the owner
knows the number, and an `example` that gives a number for each of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scoper.domain.questionnaire import Case
from scoper.errors import InputError, Problem, UsageError, did_you_mean
from scoper.modelling.expressions import UNFILLED
from scoper.services.library import Library, data_path
from scoper.services.spec_format import Sheet
from scoper.services.strict_yaml import Node, parse, read_text

SKELETON = "skeleton"
KEYS = ("id", "summary", "source", "keywords", "prefers", "spec", "example")
NEEDED = ("id", "summary", "source", "keywords", "spec", "example")
NEAR = 2
"""This many different keywords make a template near; one word alone is as often chance."""


@dataclass(frozen=True)
class MdpTemplate:
    """One template; `example` maps the path of every placeholder to a value, `prefers` signals to answers."""

    id: str
    summary: str
    source: str
    keywords: tuple[str, ...]
    prefers: Mapping[str, str]
    spec: str
    example: Mapping[str, str]

    def filled(self) -> str:
        """The spec text with the example's values in place of the placeholders."""
        return fill(self.spec, self.example)


@dataclass(frozen=True)
class Choice:
    """The template for a case, and why, in one sentence."""

    template: MdpTemplate
    because: str


def load_templates(library: Library) -> dict[str, MdpTemplate]:
    """All templates by id, those of the library's own folder replacing shipped ones. Raises InputError."""
    paths = {path.name: path for path in sorted(data_path("rules", "mdp_templates").glob("*.yaml"))}
    if library.rules_dir is not None:
        paths |= {path.name: path for path in sorted((library.rules_dir / "mdp_templates").glob("*.yaml"))}
    return {path.stem: _read(path) for _, path in sorted(paths.items())}


def choose(case: Case, library: Library, wanted: str | None = None) -> Choice:
    """The template `wanted`, or the nearest to the case's words and answers, or the skeleton.

    Raises UsageError when there is no template `wanted`.
    """
    templates = load_templates(library)
    if wanted is not None:
        if wanted not in templates:
            remedy = did_you_mean(wanted, templates)
            raise UsageError(Problem("template-unknown", f"there is no template '{wanted}'", remedy=remedy))
        return Choice(templates[wanted], "it was asked for by name")
    words = " ".join((case.title, case.summary, case.domain or "")).lower()
    found = {name: _hits(template, words) for name, template in templates.items()}
    facts = case.facts()

    def nearness(name: str) -> tuple[int, int]:
        agree = sum(facts.get(signal) == answer for signal, answer in templates[name].prefers.items())
        return len(found[name]), agree

    best = max(sorted(templates), key=nearness)
    if len(found[best]) < NEAR or SKELETON not in templates:
        return Choice(templates[SKELETON], "no other template shares two words with the case")
    shared = ", ".join(f"'{word}'" for word in found[best][:5])
    return Choice(templates[best], f"its keywords {shared} stand in the case")


def _hits(template: MdpTemplate, words: str) -> list[str]:
    """Keywords in the text; a plural or an ending does not hide one, and one inside another counts once."""
    hits = [word for word in template.keywords if re.search(rf"\b{re.escape(word)}(?:s|es|ed|d|ing)?\b", words)]
    return [word for word in hits if not any(word != other and other.startswith(word) for other in hits)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with every TODO of the scalar at each path ("reward.holding") replaced by its value.

    Raises InputError when there is no such scalar with a placeholder.
    """
    root = parse(text, "template")
    edits = []
    for path, value in values.items():
        node = _at(root, path)
        if node is None or node.kind != "scalar" or UNFILLED not in node.text:
            raise InputError(Problem("template-path", f"there is no {UNFILLED} at '{path}'", "template"))
        piece = text[node.start_index : node.end_index].replace(UNFILLED, value)
        edits.append((node.start_index, node.end_index, piece))
    for start, end, piece in sorted(edits, reverse=True):
        text = text[:start] + piece + text[end:]
    return text


def _at(node: Node | None, path: str) -> Node | None:
    for key in path.split("."):
        node = node.get(key) if node is not None and node.kind == "mapping" else None
    return node


def _read(path: Path) -> MdpTemplate:
    source = f"mdp_templates/{path.name}"
    text = read_text(path)
    sheet = Sheet(text, source)
    entries = sheet.mapping(parse(text, source), "the template", "a mapping")
    sheet.only(entries, KEYS, "the template")
    sheet.require(entries, NEEDED, "the template", None)
    texts = {key: sheet.text(entries[key][1], key) for key in ("id", "summary", "source") if key in entries}
    if texts.get("id") not in (None, path.stem):
        sheet.add("template-id", f"the id '{texts['id']}' is not the file's name '{path.stem}'", entries["id"][1])
    keywords = [child.text.lower() for child in entries["keywords"][1].children] if "keywords" in entries else []
    pairs = {key: _texts(sheet, entries, key) for key in ("prefers", "example")}
    spec = entries["spec"][1].text if "spec" in entries else ""
    if sheet.problems:
        raise InputError(sheet.problems)
    return MdpTemplate(
        id=path.stem,
        summary=texts["summary"] or "",
        source=texts["source"] or "",
        keywords=tuple(keywords),
        prefers=pairs["prefers"],
        spec=spec,
        example=pairs["example"],
    )


def _texts(sheet: Sheet, entries: Mapping[str, tuple[Node, Node]], key: str) -> dict[str, str]:
    if key not in entries:
        return {}
    return {name: value.text for name, (_, value) in sheet.mapping(entries[key][1], key).items()}
