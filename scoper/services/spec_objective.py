"""What a spec says of what its owner wants: a number, a success, examples, directions, an answer on shown traces.

The number becomes the spec's `objective`, all else its `wanted`. A declarative spec writes expressions and names of its
own; a foreign environment has keys of step's info.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from scoper.domain.mdp import Objective, Variable
from scoper.domain.wanted import RULES, Move, Statement, Success, Trajectory, Verification, Wanted
from scoper.errors import did_you_mean
from scoper.services.spec_format import Sheet, Vocabulary, describe, read_choice
from scoper.services.spec_variables import holds, shown, word_or_number
from scoper.services.strict_yaml import Node

STATEMENTS = ("success", "preferred", "undesired", "monotone", "verified")
SUCCESS_AT = ("any", "end", "all")
TRAJECTORY_KEYS = ("seed", "actions", "rule", "note")
VERIFIED_KEYS = ("answer", "by", "note", "shown")
MOST_ACTIONS, MOST_SEED = 10_000, 2**32 - 1
_ANSWERS = {"yes": True, "true": True, "no": False, "false": False}

Entries = Mapping[str, tuple[Node, Node]]


@dataclass(frozen=True)
class Names:
    """What an objective may mention. known: of a declarative spec, None for a foreign environment.

    actions: its action variables; rules: its baselines.
    """

    known: Vocabulary | None = None
    actions: Mapping[str, Variable] = field(default_factory=dict)
    rules: Collection[str] = ()

    @property
    def source(self) -> str:
        """The key that says where a number comes from."""
        return "info" if self.known is None else "expression"


def read_objective(sheet: Sheet, node: Node, names: Names) -> tuple[Objective | None, Wanted]:
    """The objective's number, if there is one, and what else is said."""
    if names.known is not None and node.kind == "scalar" and not node.is_null:
        return _number(sheet, {"expression": (node, node)}, names, "objective"), Wanted()
    example = "{info: key, direction: maximise}" if names.known is None else "{expression: ..., direction: maximise}"
    parts = _placed(sheet, sheet.mapping(node, "objective", example), names, node)
    number = _number(sheet, parts, names, f"objective.{names.source}")
    said: dict[str, object] = {}
    if "success" in parts:
        said["success"] = _success(sheet, parts["success"][1], names)
    for key in ("preferred", "undesired"):
        if key in parts:
            said[key] = _trajectories(sheet, parts[key][1], f"objective.{key}", names)
    if "monotone" in parts:
        said["monotone"] = _statements(sheet, parts["monotone"][1], names)
    if "verified" in parts:
        said["verified"] = _verified(sheet, parts["verified"][1])
    wanted = Wanted.model_validate({key: value for key, value in said.items() if value is not None})
    _check_examples(sheet, wanted, parts)
    return number, wanted


def _placed(sheet: Sheet, parts: Entries, names: Names, node: Node) -> dict[str, tuple[Node, Node]]:
    """The parts of an objective, with what is missing, unknown or in the wrong place noted."""
    if names.known is not None and "at" in parts:
        remedy = "success: {expression: ..., at: end}; a number is summed over the episode"
        sheet.add("spec-objective", "objective.at belongs inside 'success'", parts["at"][0], remedy)
        parts = {key: part for key, part in parts.items() if key != "at"}
    placed = ("direction", "at") if names.known is None else ("direction",)
    parts = _only(sheet, parts, (names.source, *placed, *STATEMENTS), "objective")
    if node.kind == "mapping" and not (set(parts) & {names.source, *STATEMENTS}):
        ways = ", ".join((names.source, *STATEMENTS))
        sheet.add("spec-missing-key", "objective says nothing of what is wanted", node, f"give one or more of: {ways}")
    for key in placed:
        if key in parts and names.source not in parts and set(parts) & set(STATEMENTS):
            sheet.add("spec-objective", f"objective.{key} belongs to '{names.source}'", parts[key][0], "remove it")
    return dict(parts)


def _only(sheet: Sheet, parts: Entries, allowed: tuple[str, ...], path: str) -> dict[str, tuple[Node, Node]]:
    """The parts, unknown keys noted, those nearly right taken for what was meant: one slip is one problem."""
    sheet.only(parts, allowed, path)
    return sheet.respelled(parts, allowed)


def _number(sheet: Sheet, parts: Entries, names: Names, path: str) -> Objective | None:
    direction = read_choice(sheet, parts, "direction", ("maximise", "minimise"))
    at = read_choice(sheet, parts, "at", ("sum", "end")) if names.known is None else "sum"
    if names.source not in parts:
        return None
    node = parts[names.source][1]
    if names.known is None:
        text = sheet.text(node, path)
    else:
        text = sheet.expression(node, "objective", [*names.known.after, *names.known.reward], names.known)
    return None if text is None else Objective.model_validate({names.source: text, "at": at, "direction": direction})


