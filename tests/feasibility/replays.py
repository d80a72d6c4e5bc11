"""Proofs by stepping: scripted policies against each other, seeds again later, units of what goes in and out."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.feasibility.suite import Item

EPISODES = 12


def played(item: Item, script: str, episodes: int = EPISODES) -> np.ndarray:
    """(n, 2) reward and owner's number of episodes of a scripted policy, or of chance; all on the same seeds."""
    env = item.make()
    env.action_space.seed(7)
    found = []
    for seed in range(episodes):
        env.reset(seed=seed)
        total = owner = 0.0
        for _ in range(1000):
            action = env.action_space.sample() if script == "chance" else env.unwrapped.script(script.replace("_", " "))
            _, reward, terminated, truncated, info = env.step(action)
            total += reward
            told = info[env.unwrapped.owner] * getattr(env.unwrapped, "sense", 1.0)
            owner = told if env.unwrapped.told != "step" else owner + told
            if terminated or truncated:
                break
        found.append((total, owner))
    return np.array(found)


def clearly_more(ours: np.ndarray, theirs: np.ndarray) -> bool:
    """Whether means differ by more than three standard errors (of paired numbers where there are as many)."""
    if len(ours) == len(theirs):
        error = (ours - theirs).std() / np.sqrt(len(ours))
    else:
        error = np.sqrt(ours.var() / len(ours) + theirs.var() / len(theirs))
    return bool(ours.mean() - theirs.mean() > 3.0 * error + 1e-9)


def outbids(item: Item, wrong: str, right: str) -> None:
    """One scripted policy earns more reward and less of the objective than another."""
    bad, good = played(item, wrong), played(item, right)
    assert clearly_more(bad[:, 0], good[:, 0]), (bad.mean(axis=0), good.mean(axis=0))
    assert clearly_more(good[:, 1], bad[:, 1]), (bad.mean(axis=0), good.mean(axis=0))


def wins(item: Item, right: str, *others: str) -> None:
    """One scripted policy earns more reward and more of the objective than chance and all the others."""
    good = played(item, right)
    for other in ("chance", *others):
        worse = played(item, other, 4 * EPISODES if other == "chance" else EPISODES)
        assert clearly_more(good[:, 0], worse[:, 0]), (other, good.mean(axis=0), worse.mean(axis=0))
        assert clearly_more(good[:, 1], worse[:, 1]), (other, good.mean(axis=0), worse.mean(axis=0))


def needs_memory(item: Item, right: str, *blind: str) -> None:
    """A policy that knows what is hidden gains twice as much over chance as any that looks at the present alone."""
    good, chance = played(item, right)[:, 1].mean(), played(item, "chance")[:, 1].mean()
    reached = max(played(item, name)[:, 1].mean() for name in blind)
    assert good - chance > 2.0 * max(reached - chance, 0.0), (good, reached, chance)


def drowned(item: Item, right: str, most: str) -> None:
    """A good script's gain over chance is at most this many standard deviations of the return."""
    good, chance = played(item, right), played(item, "chance")
    assert clearly_more(good[:, 1], chance[:, 1])
    assert good[:, 1].mean() - chance[:, 1].mean() <= float(most) * chance[:, 0].std()


def paid_at_end(item: Item) -> None:
    """Every reward but the last of an episode is nothing."""
    env = item.make()
    env.action_space.seed(2)
    env.reset(seed=2)
    paid, over = [], False
    while not over:
        _, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        paid.append(reward)
        over = terminated or truncated
    assert len(paid) > 10
    assert not any(paid[:-1])
    assert paid[-1] != 0.0


def limit_as_end(item: Item, right: str) -> None:
    """A policy that never fails is ended at the limit, told as terminated."""
    env = item.make()
    for seed in range(5):
        env.reset(seed=seed)
        steps, terminated = 0, False
        while not terminated:
            _, _, terminated, truncated, _ = env.step(env.script(right))
            steps += 1
            assert not truncated
        assert steps == env.limit


def breaks(item: Item, wrong: str) -> None:
    """A scripted policy meets a reward that is no finite number."""
    env = item.make()
    env.reset(seed=0)
    paid = [env.step(env.script(wrong))[1] for _ in range(40)]
    assert not np.isfinite(paid).all()


