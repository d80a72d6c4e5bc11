"""Print how verdicts on real cases stand up to answers that are a little different or missing.

Run: python tests/benchmarks/robustness.py [--seed S]. A verdict stands when it stays, or becomes undecided with the old
technique still possible. One answer moved: every known answer of every case, one step along no-partly-yes or to any
other choice. Three answers unknown: 100 random triples a case.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.verdict import rank
from scoper.services.library import load_library
from scoper.services.strict_yaml import parse, read_text, to_python

CASES = Path(__file__).parent.parent / "data" / "precedent_cases.yaml"
PACK = load_library().pack
STEPS = {"yes": ("partly",), "partly": ("yes", "no"), "no": ("partly",), "not_applicable": ("no",)}


def known_answers() -> Iterator[tuple[dict[str, object], dict[str, str]]]:
    """Every case with the known answers of each coding."""
    for case in to_python(parse(read_text(CASES), CASES.name)):
        for coding in ("answers_interview", "answers_blind"):
            yield case, {s: v for s, v in case[coding].items() if v not in (None, "unknown")}


def stands(facts: dict[str, str], changed: dict[str, str]) -> bool:
    """Whether the verdict of `facts` stands under `changed`."""
    before, after = Knowledge(PACK, facts).technique, Knowledge(PACK, changed)
    return after.technique == before or (after.technique == "undecided" and before in after.possible)


def moved(facts: dict[str, str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every way to move one answer by one step."""
    for signal, value in facts.items():
        graded = PACK.questions[signal].kind == "graded"
        others = STEPS[value] if graded else [v for v in PACK.known_values(signal) if v != value]
        for other in others:
            yield signal, other, {**facts, signal: other}


def measure(seed: int, triples: int) -> list[tuple[str, list[bool]]]:
    """Whether each verdict stands with one answer moved and with random triples unknown; whether traps are close."""
    rng = np.random.default_rng(seed)
    one, three, traps = [], [], []
    for case, facts in known_answers():
        one += [stands(facts, changed) for _, _, changed in moved(facts)]
        for _ in range(triples):
            dropped = set(rng.choice(sorted(facts), 3, replace=False))
            three.append(stands(facts, {s: v for s, v in facts.items() if s not in dropped}))
        if case["trap"]:
            traps.append(case["technique"] in [r.technique for r in rank(Knowledge(PACK, facts))[:2]])
    return [("one answer moved one step", one), ("three answers unknown", three), ("traps right or close", traps)]


def main() -> None:
    """Print the shares and the commonest ways to fall."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    for name, found in measure(parser.parse_args().seed, triples=100):
        print(f"{name:<28}{sum(found):6d} of {len(found):6d}  {np.mean(found):6.1%}")
    falls = Counter(
        (signal, facts[signal], other)
        for _, facts in known_answers()
        for signal, other, changed in moved(facts)
        if not stands(facts, changed)
    )
    print("most often fatal:", "; ".join(f"{s} {a} -> {b} ({n})" for (s, a, b), n in falls.most_common(6)))


if __name__ == "__main__":
    main()
