"""PPO on CartPole-v1, five seeds: the batched numpy engine against stable-baselines3. CPU time, interleaved, paired.

Run: python tests/benchmarks/fast_ppo.py [--rounds 3] [--only solve|probe|steps] [--seeds 40] [--all]

solve: CPU seconds until every one of five seeds has a mean return of 475 over 100 episodes twice in a row, asked every
2,048 timesteps. The asking is the same code for all engines (Gymnasium's CartPole for many episodes at once, greedy
actions) and not counted; a second row counts it. Stable-baselines3 gets one torch thread, which is its best (two take
more CPU time).
probe: five seeds of 20,480 timesteps each in a fresh process, start-up included; `naive` is stable-baselines3 as
shipped (one environment, batches of 64), seeds one after the other. Training alone, then with marks and reports too.
steps: timesteps to that point over many seeds, fast against stable-baselines3 with the same settings; Mann-Whitney.
--all: everything over 40 seeds, and what `fast_ppo_beside` measures. Asserts nothing; prints CPU seconds and ratios.
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from scoper.baselines import Task
from scoper.baselines._settings import arguments_for
from scoper.numerics.ppo.layout import Layout, from_state_dict
from scoper.numerics.ppo.learner import Greedy

N_SEEDS, EVERY, LIMIT = 5, 2048, 100_000
SOLVED, EPISODES, LONGEST = 475.0, 100, 500
LAYOUT = Layout(4, 2, "categorical")


def make() -> Any:
    import gymnasium

    return gymnasium.make("CartPole-v1")


TASK = Task("pole", 0.99, 1.0, LONGEST, make_env=make, observation_kind="dense", action_kind="discrete")
ZOO = Task(**{**vars(TASK), "environment_id": "CartPole-v1"})


class Judge:
    """Whether policies have a mean return of 475 over 100 episodes; stops as soon as they cannot any more."""

    def __init__(self) -> None:
        import gymnasium

        self._envs: Any = gymnasium.make_vec("CartPole-v1", EPISODES, vectorization_mode="vector_entry_point")
        self.seconds = 0.0

    def solved(self, row: np.ndarray, seed: int) -> bool:
        began = time.process_time()
        act = Greedy(LAYOUT, row[None])
        seen = self._envs.reset(seed=100_000 + 1000 * seed)[0]
        stands, lost = np.ones(EPISODES, dtype=bool), 0.0
        for step in range(LONGEST):
            actions = act(seen[None].astype(np.float32))[0, :, 0].astype(int)
            seen, _, terminated, _, _ = self._envs.step(actions)
            lost += (LONGEST - step - 1) * np.count_nonzero(stands & terminated)
            stands &= ~terminated
            if not stands.any() or lost > (LONGEST - SOLVED) * EPISODES:
                break
        self.seconds += time.process_time() - began
        return lost <= (LONGEST - SOLVED) * EPISODES


class Record:
    """Marks of one engine: timesteps to the second yes in a row, for every seed."""

    def __init__(self, judge: Judge, seeds: Sequence[int]) -> None:
        self._judge, self._hits = judge, dict.fromkeys(seeds, 0)
        self.steps: dict[int, int] = {}

    def ask(self, seed: int, row: np.ndarray, steps: int) -> bool:
        """Whether the seed is done."""
        self._hits[seed] = self._hits[seed] + 1 if self._judge.solved(row, seed) else 0
        if self._hits[seed] >= 2 or steps >= LIMIT:
            self.steps[seed] = steps if self._hits[seed] >= 2 else LIMIT + EVERY
        return seed in self.steps


def fast(seeds: Sequence[int], record: Record | None, n_steps: int = LIMIT) -> None:
    """The batched engine with the published settings."""
    from scoper.baselines._collect import Collector
    from scoper.baselines._fast_ppo import fit
    from scoper.baselines._lanes import Lanes
    from scoper.numerics.ppo.learner import Learner

    fitted = fit(ZOO)
    assert fitted is not None
    learner = Learner(fitted.layout, fitted.ppo, list(seeds))
    collector = Collector(learner, Lanes(make, fitted.codec, [1000 * s for s in seeds], fitted.ppo.n_envs), None)
    active = list(seeds)
    while active and collector.steps < n_steps:
        collector.collect(lambda: False)
        collector.update(collector.steps / LIMIT)
        if record is not None and collector.steps % EVERY == 0:
            rows = learner.rows
            staying = [i for i, seed in enumerate(active) if not record.ask(seed, rows[i], collector.steps)]
            if len(staying) < len(active):
                active = [active[i] for i in staying]
                if active:
                    collector.keep(staying)
    for seed in active if record is not None else ():
        record.steps.setdefault(seed, LIMIT + EVERY)


def reference(zoo: bool) -> Callable[..., None]:
    """Stable-baselines3, one seed after the other: published settings or as shipped."""

    def run(seeds: Sequence[int], record: Record | None, n_steps: int = LIMIT) -> None:
        import torch
        from stable_baselines3 import PPO
        from stable_baselines3.common.env_util import make_vec_env

        torch.set_num_threads(1)
        settings = arguments_for("ppo", ZOO)
        for seed in seeds:
            arguments = dict(settings.arguments) if zoo else {}
            for name in settings.linear if zoo else ():
                arguments[name] = lambda left, start=arguments[name]: start * left
            envs = make_vec_env("CartPole-v1", settings.n_envs if zoo else 1, seed=1000 * seed)
            model = PPO("MlpPolicy", envs, seed=seed, device="cpu", **arguments)
            if record is None:
                model.learn(n_steps)
                continue
            asked = [0]

            def go_on(variables: Any, _: Any, seed: int = seed, asked: list[int] = asked) -> bool:
                own = variables["self"]
                # the policy of the timesteps before this rollout is asked at the rollout's first timestep
                if own.num_timesteps - own.n_envs >= asked[0] + EVERY:
                    asked[0] = own.num_timesteps - own.n_envs
                    state = {name: tensor.numpy() for name, tensor in own.policy.state_dict().items()}
                    return not record.ask(seed, from_state_dict(LAYOUT, state), asked[0])
                return True

            model.learn(LIMIT, callback=go_on)
            record.steps.setdefault(seed, LIMIT + EVERY)

    return run


ENGINES: dict[str, Callable[..., None]] = {"fast": fast, "zoo": reference(True), "shipped": reference(False)}


def solve(rounds: int) -> None:
    """Time until every seed solves it."""
    judge = Judge()
    alone: dict[str, list[float]] = {name: [] for name in ENGINES}
    asked: dict[str, list[float]] = {name: [] for name in ENGINES}
    for round_ in range(rounds):
        seeds = range(N_SEEDS * round_, N_SEEDS * (round_ + 1))
        for name, engine in ENGINES.items():
            record, judge.seconds, began = Record(judge, seeds), 0.0, time.process_time()
            engine(seeds, record)
            spent = time.process_time() - began
            alone[name].append(spent - judge.seconds)
            asked[name].append(spent)
            steps = " ".join(f"{record.steps[seed]:,}" for seed in seeds)
            took = f"{alone[name][-1]:7.1f} CPU-s, {spent:7.1f} asked"
            print(f"  round {round_ + 1} {name:8} {took}; steps {steps}", flush=True)
    ratios("solve, learning alone", alone, "fast")
    ratios("solve, asking included", asked, "fast")


def ratios(title: str, seconds: dict[str, list[float]], first: str) -> None:
    """Medians, and how many times another engine takes what `first` takes, round by round."""
    print(f"{title}: " + ", ".join(f"{name} {median(values):.2f} CPU-s" for name, values in seconds.items()))
    for name, values in seconds.items():
        pairs = sorted(other / own for other, own in zip(values, seconds[first], strict=True))
        if name != first:
            print(f"  {name} / {first}: {median(pairs):.1f} ({pairs[0]:.1f} to {pairs[-1]:.1f})")


PROBES = ("fast", "sb3", "naive", "fast, marked", "sb3, marked", "naive, evaluated", "naive, marked")
"""Training alone; then as a probe does it: marks, a checkpoint chosen, 30 fresh episodes a seed. The naive run is
evaluated at its end on 30 episodes, or at 20 marks with SB3's EvalCallback (10 episodes each) as well."""


