"""Print how many questions the adaptive interview needs until the verdict is certain, beside the fixed order.

Run: python tests/benchmarks/interview.py [--respondents N] [--seed S]. Respondents answer every signal at random by the
prior of the rules and do not contradict themselves; the 45 real cases answer as coded (unknown stays unknown; the
interview coding does not know six of the questions at all), or with what either coder knew. Fixed
order asks in the order of the questionnaire; both stop as soon as no open answer can change technique or family.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.questions import ranked_questions
from scoper.reasoning.trace import certain_hits
from scoper.services.library import load_library
from scoper.services.strict_yaml import parse, read_text, to_python

LIBRARY = load_library()
CASES = Path(__file__).parent.parent / "data" / "precedent_cases.yaml"
Facts = frozenset[tuple[str, str]]


def respondent(rng: np.random.Generator) -> dict[str, str]:
    """Answers to all questions, drawn from the prior until they do not contradict each other."""
    while True:
        answers = {
            signal: str(rng.choice(list(law), p=list(law.values()))) for signal, law in LIBRARY.pack.prior.items()
        }
        conflicts = certain_hits(Knowledge(LIBRARY.pack, answers), "undecided", "conflict")
        if not any(rule.then == "contradiction" for rule in conflicts):
            return answers


@lru_cache(maxsize=200_000)
def certain(known: Facts) -> bool:
    """Whether every completion reaches the same technique and family."""
    return len(LIBRARY.pack.verdict_diagram.reachable(Knowledge(LIBRARY.pack, dict(known)).allowed)) == 1


@lru_cache(maxsize=200_000)
def ranking(known: Facts) -> tuple[str, ...]:
    """The open questions that matter, best first."""
    return tuple(question.signal for question in ranked_questions(Knowledge(LIBRARY.pack, dict(known))))


def asked(answers: Mapping[str, str], order: Callable[[Facts], tuple[str, ...]]) -> int:
    """Questions asked until certain, or until none is left."""
    known: dict[str, str] = {}
    seen: set[str] = set()
    while not certain(frozenset(known.items())):
        left = [signal for signal in order(frozenset(known.items())) if signal not in seen]
        if not left:
            break
        seen.add(left[0])
        if answers.get(left[0], "unknown") not in (None, "unknown"):
            known[left[0]] = answers[left[0]]
    return len(seen)


def fixed(_: Facts) -> tuple[str, ...]:
    """The order of the questionnaire."""
    return tuple(LIBRARY.questions)


def either(case: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What the interview coding knows, and where it says nothing what the blind one knows."""
    codings = (case["answers_blind"], case["answers_interview"])
    return {s: v for coding in codings for s, v in coding.items() if v not in (None, "unknown")}


def report(name: str, people: list[dict[str, str]]) -> None:
    """Print both means and their ratio."""
    adaptive = np.array([asked(person, ranking) for person in people])
    ordered = np.array([asked(person, fixed) for person in people])
    print(
        f"{name:<28}n {len(people):6d}   adaptive {adaptive.mean():5.2f} (max {adaptive.max():2d})"
        f"   fixed {ordered.mean():5.2f} (max {ordered.max():2d})   ratio {adaptive.mean() / ordered.mean():.1%}"
    )


def main() -> None:
    """Print the comparison and the time to choose a question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--respondents", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    report("random consistent", [respondent(rng) for _ in range(options.respondents)])
    cases = to_python(parse(read_text(CASES), CASES.name))
    for coding in ("interview", "blind"):
        report(f"real cases, {coding}", [case[f"answers_{coding}"] for case in cases])
    report("real cases, either coder", [either(case) for case in cases])
    times = []
    for case in cases:
        knowledge = Knowledge(LIBRARY.pack, dict(list(case["answers_blind"].items())[:4]))
        facts = {s: v for s, v in knowledge.facts.items() if v not in (None, "unknown")}
        start = time.process_time()
        ranked_questions(Knowledge(LIBRARY.pack, facts))
        times.append(time.process_time() - start)
    median, worst = 1000 * np.median(times), 1000 * max(times)
    print(f"choice of the next question: median {median:.1f} ms, max {worst:.1f} ms of CPU")


if __name__ == "__main__":
    main()
