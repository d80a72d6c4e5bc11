"""What the owner said beside a number, held against the problem: examples followed, directions counted on arrays."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np

from scoper.baselines import Task
from scoper.domain.certificates import EpisodeTrace, Examples
from scoper.domain.mdp import EnvironmentSpec, MdpSpec, Objective, Spec
from scoper.domain.tabular import Floats
from scoper.domain.text import shown
from scoper.domain.wanted import Trajectory
from scoper.modelling.faults import EnvironmentFault
from scoper.probe.certificates_play import Player

_MARGIN = 1e-9
_MOST_TRANSITIONS = 5_000_000


def is_published(spec: Spec) -> bool:
    """Whether it is one of Gymnasium's own environments, whose reward is the published definition of the task."""
    if not isinstance(spec, EnvironmentSpec) or spec.id is None or ":" in spec.id:
        return False
    import gymnasium

    registered = gymnasium.registry.get(spec.id)
    return registered is not None and str(registered.entry_point).startswith("gymnasium.envs.")


def examples_of(player: Player, spec: Spec) -> Examples:
    """The preferred and undesired episodes as they replay, and the pairs that contradict the reward."""
    failed: list[str] = []
    good = _followed(player, spec.wanted.preferred, "preferred", failed)
    bad = _followed(player, spec.wanted.undesired, "undesired", failed)
    certain: list[tuple[EpisodeTrace, EpisodeTrace]] = []
    doubtful: list[tuple[EpisodeTrace, EpisodeTrace]] = []
    for (episode, undesired), (other, preferred) in product(bad, good):
        if _earns_more(undesired, preferred):
            alike = undesired.seed == preferred.seed or _more_on_both(player, episode, other, undesired, preferred)
            (certain if alike else doubtful).append((undesired, preferred))
    certain.sort(key=lambda pair: pair[1].total_reward - pair[0].total_reward)
    return Examples(
        tuple(trace for _, trace in good),
        tuple(trace for _, trace in bad),
        tuple(certain),
        tuple(doubtful),
        tuple(failed),
    )


def _followed(
    player: Player, trajectories: tuple[Trajectory, ...], kind: str, failed: list[str]
) -> list[tuple[Trajectory, EpisodeTrace]]:
    found = []
    for place, trajectory in enumerate(trajectories, 1):
        which = f"{kind} trajectory {place}"
        try:
            trace = _follow(player, trajectory, trajectory.seed)
        except (EnvironmentFault, ValueError) as error:
            failed.append(f"{which}: {shown(str(error), 120)}")
            continue
        if trace is None:
            failed.append(f"{which}: nothing here acts by the rule '{shown(trajectory.rule or '')}'")
        else:
            words = shown(trajectory.note, 80) or (trajectory.rule or which)
            found.append((trajectory, trace.model_copy(update={"policy": words})))
    return found


def _follow(player: Player, trajectory: Trajectory, seed: int) -> EpisodeTrace | None:
    if trajectory.rule is not None:
        return player.rule(seed, trajectory.rule)
    return player.replay(seed, trajectory.actions, "as listed")


def _more_on_both(
    player: Player, episode: Trajectory, other: Trajectory, undesired: EpisodeTrace, preferred: EpisodeTrace
) -> bool:
    """Whether the undesired one earns more with either seed: chance is not what favours it."""
    try:
        swapped = _follow(player, episode, other.seed), _follow(player, other, episode.seed)
    except (EnvironmentFault, ValueError):
        return False
    if swapped[0] is None or swapped[1] is None:
        return False
    return _earns_more(swapped[0], preferred) and _earns_more(undesired, swapped[1])


def _earns_more(one: EpisodeTrace, other: EpisodeTrace) -> bool:
    return one.total_reward - other.total_reward > _MARGIN * max(1.0, abs(other.total_reward))


def amounts_of(spec: Spec, task: Task) -> Mapping[str, Floats]:
    """Name to (N,) per transition of the table, of everything that a monotone statement names."""
    table = task.table
    if not isinstance(spec, MdpSpec) or table is None or table.successor.size > _MOST_TRANSITIONS:
        return {}
    from scoper.modelling.arrays import compile_spec

    found: dict[str, Floats] = {}
    for statement in spec.wanted.monotone:
        asked = spec.model_copy(update={"objective": Objective(expression=statement.of)})
        counted = compile_spec(asked).objective
        if counted is not None and counted.shape == table.reward.shape:
            found[statement.of] = np.asarray(counted, dtype=np.float64)
    return found
