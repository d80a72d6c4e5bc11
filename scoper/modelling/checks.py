"""What only the states themselves show: broken invariants, dead ends, episodes that cannot end, terms that never pay.

Problems go to the model's report with the smallest state, action and draw where they show; what is merely odd comes
back as cautions. Only states that an episode can reach count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from scoper.domain.tabular import Bools, Floats, TabularMdp
from scoper.modelling.combinations import Combinations, Dimension, Part
from scoper.modelling.expressions import Expression
from scoper.modelling.grid import Grid
from scoper.modelling.model import AFTER, SpecModel, number_text
from scoper.modelling.reach import can_end, reachable

CHUNK = 1 << 18
MOST_COMPARED = 2_000_000


def check_states(model: SpecModel, mdp: TabularMdp) -> tuple[str, ...]:
    """Report broken invariants, dead ends and episodes without end; return cautions.

    Nothing is searched for a spec with a discount below 1 or a horizon and neither invariants nor stuck states.
    """
    silent = (*_silent(model), *_over_at_once(model, mdp), *_still(model, mdp))
    stuck = model.stuck
    endless = mdp.discount == 1.0 and mdp.horizon is None
    if not (model.spec.invariants or endless or stuck.any()):
        return silent
    reached = reachable(mdp)
    dead = np.flatnonzero(stuck & reached & ~model.terminal)
    if dead.size:
        more = f" and {dead.size - 1:,} more states that are not terminal" if dead.size > 1 else ""
        model.report("available", f"no action is available for {model.states.label(int(dead[0]))}{more}")
    for number, text in enumerate(model.spec.invariants, 1):
        _check_invariant(model, f"invariants.{number}", text, reached)
    return (*silent, *_traps(model, mdp, reached)) if endless else silent


def _silent(model: SpecModel) -> Iterator[str]:
    """Reward terms that are 0 whatever happens; those that are nothing but a number were seen when they were read."""
    for name, term in model.reward.items():
        if name not in model.paying and (term.names or term.lookups):
            yield model.placed(f"reward.{name}", "is 0 for every state, action and draw")


def _still(model: SpecModel, mdp: TabularMdp) -> Iterator[str]:
    """State variables that no step changes, though their expression is more than their name."""
    if mdp.successor.size > MOST_COMPARED:
        return
    source, stride = mdp.pair_of_transition // mdp.n_actions, mdp.n_states
    starts = np.flatnonzero(mdp.initial > 0)
    for axis in model.states.axes:
        size = axis.values.size
        stride //= size
        plain = model.spec.next[axis.name].strip(" ()") == axis.name
        if plain or size == 1 or np.unique(starts // stride % size).size > 1:
            continue
        if (source // stride % size == mdp.successor // stride % size).all():
            yield model.placed(f"next.{axis.name}", "no step changes it, whatever the state, action and draw")


def _over_at_once(model: SpecModel, mdp: TabularMdp) -> Iterator[str]:
    """A start state that counts as an end: the episode goes on from it all the same."""
    over = np.flatnonzero((mdp.initial > 0) & model.terminal)
    if over.size:
        state = model.states.label(int(over[0]))
        yield model.placed("terminated", f"an episode may begin where it should have ended: {state}")


def _traps(model: SpecModel, mdp: TabularMdp, reached: Bools) -> Iterator[str]:
    """States from which no episode can end; with a reward that goes on there, the return has no limit."""
    trap = np.flatnonzero(reached & ~can_end(mdp))
    if not trap.size:
        return
    shown = model.states.label(int(trap[0]))
    count = f"{trap.size:,} states such as {shown}" if trap.size > 1 else shown
    paid = np.isin(mdp.pair_of_transition // mdp.n_actions, trap) & (mdp.reward != 0.0)
    if paid.any():
        state, action = divmod(int(mdp.pair_of_transition[np.argmax(paid)]), mdp.n_actions)
        where = f"{model.states.label(state)}, {model.actions.label(action)}"
        amount = number_text(float(mdp.reward[np.argmax(paid)]))
        message = f"no episode can end any more from {count}, and rewards go on there ({amount} for {where}): with"
        remedy = "let it end there, give a horizon, or a discount below 1"
        model.report("terminated", f"{message} discount 1 and no horizon the return has no limit", remedy)
    else:
        message = f"no episode can end any more from {count}; nothing is paid there, so it may say so"
        yield model.placed("terminated", message)


def _check_invariant(model: SpecModel, path: str, text: str, reached: Bools) -> None:
    """Report the first reachable transition that breaks the invariant, or the start state that does."""
    names = [*model.spec.state, *model.spec.actions, *model.spec.exogenous]
    invariant = model.parse(text, [*names, *(AFTER + name for name in model.spec.state)])
    of_state = invariant.names <= set(model.spec.state)
    if of_state and _broken_at_start(model, path, text, invariant):
        return
    box = _box(model, invariant)
    open_states = reached.reshape(-1)
    for part in box.parts(CHUNK):
        values = box.values(part)
        after = {name: _snapped(model, name, model.next[name].evaluate(values)) for name in model.spec.state}
        seen = after if of_state else {**values, **{AFTER + name: value for name, value in after.items()}}
        result = invariant.evaluate(seen)
        broken = ~(np.isfinite(result) & (result != 0))
        if not broken.any():
            continue
        allowed = model.available & open_states[:, None]
        mask = _rows(model, allowed)[part].reshape(box.part_shape(part)[: box.n_row_dims] + (1,) * _n_draws(box))
        where = np.broadcast_to(broken & mask, box.part_shape(part))
        if where.any():
            flat = int(np.argmax(where))
            model.report(path, _breach(model, text, box, part, flat, after))
            return


def _broken_at_start(model: SpecModel, path: str, text: str, invariant: Expression) -> bool:
    starts = np.flatnonzero(model.initial() > 0)
    columns = {name: column[starts] for name, column in model.states.columns().items()}
    holds = np.broadcast_to(invariant.evaluate(columns), starts.shape)
    broken = np.flatnonzero(~(np.isfinite(holds) & (holds != 0)))
    if broken.size:
        model.report(path, f"'{text}' does not hold at the start: {model.states.label(int(starts[broken[0]]))}")
    return bool(broken.size)


def _word(model: SpecModel, name: str, value: float) -> str:
    """A value of a state variable as people call it."""
    axis = next(axis for axis in model.states.axes if axis.name == name)
    place = np.flatnonzero(axis.values == value)
    return axis.labels[int(place[0])] if axis.kind == "categorical" and place.size else number_text(value)


def _breach(model: SpecModel, text: str, box: Combinations, part: Part, flat: int, after: Mapping[str, Floats]) -> str:
    shape = box.part_shape(part)
    words = []
    for name, value in after.items():
        shaped = value.reshape((1,) * (len(shape) - value.ndim) + value.shape)
        words.append(f"{name}={_word(model, name, float(np.broadcast_to(shaped, shape).flat[flat]))}")
    return f"'{text}' does not hold after {box.witness(part, flat)}, which leads to {', '.join(words)}"


def _box(model: SpecModel, invariant: Expression) -> Combinations:
    """All combinations of what next and the invariant depend on."""
    mentioned = frozenset[str]().union(*(e.names for e in model.next.values()), invariant.names)
    laws = {name: law for name, law in model.laws.items() if name in mentioned}
    draws = tuple(Dimension(name, law[0]) for name, law in laws.items())
    states, actions = (_dimensions(grid) for grid in (model.states, model.actions))
    return Combinations(states, actions, draws, {name: law[1] for name, law in laws.items()})


def _dimensions(grid: Grid) -> tuple[Dimension, ...]:
    return tuple(Dimension(axis.name, axis.values, axis.labels) for axis in grid.axes)


def _n_draws(box: Combinations) -> int:
    return len(box.shape) - box.n_row_dims


def _rows(model: SpecModel, allowed: Bools) -> Bools:
    """(S, A) as an array over the dimensions of states and actions of more than one value."""
    sizes = [axis.values.size for axis in (*model.states.axes, *model.actions.axes)]
    return allowed.reshape([size for size in sizes if size > 1])


def _snapped(model: SpecModel, name: str, value: Floats) -> Floats:
    """A next value without the rounding that arithmetic leaves on whole numbers."""
    if model.spec.state[name].kind != "integer":
        return value
    nearest = np.rint(value)
    return np.where(np.abs(value - nearest) <= 1e-9 * np.maximum(1.0, np.abs(value)), nearest, value)
