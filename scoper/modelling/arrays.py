"""A declarative spec as arrays: every state, action and exogenous draw is tried once.

Transitions of a pair come in the order of their successors; equal successors are one transition whose reward is the
expected one. A step that would leave an integer range is held at its end, and `TabularMdp.notes` says where and how
often; every other impossible step is an error that names the smallest state, action and draw where it happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

import numpy as np

from scoper.domain.mdp import MdpSpec, Variable
from scoper.domain.tabular import Bools, Floats, Ints, TabularMdp
from scoper.errors import InputError, Problem
from scoper.modelling.expressions import Expression, parse_expression
from scoper.modelling.grid import size_of
from scoper.modelling.model import AFTER, SpecModel, law_points, number_text

MAX_STATES = 2_000_000
MAX_COMBINATIONS = 20_000_000
CHUNK = 400_000


@dataclass(frozen=True)
class CompiledSpec:
    """The arrays of a spec. terms: reward term to (N,) per transition. objective: (N,) or None. baselines: (S,) each.

    The objective is not negated where it is to be minimised.
    """

    mdp: TabularMdp
    terms: Mapping[str, Floats]
    objective: Floats | None
    baselines: Mapping[str, Ints]


def to_tabular(spec: MdpSpec) -> TabularMdp:
    """The arrays of `spec`; raises InputError when it is too large, continuous, or steps to nowhere."""
    return compile_spec(spec).mdp


def objective_reward(spec: MdpSpec) -> Floats:
    """(N,) the objective per transition, in the order of `to_tabular`; the reward when the spec names no objective."""
    compiled = compile_spec(spec)
    return compiled.mdp.reward if compiled.objective is None else compiled.objective


def compile_spec(spec: MdpSpec) -> CompiledSpec:
    """Arrays, reward terms, objective and baseline policies of `spec` in one pass; raises InputError."""
    _check_size(spec)
    model = SpecModel(spec)
    baselines = {name: _policy(model, name, rules) for name, rules in spec.baselines.items()}
    blocks = [_block(model, first, after) for first, after in _chunks(model)]
    if model.problems:
        raise InputError(sorted(model.problems.values(), key=lambda problem: (problem.line, problem.column)))
    counts = np.concatenate([block.counts for block in blocks])
    successor = np.concatenate([block.successor for block in blocks])
    paid = {name: np.concatenate([block.paid[name] for block in blocks]) for name in blocks[0].paid}
    mdp = TabularMdp(
        n_states=model.states.size,
        n_actions=model.actions.size,
        offsets=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)]),
        successor=successor,
        probability=np.concatenate([block.probability for block in blocks]),
        reward=np.sum([paid[name] for name in spec.reward], axis=0),
        terminates=model.terminal[successor],
        initial=model.initial(),
        available=model.available,
        discount=spec.discount,
        horizon=spec.horizon,
        state_labels=model.states.all_labels(),
        action_labels=model.actions.all_labels(),
        truncated_mass=model.lost,
        notes=tuple(model.clip_notes()),
        source=spec.source,
    )
    return CompiledSpec(mdp, {name: paid[name] for name in spec.reward}, paid.get(""), baselines)


def named_baselines(spec: MdpSpec) -> dict[str, Ints]:
    """Name to policy (S,) of the spec's baselines; raises InputError where one takes an action that does not exist."""
    return dict(compile_spec(spec).baselines)


