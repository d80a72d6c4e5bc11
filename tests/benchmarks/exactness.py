"""Compare what the diagrams say of the shipped rules with enumeration, where all but 8 signals are fixed.

Run: python tests/benchmarks/exactness.py [--vectors N] [--timed N] [--seed S]. For each of several random settings of
18 signals the rules are evaluated row by row for every combination of the other 8; possible verdicts, reasons and flips
of any size of random partial answers, every second one with confidences, are then read off that table and compared with
what scoper says. Last, the CPU time of flips over random answers to all questions, without and with confidences.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations, product
from time import process_time

import numpy as np

from scoper.domain.decision import TECHNIQUES, UNDECIDED
from scoper.reasoning.explain import Subsets, reasons
from scoper.reasoning.flips import flips
from scoper.reasoning.knowledge import MAJORITY, Knowledge
from scoper.reasoning.pack import RulePack, Table
from scoper.services.library import load_library

NAMES = (*TECHNIQUES, UNDECIDED)
N_FREE = 8
VECTORS_PER_SETTING = 100


def first_hit(table: Table, values: Mapping[str, str]) -> str:
    """What a first-hit table concludes, row by row."""
    for rule in table.rules:
        if all(values[name] in allowed for name, allowed in rule.when.items()):
            return rule.then
    return table.default


def technique_by_rows(pack: RulePack) -> Callable[[Mapping[str, str]], str]:
    """The technique of one complete answer vector, straight from the tables; equal inputs are looked up once."""
    (table,) = pack.of_kind("technique")
    facets = [pack.facets[name] for name in table.inputs if name in pack.facets]
    seen: dict[tuple[str, ...], str] = {}

    def concluded(rules: Table, values: Mapping[str, str]) -> str:
        key = (rules.id, *(values[name] for name in rules.inputs))
        if key not in seen:
            seen[key] = first_hit(rules, values)
        return seen[key]

    def technique(answers: Mapping[str, str]) -> str:
        return concluded(table, {**answers, **{facet.id: concluded(facet, answers) for facet in facets}})

    return technique


@dataclass(frozen=True)
class Setting:
    """18 fixed signals and the technique (as an index of NAMES) for every combination of the 8 free ones."""

    pack: RulePack
    fixed: Mapping[str, str]
    free: tuple[str, ...]
    outcome: np.ndarray

    def possible(self, known: Mapping[str, str]) -> frozenset[str]:
        """Techniques of all completions of `known` over the free signals."""
        return frozenset(NAMES[k] for k in np.unique(self.outcome[self._slice(known)]))

    @cached_property
    def masses(self) -> np.ndarray:
        """1 where a technique is the outcome; axes: the techniques that occur, then the free signals."""
        return np.stack([(self.outcome == k).astype(float) for k in self.techniques])

    @cached_property
    def techniques(self) -> list[int]:
        """The techniques that occur at all, as indices of NAMES."""
        return [k for k in range(len(TECHNIQUES)) if (self.outcome == k).any()]

    def _slice(self, known: Mapping[str, str]) -> tuple[int | slice, ...]:
        return tuple(self.pack.known_values(s).index(known[s]) if s in known else slice(None) for s in self.free)


def setting(pack: RulePack, rng: np.random.Generator) -> Setting:
    """A random setting; the free signals are drawn from those that the technique can depend on."""
    (table,) = pack.of_kind("technique")
    relevant = [s for name in table.inputs for s in (pack.facets[name].inputs if name in pack.facets else (name,))]
    free = tuple(str(s) for s in rng.choice(relevant, N_FREE, replace=False))
    fixed = {s: str(rng.choice(pack.known_values(s))) for s in pack.questions if s not in free}
    options = [pack.known_values(s) for s in free]
    technique = technique_by_rows(pack)
    flat = [NAMES.index(technique(fixed | dict(zip(free, values, strict=True)))) for values in product(*options)]
    return Setting(pack, fixed, free, np.array(flat).reshape([len(values) for values in options]))


def expected_reasons(world: Setting, known: Mapping[str, str]) -> set[frozenset[str]]:
    """Minimal sets of free known answers that, with the fixed ones, allow nothing beyond what is possible now."""
    limit = world.possible(known)
    found: set[frozenset[str]] = set()
    for size in range(len(known) + 1):
        for chosen in map(frozenset, combinations(sorted(known), size)):
            if not any(part <= chosen for part in found) and world.possible({s: known[s] for s in chosen}) <= limit:
                found.add(chosen)
    return found


def named_when(world: Setting, known: Mapping[str, str], reliability: Mapping[str, float]) -> np.ndarray:
    """The technique named (as an index of NAMES) after every change of the free signals, unknowns weighed by the prior.

    One axis a free signal: index 0 leaves its answer, known or not, as it is; index 1 + k sets its k-th value. The
    only possible outcome is named whatever its probability is.
    """
    mass, possible = world.masses, 1 << world.outcome
    for axis, signal in enumerate(world.free):
        values, prior = world.pack.known_values(signal), world.pack.prior[signal]
        stands = reliability.get(signal, 1.0) if signal in known else 0.0
        kept = [stands * (v == known.get(signal)) + (1.0 - stands) * prior.get(v, 0.0) for v in values]
        rows = np.vstack([kept, np.eye(len(values))])
        mass = np.moveaxis(np.tensordot(rows, mass, axes=(1, axis + 1)), 0, axis + 1)
        open_values = [k for k, v in enumerate(values) if known.get(signal, v) == v]
        left = reduce(np.bitwise_or, [np.take(possible, [k], axis) for k in open_values])
        possible = np.concatenate([left, possible], axis)
    named = np.full(possible.shape, NAMES.index(UNDECIDED))
    for technique, share in zip(world.techniques, mass, strict=True):
        named[share > MAJORITY] = technique
    for k in range(len(NAMES)):
        named[possible == 1 << k] = k
    return named


def expected_flips(
    world: Setting, known: Mapping[str, str], reliability: Mapping[str, float]
) -> set[tuple[frozenset[str], str]]:
    """Minimal sets of free answers, of any size, whose change makes another technique the named one, with it."""
    named = named_when(world, known, reliability)
    before = named[(0,) * N_FREE]
    other = [[1 + k for k, v in enumerate(world.pack.known_values(s)) if v != known.get(s)] for s in world.free]
    found: set[tuple[frozenset[str], str]] = set()
    for size in range(1, N_FREE + 1):
        smaller = {signals for signals, _ in found}
        for chosen in combinations(world.free, size):
            if not any(part < set(chosen) for part in smaller):
                reached = named[np.ix_(*(to if s in chosen else [0] for s, to in zip(world.free, other, strict=True)))]
                if (reached != before).any():
                    found |= {(frozenset(chosen), NAMES[k]) for k in np.unique(reached) if k != before}
    return found


def agreement(world: Setting, known: Mapping[str, str], reliability: Mapping[str, float]) -> tuple[bool, bool, bool]:
    """Whether possible verdicts, reasons and flips of one partial answer vector equal the enumeration's.

    scoper's reasons range over all known answers; those of the enumeration over the free ones, so a free part counts
    when it is minimal among the parts that scoper's reasons leave once the fixed answers are given.
    """
    knowledge = Knowledge(world.pack, {**world.fixed, **known}, reliability)
    parts = {frozenset(reason) & frozenset(world.free) for reason in reasons(Subsets(knowledge))} or {frozenset()}
    minimal = {part for part in parts if not any(other < part for other in parts)}
    own = {(frozenset(f.change), f.to) for f in flips(knowledge, {}) if set(f.change) <= set(world.free)}
    return (
        knowledge.possible == world.possible(known),
        minimal == expected_reasons(world, known),
        own == expected_flips(world, known, reliability),
    )


def doubts(pack: RulePack, known: Mapping[str, str], rng: np.random.Generator) -> dict[str, float]:
    """A random confidence for some of the answers, as a reliability."""
    share, levels = rng.choice((0.4, 0.7, 1.0)), list(pack.reliability.values())
    return {signal: float(rng.choice(levels)) for signal in known if rng.random() < share}


def compare(vectors: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """How many random partial answer vectors agree, without and with confidences: possible verdicts, reasons, flips."""
    pack, rng = load_library().pack, np.random.default_rng(seed)
    agreed = np.zeros((2, 3), dtype=int)
    for index in range(vectors):
        if index % VECTORS_PER_SETTING == 0:
            world = setting(pack, rng)
        known = {s: str(rng.choice(pack.known_values(s))) for s in world.free if rng.random() < 0.6}
        agreed[index % 2] += agreement(world, known, doubts(pack, known, rng) if index % 2 else {})
    return agreed[0], agreed[1]


def cpu_times(vectors: int, seed: int) -> dict[str, list[float]]:
    """CPU time of flips in ms, sorted, for random answers without and with confidences, and for no answer at all."""
    pack, rng = load_library().pack, np.random.default_rng(seed)
    times: dict[str, list[float]] = {"plain": [], "doubted": [], "empty": []}
    for index in range(2 * vectors + 20):
        share = rng.choice((0.2, 0.5, 0.6, 0.7, 0.8, 1.0))
        kind = "empty" if index < 20 else ("plain", "doubted")[index % 2]
        known = {s: str(rng.choice(pack.known_values(s))) for s in pack.questions if rng.random() < share}
        reliability = doubts(pack, known, rng) if kind == "doubted" else {}
        knowledge = Knowledge(pack, {} if kind == "empty" else known, reliability)
        start = process_time()
        flips(knowledge, {})
        times[kind].append(1000 * (process_time() - start))
    return {kind: sorted(some) for kind, some in times.items()}


def main() -> None:
    """Print the shares and the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=int, default=2400)
    parser.add_argument("--timed", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    plain, doubted = compare(options.vectors, options.seed)
    n_doubted = options.vectors // 2
    for kind, counts, n in (
        ("without confidences", plain, options.vectors - n_doubted),
        ("with confidences", doubted, n_doubted),
    ):
        for name, count in zip(("possible verdicts", "reasons", "flips"), counts, strict=True):
            print(f"{name + ' ' + kind:<40}{count} of {n} equal to enumeration")
    for kind, times in cpu_times(options.timed, options.seed).items():
        p99 = times[int(0.99 * (len(times) - 1))]
        print(
            f"CPU time of flips, {kind:<10}median {times[len(times) // 2]:.0f} ms, 99 % below {p99:.0f} ms, "
            f"most {times[-1]:.0f} ms ({len(times)} vectors)"
        )


if __name__ == "__main__":
    main()
