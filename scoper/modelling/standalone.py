"""A declarative spec as one self-contained Python file: a Gymnasium environment that needs only gymnasium and numpy.

The generated class steps exactly as `scoper.modelling.spec_env` does, number for number at equal seeds. Spec text
never becomes code: names get prefixes, texts become quoted literals, expressions are written anew from their checked
trees.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from scoper.domain.mdp import MdpSpec
from scoper.modelling.expressions import Expression
from scoper.modelling.layout import Layout, Quantity, layout_of
from scoper.modelling.model import AFTER, SpecModel
from scoper.modelling.python_source import condition_of, source_of
from scoper.modelling.standalone_data import constants, word_names
from scoper.modelling.standalone_text import (
    CALC,
    CLASS,
    DRAWN,
    ENDS,
    HELD,
    IMPORTS,
    INTERVAL,
    LISTED,
    LOOKED_UP,
    STRICT,
    TAKEN_NUMBERS,
    TAKEN_POSITIONS,
    TEST,
    TOLD,
    TOLD_REAL,
    WHOLE,
)

CLASS_NAME = "ScopedEnv"


def generate_env_source(spec: MdpSpec, *, note: str = "") -> str:
    """Source of a module with the class `ScopedEnv`; `note` is added to its docstring. Raises InputError."""
    model = SpecModel(spec)
    layout = layout_of(model)
    has_intervals = any(q.is_real for q in (*layout.states, *layout.actions, *layout.observed))
    body = _class(model, layout)
    parts = [_heading(spec, layout, note, has_intervals=has_intervals), *([INTERVAL] if has_intervals else [])]
    parts.append(constants(model, layout))
    parts += [text for text in _helpers(model, layout) if _is_used(text, body)]
    return "\n\n\n".join(part.strip("\n") for part in (*parts, body)) + "\n"


def generate_test_source() -> str:
    """Source of a pytest module for the generated environment lying beside it."""
    return TEST


def plain(text: str) -> str:
    """`text` without anything that could end a docstring or a line."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.replace("\\", "/").replace('"', "'").split())


def _heading(spec: MdpSpec, layout: Layout, note: str, *, has_intervals: bool) -> str:
    lines = [f'"""{plain(spec.name) or "An MDP"}: a Gymnasium environment generated from an MDP spec.']
    for text in (spec.summary, note):
        if text.strip():
            lines += ["", *textwrap.wrap(plain(text), 100, break_long_words=True)]
    told = " of an interval the number itself" if layout.sees_numbers else ""
    lines += [
        "",
        f"One timestep is {plain(spec.timestep) or '1 step'}. Observations are positions: 0 is a variable's first "
        f"value{';' + told if told else ''}.",
        '"""',
    ]
    return "\n".join(lines) + IMPORTS.format(typing=", NamedTuple" if has_intervals else "")


def _helpers(model: SpecModel, layout: Layout) -> Iterable[str]:
    yield from (CALC, LOOKED_UP, WHOLE, STRICT if model.spec.bounds == "strict" else HELD, LISTED, DRAWN)
    yield TOLD_REAL if layout.sees_numbers else TOLD
    yield ENDS


def _is_used(helper: str, body: str) -> bool:
    name = helper.partition("def ")[2].partition("(")[0]
    return f"{name}(" in body


def _class(model: SpecModel, layout: Layout) -> str:
    spec = model.spec
    names = {name: f"s_{name}" for name in spec.state}
    names |= {name: f"a_{name}" for name in spec.actions} | {name: f"x_{name}" for name in spec.exogenous}
    after = {**names, **{AFTER + name: f"n_{name}" for name in spec.state}}
    terms = {name: f'terms["{name}"]' for name in spec.reward}
    words = word_names(model)
    body = [f'x_{name} = float(drawn(DRAWS["{name}"], self.np_random))' for name in spec.exogenous]
    for quantity in layout.states:
        body.append(f"# {quantity.name}: {plain(spec.next[quantity.name])}")
        body.append(f"n_{quantity.name} = {_arrival(quantity, source_of(model.next[quantity.name], names, words))}")
    body.append("terms: dict[str, float] = {}")
    for name, term in model.reward.items():
        body += [f"# {name}: {plain(term.text)}", f'terms["{name}"] = float({source_of(term, after, words)})']
    extra = "" if spec.available is None else ', "replaced": replaced'
    if model.objective is not None:
        body.append(f"objective = {source_of(model.objective, {**after, **terms}, words)}")
        extra += ', "objective": float(objective)'
    worded = any(q.words for q in (*layout.states, *layout.actions))
    return CLASS.format(
        class_name=CLASS_NAME,
        state_names=_targets(f"s_{name}" for name in spec.state),
        action_names=_targets(f"a_{name}" for name in spec.actions),
        body=textwrap.indent("\n".join(body), " " * 8).strip(),
        next_state=_targets(f"n_{name}" for name in spec.state),
        terminated=condition_of(model.terminated, {name: f"n_{name}" for name in spec.state}, words),
        extra=extra,
        start=_start(layout),
        choices="CANDIDATES.values()" if layout.acts_in_numbers else "ACTIONS.values()",
        info='{"state": state}' if layout.acts_in_numbers else '{"state": state, "action_mask": self.action_masks()}',
        shown=_SHOWN_WORDS if worded else _SHOWN,
        code="float(STATE[name][LABELS[name].index(value)]) if isinstance(value, str) else float(value)"
        if worded
        else "float(value)",
        observation=_observation(layout, names, words),
        **_spaces(layout),
        **_availability(model, layout, names, words),
    )