def _success(sheet: Sheet, node: Node, names: Names) -> Success | None:
    path = "objective.success"
    plain = node.kind == "scalar" and not node.is_null
    parts: Entries = {names.source: (node, node)} if plain else sheet.mapping(node, path, f"{{{names.source}: ...}}")
    parts = _only(sheet, parts, (names.source, "at"), path)
    if node.kind == "mapping":
        sheet.require(parts, (names.source,), path, node)
    at = read_choice(sheet, parts, "at", SUCCESS_AT, f"{path}.at")
    if names.source not in parts:
        return None
    inner = parts[names.source][1]
    if names.known is None:
        text = sheet.text(inner, path)
    else:
        text = sheet.expression(inner, path, [*names.known.after, *names.known.reward], names.known)
    return None if text is None else Success.model_validate({names.source: text, "at": at})


def _listed(sheet: Sheet, node: Node, path: str, example: str) -> tuple[Node, ...]:
    """The members of a list with at least one; none, with a problem noted, of anything else."""
    if sheet.is_todo(node, path, "a list"):
        return ()
    if node.kind != "sequence" or not node.children:
        sheet.add("spec-type", f"{path} must be a list such as [{example}], not {describe(node)}", node)
        return ()
    return tuple(node.children) if sheet.few(node, path, "members") else ()


def _statements(sheet: Sheet, node: Node, names: Names) -> tuple[Statement, ...]:
    path, found = "objective.monotone", dict[str, Statement]()
    for number, child in enumerate(_listed(sheet, node, path, "{more_of: served}"), 1):
        place = f"{path}, statement {number}"
        parts = sheet.mapping(child, place, "{more_of: name} or {less_of: name}")
        parts = _only(sheet, parts, ("more_of", "less_of"), place)
        if child.kind == "mapping" and len(set(parts) & {"more_of", "less_of"}) != 1:
            sheet.add("spec-objective", f"{place} needs exactly one of 'more_of' and 'less_of'", child)
            continue
        for key in set(parts) & {"more_of", "less_of"}:
            of = _countable(sheet, parts[key][1], f"{place}: {key}", names)
            if of is not None and of in found:
                sheet.add("spec-duplicate", f"{path} says two things of '{of}'", parts[key][1], "keep one of them")
            elif of is not None:
                found[of] = Statement.model_validate({"of": of, "direction": key.removesuffix("_of")})
    return tuple(found.values())


def _countable(sheet: Sheet, node: Node, path: str, names: Names) -> str | None:
    text = sheet.text(node, path)
    if text is None or names.known is None:
        return text
    allowed = [*names.known.state, *names.known.actions, *names.known.exogenous, *names.known.reward]
    if text not in allowed:
        sheet.add(
            "spec-objective", f"{path} names '{text[:40]}', which is nothing here", node, did_you_mean(text, allowed)
        )
        return None
    return text


def _trajectories(sheet: Sheet, node: Node, path: str, names: Names) -> tuple[Trajectory, ...]:
    example = "{seed: 1, actions: [0, 2]}"
    found = [_trajectory(sheet, child, f"{path}, trajectory {n}", names) for n, child in
             enumerate(_listed(sheet, node, path, example), 1)]  # fmt: skip
    return tuple(trajectory for trajectory in found if trajectory is not None)


def _trajectory(sheet: Sheet, node: Node, path: str, names: Names) -> Trajectory | None:
    parts = sheet.mapping(node, path, "{seed: 1, actions: [...]} or {seed: 1, rule: name}")
    parts = _only(sheet, parts, TRAJECTORY_KEYS, path)
    values: dict[str, object] = {}
    if node.kind == "mapping" and ("actions" in parts) == ("rule" in parts):
        sheet.add("spec-objective", f"{path} needs exactly one of 'actions' and 'rule'", node)
        return None
    if "seed" in parts:
        values["seed"] = sheet.integer(parts["seed"][1], f"{path}: seed", low=0, high=MOST_SEED)
    if "note" in parts:
        values["note"] = sheet.text(parts["note"][1], f"{path}: note")
    if "rule" in parts:
        values["rule"] = _rule(sheet, parts["rule"][1], f"{path}: rule", names)
    if "actions" in parts:
        values["actions"] = _moves(sheet, parts["actions"][1], f"{path}: actions", names)
    return Trajectory.model_validate(values) if values and None not in values.values() else None