def child(name: str) -> None:
    """One probe, here."""
    seeds = range(N_SEEDS)
    if name in ("fast", "sb3", "naive"):
        {"fast": fast, "sb3": reference(True), "naive": reference(False)}[name](seeds, None, 20_480)
    elif name.startswith("naive"):
        import torch
        from stable_baselines3 import PPO
        from stable_baselines3.common.callbacks import EvalCallback
        from stable_baselines3.common.env_util import make_vec_env
        from stable_baselines3.common.evaluation import evaluate_policy

        torch.set_num_threads(1)
        for seed in seeds:
            model = PPO("MlpPolicy", "CartPole-v1", seed=seed, device="cpu")
            marks = EvalCallback(make_vec_env("CartPole-v1", 1), n_eval_episodes=10, eval_freq=1024, verbose=0)
            model.learn(20_480, callback=marks if name == "naive, marked" else None)
            evaluate_policy(model, model.get_env(), n_eval_episodes=30)
    else:
        from scoper.baselines import _deep, _fast_ppo

        context = _Plain()
        if name.startswith("fast"):
            fitted = _fast_ppo.fit(ZOO)
            assert fitted is not None
            _fast_ppo.train(fitted, ZOO, context)
        else:
            _deep.train("ppo", ZOO, context)


class _Plain:
    """A probe's context without a clock or a listener."""

    def __init__(self) -> None:
        from scoper.domain.probe import ProbePlan

        self.plan = ProbePlan.model_construct(budget="standard", n_seeds=N_SEEDS, learning_steps=20_480)
        self.batch, self.effort, self.memory = range(N_SEEDS), 1.0, dict[str, Any]()
        self.first_seeds = self.most_seeds = N_SEEDS
        self.share = 0.4

    def emit(self, event: Any) -> None:
        """Nobody listens."""

    def left_s(self) -> float:
        return 1e9

    def own_work(self) -> Any:
        from contextlib import nullcontext

        return nullcontext()

    def seeds(self, purpose: str, n: int) -> list[int]:
        return [int(w >> 1) for w in np.random.SeedSequence(list(purpose.encode())).generate_state(n)]


