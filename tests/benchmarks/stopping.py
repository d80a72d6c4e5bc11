"""Error rates of the stopping rules beside the stated ones, and the budget they save: synthetic probes.

Run: python tests/benchmarks/stopping.py [--probes N] [--seed S]. Three tables:

1 seeds: every rule on every kind of learner, N probes per row and effect. Kinds: normal; heavy tails (Student's t with
  3 degrees of freedom, clipped evenly); bimodal (a seed fails with a chance of 10 or 50 %); capped (most seeds at the
  highest return). The true mean (for `typical`: median) stands at the bar, a margin above it, or elsewhere. "false
  better": share of probes called better though the truth is at most the bar; "false not": called not better though
  the truth is at least bar + margin. Exit code 1 when a rule that promises it for this kind exceeds its stated error
  by more than four standard errors.
2 whole probes (N/4 a row): seeds and timesteps on a ladder, measured floor, against ten seeds on the top rung.
3 projections (N/20 a row): how often the band holds the truth, of those that are not refused.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoper.numerics.projection import project
from scoper.numerics.spending import Ladder, next_move
from scoper.numerics.stopping import Law, Rule, decide, exact_bar, measured_bar

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, float], Floats]
LOW, HIGH, MARGIN, MOST = 0.0, 1.0, 0.2, 10
ERROR = 0.05
BARS = (0.05, 0.4)


@dataclass(frozen=True)
class Kind:
    """A kind of learner: draws returns of seeds within 0 and 1 with a given mean; `promised` by these rules."""

    name: str
    draw: Draw
    promised: tuple[Law, ...] = ("bounded", "typical")


def normal(rng: np.random.Generator, n: int, centre: float) -> Floats:
    """Normal, clipped evenly on both sides of the centre so that it stays its mean and median."""
    reach = min(centre, 1.0 - centre)
    return centre + np.clip(rng.normal(size=n) * reach / 4.0, -reach, reach)


def heavy(rng: np.random.Generator, n: int, centre: float) -> Floats:
    """Student's t with 3 degrees of freedom, clipped evenly."""
    reach = min(centre, 1.0 - centre)
    return centre + np.clip(rng.standard_t(3, size=n) * reach / 8.0, -reach, reach)


def failing(chance: float) -> Draw:
    """A seed fails with this chance, and returns as little as the mean allows."""

    def draw(rng: np.random.Generator, n: int, centre: float) -> Floats:
        good = min(centre / 0.98 / (1.0 - chance), 1.0)
        bad = (centre / 0.98 - (1.0 - chance) * good) / chance
        return np.where(rng.random(n) < chance, bad, good) * rng.uniform(0.96, 1.0, n)

    return draw


def capped(rng: np.random.Generator, n: int, centre: float) -> Floats:
    """Nine of ten seeds at one and the same highest return, the others anywhere below it."""
    top = centre / 0.95
    return np.where(rng.random(n) < 0.9, top, rng.uniform(0.0, top, n))


KINDS = (
    Kind("normal", normal, ("bounded", "normal", "typical")),
    Kind("heavy tails", heavy),
    Kind("10 % of seeds fail", failing(0.1)),
    Kind("half of seeds fail", failing(0.5)),
    Kind("capped", capped),
)
EFFECTS = {"below": -0.5, "equal": 0.0, "half a margin": 0.5, "a margin": 1.0, "well above": math.inf}


def mean_of(effect: str, bar: float) -> float:
    """The true mean: the bar and so many margins, or near the top."""
    return 0.9 if math.isinf(EFFECTS[effect]) else max(bar + EFFECTS[effect] * MARGIN, 0.5 * bar)


def true_value(law: Law, kind: Kind, centre: float) -> float:
    """What the rule estimates: the mean as drawn, or the median of many draws."""
    return centre if law != "typical" else float(np.median(kind.draw(np.random.default_rng(0), 400_001, centre)))


