"""The libraries that the solvers are compared with, each behind the same call; run as a program for one of them.

A peer gets the same arrays in the form it wants (making that form is not counted), a tolerance that its own stopping
rule needs for a value error of 1e-6, and as many iterations as it likes. Whether the answer is that good is checked
by the caller from the arrays. Every cell runs in a process of its own, so that one that never ends can be stopped.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from families import FAMILIES, Instance

GOAL = 1e-6
Run = Callable[[], np.ndarray]


def quantecon(instance: Instance, discount: float, method: str) -> Run:
    """DiscreteDP in state-action form with a sparse matrix; LP is dense only and left out."""
    import scipy.sparse
    from quantecon.markov import DiscreteDP

    states = np.repeat(np.arange(instance.n_states), instance.n_actions)
    actions = np.tile(np.arange(instance.n_actions), instance.n_states)
    shape = (states.size, instance.n_states)
    matrix = scipy.sparse.csr_matrix((instance.probability, instance.successor, instance.offsets), shape=shape)
    problem = DiscreteDP(instance.reward, matrix, discount, states, actions)
    return lambda: problem.solve(method, epsilon=GOAL, max_iter=300 if method == "pi" else 10**7).v


def mdpsolver(instance: Instance, discount: float, method: str) -> Run:
    """The method's name is algorithm-update; one thread. A new model each time, as a second solve starts warm."""
    import mdpsolver as library

    rows = np.split(instance.probability, instance.offsets[1:-1])
    columns = np.split(instance.successor, instance.offsets[1:-1])
    n = instance.n_actions
    chance = [[r.tolist() for r in rows[s * n : (s + 1) * n]] for s in range(instance.n_states)]
    to = [[c.tolist() for c in columns[s * n : (s + 1) * n]] for s in range(instance.n_states)]
    reward = instance.reward.reshape(-1, n).tolist()
    algorithm, update = method.split("-")

    def run() -> np.ndarray:
        model = library.model()
        model.mdp(discount=discount, rewards=reward, tranMatProbs=chance, tranMatColumns=to)
        begun = time.process_time()
        model.solve(algorithm=algorithm, update=update, tolerance=GOAL, parallel=False, makeFinalCheck=False)
        run.seconds = time.process_time() - begun  # type: ignore[attr-defined]
        return np.array(model.getValueVector())

    return run


def bettermdptools(instance: Instance, discount: float, method: str) -> Run:
    """The vectorised value iteration of Planner, in double precision; its plain loops are slower still."""
    from bettermdptools.algorithms.planner import Planner

    table: dict[int, dict[int, list[tuple[float, int, float, bool]]]] = {}
    for state in range(instance.n_states):
        table[state] = {}
        for action in range(instance.n_actions):
            pair = state * instance.n_actions + action
            here = slice(instance.offsets[pair], instance.offsets[pair + 1])
            moves = zip(instance.probability[here].tolist(), instance.successor[here].tolist(), strict=True)
            table[state][action] = [(p, n, float(instance.reward[pair]), False) for p, n in moves]
    planner = Planner(table)
    sweeps = int(np.log(GOAL * (1 - discount) ** 2) / np.log(discount)) + 2
    solve = getattr(planner, method)
    return lambda: solve(gamma=discount, n_iters=sweeps, theta=GOAL * (1 - discount), dtype=np.float64)[0]


PEERS = {
    "quantecon": (quantecon, ("mpi", "pi", "vi")),
    "mdpsolver": (mdpsolver, ("mpi-standard", "mpi-gs", "pi-standard", "pi-gs", "vi-standard", "vi-gs", "vi-sor")),
    "bettermdptools": (bettermdptools, ("value_iteration_vectorized",)),
}


def value_error(instance: Instance, value: np.ndarray, discount: float) -> float:
    """A bound of |value - optimum|: the residual of the optimality equation over 1 - discount (Puterman 6.3.1)."""
    if not np.isfinite(value).all():
        return float("inf")
    expected = np.add.reduceat(instance.probability * value[instance.successor], instance.offsets[:-1])
    best = (instance.reward + discount * expected).reshape(-1, instance.n_actions).max(axis=1)
    return float(np.abs(best - value).max() / (1.0 - discount))


def resident() -> float:
    """The most megabytes this process has held so far.

    ru_maxrss would begin with what the parent held, which Linux passes on when a process is started.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return next(float(x.split()[1]) for x in status.read_text().splitlines() if x.startswith("VmHWM")) * 1.024e-3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1.024e-3


def main() -> None:
    """Read {peer, method, folder, discount} on a line, prepare, then time one solve per further line."""
    task = json.loads(sys.stdin.readline())
    if task.get("warm", True):  # compiles or loads what the library compiles: not counted
        PEERS[task["peer"]][0](FAMILIES["forest"](50), task["discount"], task["method"])()
    before = resident()
    instance = Instance.load(Path(task["folder"]))
    solve = PEERS[task["peer"]][0](instance, task["discount"], task["method"])
    print("ready", flush=True)
    for _ in sys.stdin:
        begun = time.process_time()
        value = solve()
        seconds = getattr(solve, "seconds", time.process_time() - begun)
        told = {"ms": 1e3 * seconds, "peak": resident() - before}
        print(json.dumps({**told, "error": value_error(instance, value, task["discount"])}), flush=True)


if __name__ == "__main__":
    main()