def probe(rounds: int) -> None:
    """Five seeds of 20,480 timesteps, every engine in a process of its own."""
    seconds: dict[str, list[float]] = {name: [] for name in PROBES}
    for _ in range(rounds):
        for name in PROBES:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, __file__, "--child", name], check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds[name].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            print(f"  {name:17} {seconds[name][-1]:6.1f} CPU-s", flush=True)
    ratios("probe, training alone", {name: seconds[name] for name in PROBES[:3]}, PROBES[0])
    ratios("probe, with marks and reports", {name: seconds[name] for name in PROBES[3:]}, PROBES[3])
    pairs = sorted(a / b for a, b in zip(seconds["naive"], seconds["sb3"], strict=True))
    print(f"  naive / sb3, training alone: {median(pairs):.1f} ({pairs[0]:.1f} to {pairs[-1]:.1f})")


def steps(n_seeds: int) -> None:
    """Timesteps to solve it: fast against the reference with the same settings."""
    judge = Judge()
    records = {name: Record(judge, range(n_seeds)) for name in ("fast", "zoo")}
    seconds: dict[str, list[float]] = {name: [] for name in records}
    for seeds in chunks(range(n_seeds), N_SEEDS):
        for name, record in records.items():
            judge.seconds, began = 0.0, time.process_time()
            ENGINES[name](seeds, record)
            seconds[name].append(time.process_time() - began - judge.seconds)
            reached = " ".join(f"{record.steps[seed]:,}" for seed in seeds)
            print(f"  {name:5} seeds {seeds[0]} to {seeds[-1]}: {seconds[name][-1]:.1f} CPU-s; {reached}", flush=True)
    ratios("solve, learning alone, five seeds at a time", seconds, "fast")
    found = {}
    for name, record in records.items():
        found[name] = np.array([record.steps[seed] for seed in range(n_seeds)])
        low, middle, high = np.percentile(found[name], (25, 50, 75))
        never = int((found[name] > LIMIT).sum())
        print(f"steps {name}: median {middle:,.0f}, quartiles {low:,.0f} to {high:,.0f}, not within {LIMIT:,}: {never}")
    u, p = mann_whitney(found["fast"], found["zoo"])
    print(f"Mann-Whitney over {n_seeds} seeds: P(fast needs more) = {u:.2f}, two-sided p = {p:.2f}")


def chunks(values: range, size: int) -> Iterator[range]:
    """Consecutive stretches of at most `size`."""
    for begin in range(0, len(values), size):
        yield values[begin : begin + size]


def mann_whitney(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """U / (n m) and the two-sided p by the normal approximation, corrected for ties (Mann and Whitney 1947)."""
    n, m = len(a), len(b)
    u = float((a[:, None] > b).sum() + 0.5 * (a[:, None] == b).sum())
    _, ties = np.unique(np.concatenate([a, b]), return_counts=True)
    total = n + m
    variance = n * m / 12.0 * (total + 1 - float((ties**3 - ties).sum()) / (total * (total - 1)))
    z = max(0.0, abs(u - n * m / 2.0) - 0.5) / math.sqrt(variance)
    return u / (n * m), math.erfc(z / math.sqrt(2.0))


def main() -> None:
    """Run what the command line names; begins anew with one thread where more are allowed."""
    if os.environ.get("OMP_NUM_THREADS") != "1":
        one = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **one})
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("solve", "probe", "steps"))
    parser.add_argument("--seeds", type=int, default=0, help="seeds of the comparison of steps; 0 leaves it out")
    parser.add_argument("--all", action="store_true", help="everything, 40 seeds, and fast_ppo_beside")
    parser.add_argument("--child", choices=PROBES, help=argparse.SUPPRESS)
    if (given := parser.parse_args()).child:
        return child(given.child)
    if given.only in (None, "solve"):
        solve(given.rounds)
    if given.only in (None, "probe"):
        probe(given.rounds)
    if given.seeds or given.only == "steps" or given.all:
        steps(given.seeds or 40)
    if given.all:
        beside = Path(__file__).with_name("fast_ppo_beside.py")
        subprocess.run([sys.executable, str(beside), "--rounds", str(given.rounds)], check=False)
    return None


if __name__ == "__main__":
    main()
