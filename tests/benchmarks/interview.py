"""Print how many questions the adaptive interview needs until the verdict is certain, beside the fixed order.

Run: python tests/benchmarks/interview.py [--respondents N] [--seed S]. Respondents answer every signal at random by the
prior of the rules and do not contradict themselves; the 45 real cases answer as coded (unknown stays unknown; the
interview coding does not know six of the questions at all), or with what either coder knew. Fixed
order asks in the order of the questionnaire; both stop as soon as no question that is still unasked can change what
technique and family are possible, whatever its answer: certainty, or what is left of it where a respondent does not
know enough. The bound beside them is what no order whatever can do better than, not even one that knows all answers
beforehand.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from scoper.reasoning.explain import minimal_sufficient
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
def open_questions(known: Facts) -> tuple[str, ...]:
    """The open questions that can change what technique and family are possible, best first.

    When none of them is unasked, no answers to unasked questions together change it either: what is possible does not
    depend on a product of answers that it depends on in no single one.
    """
    ranked = ranked_questions(Knowledge(LIBRARY.pack, dict(known)))
    return tuple(question.signal for question in ranked if question.matters in ("technique", "family"))


def asked(answers: Mapping[str, str], fixed: bool) -> int:
    """Questions asked until no unasked one can change technique or family."""
    known: dict[str, str] = {}
    seen: set[str] = set()
    while left := [signal for signal in open_questions(frozenset(known.items())) if signal not in seen]:
        signal = next(each for each in LIBRARY.questions if each not in seen) if fixed else left[0]
        seen.add(signal)
        if answers.get(signal, "unknown") not in (None, "unknown"):
            known[signal] = answers[signal]
    return len(seen)


def bound(answers: Mapping[str, str]) -> int:
    """At least so many questions are asked in any order.

    At the end everything that still matters has been asked and is not known; and the answers that are known leave no
    more possible than all answers do, so there are at least as many as in the smallest such set.
    """
    known = {s: v for s, v in answers.items() if v not in (None, "unknown")}

    def possible(kept: frozenset[str]) -> frozenset[str]:
        allowed = Knowledge(LIBRARY.pack, {s: known[s] for s in kept}).allowed
        return LIBRARY.pack.verdict_diagram.reachable(allowed)

    limit = possible(frozenset(known))
    smallest = minimal_sufficient(known, lambda kept: possible(kept) <= limit)[0]
    return len(smallest) + len(open_questions(frozenset(known.items())))


def either(case: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What the interview coding knows, and where it says nothing what the blind one knows."""
    codings = (case["answers_blind"], case["answers_interview"])
    return {s: v for coding in codings for s, v in coding.items() if v not in (None, "unknown")}


def report(name: str, people: list[dict[str, str]]) -> None:
    """Print both means, their ratio, and the bound for every order (of at most 300 people)."""
    adaptive = np.array([asked(person, fixed=False) for person in people])
    ordered = np.array([asked(person, fixed=True) for person in people])
    least = np.mean([bound(person) for person in people[:300]])
    print(
        f"{name:<26}n {len(people):6d}   adaptive {adaptive.mean():5.2f} (max {adaptive.max():2d})"
        f"   fixed {ordered.mean():5.2f} (max {ordered.max():2d})   ratio {adaptive.mean() / ordered.mean():.1%}"
        f"   no order below {least:5.2f} ({least / ordered.mean():.1%})"
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
    codings = ("interview", "blind")
    report("real cases, both codings", [case[f"answers_{coding}"] for case in cases for coding in codings])
    for coding in codings:
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
