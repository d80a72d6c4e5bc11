"""What the policy that earns the most reward does, in words and as shares of its time.

The words are made here, in the child, from the audit's own numbers; reports only print them. What a model built from
samples says and nobody saw is told as the model's words: it promises, and its bins hold what runs through them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.diagnostics import Evidence
from scoper.diagnostics._audit import Audit
from scoper.diagnostics._rung import Rung
from scoper.diagnostics._world import World
from scoper.domain.conduct import Conduct, OccupancyShare
from scoper.domain.decision import Basis
from scoper.domain.empirical import EmpiricalModel
from scoper.domain.numbers import count, number, share
from scoper.domain.tabular import Floats
from scoper.numerics.behaviour import Behaviour
from scoper.numerics.empirical_cells import Cells
from scoper.numerics.kernel import tally
from scoper.numerics.reward_cycles import Loop, follow
from scoper.probe.conduct_places import Places, places_of
from scoper.probe.robustness_arrays import basis_of

_MOST_STATES, _NAMED, _LITTLE, _ALWAYS = 24, 3, 0.05, 0.999
_LONG_LOOP, _LONG_NAME, _HALF = 5, 40, 0.5


@dataclass(frozen=True)
class _Watched:
    """A rung whose doings are known.

    visits (S,), taken (A,): shares of its time; seen: they were counted, not computed.
    """

    rung: Rung
    does: Behaviour
    visits: Floats
    taken: Floats
    seen: bool


def conduct_of(evidence: Evidence) -> Conduct | None:
    """Sentences and occupancy of the policy without a clock that earns the most; None where nothing is known of it."""
    audit = evidence.audit
    world = audit.world
    if world is None:
        return None
    known = [rung for rung in audit.steady if rung.does is not None]
    known = [
        rung for rung in known if world.exact or not rung.exact
    ] or known  # what was followed says more than a model
    best = audit.best if audit.best in known else max(known, key=lambda rung: rung.reward, default=None)
    if best is None:
        return None
    watched = _watch(best, evidence)
    places = places_of(world.table, evidence.model if evidence.table is None and not evidence.approximate else None)
    said = [
        _earns(best, audit, evidence),
        _more(best, audit),
        _takes(watched, places, world),
        _stays(watched, places, world, evidence.model),
        _by_model(_ends(best, world), modelled=_promised(best, world)),
    ]
    said += [_loops(watched, places, world, evidence.model), _terms(watched, world), _other(audit, places, evidence)]
    order = np.argsort(-watched.visits, kind="stable")[:_MOST_STATES]
    order = order[watched.visits[order] > 0.0]
    rest = max(0.0, 1.0 - float(watched.visits[order].sum()))
    n_rest = int((watched.visits > 0.0).sum()) - order.size
    return Conduct(
        policy=_name(best, world, seen=watched.seen),
        basis=_basis(watched, world),
        sentences=tuple(sentence for sentence in said if sentence),
        states=tuple(
            OccupancyShare(label=places.states[int(s)], share=round(float(watched.visits[s]), 6)) for s in order
        ),
        rest=round(rest, 6) if n_rest else 0.0,
        n_rest=n_rest,
        map=places.map_of(watched.visits),
    )


def _watch(rung: Rung, evidence: Evidence) -> _Watched:
    """Its time as it was seen in the environment, else as it follows from the arrays."""
    assert rung.does is not None
    does, played, model = rung.does, evidence.played.get(rung.name), evidence.model
    if played is None or model is None:
        visits = does.visited / max(float(does.visited.sum()), 1e-300)
        return _Watched(rung, does, visits, does.action_shares, seen=False)
    cells = Cells(model.coding, model.rows, model.edges, model.centres, model.scale)
    state = np.array([cells.number(vector) for vector in played.steps.before.tolist()])
    one = np.full(state.size, 1.0 / state.size)
    visits = tally(state, one, model.n_cells)
    return _Watched(rung, does, visits, tally(played.steps.action, one, len(model.actions)), seen=True)


def _basis(watched: _Watched, world: World) -> Basis:
    if watched.seen:
        return "measured"
    return basis_of(world.table) if world.counts is None else "extrapolated"


def _name(rung: Rung, world: World, *, seen: bool) -> str:
    if world.counts is None:
        return "the policy without a clock that earns the most reward on the arrays"
    return "the policy without a clock that earns the most on the model's states" + (
        ", as seen on fresh episodes" if seen else ", as far as the model tells"
    )


def _promised(rung: Rung | None, world: World | None) -> bool:
    """Whether its numbers are those of a model that was built from samples."""
    return rung is not None and rung.exact and world is not None and world.counts is not None


def _by_model(words: str, *, modelled: bool) -> str:
    """The sentence as the model's, where nobody saw what it says."""
    return f"By the model built from samples, {words[0].lower()}{words[1:]}" if modelled and words else words


