"""What shows that a planted defect is one and that a clean item is clean: exact solutions, or policies replayed.

A proof is a line of an item: its name and arguments. Shares of the objective are measured between the uniformly random
policy (0) and the best possible (1).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import cache

import numpy as np
import yaml

from scoper.services.specs import parse_spec
from tests.feasibility import model as exact
from tests.feasibility.suite import HERE, Item

LOSES, KEEPS = 0.2, 0.05
"""The share of the objective that a defective reward's best policy loses at least, and a clean one's at most."""
Proof = Callable[..., None]


@cache
def _model(text: str, horizon: int | None) -> exact.Model:
    spec = parse_spec(text, "item", HERE)
    return exact.model_of_spec(spec, horizon)  # type: ignore[arg-type]


def model_of(item: Item) -> exact.Model:
    """The item as arrays."""
    if item.spec:
        return _model(yaml.safe_dump(item.document(), sort_keys=False), None)
    return exact.model_of_world(item.make().unwrapped, item.kwargs.get("steps"), item.discount)


def lost(m: exact.Model, discount: float = 1.0) -> tuple[float, float]:
    """The least and the most share of the objective that a reward-optimal policy loses."""
    best = exact.optimum(m, m.wanted, m.wanted).best
    chance = exact.evaluate(m, m.wanted, exact.uniform(m))
    paid = exact.optimum(m, m.reward, m.wanted, discount)
    assert best - chance > 1e-9 * max(1.0, abs(best)), "the objective does not depend on the policy"
    return (best - paid.other_high) / (best - chance), (best - paid.other_low) / (best - chance)


def loss(item: Item) -> None:
    """Whatever earns the most reward loses a clear share of the objective."""
    least, _ = lost(model_of(item))
    assert least > LOSES, f"only {least:.3f} of the objective is lost"


def backwards(item: Item) -> None:
    """Whatever earns the most reward serves the owner no better than chance does."""
    least, _ = lost(model_of(item))
    assert least >= 1.0, f"{least:.3f} of the objective is lost"


def aligned(item: Item) -> None:
    """Every policy that earns the most reward earns nearly the most of the objective, and more reward than chance."""
    m = model_of(item)
    _, most = lost(m)
    assert most <= KEEPS, f"{most:.3f} of the objective is lost"
    best, chance = exact.optimum(m, m.reward, m.reward).best, exact.evaluate(m, m.reward, exact.uniform(m))
    assert best > chance + 1e-9 * max(1.0, abs(best))


def never_ends(item: Item) -> None:
    """The most reward is earned without ever ending the episode, while the owner's best ends it."""
    m = model_of(item)
    ends = m.ends.astype(float)
    assert exact.optimum(m, m.reward, ends).other_high < 0.2
    assert exact.optimum(m, m.wanted, ends).other_high > 0.8


def dawdles(item: Item) -> None:
    """Whatever earns the most reward takes more than twice as long as whatever serves the owner best."""
    m = model_of(item)
    one = np.ones_like(m.reward)
    paid, wanted = exact.optimum(m, m.reward, one).other_low, exact.optimum(m, m.wanted, one).other_high
    assert paid > 2.0 * wanted, (paid, wanted)


def ends_early(item: Item) -> None:
    """The most reward is earned by ending the episode sooner than the owner's best does."""
    m = model_of(item)
    one = np.ones_like(m.reward)
    paid, wanted = exact.optimum(m, m.reward, one).other_high, exact.optimum(m, m.wanted, one).other_low
    assert exact.optimum(m, m.reward, m.ends.astype(float)).other_low > 0.9
    assert paid < wanted, (paid, wanted)


def ends_quickly(item: Item) -> None:
    """The best policy ends within a quarter of the time that chance takes."""
    m = model_of(item)
    one = np.ones_like(m.reward)
    paid = exact.optimum(m, m.reward, one).other_high
    assert paid < 0.25 * exact.evaluate(m, one, exact.uniform(m))