def seeds_table(n_probes: int, rng: np.random.Generator) -> bool:
    """Every rule on every kind, effect and bar; whether all promised error rates hold."""
    print(f"stated error {ERROR:.0%} on either side, {n_probes} probes a row, looks at 3 to {MOST} seeds")
    print(f"{'rule':<9}{'kind':<20}{'bar':>5}  {'truth':<14}{'false better':>12}{'false not':>10}", end="")
    print(f"{'better':>8}{'not':>7}{'open':>7}{'seeds':>7}{'saved':>7}")
    rows = []
    for law in ("bounded", "normal", "typical"):
        rule = Rule(law, ERROR, low=LOW, high=HIGH)
        for kind in KINDS:
            for bar in BARS:
                rows += [seeds_row(rule, kind, bar, effect, n_probes, rng) for effect in EFFECTS]
    for law in ("bounded", "normal", "typical"):
        own = [row for row in rows if row.law == law]
        worst, promised = max(row.worst for row in own), max(row.worst for row in own if row.promised)
        decided, spent = np.mean([row.decided for row in own]), np.mean([row.seeds for row in own])
        print(
            f"{law}: worst error rate {promised:.2%} where promised, {worst:.2%} anywhere, {ERROR:.0%} stated;", end=""
        )
        print(f" decided {decided:.0%}; {spent:.2f} of {MOST} seeds, {1.0 - spent / MOST:.0%} saved")
    return all(row.holds or not row.promised for row in rows)


@dataclass(frozen=True)
class Row:
    """A row of the first table: its worst error rate, share decided and mean seeds."""

    law: Law
    promised: bool
    worst: float
    holds: bool
    decided: float
    seeds: float


def seeds_row(rule: Rule, kind: Kind, bar: float, effect: str, n_probes: int, rng: np.random.Generator) -> Row:
    """One row of the first table, printed."""
    centre = mean_of(effect, bar)
    truth = true_value(rule.law, kind, centre)
    counts: Counter[str] = Counter()
    spent = 0
    for _ in range(n_probes):
        found = decide(kind.draw(rng, MOST, centre), exact_bar(bar), rule, margin=MARGIN)
        counts[found.outcome] += 1
        spent += found.n_seeds
    slack = 1e-3 if rule.law == "typical" else 1e-12  # a median of many draws
    false_better = counts["better"] / n_probes if truth <= bar + slack else None
    false_not = counts["not_better"] / n_probes if truth >= bar + MARGIN - slack else None
    worst = max(false_better or 0.0, false_not or 0.0)
    promised = rule.law in kind.promised
    holds = worst <= ERROR + 4.0 * math.sqrt(ERROR * (1.0 - ERROR) / n_probes)
    print(f"{rule.law:<9}{kind.name:<20}{bar:>5.2f}  {effect:<14}{rate(false_better):>12}{rate(false_not):>10}", end="")
    print(
        "".join(f"{counts[o] / n_probes:>{w}.1%}" for o, w in (("better", 8), ("not_better", 7), ("undecided", 7))),
        end="",
    )
    print(f"{spent / n_probes:>7.2f}{1.0 - spent / n_probes / MOST:>7.0%}", end="")
    print("" if holds else "  exceeded" if promised else "  exceeded (not promised)")
    return Row(rule.law, promised, worst, holds, 1.0 - counts["undecided"] / n_probes, spent / n_probes)


def rate(value: float | None) -> str:
    """A share in percent, or nothing."""
    return "" if value is None else f"{value:.2%}"


RUNGS = (10_000, 20_000, 40_000, 80_000)
NOISE, FLOOR_EPISODES = 0.05, 100


@dataclass(frozen=True)
class Probe:
    """A synthetic learner: its seeds take off at about `middle` timesteps and level off at `top`, or fail."""

    name: str
    middle: float
    top: float
    fails: float = 0.0
    floor: float = 0.1

    def draw(self, rng: np.random.Generator) -> Floats:
        """(seeds, rungs) returns as measured, within 0 and 1; their noise is even."""
        seeds = self.middle * np.exp(0.3 * rng.normal(size=(MOST, 1)))
        ages = np.asarray(RUNGS) / seeds
        returns = self.floor + (self.top - self.floor) * ages**3 / (1.0 + ages**3)
        returns = np.where(rng.random((MOST, 1)) < self.fails, self.floor, returns)
        return np.clip(returns + np.clip(NOISE * rng.normal(size=returns.shape), -0.1, 0.1), LOW, HIGH)


PROBES = (
    Probe("learns soon", 5_000, 0.9),
    Probe("learns late", 50_000, 0.9),
    Probe("learns, a third of seeds fail", 8_000, 0.9, fails=1 / 3),
    Probe("learns a little", 20_000, 0.3),
    Probe("learns nothing", 20_000, 0.1),
    Probe("floor high, learns soon", 5_000, 0.95, floor=0.5),
    Probe("floor high, learns nothing", 20_000, 0.5, floor=0.5),
)


