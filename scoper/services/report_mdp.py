"""The MDP in a report: states, actions, transitions, rewards, discount, horizon as one table.

From the spec's text where it can be read; of a draft with open places, what stands in it so far; of an environment that
somebody else wrote, what the probe saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoper.domain.dossier import Dossier
from scoper.domain.mdp import Distribution, MdpSpec, Table, Variable
from scoper.domain.probe import MdpSummary
from scoper.domain.wanted import Wanted
from scoper.errors import InputError
from scoper.services.numbers import number, plain

Row = dict[str, Any]
LONGEST_TABLE = 12
_OPEN = "TODO"
TO_FILL = "(to be filled in)"
_PARTS = {
    "state": "State: ",
    "actions": "Action: ",
    "exogenous": "Chance: ",
    "next": "Transition: next ",
    "reward": "Reward: ",
}
_SINGLE = ("available", "objective", "discount", "horizon", "timestep", "terminated", "start")


def mdp_view(dossier: Dossier) -> Row | None:
    """Rows and sizes; None when nothing is known of the MDP."""
    summary = dossier.result.mdp if dossier.result and dossier.result_is_current else None
    drawn = _from_text(dossier) or (_from_summary(summary) if summary else None)
    return None if drawn is None else {**drawn, "sizes": _sizes(summary)}


def _from_text(dossier: Dossier) -> Row | None:
    """From a declarative spec, filled in or not; None for an environment or without a spec."""
    from scoper.services.specs import parse_spec

    if dossier.spec_text is None:
        return None
    try:
        spec = parse_spec(dossier.spec_text, dossier.spec_name or "mdp.yaml", outline=True)
    except InputError:
        return _from_draft(dossier.spec_text)
    if not isinstance(spec, MdpSpec):
        return None
    return {"name": spec.name, "rows": _spec_rows(spec), "open": False, "frame": False}


def _from_draft(text: str) -> Row | None:
    """What stands in a draft: every entry as it is written, open places marked; None when it is no mapping."""
    from scoper.services.strict_yaml import parse, to_python

    try:
        document = to_python(parse(text, "mdp.yaml"))
    except InputError:
        return None
    if not isinstance(document, dict) or "environment" in document:
        return None
    parts = {key: value for key in _PARTS if isinstance(value := document.get(key), dict)}
    pairs = [
        (prefix + str(name), _written(v)) for key, prefix in _PARTS.items() for name, v in parts.get(key, {}).items()
    ]
    pairs += [(key.capitalize(), _written(document[key])) for key in _SINGLE if document.get(key) is not None]
    name = _written(document.get("name", ""))
    return {"name": name, "rows": _rows(pairs), "open": True, "frame": _is_frame(document)}


def _is_frame(document: Mapping[str, object]) -> bool:
    """Whether states and actions still bear the names of the template that is an empty frame."""
    from scoper.services.library import data_path
    from scoper.services.mdp_templates import SKELETON
    from scoper.services.strict_yaml import parse, read_text, to_python

    template = to_python(parse(read_text(data_path("rules", "mdp_templates", f"{SKELETON}.yaml")), SKELETON))
    frame = to_python(parse(template["spec"], SKELETON)) if isinstance(template, dict) else {}
    return all(_names(document, key) == _names(frame, key) for key in ("state", "actions"))


def _names(document: object, key: str) -> list[str]:
    part = document.get(key) if isinstance(document, Mapping) else None
    return list(part) if isinstance(part, Mapping) else []


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        text = ", ".join(f"{key}: {_written(v)}" for key, v in value.items())
    else:
        text = plain(value)
    return text.replace(_OPEN, TO_FILL)


def _from_summary(summary: MdpSummary) -> Row:
    rows = [("States", summary.states), ("Actions", summary.actions), ("Transitions", summary.transitions)]
    rows += [("Reward", summary.reward), ("Discount", number(summary.discount)), ("Horizon", _horizon(summary.horizon))]
    rows += [("Timestep", summary.timestep)] if summary.timestep else []
    return {"name": summary.name, "rows": _rows(rows), "open": False, "frame": False}


def _sizes(summary: MdpSummary | None) -> list[Row]:
    if summary is None:
        return []
    known = {"states": summary.n_states, "actions": summary.n_actions, "transitions": summary.n_transitions}
    return [{"n": n, "name": name} for name, n in known.items() if n]


def _spec_rows(spec: MdpSpec) -> list[Row]:
    rows = [(f"State: {name}", variable_words(v)) for name, v in spec.state.items()]
    rows += [(f"Action: {name}", variable_words(v)) for name, v in spec.actions.items()]
    rows += [("Available actions", spec.available)] if spec.available else []
    rows += [(f"Chance: {name}", law_words(law)) for name, law in spec.exogenous.items()]
    rows += [(f"Constant: {name}", table_words(table)) for name, table in spec.tables.items()]
    rows += [("Observed", ", ".join(_named(*pair) for pair in spec.observation.items()))] if spec.observation else []
    rows += [(f"Transition: next {name}", expression) for name, expression in spec.next.items()]
    rows += [(f"Reward: {name}", expression) for name, expression in spec.reward.items()]
    rows += (
        [("Objective", f"{spec.objective.direction} {spec.objective.expression or spec.objective.info}")]
        if spec.objective
        else []
    )
    rows += _wanted_rows(spec.wanted)
    rows += [("Discount", number(spec.discount)), ("Horizon", _horizon(spec.horizon)), ("Timestep", spec.timestep)]
    rows += [("Terminated when", spec.terminated)] if spec.terminated != "false" else []
    rows += [("Must hold", "; ".join(spec.invariants))] if spec.invariants else []
    rows += [("Start", f"one of {len(spec.joint_start):,} given states")] if spec.joint_start else []
    rows += [("Start", ", ".join(f"{key} = {plain(value)}" for key, value in spec.start.items()))] if spec.start else []
    return _rows(rows)


def _wanted_rows(wanted: Wanted) -> list[tuple[str, str]]:
    when = {"any": "at any step", "end": "at the last step", "all": "at every step"}
    rows = []
    if wanted.success is not None:
        rows.append(("Success", f"{wanted.success.expression or wanted.success.info}, {when[wanted.success.at]}"))
    if wanted.monotone:
        rows.append(("Better with", ", ".join(f"{said.direction} {said.of}" for said in wanted.monotone)))
    for name, examples in (("Preferred", wanted.preferred), ("Undesired", wanted.undesired)):
        rows += [(f"{name} episodes", number(len(examples)))] if examples else []
    if wanted.verified is not None:
        by = f", {wanted.verified.by}" if wanted.verified.by else ""
        rows.append(("Optimum as wanted", ("yes" if wanted.verified.answer else "no") + by))
    return rows


def _rows(pairs: list[tuple[str, str]]) -> list[Row]:
    return [{"name": name, "text": text} for name, text in pairs]


def variable_words(variable: Variable) -> str:
    """The values a variable can take, in words."""
    if variable.values:
        return "one of " + ", ".join(str(value) for value in variable.values)
    low, high = (("unbounded" if end is None else number(end)) for end in (variable.low, variable.high))
    return f"{'whole' if variable.kind == 'integer' else 'real'} number from {low} to {high}"


def table_words(table: Table) -> str:
    """The numbers of a table with their keys; of a large one only how many there are."""
    if len(table.values) > LONGEST_TABLE or len(table.keys) > 1:
        return f"a table of {' by '.join(str(len(keys)) for keys in table.keys)} numbers"
    if not table.keys:
        return number(table.values[0])
    return ", ".join(f"{plain(key)}: {number(value)}" for key, value in zip(table.keys[0], table.values, strict=True))


def _named(name: str, expression: str) -> str:
    return name if name == expression else f"{name} = {expression}"


def law_words(law: Distribution) -> str:
    """A distribution with its parameters; of a file only its name."""
    if "csv" in law.parameters:
        return f"{law.kind}: column {law.parameters['column']} of {law.parameters['csv']}"
    values, chances = law.parameters.get("values"), law.parameters.get("probabilities")
    if isinstance(values, list | tuple) and isinstance(chances, list | tuple) and len(values) == len(chances):
        return ", ".join(f"{plain(v)} with probability {plain(c)}" for v, c in zip(values, chances, strict=True))
    parameters = ", ".join(f"{key} {plain(value)}" for key, value in law.parameters.items())
    return f"{law.kind}: {parameters}" if parameters else law.kind


def _horizon(horizon: int | None) -> str:
    return "infinite" if horizon is None else f"{horizon:,} timesteps"
