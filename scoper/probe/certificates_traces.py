"""Which episodes are told: those of what earns the most reward, and those among which a disagreement is looked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from scoper.baselines import Task
from scoper.diagnostics import Evidence
from scoper.diagnostics._rung import Rung
from scoper.domain.certificates import EpisodeTrace
from scoper.domain.empirical import EmpiricalModel, Trace
from scoper.domain.tabular import Ints
from scoper.probe.certificates_play import Player, SpecPlayer, plain
from scoper.probe.exact import ExactSolution

_NEAR, _OTHER = 0.05, 0.2
"""Share of the span of rewards that a policy may lack, and of its timesteps in which it does something else."""
_SEEDS = range(6)
_AUDITED_TRANSITIONS, _AUDITED_CELLS = 200_000, 2_000_000
_MOST_STEPS, _SECONDS, _LONGEST_S, _MOST_CONSTANT = 20_000, 2.0, 20.0, 8
PLANNED = "the best planned policy for the reward"
"""Of a model of what was seen: what earns most on it may earn less than a learner does."""
BEST, WISHED = "the best policy for the reward", "the best policy for the owner"
_WORDS = {
    "unkind": "a policy with as much reward",
    "reward_discounted": "the best policy for the discounted reward",
    "random": "random actions",
    "idle": "the idle action",
}


def shown_traces(
    player: Player, task: Task, evidence: Evidence, solution: ExactSolution | None
) -> tuple[EpisodeTrace, ...]:
    """An episode of the best policy for the reward, and of another one that earns nearly as much in another way."""
    traces = _shown(player, task, evidence, solution)
    if task.objective_came():
        return traces
    return tuple(trace.model_copy(update={"objective": None}) for trace in traces)


def _shown(player: Player, task: Task, evidence: Evidence, solution: ExactSolution | None) -> tuple[EpisodeTrace, ...]:
    if task.table is not None and solution is not None:
        if not _numbers_states(player, task):
            return ()
        best, other = _rungs(task, evidence)
        steady = None if best is None or best.does is None else best.does.policy
        policy = solution.policy if steady is None or steady.dtype.kind not in "iu" else steady.astype(np.int64)
        traces = [_played(player, 0, policy, BEST)]
        if other is not None and other.does is not None:
            traces.append(
                _played(player, 0, other.does.policy.astype(np.int64), "another policy with nearly as much reward")
            )
        return tuple(traces) if len(traces) == 1 or traces[1].actions != traces[0].actions else (traces[0],)
    if evidence.model is None:
        return ()
    best = evidence.audit.best
    known = dict(_recorded(evidence))
    first = next((known[name] for name in (best.name if best else "", "planned for the reward") if name in known), None)
    if first is None or len(first[0].actions) > _LONGEST_S * task.pace:
        return ()
    return (_again(player, evidence.model, first[0], PLANNED),)


def candidates(player: Player, task: Task, evidence: Evidence, solution: ExactSolution | None) -> list[EpisodeTrace]:
    """Episodes of the policies that an audit compares, as many as a few seconds allow at the environment's pace."""
    most = _MOST_STEPS if isinstance(player, SpecPlayer) else min(_MOST_STEPS, _SECONDS * task.pace)
    found: list[EpisodeTrace] = []
    steps = 0
    for trace in _all(player, task, evidence, solution):
        found.append(trace)
        steps += trace.length
        if steps > most and len(found) > 1:
            break
    return found


def _all(player: Player, task: Task, evidence: Evidence, solution: ExactSolution | None) -> Iterator[EpisodeTrace]:
    seeds: Sequence[int] = _SEEDS
    if task.table is not None:
        if _numbers_states(player, task):
            policies = _policies(evidence, solution)
            for seed in seeds:
                for words, policy in policies.items():
                    yield _played(player, seed, policy, words)
    elif evidence.model is not None:
        longest_s = max((len(t.actions) for _, ts in _recorded(evidence) for t in ts), default=0) / task.pace
        if longest_s > _LONGEST_S:
            return
        recorded, audit = dict(_recorded(evidence)), evidence.audit
        said_of = {rung.name: said for rung, said in ((audit.wished, WISHED), (audit.best, BEST)) if rung is not None}
        longest = max(map(len, recorded.values()), default=0)
        seeds = list(dict.fromkeys(trace.seed for traces in recorded.values() for trace in traces))[: len(_SEEDS)]
        for turn in range(longest):
            for name, traces in recorded.items():
                if turn < len(traces):
                    said = said_of.get(name) or _WORDS.get(name) or name.replace("_", " ")
                    yield _again(player, evidence.model, traces[turn], said)
    yield from _rules(player, evidence, seeds)