def _check_size(spec: MdpSpec) -> None:
    problems = [
        Problem("spec-continuous", f"state.{name} is continuous; an exact solution needs a finite list of states",
                spec.source, remedy="use {from: ..., to: ...} with a coarser unit, or the environment form")
        for name, variable in spec.state.items() if variable.kind == "continuous"
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    states = _product(spec.state)
    laws = law_points(spec)
    draws = prod(values.size for values, _, _ in laws.values())
    combinations = states * _product(spec.actions) * draws
    if states <= MAX_STATES and combinations <= MAX_COMBINATIONS:
        return
    sizes = {
        f"{group}.{name}": size_of(v) for group in ("state", "actions") for name, v in getattr(spec, group).items()
    }
    sizes |= {f"exogenous.{name}": values.size for name, (values, _, _) in laws.items()}
    widest = max(sizes, key=lambda name: sizes[name])
    message = (
        f"{states:,} states and {combinations:,} combinations of state, action and draw are too many "
        f"(at most {MAX_STATES:,} and {MAX_COMBINATIONS:,})"
    )
    remedy = f"coarsen {widest}, which has {sizes[widest]:,} values"
    raise InputError(Problem("spec-too-large", message, spec.source, remedy=remedy))


def _product(variables: Mapping[str, Variable]) -> int:
    result = 1
    for variable in variables.values():
        result *= size_of(variable)
    return result


@dataclass(frozen=True)
class _Block:
    """The transitions of some states: counts per pair, and per transition; paid holds terms, "" the objective."""

    counts: Ints
    successor: Ints
    probability: Floats
    paid: Mapping[str, Floats]


def _chunks(model: SpecModel) -> Iterator[tuple[int, int]]:
    per_state = model.actions.size * model.draw_probability.size
    step = max(1, CHUNK // per_state)
    for first in range(0, model.states.size, step):
        yield first, min(first + step, model.states.size)


def _block(model: SpecModel, first: int, after: int) -> _Block:
    shape = (after - first, model.actions.size, model.draw_probability.size)
    allowed = np.broadcast_to(model.available[first:after, :, None], shape)
    values: dict[str, Floats] = {n: c[:, None, None] for n, c in model.states.columns(first, after).items()}
    values |= {n: c[None, :, None] for n, c in model.actions.columns().items()}
    values |= {n: c[None, None, :] for n, c in model.draw_values.items()}
    successor = np.zeros(shape, dtype=np.int64)
    stepped: dict[str, Floats] = {}
    for axis in model.states.axes:
        reached = np.broadcast_to(model.next[axis.name].evaluate(values), shape)
        index = _arrive(model, axis.name, reached, allowed, first)
        successor = successor * axis.values.size + index
        stepped[AFTER + axis.name] = axis.values[index]
    values |= stepped
    paid = {name: _pay(model, f"reward.{name}", term, values, allowed, first) for name, term in model.reward.items()}
    if model.objective is not None:
        paid[""] = _pay(model, "objective", model.objective, {**values, **paid}, allowed, first)
    return _merge(model, successor, paid, allowed)


def _arrive(model: SpecModel, name: str, reached: Floats, allowed: Bools, first: int) -> Ints:
    """The index on the axis `name`; reports steps to nowhere and counts steps beyond the ends."""
    axis, path = next(a for a in model.states.axes if a.name == name), f"next.{name}"
    index, nowhere = axis.index(reached)
    wrong = (nowhere | ~np.isfinite(reached)) & allowed
    if wrong.any():
        flat = int(np.argmax(wrong))
        wanted = "a whole number" if axis.kind == "integer" else "one of " + ", ".join(axis.labels[:12])
        text = f"is {number_text(reached.ravel()[flat])} for {model.witness(first, flat)}, but must be {wanted}"
        model.report(path, text)
    beyond = axis.outside(reached) & allowed
    if beyond.any():
        share = float((beyond * model.draw_probability).sum())
        flat = int(np.argmax(beyond))
        example = f"{model.witness(first, flat)}: {number_text(reached.ravel()[flat])}"
        weight, known = model.clipped.get(path, (0.0, example))
        model.clipped[path] = (weight + share, known)
    return index


def _pay(
    model: SpecModel, path: str, term: Expression, values: Mapping[str, Floats], allowed: Bools, first: int
) -> Floats:
    amount = np.broadcast_to(term.evaluate(values), allowed.shape)
    wrong = ~np.isfinite(amount) & allowed
    if wrong.any():
        flat = int(np.argmax(wrong))
        model.report(path, f"is {number_text(amount.ravel()[flat])} for {model.witness(first, flat)}")
        return np.zeros(allowed.shape)
    return amount


def _merge(model: SpecModel, successor: Ints, paid: Mapping[str, Floats], allowed: Bools) -> _Block:
    """Equal successors of a pair become one transition with the expected amounts."""
    n_states, n_actions, n_draws = successor.shape
    pair = np.repeat(np.arange(n_states * n_actions), n_draws)
    chosen = np.flatnonzero(allowed.ravel())
    key = pair[chosen] * model.states.size + successor.ravel()[chosen]
    order = np.argsort(key, kind="stable")
    key, chosen = key[order], chosen[order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if key.size else key
    weight = np.tile(model.draw_probability, n_states * n_actions)[chosen]
    mass = np.add.reduceat(weight, starts)
    amounts = {name: np.add.reduceat(weight * a.ravel()[chosen], starts) / mass for name, a in paid.items()}
    counts = np.bincount(key[starts] // model.states.size, minlength=n_states * n_actions)
    return _Block(counts, key[starts] % model.states.size, mass, amounts)


def _policy(model: SpecModel, name: str, rules: Mapping[str, str]) -> Ints:
    """(S,) the action numbers of a baseline."""
    columns, result = model.states.columns(), np.zeros(model.states.size, dtype=np.int64)
    for axis in model.actions.axes:
        path = f"baselines.{name}.{axis.name}"
        wanted = parse_expression(rules[axis.name], list(model.spec.state), model.codes).evaluate(columns)
        wanted = np.broadcast_to(wanted, result.shape)
        index, nowhere = axis.index(wanted)
        wrong = nowhere | ~np.isfinite(wanted) | axis.outside(wanted)
        if wrong.any():
            state = int(np.argmax(wrong))
            model.report(
                path, f"is {number_text(wanted[state])} for {model.states.label(state)}, which is no such action"
            )
        result = result * axis.values.size + index
    forbidden = ~model.available[np.arange(result.size), result]
    if forbidden.any():
        state = int(np.argmax(forbidden))
        model.report(path, f"the action is not available for {model.states.label(state)}")
    return result