def _earns(rung: Rung, audit: Audit, evidence: Evidence) -> str:
    words = f"It returns {number(rung.reward)} per episode{_cut(rung, audit, evidence)}"
    if rung.wanted is None or audit.wished is None or audit.wished.wanted is None:
        return _by_model(words, modelled=_promised(rung, audit.world))
    sign = evidence.objective_sign
    words = _by_model(
        f"{words}; the owner gets {number(sign * rung.wanted)} from it", modelled=_promised(rung, audit.world)
    )
    most = _most_measured(audit)
    if not _promised(audit.wished, audit.world):
        best = audit.wished.wanted if audit.wished.exact or most is None else max(most, audit.wished.wanted)
        return f"{words}, and {number(sign * best)} is the best that was found"
    seen = "nothing of it was measured" if most is None else f"the most that was measured is {number(sign * most)}"
    return f"{words}; the model promises {number(sign * audit.wished.wanted)} of another policy, {seen}"


def _cut(rung: Rung, audit: Audit, evidence: Evidence) -> str:
    """Over how many timesteps a worked-out return counts where no time limit says so: less than without end."""
    world = audit.world
    limit = evidence.model.limit if evidence.model is not None and evidence.table is None else evidence.horizon
    if world is None or not rung.exact or limit is not None:
        return ""
    weight = world.discount**world.horizon
    later = f": what comes later counts {share(weight)} or less" if weight < 1.0 else ""
    return f" (over its first {count(world.horizon)} timesteps{later})"


def _most_measured(audit: Audit) -> float | None:
    """The most that the owner got from anything that was followed, higher being better."""
    known = (rung.wanted for rung in audit.rungs.values() if not rung.exact and rung.wanted is not None)
    return max(known, default=None)


def _more(rung: Rung, audit: Audit) -> str:
    """Which policy earns more, where what that does was not recorded."""
    best = audit.best
    if best is None or best is rung or best.exact or not best.earns_more(rung):
        return ""
    return (
        f"Another policy, {best.name.replace('_', ' ')}, returns more ({number(best.reward)}); its doings were not kept"
    )


def _takes(watched: _Watched, places: Places, world: World) -> str:
    order = [int(a) for a in np.argsort(-watched.taken, kind="stable") if watched.taken[a] > 0.0]
    if watched.taken[order[0]] >= _ALWAYS:
        return f"It takes {places.actions[order[0]]} all the time"
    named = [f"{places.actions[a]} in {share(watched.taken[a])}" for a in order[:_NAMED]]
    words = f"It takes {_listed(named)} of its timesteps" + _further(len(order) - len(named), "other action")
    return _by_model(words, modelled=_unseen(watched, world))


def _unseen(watched: _Watched, world: World) -> bool:
    return world.counts is not None and not watched.seen


def _stays(watched: _Watched, places: Places, world: World, model: EmpiricalModel | None) -> str:
    words, modelled = _spent(watched, places, world), _unseen(watched, world)
    runs = _running(model, [int(np.argmax(watched.visits))]) if modelled else ""
    left = f"; {runs} there, so real episodes leave it" if runs else ""
    return _by_model(words, modelled=modelled) + left


def _running(model: EmpiricalModel | None, states: Sequence[int]) -> str:
    """Which component rose, or fell, in every timestep that began in the bins `states`: nothing stays there."""
    if model is None or model.coding != "bins":
        return ""
    there = np.isin(model.state, states)
    change = model.steps.after[there] - model.steps.before[there]
    for j, name in enumerate(model.components):
        for verb, moved in (("rises", change[:, j] > 0.0), ("falls", change[:, j] < 0.0)):
            if moved.size and bool(moved.all()):
                return f"{name} {verb} in every timestep"
    return ""