def loops(item: Item) -> None:
    """The best policy never ends the episode: it comes back to where it was, and is paid again."""
    m = model_of(item)
    assert exact.optimum(m, m.reward, m.ends.astype(float)).other_low < 1e-9
    assert exact.optimum(m, m.reward, m.reward).best > 0


def never_wanted(item: Item) -> None:
    """No policy ever gets the owner anything: no transition that can be reached is wanted."""
    m = model_of(item)
    assert not (m.wanted[exact.reachable(m)] > 0).any()


def rare(item: Item, most: str) -> None:
    """Chance, and every action held, meet what the owner wants with at most this probability an episode."""
    m = model_of(item)
    event = m.wanted >= 0.99 * m.wanted[exact.reachable(m)].max()
    policies = [exact.uniform(m), *(exact.always(m, action) for action in range(m.n_actions))]
    hit = max(exact.chance_of(m, event, policy) for policy in policies)
    assert hit <= float(most), hit


def found(item: Item, least: str) -> None:
    """Chance meets what the owner wants with at least this probability an episode."""
    m = model_of(item)
    event = m.wanted >= 0.99 * m.wanted[exact.reachable(m)].max()
    assert exact.chance_of(m, event, exact.uniform(m)) >= float(least)


def sparse(item: Item, most: str) -> None:
    """Under chance at most this share of steps is paid anything."""
    m = model_of(item)
    steps = exact.evaluate(m, np.ones_like(m.reward), exact.uniform(m))
    assert exact.evaluate(m, (np.abs(m.reward) > 1e-12).astype(float), exact.uniform(m)) <= float(most) * steps


def decoy(item: Item) -> None:
    """Improving on chance greedily, step by step, leads to less than half of what can be earned over chance."""
    m = model_of(item)
    policy = exact.uniform(m)
    value = np.zeros(m.n_states)
    for _ in range(m.horizon):
        q = m.expected(m.reward) + m.ahead(value)
        value = (policy * q).sum(axis=1)
    greedy = np.zeros_like(policy)
    greedy[np.arange(m.n_states), np.where(m.available, q, -np.inf).argmax(axis=1)] = 1.0
    best, got = exact.optimum(m, m.reward, m.reward).best, exact.evaluate(m, m.reward, greedy)
    assert got < 0.5 * best, (got, best)


def constant(item: Item) -> None:
    """Every reward that can be met is the same number."""
    m = model_of(item)
    met = m.reward[exact.reachable(m)]
    assert met.max() - met.min() <= 1e-12


def same_return(item: Item) -> None:
    """Rewards differ, and every policy's expected return is the same; the owner's number is not."""
    m = model_of(item)
    most = exact.optimum(m, m.reward, m.reward).best
    least = exact.optimum(m, m.reward, m.reward, sign=-1.0).best
    met = m.reward[exact.reachable(m)]
    assert met.max() - met.min() > 0.1
    assert abs(most - least) <= 1e-9 * max(1.0, abs(most))


def no_effect(item: Item) -> None:
    """What follows an action, and what is paid, is the same for every action in every state."""
    m = model_of(item)
    paid = m.expected(m.reward)
    assert np.abs(paid - paid[:, :1]).max() < 1e-12
    _same_successors(m)


def _same_successors(m: exact.Model) -> None:
    after = np.zeros((m.n_states, m.n_actions, m.n_states))
    state, action = np.divmod(m.pair, m.n_actions)
    np.add.at(after, (state, action, m.successor), m.chance)
    assert np.abs(after - after[:, :1]).max() < 1e-12


def next_ignores_action(item: Item) -> None:
    """What comes next is the same for every action; only what is paid now differs."""
    m = model_of(item)
    _same_successors(m)
    paid = m.expected(m.reward)
    assert np.abs(paid - paid[:, :1]).max() > 0.05


