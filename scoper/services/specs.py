"""Reading a spec file: mdp.yaml in either of its two forms, or every problem it has at once.

Declarative form: an MDP written down, solved exactly. Environment form: a Gymnasium environment, which this module
never imports. What the parts of a spec mean is said in `scoper.domain.mdp`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from scoper.domain.mdp import SPEC_FORMAT, EnvironmentSpec, MdpSpec, Objective, Spec
from scoper.domain.questionnaire import digest_of
from scoper.errors import InputError
from scoper.modelling.grid import word_codes
from scoper.modelling.model import AFTER
from scoper.services.spec_environment import ENVIRONMENT_KEYS, read_direction, read_environment
from scoper.services.spec_format import Sheet
from scoper.services.spec_laws import read_laws, read_start
from scoper.services.spec_variables import check_names, read_variables
from scoper.services.strict_yaml import Node, parse, read_text, to_python

DECLARATIVE_KEYS = (
    "scoper_mdp",
    "name",
    "summary",
    "timestep",
    "discount",
    "horizon",
    "state",
    "actions",
    "exogenous",
    "next",
    "reward",
    "objective",
    "terminated",
    "start",
    "available",
    "baselines",
)
NEEDED = ("scoper_mdp", "name", "discount", "state", "actions", "next", "reward", "start")

Entries = Mapping[str, tuple[Node, Node]]


def read_spec(path: Path) -> Spec:
    """The spec in the file; raises InputError with all problems, StorageError when it cannot be read."""
    return parse_spec(read_text(path), str(path))


def spec_digest(text: str) -> str:
    """Digest of a spec's content; comments and layout do not count as long as the text is YAML."""
    try:
        return digest_of(to_python(parse(text, "")))
    except InputError:
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def parse_spec(text: str, source: str) -> MdpSpec | EnvironmentSpec:
    """The spec in `text`; `source` names it in messages. Raises InputError with all problems in file order."""
    root = parse(text, source)
    sheet = Sheet(text, source)
    entries = sheet.mapping(root, "the spec", "a mapping")
    if "scoper" in entries and "scoper_mdp" not in entries:
        remedy = "`scoper scaffold` drafts its spec, `scoper run` does everything from the case"
        sheet.add("spec-is-case", "this is a case, not an MDP spec", root, remedy)
        raise InputError(sheet.problems)
    spec = _read(sheet, entries, source) if entries else None
    if sheet.problems or spec is None:
        raise InputError(sheet.problems)
    return spec


def _read(sheet: Sheet, entries: Entries, source: str) -> Spec | None:
    foreign = "environment" in entries
    sheet.only(entries, ENVIRONMENT_KEYS if foreign else DECLARATIVE_KEYS, "the spec")
    if "scoper_mdp" in entries:
        node = entries["scoper_mdp"][1]
        version = sheet.integer(node, "scoper_mdp")
        if version is not None and version != SPEC_FORMAT:
            sheet.add("spec-format", f"format {version} is unknown", node, f"this version reads format {SPEC_FORMAT}")
    if foreign:
        sheet.require(entries, ("scoper_mdp", "name"), "the spec", None)
        return read_environment(sheet, entries)
    sheet.require(entries, NEEDED, "the spec", None)
    return _read_declarative(sheet, entries, source)


def _read_declarative(sheet: Sheet, entries: Entries, source: str) -> MdpSpec | None:
    def group(key: str) -> Entries:
        node = entries[key][1] if key in entries else None
        return {k.text: (k, v) for k, v in node.items} if node else {}

    state = read_variables(sheet, entries["state"][1], "state", actions=False) if "state" in entries else {}
    actions = read_variables(sheet, entries["actions"][1], "actions", actions=True) if "actions" in entries else {}
    laws = read_laws(sheet, entries["exogenous"][1]) if "exogenous" in entries else {}
    words = word_codes({**state, **actions})
    terms = group("reward")
    check_names(sheet, {key: group(key) for key in ("state", "actions", "exogenous", "reward")}, words)
    before = [*group("state"), *group("actions"), *group("exogenous")]
    after = [*before, *(AFTER + name for name in group("state"))]
    texts: dict[str, object] = {
        "next": _next(sheet, entries, group("state"), before, words),
        "reward": _reward(sheet, entries, after, words),
        "objective": _objective(sheet, entries, [*after, *terms], words),
        "terminated": _single(sheet, entries, "terminated", list(group("state")), words) or "false",
        "available": _single(sheet, entries, "available", [*group("state"), *group("actions")], words),
        "baselines": _baselines(sheet, entries, group("actions"), list(group("state")), words),
        "start": read_start(sheet, entries["start"][1], state, list(group("state"))) if "start" in entries else {},
        **_heading(sheet, entries),
    }
    _check_end(sheet, entries, texts)
    if sheet.problems:
        return None
    values = {"state": state, "actions": actions, "exogenous": laws, "source": source, "places": sheet.places}
    return MdpSpec.model_validate({**texts, **values})


