"""What runs in the checkers' own environment: every item through each of them, one JSON list on standard output."""

from __future__ import annotations

import contextlib
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import numpy as np

from scoper.modelling.spec_env import spec_env
from scoper.services.specs import parse_spec
from tests.feasibility import model as exact
from tests.feasibility.proofs import model_of
from tests.feasibility.suite import HERE, Item, load

LARGEST = 400_000
"""Cells (transitions times timesteps) that the checker's solver, which is plain Python, is asked to go through."""
STEPS = 1200


def made(item: Item) -> Any:
    """The item as an environment."""
    return item.make() if item.world else spec_env(parse_spec(item.text(), item.id, HERE))  # type: ignore[arg-type]


def goodhart(item: Item) -> bool:
    """Whether its detection from an environment reports something critical."""
    from goodhart import TrainingAnalysisEngine, TrainingConfig
    from goodhart.detect import detect_env

    limit = item.kwargs.get("limit", item.kwargs.get("steps", 200)) if item.world else 200
    name = f"Suite-{item.id.replace('_', '-')}-v0"
    gymnasium.register(name, entry_point=lambda: made(item), max_episode_steps=limit or 1000)
    model, _ = detect_env(name)
    return bool(TrainingAnalysisEngine().add_all_rules().analyze(model, TrainingConfig()).has_criticals)


def fuzzer(item: Item) -> bool | None:
    """Whether its exact audit flags the reward, the owner's best policy being the intended one; None if not tabular."""
    from rcfuzz.stochastic import ProbSpec, audit_stochastic

    if item.world.startswith(("worlds.moving", "worlds.flows", "worlds.plane")) or item.kind == "nan_or_inf_reward":
        return None
    m = model_of(item)
    if m.pair.size * m.horizon > LARGEST:
        return None
    table: dict[tuple[int, str], list[tuple[float, int, float, bool]]] = defaultdict(list)
    for pair, after, chance, reward, ends in zip(m.pair, m.successor, m.chance, m.reward, m.ends, strict=True):
        state, action = divmod(int(pair), m.n_actions)
        table[state, str(action)].append((float(chance), int(after), float(reward), bool(ends)))
    begin = m.n_states  # one step more, which draws the start state
    table[begin, "0"] = [(float(p), s, 0.0, False) for s, p in enumerate(m.initial) if p > 0]
    intended = exact.optimum(m, m.wanted, m.reward).actions.argmax(axis=2)
    audit = ProbSpec(
        id=item.id, description="", horizon=m.horizon + 1, initial_state=begin,
        outcomes_fn=lambda state, action: table[state, action],
        actions_fn=lambda state: ["0"] if state == begin else [str(a) for a in np.flatnonzero(m.available[state])],
        is_terminal_fn=lambda state: False,
        intended_policy_fn=lambda s, t: "0" if s == begin else str(intended[min(max(t - 1, 0), m.horizon - 1), s]),
    )  # fmt: skip
    return bool(audit_stochastic(audit, episodes=100).flagged)


def scope(item: Item) -> bool:
    """Whether its run-time detectors raise an alert within 1,200 steps of a learner (Q-learning on what is seen)."""
    from reward_scope import HackingDetectorSuite

    env, rng = made(item), np.random.default_rng(0)
    suite = HackingDetectorSuite()
    worth: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(8))
    env.action_space.seed(0)
    observation, _ = env.reset(seed=0)
    episode = 0
    for step in range(STEPS):
        seen, count = str(observation), int(getattr(env.action_space, "n", 0))
        greedy = 0 < count <= 8 and rng.random() > max(0.1, 1.0 - step / 600)
        action = int(worth[seen][:count].argmax()) if greedy else env.action_space.sample()
        after, reward, terminated, truncated, info = env.step(action)
        if 0 < count <= 8:
            goal = reward + 0.95 * worth[str(after)][:count].max() * (not terminated)
            worth[seen][int(action)] += 0.2 * (goal - worth[seen][int(action)])
        terms = info.get("reward_terms", {"reward": reward})
        suite.update(step, episode, observation, action, float(reward), terms, terminated or truncated, info)
        observation = after
        if terminated or truncated:
            suite.on_episode_end({"component_totals": {}, "episode": episode})
            observation, _ = env.reset()
            episode += 1
    return bool(suite.get_all_alerts())


CHECKERS: dict[str, Callable[[Item], bool | None]] = {
    "goodhart": goodhart,
    "reward-contract-fuzzer": fuzzer,
    "reward-scope": scope,
}


def rows(ids: list[str]) -> Iterator[dict[str, Any]]:
    items = load()
    for name in ids:
        row: dict[str, Any] = {"id": name, "kind": items[name].kind}
        for checker, check in CHECKERS.items():
            try:
                row[checker] = check(items[name])
            except Exception as error:
                row[checker] = None
                row[f"{checker} failed"] = f"{type(error).__name__}: {error}"[:200]
        print(row, file=sys.stderr, flush=True)
        yield row


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        found = list(rows(sys.argv[1:]))
    print(json.dumps(found))