def _rules(player: Player, evidence: Evidence, seeds: Sequence[int]) -> Iterator[EpisodeTrace]:
    """Floors and the owner's own rules."""
    for seed in seeds:
        for name in ("random", "idle", *evidence.references):
            trace = player.rule(seed, name)
            if trace is not None:
                yield trace.model_copy(update={"policy": _WORDS.get(name, f"the rule {name}")})
    if evidence.model is None:
        return
    for number, action in enumerate(evidence.model.actions[:_MOST_CONSTANT]):
        for seed in seeds[:2]:
            yield _constantly(player, seed, action, f"always action {number}")


def _policies(evidence: Evidence, solution: ExactSolution | None) -> Mapping[str, Ints]:
    """Words to policy by state, or by timestep and state."""
    audit = evidence.audit
    chosen: list[tuple[str, Rung | None]] = [
        (BEST, audit.best),
        (WISHED, audit.wished),
        (_WORDS["unkind"], audit.unkind),
    ]
    chosen += [(_WORDS["reward_discounted"], audit.rungs.get("reward_discounted_kind"))]
    found = {
        words: rung.does.policy.astype(np.int64)
        for words, rung in chosen
        if rung is not None and rung.does is not None and rung.does.policy.dtype.kind in "iu"
    }
    if solution is not None and BEST not in found:
        found[BEST] = solution.policy
    elif solution is not None:
        found["the best policy for the reward that may look at the clock"] = solution.policy
    return found


def _rungs(task: Task, evidence: Evidence) -> tuple[Rung | None, Rung | None]:
    """The best policy without a clock, and that which earns nearly as much and behaves most otherwise.

    None of them where the table is so large that looking for them would take long.
    """
    table = task.table
    horizon = task.horizon or 1_000
    if table is None or table.successor.size > _AUDITED_TRANSITIONS or table.n_states * horizon > _AUDITED_CELLS:
        return None, None
    best = evidence.audit.best
    if best is None or best.does is None:
        return None, None
    least = best.reward - _NEAR * evidence.audit.reward_span
    apart = {
        rung.name: (_apart(best, rung), rung)
        for rung in evidence.audit.steady
        if rung.does is not None and rung.does.policy.dtype.kind in "iu" and rung.reward >= least
    }
    distance, rung = max(apart.values(), key=lambda each: each[0], default=(0.0, best))
    return best, rung if distance >= _OTHER else None


def _apart(one: Rung, other: Rung) -> float:
    """Total variation between the shares of timesteps that two policies spend on states and actions."""
    if one.does is None or other.does is None:
        return 0.0
    mine, theirs = one.does.pairs, other.does.pairs
    return float(np.abs(mine / max(mine.sum(), 1e-300) - theirs / max(theirs.sum(), 1e-300)).sum() / 2)


def _recorded(evidence: Evidence) -> Iterator[tuple[str, tuple[Trace, ...]]]:
    """Episodes that the probe itself has played and kept, the audit's own first."""
    for name, played in evidence.played.items():
        if played.traces:
            yield name, played.traces
    if evidence.model is not None:
        for aim, planned in evidence.model.planned.items():
            if planned.traces:
                yield f"planned for the {aim}", planned.traces


def _numbers_states(player: Player, task: Task) -> bool:
    """Whether what the player shows is the number of a state of the table."""
    if isinstance(player, SpecPlayer):
        return True
    return task.observation_kind == "finite" and task.table is not None and not task.table.sampled_steps


def _played(player: Player, seed: int, policy: Ints, words: str) -> EpisodeTrace:
    def choose(state: Any, timestep: int) -> int:
        row = policy if policy.ndim == 1 else policy[min(timestep, len(policy) - 1)]
        if np.ndim(state) != 0:
            raise ValueError("an observation is not the number of a state")
        return int(row[int(state)])

    return player.play(seed, choose, words)


def _again(player: Player, model: EmpiricalModel, trace: Trace, words: str) -> EpisodeTrace:
    actions = [model.actions[number] for number in trace.actions]
    if isinstance(player, SpecPlayer):
        return player.follow(trace.seed, actions, words)
    return player.replay(trace.seed, [plain(action) for action in actions], words)


def _constantly(player: Player, seed: int, action: Any, words: str) -> EpisodeTrace:
    if isinstance(player, SpecPlayer):
        return player.follow(seed, [action] * player.limit, words)
    return player.play(seed, lambda _, timestep: action, words)
