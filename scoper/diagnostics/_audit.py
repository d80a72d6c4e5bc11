"""What the audit of a reward compares: policies with what they earn, what the owner gets, and what they do.

Rungs of a ladder: floors, single actions, the best and the worst for the reward, for the owner and for the reward at
once, what was learned. In a world of arrays they are worked out exactly; by stepping they carry their standard errors.
Kinds of defects are told apart by what the best rung for the reward (`best`) does otherwise than the best one for the
owner (`wished`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoper.diagnostics import Evidence
from scoper.diagnostics._by_clock import disagree_by_clock
from scoper.diagnostics._rung import RELATIVE, Rung, measured, with_behaviour
from scoper.diagnostics._unfinished import is_unfinished
from scoper.diagnostics._world import World, world_of
from scoper.domain.numbers import settled
from scoper.numerics.evaluate import Policy

LOSS = 0.2
"""Share of the attainable objective whose loss is a defect."""
_HINT, _HARDLY, _ALMOST, _KEPT, _MATERIAL = 1e-4, 0.02, 0.01, 0.5, 0.05
_MANY_ACTIONS, _KEPT_LADDERS = 64, 2


@dataclass(frozen=True, eq=False)
class _Same:
    """Equal only to what holds the very same value."""

    value: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


_worked_out: list[tuple[tuple[object, ...], list[Rung]]] = []


class Audit:
    """The ladder of one piece of evidence; everything is worked out when first asked for."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.world: World | None = world_of(evidence)

    @cached_property
    def rungs(self) -> Mapping[str, Rung]:
        """All rungs by name: those of the world first, then what was measured by stepping, which takes their place."""
        found = {rung.name: rung for rung in self._worked_out()}
        for rung in self._measured():
            does = found[rung.name].does if rung.name in found else None
            found[rung.name] = with_behaviour(rung, does)
        return found

    @cached_property
    def steady(self) -> tuple[Rung, ...]:
        """The rungs that do without a clock: what a learner can come to.

        What a model only promises counts until policies were followed in the environment itself, and not afterwards.
        """
        promised = self.evidence.played and self.world is not None and self.evidence.model is not None
        return tuple(
            rung for rung in self.rungs.values() if not rung.timed and not (promised and rung.episodes is None)
        )

    @cached_property
    def best(self) -> Rung | None:
        """The rung without a clock that earns the most reward; of equal ones one whose doing is known, the kindest."""
        top = max(self.steady, key=lambda rung: rung.reward, default=None)
        if top is None:
            return None
        near = [rung for rung in self.steady if self._as_good(rung, top)]
        return max(near, key=lambda rung: (rung.does is not None, _wanted_of(rung)))

    def _as_good(self, rung: Rung, top: Rung) -> bool:
        """Whether it earns as much as the top one: but for a hair, or for what was measured of both."""
        within = _HARDLY * self.reward_span
        return rung.reward >= top.reward - self._hair or (
            rung.reward >= top.reward - within and not top.earns_more(rung) and not (rung.exact and top.exact)
        )

    @cached_property
    def unkind(self) -> Rung | None:
        """Of the rungs that earn as much as the best one, the worst for the owner; None where it is the best itself."""
        best = self.best
        if best is None:
            return None
        near = [rung for rung in self.steady if rung.reward >= best.reward - self._hair]
        worst = min(near, key=_wanted_of)
        return worst if best.wanted_more(worst) else None

    @cached_property
    def wished(self) -> Rung | None:
        """The rung without a clock from which the owner gets most; of equal ones that with the most reward."""
        known = [rung for rung in self.steady if rung.wanted is not None]
        return max(known, key=lambda rung: (_wanted_of(rung), rung.reward), default=None)

    @cached_property
    def _hair(self) -> float:
        """By how much returns may differ that count as equal: rounding, or a thousandth of the span where estimated."""
        exact = self.world is not None and self.world.exact
        return (1e-9 if exact else 1e-3) * max(self.reward_span, 1e-12)

    @cached_property
    def floor_wanted(self) -> float | None:
        """What the owner gets from random actions."""
        random = self.rungs.get("random")
        return None if random is None else random.wanted

    @cached_property
    def lost(self) -> float | None:
        """The share of what the owner could get beyond random actions that the best rung for the reward loses."""
        return self.share_lost(self.best)

    def share_lost(self, rung: Rung | None) -> float | None:
        """The same of another rung; None without objective, or where nothing beyond random actions is possible.

        Where random actions do so badly that anything else looks good beside them, the share is that of what is
        possible beyond the best single action: in a world of arrays, when more is lost than could be had at all, the
        zero of the owner's number being taken to mean something.
        """
        wished, low = self.wished, self.floor_wanted
        if rung is None or wished is None or rung.wanted is None or wished.wanted is None or low is None:
            return None
        reach, span = wished.wanted - low, self.wanted_span
        missing = settled(wished.wanted - rung.wanted, max(abs(wished.wanted), abs(rung.wanted)))
        if reach <= max(RELATIVE * max(1.0, abs(wished.wanted)), _HARDLY * span):
            return None if missing <= _HARDLY * span else 1.0
        if (
            missing <= LOSS * reach
            and rung.exact
            and wished.exact
            and missing > max(abs(wished.wanted), _MATERIAL * reach)
        ):
            reach = min(reach, max(wished.wanted - self._plain_wanted, missing))
        return missing / reach

    @cached_property
    def _plain_wanted(self) -> float:
        """The most that the owner gets without looking at anything: from random actions, or always the same."""
        plain = [r.wanted for n, r in self.rungs.items() if n in ("random", "idle") or n.startswith("constant ")]
        return max(value for value in plain if value is not None)

    @cached_property
    def wanted_span(self) -> float:
        """From the least to the most that the owner gets from any rung."""
        values = [rung.wanted for rung in self.rungs.values() if rung.wanted is not None]
        return max(values) - min(values) if values else 0.0

    @cached_property
    def reward_span(self) -> float:
        """From the least to the most reward of any rung."""
        values = [rung.reward for rung in self.rungs.values()]
        return max(values) - min(values) if values else 0.0

    @cached_property
    def diverges(self) -> bool:
        """Whether what the reward asks for clearly gives the owner less than is possible.

        Both what earns the most and what the spec's discount makes best must lose a fifth: potential-based shaping may
        move the one, a short sight the other, and neither is a fault of the reward. What was planned on an estimated
        model and earned far less than that promised stands for no sight.
        """
        known = self.deciding
        if not known:
            return False
        loses = all(self.loses(rung) for rung in known) or disagree_by_clock(self, known)
        return loses and not is_unfinished(self)

    @property
    def deciding(self) -> list[Rung]:
        """The rungs that must all lose for a defect: what a learner may come to, and the best for the discount."""
        sighted = self.rungs.get("reward_discounted_kind")
        chosen = [self._chosen, sighted if sighted is not None and self._keeps_promise(sighted) else None]
        return [rung for rung in chosen if rung is not None]

    @property
    def _chosen(self) -> Rung | None:
        """What a learner may come to: the best rung; by stepping also one that is as good but for a hundredth."""
        best, random = self.best, self.rungs.get("random")
        if best is None or random is None or self.world is None or best.exact or random.exact:
            return best
        least = best.reward - _ALMOST * (best.reward - random.reward)
        near = [rung for rung in self.steady if not rung.exact and rung.reward >= least and rung.earns_more(random)]
        return min((best, *near), key=_wanted_of)

    def _keeps_promise(self, rung: Rung) -> bool:
        """Whether a measured rung earns at least half of what the model promised of it beyond random actions."""
        random = self.rungs.get("random")
        if rung.exact or rung.does is None or random is None or random.does is None:
            return True
        pay = rung.does.mdp.reward
        promised = rung.does.total(pay) - random.does.total(pay)
        return promised <= 0.0 or rung.reward - random.reward >= _KEPT * promised

    def loses(self, rung: Rung) -> bool:
        """Whether a rung clearly gives the owner less than the wished one, which does not earn clearly more reward."""
        lost, wished = self.share_lost(rung), self.wished
        if lost is None or wished is None or lost <= LOSS:
            return False
        return wished.wanted_more(rung)

    def _worked_out(self) -> list[Rung]:
        world, known = self.world, self._known
        if world is None:
            return []
        for about, rungs in _worked_out:
            if about == known:
                return rungs
        policies: dict[str, Policy] = {"random": world.random, "myopic": world.myopic}
        if world.idle is not None:
            policies["idle"] = world.always(world.idle)
        if world.table.n_actions <= _MANY_ACTIONS:
            policies |= {f"constant {a}": world.always(a) for a in range(world.table.n_actions)}
        policies |= {"reward_best_timed": world.best(), "reward_worst_timed": world.best(-world.table.reward)}
        for name, discount in self._sights(world).items():
            policies[f"reward_{name}"] = world.steady(discount)
            if world.wanted is not None:
                hint = self._hint(world) * world.wanted
                policies[f"reward_{name}_kind"] = world.steady(discount, world.table.reward + hint)
                policies[f"reward_{name}_unkind"] = world.steady(discount, world.table.reward - hint)
                policies[f"objective_{name}"] = world.steady(discount, world.wanted)
        if world.wanted is not None:
            policies |= {"objective_best_timed": world.best(world.wanted)}
            policies |= {"objective_worst_timed": world.best(-world.wanted)}
        rungs = [self._rung(name, world, policy) for name, policy in policies.items()]
        _worked_out.append((known, rungs))
        del _worked_out[:-_KEPT_LADDERS]
        return rungs

    @property
    def _known(self) -> tuple[object, ...]:
        """All that the worked-out rungs follow from: a probe asks about the same several times."""
        e = self.evidence
        arrays = (e.table, e.approximate, e.model, e.objective_reward)
        return (*map(_Same, arrays), e.idle, e.horizon, e.discount, e.evaluation_discount)

    def _sights(self, world: World) -> dict[str, float]:
        """How far ahead policies without a clock look: as the spec's discount, as far as an episode, and further."""
        own = min(self.evidence.discount, 1.0 - 1.0 / (100 * world.horizon))
        return {"discounted": own, "near": 1.0 - 1.0 / world.horizon, "far": 1.0 - 1.0 / (3 * world.horizon)}

    @staticmethod
    def _hint(world: World) -> float:
        """The weight of the owner's number beside the reward that decides only between equal policies."""
        assert world.wanted is not None
        spread = float(np.ptp(world.wanted))
        return 0.0 if spread == 0.0 else _HINT * float(np.ptp(world.table.reward)) / spread

    @staticmethod
    def _rung(name: str, world: World, policy: Policy) -> Rung:
        does = world.follow(policy)
        wanted = None if world.wanted is None else does.total(world.wanted)
        timed = policy.ndim == 2 and policy.dtype.kind in "iu"
        return Rung(name, does.total(world.table.reward), wanted, does.length, does.terminated, does=does, timed=timed)

    def _measured(self) -> list[Rung]:
        found = []
        names, sign = {"constant": "constant best"}, self.evidence.objective_sign
        for name, episodes in self.evidence.episodes.items():
            if "/" not in name and not name.startswith("planned") and episodes.returns.size > 1:
                found.append(measured(names.get(name, name), episodes, sign))
        if self.evidence.model is not None:
            for aim, planned in self.evidence.model.planned.items():
                timed = planned.actions.ndim == 2
                found.append(measured(f"planned for the {aim}", planned.episodes, sign, timed=timed))
        for name, played in self.evidence.played.items():
            found.append(measured(name, played.episodes, sign, timed=name.endswith("_timed")))
        return found


def _wanted_of(rung: Rung) -> float:
    return 0.0 if rung.wanted is None else rung.wanted