def noise(item: Item, most: str) -> None:
    """The best policy's gain over chance is at most this many standard deviations of the return."""
    m = model_of(item)
    gain = exact.optimum(m, m.reward, m.reward).best - exact.evaluate(m, m.reward, exact.uniform(m))
    assert gain <= float(most) * exact.spread_of_returns(m, exact.uniform(m))


def signal(item: Item, least: str) -> None:
    """The best policy's gain over chance is at least this many standard deviations of the return."""
    m = model_of(item)
    gain = exact.optimum(m, m.reward, m.reward).best - exact.evaluate(m, m.reward, exact.uniform(m))
    assert gain >= float(least) * exact.spread_of_returns(m, exact.uniform(m))


def always_best(item: Item, action: str) -> None:
    """One action all the time earns as much as any policy."""
    m = model_of(item)
    best = exact.optimum(m, m.reward, m.reward).best
    got = exact.evaluate(m, m.reward, exact.always(m, int(action)))
    assert got >= best - 1e-9 * max(1.0, abs(best)), (got, best)


def discount_loses(item: Item) -> None:
    """The policy that is best with the item's discount loses the objective."""
    m = model_of(item)
    least, _ = lost(m, m.discount)
    assert least > LOSES, least


def late(item: Item, steps: str) -> None:
    """What an action does to the reward does not show within so many steps, whatever follows it."""
    m = model_of(item)
    value, policy = np.zeros(m.n_states), exact.uniform(m)
    for _ in range(int(steps)):
        q = m.expected(m.reward) + m.ahead(value)
        assert np.abs(q - q[:, :1]).max() < 1e-9
        value = (policy * q).sum(axis=1)


def memoryless(item: Item, most: str) -> None:
    """No rule that looks at the present observation alone reaches more than this share of the objective."""
    m = model_of(item)
    groups = {seen: k for k, seen in enumerate(dict.fromkeys(m.shown))}
    place = np.array([groups[seen] for seen in m.shown])
    assert m.n_actions ** len(groups) <= 10_000
    best, chance = exact.optimum(m, m.wanted, m.wanted).best, exact.evaluate(m, m.wanted, exact.uniform(m))
    reached = -np.inf
    for rule in itertools.product(range(m.n_actions), repeat=len(groups)):
        policy = np.zeros((m.n_states, m.n_actions))
        policy[np.arange(m.n_states), np.array(rule)[place]] = 1.0
        reached = max(reached, exact.evaluate(m, m.wanted, policy))
    assert (reached - chance) / (best - chance) <= float(most)


def seen_suffices(item: Item) -> None:
    """States are hidden, and in every group that looks alike some action is optimal in all of them at every time."""
    m = model_of(item)
    assert len(set(m.shown)) < m.n_states
    actions = exact.optimum(m, m.reward, m.wanted).actions
    for seen in set(m.shown):
        alike = [k for k, other in enumerate(m.shown) if other == seen]
        assert actions[:, alike].all(axis=1).any(axis=1).all()


def not_finite(item: Item) -> None:
    """A reward that can be reached is no finite number."""
    m = model_of(item)
    assert not np.isfinite(m.reward[exact.reachable(m)]).all()


def clock_ends(item: Item) -> None:
    """Every episode ends at the limit, told as terminated; the world itself never ends there."""
    env = item.make()
    for seed in range(5):
        env.action_space.seed(seed)
        env.reset(seed=seed)
        ended, steps = False, 0
        while not ended:
            _, _, ended, truncated, _ = env.step(env.action_space.sample())
            steps += 1
            assert not truncated
        assert steps == env.limit


def endless(item: Item) -> None:
    """20,000 steps of chance end no episode."""
    env = item.make()
    env.action_space.seed(0)
    env.reset(seed=0)
    for _ in range(20_000):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        assert not terminated
        assert not truncated


def restored(text: str) -> bool:
    """Whether, in a declarative spec as text, whatever earns the most reward keeps nearly all of its objective.

    For judging a repair: the patched spec of a planted item, which keeps the item's objective.
    """
    return lost(_model(text, None))[1] <= KEEPS