def _spent(watched: _Watched, places: Places, world: World) -> str:
    order = [int(s) for s in np.argsort(-watched.visits, kind="stable") if watched.visits[s] > 0.0]
    discounted = " (discounted)" if world.discount < 1.0 and not watched.seen else ""
    named_most = _NAMED if len(places.states[order[0]]) <= _LONG_NAME else 1
    much = [s for s in order[:named_most] if watched.visits[s] >= _LITTLE]
    if not much:
        most = share(watched.visits[order[0]])
        return f"Its time is spread over {count(len(order))} states, none with more than {most} of it{discounted}"
    named = [f"{places.states[s]} ({share(watched.visits[s])})" for s in much]
    return f"Most of its time{discounted} goes to {_listed(named)}" + _further(len(order) - len(much), "other state")


def _ends(rung: Rung, world: World) -> str:
    mean = f"{number(round(rung.length, 1))} timesteps"
    limit = world.table.horizon
    cut = f"the time limit of {count(limit)} timesteps" if limit is not None else "no end of its own"
    if rung.terminated >= _ALWAYS:
        return f"Its episodes all terminate, after {mean} on average"
    if rung.terminated <= 1.0 - _ALWAYS:
        return f"Its episodes never terminate; they run into {cut}" if limit else "Its episodes never terminate"
    where = f"; the others run into {cut}" if limit else ""
    return f"{share(rung.terminated)} of its episodes terminate, and they last {mean} on average{where}"


def _loops(watched: _Watched, places: Places, world: World, model: EmpiricalModel | None) -> str:
    """The loop that it gets into when the likeliest happens, where that takes much of its time."""
    policy = watched.does.policy
    if policy.ndim != 1 or policy.dtype.kind not in "iu":
        return ""
    start = int(np.argmax(watched.visits))
    loop = follow(world.table, policy.astype(np.int64), start, world.table.reward)
    if loop is None or (world.counts is not None and _running(model, loop.states)):
        return ""
    spent = float(watched.visits[list(loop.states)].sum())
    is_sure = loop.exact and world.counts is None
    words = _round(loop, places, spent) if spent >= (2 * _LITTLE if is_sure else _HALF) else ""
    return _by_model(words, modelled=world.counts is not None)


def _round(loop: Loop, places: Places, spent: float) -> str:
    paid, when = sum(loop.rewards), "" if loop.exact else ", when the likeliest happens"
    if len(loop.states) == 1:
        where = places.states[loop.states[0]]
        return f"Once in {where} it stays there with {places.actions[loop.actions[0]]}, {number(paid)} a timestep{when}"
    shown = [
        f"{places.states[s]} ({places.actions[a]})"
        for s, a in zip(loop.states[:_LONG_LOOP], loop.actions[:_LONG_LOOP], strict=True)
    ]
    path = ", ".join(shown) + (", ..." if len(loop.states) > _LONG_LOOP else "")
    states = f"{count(len(loop.states))} states"
    return f"It goes round {states}: {path}; {number(paid)} a round{when}; {share(spent)} of its time is spent in them"


def _terms(watched: _Watched, world: World) -> str:
    totals = {name: watched.does.total(amounts) for name, amounts in world.terms.items()}
    paying = sorted((n for n in totals if totals[n] != 0.0), key=lambda name: -abs(totals[name]))
    if len(totals) < 2 or not paying:
        return ""
    said = [f"{name} {'pays' if totals[name] > 0 else 'costs'} {number(abs(totals[name]))}" for name in paying[:6]]
    silent = [name for name in totals if totals[name] == 0.0]
    nothing = f"; {_listed(silent[:6])} pay{'s' if len(silent) == 1 else ''} nothing" if silent else ""
    return f"Of what it earns, {_listed(said)}{_further(len(paying) - len(said), 'other term')}{nothing}"


def _other(audit: Audit, places: Places, evidence: Evidence) -> str:
    """What the best for the owner does instead, where that is another behaviour."""
    wished = audit.wished
    if not audit.diverges or wished is None or wished.does is None or wished.wanted is None:
        return ""
    shares = wished.does.action_shares
    order = [int(a) for a in np.argsort(-shares, kind="stable")[:_NAMED] if shares[a] > 0.0]
    named = _listed([f"{places.actions[a]} in {share(shares[a])}" for a in order])
    got, length = number(evidence.objective_sign * wished.wanted), number(round(wished.length, 1))
    words = (
        f"What the owner wants most is another behaviour: it takes {named} of its timesteps, its episodes last "
        f"{length} timesteps, the owner gets {got}, and the reward pays {number(wished.reward)}"
    )
    return _by_model(words, modelled=_promised(wished, audit.world))


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _further(n: int, what: str) -> str:
    return "" if n <= 0 else f"; the rest goes to {count(n)} {what}{'s' if n > 1 else ''}"
