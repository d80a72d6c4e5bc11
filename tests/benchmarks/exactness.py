"""Compare what the diagrams say of the shipped rules with enumeration, where all but 8 signals are fixed.

Run: python tests/benchmarks/exactness.py [--vectors N] [--seed S]. For each of several random settings of 18 signals
the rules are evaluated row by row for every combination of the other 8; possible verdicts, reasons and flips of any
size of random partial answers are then read off that table and compared with what scoper says.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, product

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


def technique_of(pack: RulePack, answers: Mapping[str, str]) -> str:
    """The technique of one complete answer vector, straight from the tables."""
    values = dict(answers) | {facet.id: first_hit(facet, answers) for facet in pack.facets.values()}
    (table,) = pack.of_kind("technique")
    return first_hit(table, values)


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

    def _slice(self, known: Mapping[str, str]) -> tuple[int | slice, ...]:
        return tuple(self.pack.known_values(s).index(known[s]) if s in known else slice(None) for s in self.free)


def setting(pack: RulePack, rng: np.random.Generator) -> Setting:
    """A random setting; the free signals are drawn from those that the technique can depend on."""
    (table,) = pack.of_kind("technique")
    relevant = [s for name in table.inputs for s in (pack.facets[name].inputs if name in pack.facets else (name,))]
    free = tuple(str(s) for s in rng.choice(relevant, N_FREE, replace=False))
    fixed = {s: str(rng.choice(pack.known_values(s))) for s in pack.questions if s not in free}
    options = [pack.known_values(s) for s in free]
    flat = [
        NAMES.index(technique_of(pack, {**fixed, **dict(zip(free, values, strict=True))}))
        for values in product(*options)
    ]
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


def named_when(world: Setting, known: Mapping[str, str]) -> np.ndarray:
    """The technique named (as an index of NAMES) after every change of the free signals, unknowns weighed by the prior.

    One axis a free signal: index 0 leaves its answer, known or not, as it is; index 1 + k sets its k-th value.
    """
    mass = np.stack([(world.outcome == k).astype(float) for k in range(len(TECHNIQUES))])
    for axis, signal in enumerate(world.free, start=1):
        values, law = world.pack.known_values(signal), world.pack.prior[signal]
        kept = [float(v == known[signal]) if signal in known else law.get(v, 0.0) for v in values]
        rows = np.vstack([kept, np.eye(len(values))])
        mass = np.moveaxis(np.tensordot(rows, mass, axes=(1, axis)), 0, axis)
    best = mass.argmax(axis=0)
    return np.where(mass.max(axis=0) > MAJORITY, best, NAMES.index(UNDECIDED))


def expected_flips(world: Setting, known: Mapping[str, str]) -> set[tuple[frozenset[str], str]]:
    """Minimal sets of free answers, of any size, whose change makes another technique the named one, with it."""
    named = named_when(world, known)
    before = named[(0,) * N_FREE]
    found: set[tuple[frozenset[str], str]] = set()
    for size in range(1, N_FREE + 1):
        smaller = {signals for signals, _ in found}
        for chosen in combinations(world.free, size):
            if not any(part < set(chosen) for part in smaller):
                reached = np.unique(named[tuple(slice(1, None) if s in chosen else 0 for s in world.free)])
                found |= {(frozenset(chosen), NAMES[k]) for k in reached if k != before}
    return found


def agreement(world: Setting, known: Mapping[str, str]) -> tuple[bool, bool, bool]:
    """Whether possible verdicts, reasons and flips of one partial answer vector equal the enumeration's.

    scoper's reasons range over all known answers; those of the enumeration over the free ones, so a free part counts
    when it is minimal among the parts that scoper's reasons leave once the fixed answers are given.
    """
    knowledge = Knowledge(world.pack, {**world.fixed, **known})
    parts = {frozenset(reason) & frozenset(world.free) for reason in reasons(Subsets(knowledge))} or {frozenset()}
    minimal = {part for part in parts if not any(other < part for other in parts)}
    own = {(frozenset(f.change), f.to) for f in flips(knowledge, {}) if set(f.change) <= set(world.free)}
    return (
        knowledge.possible == world.possible(known),
        minimal == expected_reasons(world, known),
        own == expected_flips(world, known),
    )


def compare(vectors: int, seed: int) -> np.ndarray:
    """How many of `vectors` random partial answer vectors agree: possible verdicts, reasons, flips."""
    pack, rng = load_library().pack, np.random.default_rng(seed)
    agreed = np.zeros(3, dtype=int)
    for index in range(vectors):
        if index % VECTORS_PER_SETTING == 0:
            world = setting(pack, rng)
        known = {s: str(rng.choice(pack.known_values(s))) for s in world.free if rng.random() < 0.6}
        agreed += np.array(agreement(world, known))
    return agreed


def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for name, count in zip(
        ("possible verdicts", "reasons", "flips"), compare(options.vectors, options.seed), strict=True
    ):
        print(f"{name:<20}{count} of {options.vectors} equal to enumeration")


if __name__ == "__main__":
    main()
