"""The JSON Schemas of the files of a rule pack, made from the pack itself: signals, answers, facets and conclusions.

One schema for each kind of file, and one for all of them that tells the kind by a key that only it has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import get_args

from scoper.domain.decision import FAMILIES, TECHNIQUES, UNDECIDED
from scoper.domain.questionnaire import CONFIDENCES, GRADED_VALUES, UNKNOWN, Question
from scoper.errors import Problem, UsageError, did_you_mean
from scoper.reasoning.pack import RulePack, TableKind
from scoper.reasoning.rule_table import HIT_POLICIES
from scoper.services import claims, mdp_templates, precedents, risk_files, rule_files, verification
from scoper.services.approach_files import VERDICT_FACTS
from scoper.services.follow_ups import follow_ups_of
from scoper.services.guide import Guide
from scoper.services.library import Library
from scoper.services.schema_approach import capability_schema, method_schema, option_schema
from scoper.services.schema_parts import (
    TEXT,
    Schema,
    closed,
    document,
    listed,
    mapping,
    reference,
    told,
    words,
)

_COUNT: Schema = {"type": "integer", "minimum": 0}
_ID = told(TEXT, "Equals the file's name.")
_BASIS = told(words(rule_files.RULE_BASES), "How far the source says this itself.")
_FLAG: Schema = {"enum": [True, False, "true", "false"]}


@dataclass(frozen=True)
class Words:
    """What the files of a pack may mention: the pack, its questions with the follow-up questions, and capabilities."""

    pack: RulePack
    questions: Mapping[str, Question]
    capabilities: Mapping[str, tuple[str, ...]]


def rules_schema(library: Library, kind: str | None = None) -> Schema:
    """The schema of one kind of file, or of all; raises UsageError for a kind that there is not."""
    if kind is not None and kind not in KINDS:
        raise UsageError(Problem("schema-kind", f"there is no kind '{kind}'", remedy=did_you_mean(kind, KINDS)))
    afforded = {name: each.levels for name, each in Guide(library).capabilities.items()}
    known = Words(library.pack, {**library.questions, **follow_ups_of(library.questions)}, afforded)
    description = "A file of a rule pack for scoper: `scoper rules check` verifies the whole pack."
    definitions = {name: make(known) for name, (_, make) in KINDS.items() if kind in (None, name)}
    definitions |= {"answers": _answers(known), "when": _when(known), "affords": _affords(known)}
    if kind is not None:
        return document(f"scoper rules: {kind}", description, {**definitions.pop(kind), "definitions": definitions})
    told_by = [{"if": sign, "then": reference(name)} for name, (sign, _) in KINDS.items()]
    signs = [sign for sign, _ in KINDS.values()]
    body: Schema = {"type": "object", "anyOf": signs, "allOf": told_by, "definitions": definitions}
    return document("scoper rules", description, body)


def kind_of(path: str) -> str | None:
    """The kind of the file at `path` within a pack, None for one that is no part of it."""
    parts = PurePath(path).parts
    if parts[-1] == "_table.yaml":
        return "table"
    if parts[-1] == "_rest.yaml":
        return "rest"
    folders = {"questions": "question", "decisions": "rule", "risks": "risk", "precedents": "precedent"}
    folders |= {"mdp_templates": "template", "golden": "golden", "methods": "method", "ladder": "rung"}
    folders |= {"sub_types": "sub_type", "capabilities": "capability", "follow_ups": "follow_up"}
    folders |= {"claims": "claim"}
    stem = PurePath(path).stem
    return folders.get(parts[0]) if len(parts) > 1 else stem if stem in KINDS else None


def _answers(known: Words) -> Schema:
    """Known answers by signal."""
    values = {name: words([v for v in q.values if v != UNKNOWN], q.meanings) for name, q in known.questions.items()}
    return closed({name: told(schema, known.questions[name].text) for name, schema in values.items()})


def _when(known: Words) -> Schema:
    """Conditions: for each input the values under which something holds."""
    inputs = {name: words(question.values, question.meanings) for name, question in known.questions.items()}
    inputs |= {table.id: words(table.outputs) for table in known.pack.tables if table.kind == "facet"}
    inputs |= {name: words(values) for name, values in VERDICT_FACTS.items()}
    inputs["technique"] = words((*TECHNIQUES, UNDECIDED))
    inputs["rung"] = words(risk_files.RUNGS)
    return closed({name: listed(schema) for name, schema in inputs.items()})


def _affords(known: Words) -> Schema:
    """Conditions of a method: answers, and what the environment affords."""
    inputs = {name: words(question.values, question.meanings) for name, question in known.questions.items()}
    inputs |= {name: words(levels) for name, levels in known.capabilities.items()}
    return closed({name: listed(schema) for name, schema in inputs.items()})


def _question(_: Words, *, follow_up: bool = False) -> Schema:
    keys: dict[str, Schema] = {
        **dict.fromkeys(rule_files._QUESTION_KEYS, TEXT),
        "id": _ID,
        "order": _COUNT,
        "kind": words(("graded", "choice")),
        "meanings": {**mapping(TEXT, least=1), "required": [UNKNOWN]},
        "row": _COUNT,
        "effort": words(rule_files.EFFORTS),
        "find_out": TEXT,
    }
    graded = {"properties": {"meanings": closed(dict.fromkeys(GRADED_VALUES, TEXT), GRADED_VALUES)}}
    chosen = {"if": {"properties": {"kind": {"const": "graded"}}}, "then": graded}
    needed: tuple[str, ...] = rule_files._QUESTION_KEYS
    if follow_up:
        keys["applies_to"], needed = listed(words(TECHNIQUES)), (*needed, "applies_to")
    return closed(keys, needed, description="A question about a problem.", **chosen)


def _table(known: Words) -> Schema:
    inputs = [*known.pack.questions, *(table.id for table in known.pack.tables), "technique", "signals"]
    keys: dict[str, Schema] = {
        "id": told(TEXT, "Equals the folder's name."),
        "kind": words(get_args(TableKind)),
        "hit_policy": words(HIT_POLICIES),
        "inputs": listed({"anyOf": [words(inputs), TEXT]}),
        "outputs": listed(TEXT),
        "because": TEXT,
        "default": TEXT,
    }
    return closed(keys, rule_files._TABLE_KEYS, description="A decision table: what its rules read and may conclude.")


def _rule(known: Words) -> Schema:
    outputs = dict.fromkeys(output for table in known.pack.tables for output in table.outputs)
    keys: dict[str, Schema] = {
        "id": _ID,
        "order": _COUNT,
        "when": reference("when"),
        "then": told(words(tuple(outputs)), "One of the table's outputs."),
        "because": told(TEXT, "The reason, for the owner of a problem."),
        "source": TEXT,
        "basis": _BASIS,
        "advice": told(TEXT, "What the report should say to do."),
    }
    return closed(keys, rule_files._RULE_KEYS, description="A decision rule.")


def _risk(_: Words) -> Schema:
    texts = dict.fromkeys(risk_files._TEXTS, TEXT)
    keys: dict[str, Schema] = {
        "id": _ID,
        "applies_to": listed(words(TECHNIQUES)),
        **texts,
        "basis": _BASIS,
        "when": told(reference("when"), "All together; without it the risk always applies."),
        "catalogue": told(TEXT, "Its place in a published list of failures."),
    }
    return closed(keys, ["id", "applies_to", *texts, "basis"], description="A way for a technique to fail.")


def _precedent(known: Words) -> Schema:
    keys: dict[str, Schema] = {
        **dict.fromkeys(precedents.KEYS, TEXT),
        "id": _ID,
        "year": _COUNT,
        "source_seen": _FLAG,
        "worked": words(TECHNIQUES),
        "family": {"enum": [*FAMILIES, None]},
        "family_alternatives": listed(words(FAMILIES)),
        "research_grade": _FLAG,
        "arguable": _FLAG,
        "answers": reference("answers"),
        "disputed": listed(words(tuple(known.pack.questions))),
    }
    return closed(keys, precedents.KEYS, description="A real project, what it was like and what worked.")


def _template(known: Words) -> Schema:
    points: Schema = {"type": "number", "minimum": -mdp_templates.MOST_POINTS, "maximum": mdp_templates.MOST_POINTS}
    topic = closed({"weight": points, "core": _FLAG, "words": listed(TEXT)}, ["weight", "words"])
    prefers = mapping({"anyOf": [TEXT, mapping(points)]})
    prefers["propertyNames"] = words(tuple(known.pack.questions))
    keys: dict[str, Schema] = {
        **dict.fromkeys(mdp_templates.KEYS, TEXT),
        "id": _ID,
        "keywords": {"anyOf": [listed(TEXT), mapping(topic)]},
        "prefers": prefers,
        "example": mapping({"type": ["string", "number", "boolean"]}),
    }
    return closed(keys, mdp_templates.NEEDED, description="An MDP template.")


def _priors(known: Words) -> Schema:
    weight: Schema = {"type": "number", "minimum": 0, "exclusiveMaximum": 1e9}
    graded = closed({value: weight for value in GRADED_VALUES if value != UNKNOWN})
    own = {
        name: closed({value: weight for value in question.values if value != UNKNOWN})
        for name, question in known.pack.questions.items()
    }
    share: Schema = {"type": "number", "minimum": 0, "maximum": 1}
    keys = {"source": TEXT, "default": graded, "signals": closed(own)}
    return closed({**keys, "confidence": closed(dict.fromkeys(CONFIDENCES, share))}, tuple(keys))


def _levers(known: Words) -> Schema:
    own = {
        name: closed(
            {"to": listed(words(question.values)), "effort": words(rule_files.EFFORTS), "how": TEXT},
            ["to", "effort", "how"],
        )
        for name, question in known.pack.questions.items()
    }
    return closed({"source": TEXT, "levers": closed(own)}, ["source", "levers"])


def _vocabulary(_: Words) -> Schema:
    trap = closed(
        {"words": listed(TEXT), "unless": reference("when"), "note": TEXT},
        ["words", "unless", "note"],
    )
    return closed({"source": TEXT, "traps": listed(trap)}, ["source", "traps"])


def _article_table(known: Words) -> Schema:
    keys: dict[str, Schema] = {
        "row": _COUNT,
        "signal": words(tuple(known.pack.questions)),
        "technique": words(TECHNIQUES),
        "mark": words(rule_files._MARKS),
        "basis": _BASIS,
        "reason": TEXT,
        "rules": listed(words(tuple(rule.id for table in known.pack.tables for rule in table.rules))),
    }
    return closed({"source": TEXT, "cells": listed(closed(keys, tuple(keys)))}, ["source", "cells"])


def _monotonicity(known: Words) -> Schema:
    keys: dict[str, Schema] = {
        **dict.fromkeys(verification._CLAIM_KEYS, TEXT),
        "signal": words(tuple(known.pack.questions)),
        "order": listed(TEXT),
    }
    return closed({"claims": listed(closed(keys, verification._CLAIM_KEYS))}, ["claims"])


def _claim(_: Words) -> Schema:
    targets = closed({kind: listed(TEXT) for kind in claims.KINDS})
    row = closed({"id": _COUNT, "claim": TEXT, "encoded": targets, "not_encoded": TEXT}, ["id", "claim"])
    row["oneOf"] = [{"required": ["encoded"]}, {"required": ["not_encoded"]}]
    keys = {"source": TEXT, "section": TEXT, "claims": listed(row)}
    return closed(keys, tuple(keys), description="Claims of the source, and where each is encoded.")


def _demands(_: Words) -> Schema:
    keys: dict[str, Schema] = {
        **dict.fromkeys(verification._DEMAND_KEYS, TEXT),
        "answers": reference("answers"),
        "technique": words((*TECHNIQUES, UNDECIDED)),
    }
    return closed({"demands": listed(closed(keys, verification._DEMAND_KEYS))}, ["demands"])


def _golden(_: Words) -> Schema:
    expect = closed(
        {
            "technique": words((*TECHNIQUES, UNDECIDED)),
            "readiness": words(("go", "go_if", "not_yet", "no")),
            "family": words(FAMILIES),
            **{key: listed(TEXT) for key in verification._EXPECT_OPTIONAL if key != "family"},
        },
        verification._EXPECT_KEYS,
    )
    case = closed({"id": TEXT, "answers": reference("answers"), "expect": expect, "because": TEXT},
                  verification._CASE_KEYS)  # fmt: skip
    return closed({"cases": listed(case)}, ["cases"])


def _rest(_: Words) -> Schema:
    return closed({"answers": reference("answers")}, ["answers"])


def _pack(_: Words) -> Schema:
    return closed({"replaces": _FLAG, "title": TEXT}, ["replaces"])


def _has(*keys: str, lacks: str = "") -> Schema:
    """What a file is told by: it has these keys, and lacks one that its like has."""
    sign: Schema = {"required": list(keys)}
    return {**sign, "not": {"required": [lacks]}} if lacks else sign


KINDS: Mapping[str, tuple[Schema, Callable[[Words], Schema]]] = {
    "question": (_has("meanings", lacks="applies_to"), _question),
    "follow_up": (_has("meanings", "applies_to"), lambda known: _question(known, follow_up=True)),
    "table": (_has("hit_policy"), _table),
    "rule": (_has("then"), _rule),
    "risk": (_has("detection"), _risk),
    "precedent": (_has("worked"), _precedent),
    "template": (_has("keywords"), _template),
    "method": (_has("needs"), lambda _: method_schema()),
    "rung": (_has("rung"), lambda _: option_schema("rung")),
    "sub_type": (_has("technique"), lambda _: option_schema("technique")),
    "capability": (_has("levels"), lambda _: capability_schema()),
    "priors": (_has("signals"), _priors),
    "levers": (_has("levers"), _levers),
    "vocabulary": (_has("traps"), _vocabulary),
    "article_table": (_has("cells"), _article_table),
    "claim": (_has("section", "claims"), _claim),
    "monotonicity": (_has("claims", lacks="section"), _monotonicity),
    "demands": (_has("demands"), _demands),
    "golden": (_has("cases"), _golden),
    "rest": (_has("answers", lacks="worked"), _rest),
    "pack": (_has("replaces"), _pack),
}
"""What a file of each kind is told by, and what makes its schema."""