def _heading(sheet: Sheet, entries: Entries) -> dict[str, object]:
    result: dict[str, object] = {"timestep": "1 step"}
    for key in ("name", "summary", "timestep"):
        if key in entries:
            result[key] = sheet.text(entries[key][1], key)
    if "discount" in entries:
        result["discount"] = sheet.number(entries["discount"][1], "discount", low=0.0, high=1.0)
    if "horizon" in entries:
        result["horizon"] = _horizon(sheet, entries["horizon"][1])
    return result


def _horizon(sheet: Sheet, node: Node) -> int | None:
    if node.kind == "scalar" and node.text == "infinite":
        return None
    return sheet.integer(node, "horizon", low=1, high=1e9, expected="a number of timesteps or 'infinite'")


def _check_end(sheet: Sheet, entries: Entries, texts: Mapping[str, object]) -> None:
    """Without discount, time limit or termination nothing keeps the return finite."""
    endless = texts.get("horizon") is None and str(texts["terminated"]).strip().lower() == "false"
    if texts.get("discount") == 1.0 and endless and not sheet.problems:
        remedy = "give a horizon, a terminated expression, or a discount below 1"
        message = "with discount 1, an infinite horizon and no termination the return has no limit"
        sheet.add("spec-endless", message, entries["discount"][1], remedy)


def _next(
    sheet: Sheet, entries: Entries, state: Entries, names: list[str], words: Mapping[str, float]
) -> dict[str, str]:
    if "next" not in entries:
        return {}
    node = entries["next"][1]
    rules = sheet.mapping(node, "next", "a mapping of every state variable to an expression")
    sheet.only(rules, list(state), "next")
    for name in state:
        if name not in rules and node.kind == "mapping":
            sheet.add("spec-missing-key", f"next lacks '{name}'", entries["next"][0], f"say what becomes of {name}")
    return _expressions(sheet, rules, "next", names, words)


def _reward(sheet: Sheet, entries: Entries, names: list[str], words: Mapping[str, float]) -> dict[str, str]:
    if "reward" not in entries:
        return {}
    key, node = entries["reward"]
    if node.kind == "scalar" and not node.is_null:
        return _expressions(sheet, {"reward": (key, node)}, "reward", names, words)
    terms = sheet.mapping(node, "reward", "a mapping of named terms to expressions")
    if node.kind == "mapping" and not terms:
        sheet.add("spec-empty", "reward has no term", node)
    for term_key, _ in terms.values():
        sheet.name(term_key, "a reward term")
    return _expressions(sheet, terms, "reward", names, words)


def _expressions(
    sheet: Sheet, rules: Entries, path: str, names: list[str], words: Mapping[str, float]
) -> dict[str, str]:
    texts = {name: sheet.expression(value, f"{path}.{name}", names, words) for name, (_, value) in rules.items()}
    return {name: text for name, text in texts.items() if text is not None}


def _single(sheet: Sheet, entries: Entries, key: str, names: list[str], words: Mapping[str, float]) -> str | None:
    return sheet.expression(entries[key][1], key, names, words) if key in entries else None


def _objective(sheet: Sheet, entries: Entries, names: list[str], words: Mapping[str, float]) -> Objective | None:
    if "objective" not in entries:
        return None
    node = entries["objective"][1]
    if node.kind == "scalar" and not node.is_null:
        return _objective_of(sheet.expression(node, "objective", names, words), "maximise")
    parts = sheet.mapping(node, "objective", "{expression: ..., direction: maximise}")
    sheet.only(parts, ("expression", "direction"), "objective")
    if node.kind == "mapping":
        sheet.require(parts, ("expression",), "objective", node)
    text = sheet.expression(parts["expression"][1], "objective", names, words) if "expression" in parts else None
    return _objective_of(text, read_direction(sheet, parts))


def _objective_of(text: str | None, direction: str) -> Objective | None:
    return None if text is None else Objective.model_validate({"expression": text, "direction": direction})


def _baselines(
    sheet: Sheet, entries: Entries, actions: Entries, names: list[str], words: Mapping[str, float]
) -> dict[str, dict[str, str]]:
    if "baselines" not in entries:
        return {}
    result = {}
    for name, (key, node) in sheet.mapping(entries["baselines"][1], "baselines", "a mapping of policies").items():
        path = f"baselines.{name}"
        sheet.name(key, "a baseline")
        rules = sheet.mapping(node, path, "a mapping of every action variable to an expression")
        sheet.only(rules, list(actions), path)
        if node.kind == "mapping":
            sheet.require(rules, list(actions), path, key)
        result[name] = _expressions(sheet, rules, path, names, words)
    return result
