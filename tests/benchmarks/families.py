"""The families of MDPs that the solvers are measured on, as sparse arrays of any size.

random: uniform successors (a graph that mixes at once). grid: a walk to one corner that costs 1 a step and slips with
probability 0.2; floor: without slipping; ice: slipping more often than not; maze: the grid with walls. inventory:
stock, orders and Poisson demand, lost sales. queue: a birth-and-death queue whose service rate is chosen. forest: grow
or cut, with fire (Chades et al. 2014). All are made by formula or from a seed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scoper.domain.tabular import TabularMdp

Array = NDArray[np.float64]
ARRAYS = ("offsets", "successor", "probability", "reward")


@dataclass(frozen=True)
class Instance:
    """S states, A actions, every pair available: offsets (S*A+1,), successor, probability (N,), reward (S*A,)."""

    family: str
    n_states: int
    n_actions: int
    offsets: NDArray[np.int64]
    successor: NDArray[np.int32]
    probability: Array
    reward: Array

    def save(self, folder: Path) -> None:
        """Write the arrays, so that other processes need not make them."""
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        (folder / "sizes.json").write_text(json.dumps([self.family, self.n_states, self.n_actions]), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Instance:
        """What `save` wrote."""
        family, n_states, n_actions = json.loads((folder / "sizes.json").read_text(encoding="utf-8"))
        return cls(family, n_states, n_actions, *(np.load(folder / f"{name}.npy") for name in ARRAYS))

    def mdp(self, discount: float) -> TabularMdp:
        """The instance as the project's own arrays, which hold a reward per transition."""
        from scoper.domain.tabular import TabularMdp  # the peers' own environments do not have it

        initial = np.zeros(self.n_states)
        initial[0] = 1.0
        return TabularMdp(
            n_states=self.n_states,
            n_actions=self.n_actions,
            offsets=self.offsets,
            successor=self.successor,  # type: ignore[arg-type]
            probability=self.probability,
            reward=np.repeat(self.reward, np.diff(self.offsets)),
            terminates=np.zeros(self.successor.size, dtype=np.bool_),
            initial=initial,
            available=np.ones((self.n_states, self.n_actions), dtype=np.bool_),
            discount=discount,
        )


def _packed(family: str, n_states: int, n_actions: int, to: Array, chance: Array, reward: Array) -> Instance:
    """From (S*A, K) successors and probabilities: every successor once, those of probability zero left out."""
    if to.shape[1] <= 4:
        chance = chance.copy()
        for j in range(1, to.shape[1]):
            for i in range(j):
                same = to[:, i] == to[:, j]
                chance[:, i] += np.where(same, chance[:, j], 0.0)
                chance[same, j] = 0.0
    kept = chance > 0.0
    offsets = np.concatenate([[0], np.cumsum(kept.sum(axis=1))]).astype(np.int64)
    share = chance / chance.sum(axis=1, keepdims=True)
    return Instance(
        family, n_states, n_actions, offsets, to[kept].astype(np.int32), share[kept], reward.astype(np.float64)
    )


def random_sparse(n_states: int, n_actions: int = 8, fan_out: int = 10) -> Instance:
    """Uniform successors, probabilities and rewards."""
    draw = np.random.default_rng(20)
    pairs = n_states * n_actions
    to = draw.integers(0, n_states, (pairs, fan_out), dtype=np.int32)
    chance = draw.random((pairs, fan_out))
    chance /= chance.sum(axis=1, keepdims=True)
    offsets = np.arange(pairs + 1, dtype=np.int64) * fan_out
    return Instance("random", n_states, n_actions, offsets, to.ravel(), chance.ravel(), draw.random(pairs))


def grid(n_states: int, slip: float = 0.1, walls: float = 0.0) -> Instance:
    """Four moves on a square; with probability `slip` to either side; the last corner is the goal and is kept."""
    side = round(n_states**0.5)
    size = side * side
    x, y = np.divmod(np.arange(size), side)
    blocked = np.random.default_rng(5).random(size) < walls
    blocked[[0, size - 1]] = False

    def moved(dx: int, dy: int) -> NDArray[np.int64]:
        there = np.clip(x + dx, 0, side - 1) * side + np.clip(y + dy, 0, side - 1)
        return np.where(blocked[there], np.arange(size), there)

    ways = [(1, 0), (0, 1), (-1, 0), (0, -1)]
    to = np.zeros((size, 4, 3), dtype=np.int64)
    chance = np.zeros((size, 4, 3))
    for action in range(4):
        for k, (turn, p) in enumerate(((0, 1.0 - 2.0 * slip), (1, slip), (3, slip))):
            to[:, action, k] = moved(*ways[(action + turn) % 4])
            chance[:, action, k] = p
    reward = np.full((size, 4), -1.0)
    to[-1], reward[-1] = size - 1, 0.0
    chance[-1] = [1.0, 0.0, 0.0]
    return _packed("grid", size, 4, to.reshape(-1, 3), chance.reshape(-1, 3), reward.ravel())