def drifts(item: Item, episodes: str) -> None:
    """The same seed and actions pay something else after so many episodes of the same simulator."""
    assert abs(_again(item, int(episodes))) > 0.5


def steady(item: Item, episodes: str) -> None:
    """The same seed and actions pay the same after so many episodes of the same simulator."""
    assert _again(item, int(episodes)) == 0.0


def _again(item: Item, episodes: int) -> float:
    env = item.make()
    first = _fixed(env)
    for seed in range(episodes):
        env.reset(seed=seed)
    return _fixed(env) - first


def _fixed(env: Any) -> float:
    env.reset(seed=3)
    env.action_space.seed(3)
    total = 0.0
    for _ in range(200):
        _, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        total += reward
        if terminated or truncated:
            break
    return total


def numbers(item: Item) -> tuple[np.ndarray, np.ndarray]:
    """Observations (n, d) and returns of ten episodes of chance."""
    env = item.make()
    env.action_space.seed(1)
    seen, returns = [], []
    for seed in range(10):
        observation, _ = env.reset(seed=seed)
        total, over = 0.0, False
        while not over:
            values = observation.values() if isinstance(observation, dict) else [observation]
            seen.append(np.concatenate([np.ravel(np.asarray(v, dtype=float)) for v in values]))
            observation, reward, terminated, truncated, _ = env.step(env.action_space.sample())
            total, over = total + reward, terminated or truncated
        returns.append(total)
    return np.array(seen), np.array(returns)


def unequal_observations(item: Item, ratio: str) -> None:
    """The numbers observed differ in size by this factor."""
    sizes = np.abs(numbers(item)[0]).max(axis=0)
    assert sizes.max() >= float(ratio) * sizes.min()


def large_returns(item: Item, size: str) -> None:
    """Returns of chance are typically beyond this size."""
    assert np.median(np.abs(numbers(item)[1])) >= float(size)


def tiny_returns(item: Item, size: str) -> None:
    """Returns of chance never exceed this size."""
    returns = np.abs(numbers(item)[1])
    assert 0 < returns.max() <= float(size)


def saturates(item: Item, factor: str) -> None:
    """Actions beyond 1 do what 1 does, though the box reaches this far: nearly all of it is one and the same."""
    env = item.make()
    assert env.action_space.high[0] >= float(factor)
    after = []
    for push in (1.0, float(env.action_space.high[0])):
        env.reset(seed=5)
        after.append(np.asarray(env.step(np.full(env.action_space.shape, push, dtype=np.float32))[0]))
    assert np.array_equal(*after)


def explodes(item: Item, script: str) -> None:
    """Within one episode of a scripted policy rewards grow a million times."""
    env = item.make()
    for seed in range(3):
        env.reset(seed=seed)
        paid = np.abs([env.step(env.script(script))[1] for _ in range(env.limit)])
        assert paid.max() > 1e6 * np.median(paid[:10]), paid.max()


def compounds(item: Item) -> None:
    """Within one episode rewards grow a million times; staking all expects the most and grows least in the median."""
    env = item.make()
    env.reset(seed=1)
    paid = [env.step(env.script("half"))[1] for _ in range(env.limit)]
    assert max(np.abs(paid)) > 1e6 * np.median(np.abs(paid[:10]))
    win, edge = 0.5 + env.edge, (0.9, -0.6)
    grows = {f: win * np.log(1 + f * edge[0]) + (1 - win) * np.log(1 + f * edge[1]) for f in (0.5, 1.0)}
    expects = {f: 1 + f * (win * edge[0] + (1 - win) * edge[1]) for f in (0.5, 1.0)}
    assert expects[1.0] > expects[0.5]
    assert grows[1.0] < grows[0.5]


def grows(item: Item) -> None:
    """Of the stakes on offer a middle one grows most (exactly, by Kelly 1956), which is what is paid and wanted."""
    env = item.make()
    win, stakes = 0.5 + env.edge, np.linspace(0.0, 1.0, env.moves)
    rate = win * np.log(1 + 0.9 * stakes) + (1 - win) * np.log(1 - 0.6 * stakes)
    assert 0 < rate.argmax() < env.moves - 1
    total = played(item, "half")
    assert np.allclose(total[:, 0], total[:, 1])