def ladder_table(n_probes: int, rng: np.random.Generator) -> bool:
    """Whole probes: a floor from episodes, then whatever the rule asks for; whether the errors hold."""
    fixed = MOST * RUNGS[-1]
    print(f"\n{'rule':<9}{'probe':<31}{'false':>7}{'better':>8}{'not':>7}{'open':>7}{'steps':>9}{'of fixed':>9}")
    sound = True
    for law in ("bounded", "normal", "typical"):
        ladder = Ladder(RUNGS, Rule(law, ERROR, low=LOW, high=HIGH))
        for probe in PROBES:
            counts: Counter[str] = Counter()
            spent = 0
            for _ in range(n_probes):
                outcome, steps = run_ladder(ladder, probe, rng)
                counts[outcome] += 1
                spent += steps
            mean = probe.fails * probe.floor + (1.0 - probe.fails) * probe.top
            wrong = "better" if mean <= probe.floor else "not_better" if mean > probe.floor + MARGIN else ""
            false = counts[wrong] / n_probes if wrong else None
            holds = (false or 0.0) <= ERROR + 4.0 * math.sqrt(ERROR * (1.0 - ERROR) / n_probes)
            sound &= holds or (law == "normal" and probe.fails > 0.0)
            shares = [counts[o] / n_probes for o in ("better", "not_better", "undecided")]
            print(
                f"{law:<9}{probe.name:<31}{rate(false):>7}{shares[0]:>8.1%}{shares[1]:>7.1%}{shares[2]:>7.1%}", end=""
            )
            print(f"{spent / n_probes:>9,.0f}{spent / n_probes / fixed:>9.0%}{'' if holds else '  exceeded'}")
    return sound


def run_ladder(ladder: Ladder, probe: Probe, rng: np.random.Generator) -> tuple[str, int]:
    """Outcome and timesteps of one whole probe."""
    returns = probe.draw(rng)
    floor = np.clip(probe.floor + np.clip(0.1 * rng.normal(size=FLOOR_EPISODES), -0.1, 0.1), LOW, HIGH)
    bar = measured_bar(floor, ERROR / 5.0)
    reached = [ladder.rule.looks[0]]
    while True:
        seen = [returns[:n, rung] for rung, n in enumerate(reached)]
        move = next_move(ladder, seen, bar, margin=MARGIN)
        if move.action == "stop":
            return move.decision.outcome, ladder.timesteps(reached)
        reached = [*reached[: move.rung], move.n_seeds]


LAWS: dict[str, Callable[[Floats], Floats]] = {
    "sigmoid": lambda t: t**2 / (t**2 + 1.0),
    "exponential": lambda t: 1.0 - np.exp(-t),
    "slow power": lambda t: 1.0 - 1.0 / (1.0 + t),
    "logistic": lambda t: 1.0 / (1.0 + np.exp(-2.0 * (t - 2.0))),
}


def projection_table(n_curves: int, rng: np.random.Generator) -> None:
    """Curves seen up to a share of the way in time: refused, projected, and how often the band holds the truth."""
    print(f"\n{'law':<13}{'seeds':>6}{'target':>8}{'seen':>6}{'reached':>9}{'refused':>9}{'projected':>10}{'held':>7}")
    grid = np.geomspace(1e-2, 1e3, 200_001)
    for name, law in LAWS.items():
        for n_seeds in (3, 5):
            for target in (0.6, 0.9):
                truth = float(grid[np.argmax(law(grid) >= target)])
                for seen in (0.4, 0.8):
                    marks = np.linspace(0.05, 1.0, 20) * seen * truth
                    counts: Counter[str] = Counter()
                    for _ in range(n_curves):
                        pace = np.exp(0.15 * rng.normal(size=(n_seeds, 1)))
                        curves = law(marks * pace) + 0.02 * rng.normal(size=(n_seeds, marks.size))
                        found = project(marks, curves, target, rng)
                        counts[found.status] += 1
                        counts["held"] += found.status == "projected" and found.low <= truth <= found.high
                    shares = [counts[o] / n_curves for o in ("reached", "refused", "projected")]
                    held = f"{counts['held'] / counts['projected']:.0%}" if counts["projected"] else ""
                    print(f"{name:<13}{n_seeds:>6}{target:>8.1f}{seen:>6.0%}", end="")
                    print(f"{shares[0]:>9.0%}{shares[1]:>9.0%}{shares[2]:>10.0%}{held:>7}")


def main() -> int:
    """Print the tables; 1 when a promised error rate is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--probes", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    rng = np.random.default_rng(chosen.seed)
    sound = seeds_table(chosen.probes, rng)
    sound &= ladder_table(max(1, chosen.probes // 4), rng)
    projection_table(max(1, chosen.probes // 20), rng)
    print("all promised error rates hold" if sound else "a promised error rate is exceeded")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
