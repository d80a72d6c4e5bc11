"""MDP templates: reading them, and filling in their placeholders.

A template is one YAML file under rules/mdp_templates whose id is its name: a spec text with TODO where only the owner
knows the number, an `example` that gives a number for each of them, what is known about its optimum, and what a case
says that it fits (`scoper.services.template_picks` weighs that).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scoper.errors import InputError, Problem
from scoper.modelling.expressions import UNFILLED
from scoper.services.library import Library, data_path
from scoper.services.spec_format import Sheet
from scoper.services.strict_yaml import Node, parse, read_text

KEYS = ("id", "summary", "source", "optimum", "keywords", "prefers", "spec", "example")
NEEDED = ("id", "summary", "source", "keywords", "spec", "example")
SKELETON = "skeleton"
MOST_POINTS = 10.0


@dataclass(frozen=True)
class Topic:
    """One thing a case may speak of: its name, what it is worth in points, and words that show it.

    A word with a star at its end stands for all words that begin so; a plural is always meant too. A negative weight
    speaks against the template. core: without one of the core topics, or a telling one in two words, the template is
    about something else.
    """

    name: str
    weight: float
    words: tuple[str, ...]
    core: bool = True


@dataclass(frozen=True)
class MdpTemplate:
    """One template; `example` maps the path of every placeholder to a value.

    optimum: one sentence on what its optimal policy is known to be. topics: what a case speaks of that fits it.
    prefers: signal to answer to points for or against.
    """

    id: str
    summary: str
    source: str
    optimum: str
    topics: tuple[Topic, ...]
    prefers: Mapping[str, Mapping[str, float]]
    spec: str
    example: Mapping[str, str]

    def filled(self, values: Mapping[str, str] | None = None) -> str:
        """The spec text with the example's values in place of the placeholders, those in `values` going first."""
        return fill(self.spec, {**self.example, **(values or {})})


def load_templates(library: Library) -> dict[str, MdpTemplate]:
    """All templates by id, those of the library's own folder replacing shipped ones. Raises InputError."""
    paths = {path.name: path for path in sorted(data_path("rules", "mdp_templates").glob("*.yaml"))}
    if library.rules_dir is not None:
        paths |= {path.name: path for path in sorted((library.rules_dir / "mdp_templates").glob("*.yaml"))}
    return {path.stem: _read(path) for _, path in sorted(paths.items())}


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
    names = ("id", "summary", "source", "optimum")
    texts = {key: sheet.text(entries[key][1], key) for key in names if key in entries}
    if texts.get("id") not in (None, path.stem):
        sheet.add("template-id", f"the id '{texts['id']}' is not the file's name '{path.stem}'", entries["id"][1])
    topics = _topics(sheet, entries["keywords"][1]) if "keywords" in entries else []
    prefers = _prefers(sheet, entries["prefers"][1]) if "prefers" in entries else {}
    example = _texts(sheet, entries, "example")
    spec = entries["spec"][1].text if "spec" in entries else ""
    if sheet.problems:
        raise InputError(sheet.problems)
    return MdpTemplate(
        id=path.stem,
        summary=texts["summary"] or "",
        source=texts["source"] or "",
        optimum=texts.get("optimum") or "",
        topics=tuple(topics),
        prefers=prefers,
        spec=spec,
        example=example,
    )


def _topics(sheet: Sheet, node: Node) -> list[Topic]:
    """Topics by name, {weight: 2, core: true, words: [...]}, or a bare list of words that are a topic each."""
    if node.kind == "sequence":
        return [Topic(child.text, 1.0, _words(child)) for child in node.children]
    found = []
    for name, (_, value) in sheet.mapping(node, "keywords", "a mapping of topics to words").items():
        path = f"keywords.{name}"
        parts = sheet.mapping(value, path, "{weight: 2, words: [stock, shelf]}")
        sheet.only(parts, ("weight", "core", "words"), path)
        if parts:
            sheet.require(parts, ("weight", "words"), path, value)
        weight = (
            sheet.number(parts["weight"][1], f"{path}.weight", low=-MOST_POINTS, high=MOST_POINTS)
            if "weight" in parts
            else 0
        )
        words = parts["words"][1].children if "words" in parts else ()
        core = "core" in parts and parts["core"][1].text == "true"
        known = tuple(word for child in words for word in _words(child))
        found.append(Topic(name.replace("_", " "), weight or 0.0, known, core))
    return found


def _words(node: Node) -> tuple[str, ...]:
    return (" ".join(node.text.lower().replace("-", " ").split()),) if node.text.strip(" *") else ()


def _prefers(sheet: Sheet, node: Node) -> dict[str, dict[str, float]]:
    """Points for and against by signal and answer; a bare answer is worth one point."""
    found: dict[str, dict[str, float]] = {}
    for signal, (_, value) in sheet.mapping(node, "prefers", "a mapping of signals to answers").items():
        if value.kind != "mapping":
            found[signal] = {value.text: 1.0}
            continue
        path = f"prefers.{signal}"
        points = {
            answer: sheet.number(number, f"{path}.{answer}", low=-MOST_POINTS, high=MOST_POINTS)
            for answer, (_, number) in sheet.mapping(value, path).items()
        }
        found[signal] = {answer: number for answer, number in points.items() if number is not None}
    return found


def _texts(sheet: Sheet, entries: Mapping[str, tuple[Node, Node]], key: str) -> dict[str, str]:
    if key not in entries:
        return {}
    return {name: value.text for name, (_, value) in sheet.mapping(entries[key][1], key).items()}
