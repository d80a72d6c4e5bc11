"""The JSON Schemas of methods, rungs, sub-types, capabilities and follow-up questions, from their reader's lists."""

from __future__ import annotations

from scoper.domain.decision import FAMILIES, TECHNIQUES
from scoper.services import approach_files as files
from scoper.services.rule_files import RULE_BASES
from scoper.services.schema_parts import TEXT, Schema, closed, listed, mapping, reference, told, words

_COUNT: Schema = {"type": "integer", "minimum": 0}
_ID = told(TEXT, "Equals the file's name.")
_BASIS = told(words(RULE_BASES), "How far the source says this itself.")
_TEXTS: Schema = {"anyOf": [TEXT, listed(TEXT)]}


def lines_schema(*, points: bool = False) -> Schema:
    """Conditions with what they mean; with `points`, of a method."""
    facts = reference("affords" if points else "when")
    keys: dict[str, Schema] = {"when": facts, "because": TEXT, "source": TEXT, "basis": _BASIS}
    if not points:
        return listed(closed(keys, ["when", "because"]))
    keys["points"] = {"type": "integer", "minimum": 1, "maximum": files.MOST_POINTS}
    return listed(closed(keys, tuple(keys)))


def method_schema() -> Schema:
    """A method: what it needs of the environment, what speaks for it, what it costs."""
    need = closed({"at_least": TEXT, "one_of": listed(TEXT), "because": TEXT}, ["because"])
    need["oneOf"] = [{"required": ["at_least"]}, {"required": ["one_of"]}]
    keys: dict[str, Schema] = {
        **dict.fromkeys(files._METHOD_KEYS, TEXT),
        **dict.fromkeys(files._METHOD_TEXTS, _TEXTS),
        "id": _ID,
        "techniques": listed(words(TECHNIQUES)),
        "family": words(FAMILIES),
        "order": _COUNT,
        "needs": mapping(need),
        "prefers": lines_schema(points=True),
        "cost": closed({"steps": TEXT, "compute": TEXT, "effort": TEXT}, ["steps", "compute", "effort"]),
        "libraries": _TEXTS,
        "basis": _BASIS,
    }
    return closed(keys, files._METHOD_KEYS, description="A method for a technique.")


def option_schema(place: str) -> Schema:
    """A rung of LLM orchestration, or a sub-type of another technique."""
    where = _COUNT if place == "rung" else words((*TECHNIQUES, files.NOT_YET))
    keys: dict[str, Schema] = {
        **dict.fromkeys(files._OPTION_KEYS, TEXT),
        **dict.fromkeys(files._OPTION_TEXTS, _TEXTS),
        "id": _ID,
        "order": _COUNT,
        "basis": _BASIS,
        place: where,
        "needs_reason": words(("yes", "no")),
        "why": lines_schema(),
        "why_not": lines_schema(),
    }
    return closed(keys, [*files._OPTION_KEYS, place], description="A way to build a technique.")


def capability_schema() -> Schema:
    """One respect in which an environment can afford something."""
    line = closed({"when": reference("when"), "then": TEXT, "because": TEXT}, ["when", "then", "because"])
    keys: dict[str, Schema] = {
        "id": _ID,
        "order": _COUNT,
        "question": TEXT,
        "levels": mapping(TEXT, least=1),
        "chain": words(("yes", "no")),
        "lines": listed(line),
        "default": TEXT,
        "source": TEXT,
    }
    return closed(keys, tuple(keys), description="What an environment can afford, in levels.")
