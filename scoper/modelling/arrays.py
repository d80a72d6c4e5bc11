"""A declarative spec as arrays: every state, action and exogenous draw is tried once.

Transitions of a pair come in the order of their successors; equal successors are one transition whose reward is the
expected one. A step that would leave a range is held at its end, and `TabularMdp.notes` says where and how often,
unless the spec says `bounds: strict`; every other impossible step is an error that names the smallest state, action
and draw where it happens. How parts of the work are done is `scoper.modelling.stepping`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from scoper.domain.mdp import Distribution, MdpSpec, Variable
from scoper.domain.tabular import Floats, Ints, TabularMdp
from scoper.errors import InputError, Problem
from scoper.modelling.checks import check_states
from scoper.modelling.grid import size_of
from scoper.modelling.interpolation import note
from scoper.modelling.model import SpecModel, answer_text, law_points
from scoper.modelling.stepping import SQUARED, Block, Stepper

MAX_STATES = 4_000_000
MAX_COMBINATIONS = 200_000_000
MAX_DRAWS = 4_000_000
MAX_TRANSITIONS = 80_000_000
"""The most that arrays are made of: about 10 s and, with one reward, 33 bytes a transition."""
CHUNK = 1 << 18


@dataclass(frozen=True)
class CompiledSpec:
    """The arrays of a spec. objective: (N,) or None, not negated where it is to be minimised. baselines: (S,) each.

    cautions: what looks unintended in the spec.
    """

    mdp: TabularMdp
    objective: Floats | None
    baselines: Mapping[str, Ints]
    spec: MdpSpec
    cautions: tuple[str, ...] = ()

    @cached_property
    def terms(self) -> Mapping[str, Floats]:
        """Reward term to (N,) per transition; made when first asked for, by another pass."""
        model = SpecModel(self.spec)
        return _assembled(model, list(self.spec.reward))[1]

    @cached_property
    def squared_reward(self) -> Floats:
        """(N,) the expected square of the reward per transition; made when first asked for, by another pass."""
        return _assembled(SpecModel(self.spec), [SQUARED])[1][SQUARED]


def to_tabular(spec: MdpSpec) -> TabularMdp:
    """The arrays of `spec`; raises InputError when it is too large, continuous without points, or steps to nowhere."""
    return compile_spec(spec).mdp


def objective_reward(spec: MdpSpec) -> Floats:
    """(N,) the objective per transition, in the order of `to_tabular`; the reward when the spec names no objective."""
    compiled = compile_spec(spec)
    return compiled.mdp.reward if compiled.objective is None else compiled.objective


def compile_spec(spec: MdpSpec) -> CompiledSpec:
    """Arrays, objective and baseline policies of `spec` in one pass; raises InputError."""
    _check_size(spec)
    model = SpecModel(spec)
    baselines = {name: _policy(model, name, rules) for name, rules in spec.baselines.items()}
    moves, paid = _assembled(model, ["", *(["objective"] if model.objective is not None else [])])
    mdp = TabularMdp(
        n_states=model.states.size,
        n_actions=model.actions.size,
        **moves,
        reward=paid[""],
        initial=model.initial(),
        available=model.available,
        discount=spec.discount,
        horizon=spec.horizon,
        state_labels=model.states.all_labels(),
        action_labels=model.actions.all_labels(),
        truncated_mass=model.lost,
        notes=(*interval_notes(spec), *model.clip_notes()),
        discretised=is_discretised(spec),
        source=spec.source,
    )
    cautions = (*spec.cautions, *check_states(model, mdp))
    if model.problems:
        raise InputError(model.in_file_order())
    return CompiledSpec(mdp, paid.get("objective"), baselines, spec, cautions)


def named_baselines(spec: MdpSpec) -> dict[str, Ints]:
    """Name to policy (S,) of the spec's baselines; raises InputError where one takes an action that does not exist."""
    return dict(compile_spec(spec).baselines)


def has_arrays(spec: MdpSpec) -> bool:
    """Whether every interval of `spec` names the points that stand for it."""
    return all(variable.kind != "continuous" or variable.points for _, variable in _variables(spec))


def is_discretised(spec: MdpSpec) -> bool:
    """Whether arrays of `spec` put points in the place of an interval, so that they approximate it."""
    return any(variable.kind == "continuous" for _, variable in _variables(spec)) or any(_even(spec))


def _even(spec: MdpSpec) -> Iterator[tuple[str, Distribution]]:
    """The laws that are even over an interval of real numbers."""
    return ((name, law) for name, law in spec.exogenous.items() if "points" in law.parameters)


def _variables(spec: MdpSpec) -> Iterator[tuple[str, Variable]]:
    for group, variables in (("state", spec.state), ("actions", spec.actions)):
        yield from ((f"{group}.{name}", variable) for name, variable in variables.items())


def interval_notes(spec: MdpSpec) -> Iterator[str]:
    """What the arrays make of every interval of `spec`."""
    for path, v in _variables(spec):
        if v.kind == "continuous" and v.points and v.low is not None and v.high is not None:
            yield note(path, v.points, v.low, v.high, of=path.partition(".")[0].removesuffix("s"))
    for name, law in _even(spec):
        yield f"exogenous.{name} is drawn from the middles of {law.parameters['points']} equal cells of its interval"


