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


def main() -> None:
    """Print the shares, the traps and the commonest ways to fall."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    rng = np.random.default_rng(parser.parse_args().seed)
    falls: Counter[tuple[str, str, str]] = Counter()
    one, three, traps = [], [], []
    for case, facts in known_answers():
        for signal, other, changed in moved(facts):
            one.append(stands(facts, changed))
            falls[signal, facts[signal], other] += not one[-1]
        for _ in range(100):
            dropped = set(rng.choice(sorted(facts), 3, replace=False))
            three.append(stands(facts, {s: v for s, v in facts.items() if s not in dropped}))
        if case["trap"]:
            traps.append(case["technique"] in [r.technique for r in rank(Knowledge(PACK, facts))[:2]])
    for name, found in (
        ("one answer moved one step", one),
        ("three answers unknown", three),
        ("traps right or close", traps),
    ):
        print(f"{name:<28}{sum(found):6d} of {len(found):6d}  {np.mean(found):6.1%}")
    print("most often fatal:", "; ".join(f"{s} {a} -> {b} ({n})" for (s, a, b), n in falls.most_common(6) if n))


if __name__ == "__main__":
    main()