def _rule(sheet: Sheet, node: Node, path: str, names: Names) -> str | None:
    text = sheet.text(node, path)
    allowed = [*names.rules, *(rule for rule in RULES if rule not in names.rules)]
    if text is not None and text not in allowed:
        sheet.add("spec-objective", f"{path} is '{text[:40]}', which is no policy", node, did_you_mean(text, allowed))
        return None
    return text


def _moves(sheet: Sheet, node: Node, path: str, names: Names) -> tuple[Move | tuple[Move, ...], ...] | None:
    if sheet.is_todo(node, path, "a list of actions"):
        return None
    if node.kind != "sequence" or not node.children:
        sheet.add("spec-type", f"{path} must be a list with at least one action, not {describe(node)}", node)
        return None
    if not sheet.few(node, path, "actions", MOST_ACTIONS):
        return None
    moves: list[Move | tuple[Move, ...]] = []
    for number, child in enumerate(node.children, 1):
        move = _move(sheet, child, f"{path}, timestep {number}", names)
        if move is None:
            return None
        moves.append(move)
    return tuple(moves)


def _move(sheet: Sheet, node: Node, path: str, names: Names) -> Move | tuple[Move, ...] | None:
    """A value for a single action, else one for each part: a list, or in a declarative spec a mapping."""
    if names.known is None:
        if node.kind == "sequence" and node.children:
            parts = [sheet.number(child, path) for child in node.children]
            return None if None in parts else tuple(part for part in parts if part is not None)
        value = sheet.number(node, path, expected="a number or a list of numbers")
        return int(value) if value is not None and value == int(value) and "." not in node.text else value
    if len(names.actions) < len(names.known.actions):
        return None  # an action variable has problems of its own
    if node.kind == "mapping":
        rows = sheet.mapping(node, path)
        rows = _only(sheet, rows, names.known.actions, path)
        sheet.require(rows, names.known.actions, path, node)
        nodes = [rows[name][1] for name in names.known.actions if name in rows]
    else:
        nodes = list(node.children) if node.kind == "sequence" else [node]
    if len(nodes) != len(names.actions):
        if node.kind != "mapping":
            wanted = f"{{{', '.join(f'{name}: ...' for name in names.actions)}}}"
            sheet.add("spec-type", f"{path} must be {wanted}, not {describe(node)}", node)
        return None
    values = [_value(sheet, n, f"{path}: {name}", v) for n, (name, v) in zip(nodes, names.actions.items(), strict=True)]
    known = tuple(value for value in values if value is not None)
    return None if len(known) < len(values) else known[0] if len(known) == 1 else known


def _value(sheet: Sheet, node: Node, path: str, variable: Variable) -> Move | None:
    value = word_or_number(sheet, node, path)
    if value is not None and not holds(variable, value):
        within = "among" if variable.kind == "categorical" else "within"
        sheet.add("spec-range", f"{path} is {value}, which is not {within} {shown(variable)}", node)
        return None
    return value


def _verified(sheet: Sheet, node: Node) -> Verification | None:
    path = "objective.verified"
    plain = node.kind == "scalar" and not node.is_null
    parts: Entries = (
        {"answer": (node, node)} if plain else sheet.mapping(node, path, "yes, no or {answer: yes, by: name}")
    )
    parts = _only(sheet, parts, VERIFIED_KEYS, path)
    if node.kind == "mapping":
        sheet.require(parts, ("answer",), path, node)
    if "answer" not in parts:
        return None
    inner = parts["answer"][1]
    if sheet.is_todo(inner, path, "yes or no"):
        return None
    if inner.kind != "scalar" or inner.text not in _ANSWERS:
        sheet.add("spec-choice", f"{path} is {describe(inner)}", inner, "allowed: yes, no")
        return None
    texts = {k: sheet.text(parts[k][1], f"{path}: {k}") for k in VERIFIED_KEYS[1:] if k in parts}
    if None in texts.values():
        return None
    return Verification.model_validate({"answer": _ANSWERS[inner.text], **texts})


def _check_examples(sheet: Sheet, wanted: Wanted, parts: Entries) -> None:
    """No episode can be preferred and undesired."""
    good = {trajectory.model_copy(update={"note": ""}) for trajectory in wanted.preferred}
    for trajectory in wanted.undesired:
        if trajectory.model_copy(update={"note": ""}) in good:
            message = f"the trajectory with seed {trajectory.seed} is both preferred and undesired"
            sheet.add("spec-objective", message, parts["undesired"][0], "keep it in one of the two lists")