_SHOWN = "return int(value) if value == int(value) and isinstance(STATE[name], np.ndarray) else value"
_SHOWN_WORDS = f"""if name in LABELS:
            return LABELS[name][int(np.argmin(np.abs(STATE[name] - value)))]
        {_SHOWN}"""


def _arrival(quantity: Quantity, value: str) -> str:
    if quantity.is_real:
        return f'held({value}, STATE["{quantity.name}"])'
    if quantity.whole:
        return f'held(whole({value}), STATE["{quantity.name}"])'
    return f'listed({value}, STATE["{quantity.name}"])'


def _targets(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed) + ("," if len(listed) == 1 else "")


def _start(layout: Layout) -> str:
    if layout.joint_start is not None:
        return "dict(zip(STATE, map(float, drawn(START, self.np_random))))"
    return "{name: float(drawn(START[name], self.np_random)) for name in STATE}"


def _spaces(layout: Layout) -> dict[str, str]:
    seen = "gym.spaces.MultiDiscrete([values.size for values in OBSERVED.values()])"
    if layout.sees_numbers:
        seen = "gym.spaces.Box(*ends(OBSERVED), dtype=np.float64)"
    if layout.acts_in_numbers:
        act = "gym.spaces.Box(*(end.astype(np.float32) for end in ends(ACTIONS)), dtype=np.float32)"
    elif len(layout.actions) == 1:
        act = "gym.spaces.Discrete(N_ACTIONS)"
    else:
        act = "gym.spaces.MultiDiscrete(ACTION_SHAPE)"
    return {"observation_space": seen, "action_space": act}


def _observation(layout: Layout, names: Mapping[str, str], words: Mapping[str, str]) -> str:
    dtype = "np.float64" if layout.sees_numbers else "np.int64"
    result = f"return np.array([told(OBSERVED[name], value) for name, value in seen.items()], dtype={dtype})"
    if all(q.name == source for q, source in zip(layout.observed, layout.sources, strict=True)) and len(
        layout.observed
    ) == len(layout.states):
        return "seen = dict(zip(STATE, self._state))\n        " + result
    lines = [_targets(names[q.name] for q in layout.states) + " = self._state"]
    lines += ["seen: dict[str, float] = {}"]
    for quantity, source in zip(layout.observed, layout.sources, strict=True):
        if isinstance(source, Expression):
            lines.append(f"# {quantity.name}: {plain(source.text)}")
        value = source_of(source, names, words) if isinstance(source, Expression) else names[source]
        lines.append(f'seen["{quantity.name}"] = float({value})')
    return "\n        ".join([*lines, result])


def _availability(
    model: SpecModel, layout: Layout, names: Mapping[str, str], words: Mapping[str, str]
) -> dict[str, str]:
    chosen = TAKEN_NUMBERS if layout.acts_in_numbers else TAKEN_POSITIONS
    if model.availability is None:
        return {"mask": "return np.ones(N_ACTIONS, dtype=np.int8)", "taken": f"{chosen}\n        return chosen, False"}
    state = _targets(names[q.name] for q in layout.states)
    action = _targets(names[q.name] for q in layout.actions)
    test = condition_of(model.availability, names, words)
    mask = f"""mask = np.zeros(N_ACTIONS, dtype=np.int8)
        for number in range(N_ACTIONS):
            mask[number] = self._allows(self._numbered(number))
        return mask

    def _allows(self, values: tuple[float, ...]) -> bool:
        \"\"\"{plain(model.spec.available or "")}\"\"\"
        {state} = self._state
        {action} = values
        return {test}"""
    taken = f"""{chosen}
        if self._allows(chosen):
            return chosen, False
        if self._strict:
            raise ValueError(f"the action {{action!r}} is not available in this state")
        return self._numbered(int(np.argmax(self.action_masks()))), True"""
    return {"mask": mask, "taken": taken}