def maze(n_states: int) -> Instance:
    """The grid with a fifth of its cells walled off at random, which leaves pockets that nobody gets out of."""
    return replace(grid(n_states, walls=0.2), family="maze")


def ice(n_states: int) -> Instance:
    """The grid of FrozenLake: every way but back is taken as often as the one that was meant."""
    return replace(grid(n_states, slip=1.0 / 3.0), family="ice")


def floor(n_states: int) -> Instance:
    """The grid without slipping: many shortest ways are tied."""
    return replace(grid(n_states, slip=0.0), family="floor")


def inventory(n_states: int, n_actions: int = 8, mean: float = 6.0, batch: int = 4) -> Instance:
    """Order k batches, sell what is demanded; margin 5, n pieces cost 0.1 sqrt(n), an order 8 and 2 a piece."""
    stock, order = np.arange(n_states), batch * np.arange(n_actions)
    demand = np.arange(int(mean + 6 * mean**0.5) + 1)
    log_p = demand * np.log(mean) - mean - np.cumsum(np.log(np.maximum(demand, 1)))
    p = np.exp(log_p)
    p[-1] += 1.0 - p.sum()
    level = np.minimum(stock[:, None] + order[None, :], n_states - 1)
    to = np.maximum(level[:, :, None] - demand, 0)
    tail = np.cumsum(p[::-1])[::-1][np.minimum(level, p.size - 1)]  # everything sold: one way to be empty
    chance = np.where(demand < level[:, :, None], p, np.where(demand == level[:, :, None], tail[:, :, None], 0.0))
    sold = (np.minimum(level[:, :, None], demand) * p).sum(axis=2)
    reward = 5.0 * sold - 0.1 * stock[:, None] ** 0.5 - np.where(order > 0, 8.0 + 2.0 * order, 0.0)
    return _packed("inventory", n_states, n_actions, to.reshape(-1, p.size), chance.reshape(-1, p.size), reward.ravel())


def queue(n_states: int, n_actions: int = 6) -> Instance:
    """At most one arrival and one service a slot; a service rate m costs 4 m^2, n waiting 0.05 sqrt(n)."""
    length = np.arange(n_states)[:, None]
    service = np.linspace(0.1, 0.8, n_actions)[None, :] * (length > 0)
    arrival = 0.4 * (length < n_states - 1)
    up, down = arrival * (1 - service), service * (1 - arrival)
    chance = np.stack([up, 1 - up - down, down], axis=2)
    to = np.stack([np.minimum(length + 1, n_states - 1), length, np.maximum(length - 1, 0)], axis=2)
    to = np.broadcast_to(to, chance.shape)
    reward = -0.05 * length**0.5 - 4.0 * np.linspace(0.1, 0.8, n_actions)[None, :] ** 2
    return _packed("queue", n_states, n_actions, to.reshape(-1, 3), chance.reshape(-1, 3), reward.ravel())


def forest(n_states: int) -> Instance:
    """Wait or cut; a fire (0.1) burns everything; old wood pays 4 when kept and 2 when cut."""
    age = np.arange(n_states)
    to = np.zeros((n_states, 2, 2), dtype=np.int64)
    to[:, 0, 1] = np.minimum(age + 1, n_states - 1)
    chance = np.zeros((n_states, 2, 2))
    chance[:, 0], chance[:, 1] = [0.1, 0.9], [1.0, 0.0]
    reward = np.zeros((n_states, 2))
    reward[1:, 1] = 1.0
    reward[-1] = [4.0, 2.0]
    return _packed("forest", n_states, 2, to.reshape(-1, 2), chance.reshape(-1, 2), reward.ravel())


FAMILIES: dict[str, Callable[[int], Instance]] = {
    "random": random_sparse,
    "grid": grid,
    "floor": floor,
    "ice": ice,
    "maze": maze,
    "inventory": inventory,
    "queue": queue,
    "forest": forest,
}
