"""A declarative spec as one self-contained Python file: a Gymnasium environment that needs only gymnasium and numpy.

The generated class steps exactly as the arrays of `scoper.modelling.arrays` say: same draws, same ends of ranges, same
order of terminated and truncated. Spec text never becomes code: names get prefixes, texts become quoted literals.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from scoper.domain.mdp import MdpSpec
from scoper.errors import InputError, Problem
from scoper.modelling.expressions import parse_expression
from scoper.modelling.grid import Axis
from scoper.modelling.model import AFTER, SpecModel, law_points
from scoper.modelling.python_source import source_of
from scoper.modelling.standalone_text import CLASS, HELPERS, IMPORTS, TEST

CLASS_NAME = "ScopedEnv"


def generate_env_source(spec: MdpSpec, *, note: str = "") -> str:
    """Source of a module with the class `ScopedEnv`; `note` is added to its docstring. Raises InputError."""
    if any(variable.kind == "continuous" for variable in spec.state.values()):
        problem = "an environment can only be generated for a finite list of states"
        raise InputError(Problem("spec-continuous", problem, spec.source))
    model = SpecModel(spec)
    parts = [_heading(spec, note) + "\n" + _constants(model), HELPERS, _class(model)]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def generate_test_source() -> str:
    """Source of a pytest module for the generated environment lying beside it."""
    return TEST


def plain(text: str) -> str:
    """`text` without anything that could end a docstring or a line."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.replace("\\", "/").replace('"', "'").split())


def _heading(spec: MdpSpec, note: str) -> str:
    lines = [f'"""{plain(spec.name) or "An MDP"}: a Gymnasium environment generated from an MDP spec.']
    for text in (spec.summary, note):
        if text.strip():
            lines += ["", *textwrap.wrap(plain(text), 100, break_long_words=True)]
    lines += [
        "",
        "One timestep is "
        + (plain(spec.timestep) or "1 step")
        + ". Observations are positions: 0 is a variable's first value.",
        '"""',
    ]
    return "\n".join(lines) + IMPORTS


def _constants(model: SpecModel) -> str:
    laws = {name: law[:2] for name, law in law_points(model.spec).items()}
    worded = [axis for axis in (*model.states.axes, *model.actions.axes) if _is_worded(model, axis)]
    groups = {
        "STATE: dict[str, np.ndarray]": {axis.name: _values(axis) for axis in model.states.axes},
        "ACTIONS: dict[str, np.ndarray]": {axis.name: _values(axis) for axis in model.actions.axes},
        "LABELS: dict[str, tuple[str, ...]]": {axis.name: repr(axis.labels) for axis in worded},
        "DRAWS: dict[str, Law]": {
            name: _law(values.tolist(), shares.tolist()) for name, (values, shares) in laws.items()
        },
        "START: dict[str, Law]": {axis.name: _law(*_start(model, axis)) for axis in model.states.axes},
    }
    lines = [
        "Law = tuple[np.ndarray, np.ndarray]  # values and their cumulative probabilities",
        f"DISCOUNT = {model.spec.discount!r}",
        f"HORIZON: int | None = {model.spec.horizon!r}  # timesteps until an episode is truncated",
    ]
    for name, entries in groups.items():
        lines += [f"{name} = {{", *(_entry(key, value) for key, value in entries.items()), "}"]
    return "\n".join(lines)


def _entry(key: str, value: str) -> str:
    text = f'"{key}": {value},'
    if "'" in text:  # a word may hold blanks, at which it must not be broken
        return " " * 4 + text
    return textwrap.fill(
        text, 110, initial_indent=" " * 4, subsequent_indent=" " * 8, break_long_words=False, break_on_hyphens=False
    )


def _start(model: SpecModel, axis: Axis) -> tuple[list[float], list[float]]:
    start = model.spec.start[axis.name]
    shares = dict(start) if isinstance(start, Mapping) else {start: 1.0}
    return [float(axis.values[axis.index_of(value)]) for value in shares], [float(p) for p in shares.values()]


def _values(axis: Axis) -> str:
    if axis.kind == "integer":
        return f"np.arange({float(axis.values[0])!r}, {float(axis.values[-1]) + 1.0!r})"
    return f"np.array({axis.values.tolist()!r})"


def _is_worded(model: SpecModel, axis: Axis) -> bool:
    variable = model.spec.state.get(axis.name) or model.spec.actions[axis.name]
    return any(isinstance(value, str) for value in variable.values)


def _law(values: list[float], shares: list[float]) -> str:
    return f"(np.array({values!r}), np.cumsum({shares!r}))"


def _class(model: SpecModel) -> str:
    spec = model.spec
    names = {name: f"s_{name}" for name in spec.state}
    names |= {name: f"a_{name}" for name in spec.actions} | {name: f"x_{name}" for name in spec.exogenous}
    after = {**names, **{AFTER + name: f"n_{name}" for name in spec.state}}
    terms = {name: f'terms["{name}"]' for name in spec.reward}
    body = [f"x_{name} = drawn(DRAWS[{name!r}], self.np_random)" for name in spec.exogenous]
    for axis in model.states.axes:
        body.append(f"# {axis.name}: {plain(spec.next[axis.name])}")
        value = source_of(model.next[axis.name], names)
        body.append(f"n_{axis.name} = " + (f"held({value}, STATE[{axis.name!r}])" if axis.kind == "integer" else value))
    body.append("terms: dict[str, float] = {}")
    for name, term in model.reward.items():
        body += [f"# {name}: {plain(term.text)}", f'terms["{name}"] = {source_of(term, after)}']
    extra = "" if spec.available is None else ', "replaced": replaced'
    if model.objective is not None:
        body.append(f"objective = {source_of(model.objective, {**after, **terms})}")
        extra += ', "objective": float(objective)'
    end = parse_expression(spec.terminated, list(spec.state), model.codes)
    stop = source_of(end, {name: f"n_{name}" for name in spec.state})
    return CLASS.format(
        class_name=CLASS_NAME,
        state_names=_targets(f"s_{name}" for name in spec.state),
        action_names=_targets(f"a_{name}" for name in spec.actions),
        body=textwrap.indent("\n".join(body), " " * 8).strip(),
        next_state=_targets(f"n_{name}" for name in spec.state),
        terminated=stop,
        extra=extra,
        **_availability(model, names),
    )


def _targets(names: object) -> str:
    return "".join(f"{name}, " for name in names).rstrip()  # type: ignore[attr-defined]


def _availability(model: SpecModel, names: Mapping[str, str]) -> dict[str, str]:
    if model.spec.available is None:
        return {"mask": "return np.ones(N_ACTIONS, dtype=np.int8)", "choose": "number = self._number(action)"}
    test = parse_expression(model.spec.available, [*model.spec.state, *model.spec.actions], model.codes)
    state, action = (_targets(names[n] for n in group) for group in (model.spec.state, model.spec.actions))
    mask = f"""{state} = self._state
        mask = np.zeros(N_ACTIONS, dtype=np.int8)
        for number in range(N_ACTIONS):
            {action} = self._action(number)
            mask[number] = bool({source_of(test, names)})
        return mask"""
    choose = """number, mask = self._number(action), self.action_masks()
        replaced = not mask[number]
        if replaced:  # an action that is not available counts as the first that is
            number = int(np.argmax(mask))"""
    return {"mask": mask, "choose": choose}