def _check_size(spec: MdpSpec) -> None:
    problems = [
        Problem("spec-continuous", f"{path} is continuous; an exact solution needs a finite list of values",
                spec.source, *spec.places.get(path, (0, 0)),
                remedy="add points: 41 or so, use {from: ..., to: ...} with a coarser unit, or the environment form")
        for path, variable in _variables(spec) if variable.kind == "continuous" and not variable.points
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    laws = law_points(spec)
    states, actions = (prod(map(size_of, group.values())) for group in (spec.state, spec.actions))
    draws = prod(values.size for values, _, _ in laws.values())
    corners = 2 ** sum(v.kind == "continuous" for v in spec.state.values())
    if states <= MAX_STATES and draws <= MAX_DRAWS and states * actions * draws * corners <= MAX_COMBINATIONS:
        return
    combinations = states * actions * draws * corners
    message = (
        f"{states:,} states, {actions:,} actions and {draws:,} draws are {combinations:,} "
        f"combinations, which are too many (at most {MAX_STATES:,} states, {MAX_DRAWS:,} draws and "
        f"{MAX_COMBINATIONS:,} combinations)"
    )
    excess = {"state": states / MAX_STATES, "exogenous": draws / MAX_DRAWS, "": combinations / MAX_COMBINATIONS}
    raise _too_large(spec, laws, message, excess)


def _too_large(
    spec: MdpSpec, laws: Mapping[str, tuple[Floats, Any, Any]], message: str, excess: Mapping[str, float]
) -> InputError:
    """The error, at the variable to coarsen and with how far; `excess`: group ("" for all) to times too large."""
    sizes = {path: size_of(variable) for path, variable in _variables(spec)}
    sizes |= {f"exogenous.{name}": values.size for name, (values, _, _) in laws.items()}
    group = max(excess, key=lambda name: excess[name])
    widest = max((path for path in sizes if path.startswith(group)), key=lambda path: sizes[path])
    target = max(2, int(sizes[widest] / excess[group]))
    remedy = f"coarsen {widest} from {sizes[widest]:,} to at most {target:,} values"
    if any(path == widest and variable.kind == "integer" for path, variable in _variables(spec)):
        remedy += f": count in units of {-(-sizes[widest] // target):,}"
    if sizes[widest] / target < 0.99 * excess[group]:
        remedy += ", and others too"
    place = spec.places.get(widest, (0, 0))
    return InputError(Problem("spec-too-large", message, spec.source, *place, remedy))


def _assembled(model: SpecModel, amounts: list[str]) -> tuple[dict[str, Any], dict[str, Floats]]:
    """Offsets, successor, probability and terminates of all pairs; and the amounts per transition.

    An amount is a reward term, "" for the whole reward, or "objective".
    """
    stepper, blocks, size = Stepper(model, amounts), [], 0
    for part in model.combinations.parts(CHUNK // stepper.n_corners):
        blocks.append(stepper.block(part))
        size += blocks[-1].successor.size
        if size > MAX_TRANSITIONS:
            message = f"there are more than {MAX_TRANSITIONS:,} transitions"
            done = sum(block.counts.size for block in blocks) / (model.states.size * model.actions.size)
            raise _too_large(model.spec, model.laws, message, {"": size / done / MAX_TRANSITIONS})
    if model.problems:
        raise InputError(model.in_file_order())
    offsets = np.zeros(model.states.size * model.actions.size + 1, dtype=np.int64)
    np.cumsum(np.concatenate([block.counts for block in blocks]), out=offsets[1:])
    successor = np.empty(size, dtype=np.int64)
    np.concatenate([block.successor for block in blocks], out=successor)
    terminates = model.terminal[successor]
    if stepper.is_continuous:
        terminates |= np.concatenate([block.ends for block in blocks])
    moves = {
        "offsets": offsets,
        "successor": successor,
        "probability": np.concatenate([block.probability for block in blocks]),
        "terminates": terminates,
    }
    return moves, {name: _joined(blocks, name) for name in amounts}


def _joined(blocks: list[Block], name: str) -> Floats:
    """One amount of all blocks, which forget it: the peak is one array more than the result."""
    return np.concatenate([block.paid.pop(name) for block in blocks])


def _policy(model: SpecModel, name: str, rules: Mapping[str, str]) -> Ints:
    """(S,) the action numbers of a baseline; the nearest point where an action is an interval."""
    columns, result = model.states.columns(), np.zeros(model.states.size, dtype=np.int64)
    for axis in model.actions.axes:
        path = f"baselines.{name}.{axis.name}"
        wanted = np.broadcast_to(model.parse(rules[axis.name], list(model.spec.state)).evaluate(columns), result.shape)
        index, wrong = axis.chosen(wanted)
        if wrong.any():
            state = int(np.argmax(wrong))
            words = f"{answer_text(float(wanted[state]))} for {model.states.label(state)}, which is no such action"
            model.report(path, words)
        result = result * axis.values.size + index
    forbidden = ~model.available[np.arange(result.size), result]
    if forbidden.any():
        state = int(np.argmax(forbidden))
        model.report(path, f"the action is not available for {model.states.label(state)}")
    return result
