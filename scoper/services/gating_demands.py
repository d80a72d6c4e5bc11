"""A gate's demands on the verdict and on the answers it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scoper.domain.decision import Verdict
from scoper.domain.gate import Gate
from scoper.domain.questionnaire import CONFIDENCES, UNKNOWN, Case

RL = "reinforcement_learning"


@dataclass(frozen=True)
class Demand:
    """One demand under `path` of the gate file; `signals` are the questions it fails on, for places in the case."""

    path: tuple[str, ...]
    met: bool | None
    wanted: str
    actual: str
    sentence: str
    signals: tuple[str, ...] = ()


def compared(path: tuple[str, ...], what: str, wanted: str, actual: str, met: bool | None) -> Demand:
    """A demand told as wanted and found."""
    sentence = f"{what}: wanted {wanted}, found {actual}"
    return Demand(path, met, wanted, actual, sentence)


def listing(values: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return " or ".join([", ".join(values[:-1]), values[-1]] if len(values) > 1 else values)


def verdict_demands(gate: Gate, verdict: Verdict, rules_digest: str) -> Iterator[Demand]:
    """What is demanded of technique, family, readiness, certainty, marks and rules."""
    technique = verdict.technique
    if gate.technique is not None:
        met = technique in gate.technique
        yield compared(("technique",), "technique", listing(gate.technique), technique, met)
    if gate.family is not None and technique == RL:
        yield compared(("family",), "family", listing(gate.family), str(verdict.family), verdict.family in gate.family)
    elif gate.family is not None:
        sentence = f"family: not looked at, the verdict is {technique}"
        yield Demand(("family",), None, listing(gate.family), "none", sentence)
    if gate.readiness is not None:
        met = verdict.readiness in gate.readiness
        found: str = verdict.readiness
        if not met and verdict.conditions:
            found += f" ({verdict.conditions[0]})"
        yield compared(("readiness",), "readiness", listing(gate.readiness), found, met)
    if gate.settled is not None:
        found = "yes" if verdict.settled else f"no, also possible: {', '.join(_others(verdict))}"
        yield compared(("settled",), "settled", gate.settled, found, verdict.settled == (gate.settled == "yes"))
    if gate.support is not None:
        share = next((r.support for r in verdict.ranking if r.technique == technique), 0.0)
        wanted = f"at least {gate.support:.0%}"
        yield compared(("support",), "support of the technique", wanted, f"{share:.1%}", share >= gate.support)
    if gate.rules is not None:
        yield compared(("rules",), "rules", listing(gate.rules), rules_digest, rules_digest in gate.rules)
    yield from _mark_demands(gate, verdict)


def _mark_demands(gate: Gate, verdict: Verdict) -> Iterator[Demand]:
    if gate.contradictions is not None:
        found = [" and ".join(c.signals) for c in verdict.conflicts if c.kind == "contradiction"]
        met = bool(found) == (gate.contradictions == "yes")
        signals = tuple(s for c in verdict.conflicts if c.kind == "contradiction" for s in c.signals)
        told = "; ".join(found) or "no"
        sentence = f"contradictions: wanted {gate.contradictions}, found {told}"
        yield Demand(("contradictions",), met, gate.contradictions, told, sentence, signals)
    if gate.qualifiers_forbidden is not None:
        bad = [name for name in verdict.qualifiers if name in gate.qualifiers_forbidden]
        wanted = f"none of {', '.join(gate.qualifiers_forbidden)}"
        yield compared(("qualifiers_forbidden",), "marks", wanted, ", ".join(bad) or "none of them", not bad)


def answer_demands(gate: Gate, case: Case, verdict: Verdict) -> Iterator[Demand]:
    """What is demanded of answers, their evidence and confidence, and the people who gave them."""
    for signal, allowed in (gate.answers or {}).items():
        value = case.value_of(signal)
        sentence = f"answer to {signal}: wanted {listing(allowed)}, found {value}"
        yield Demand(("answers", signal), value in allowed, listing(allowed), value, sentence, (signal,))
    if gate.answered is not None:
        missing = tuple(signal for signal in gate.answered if case.value_of(signal) == UNKNOWN)
        yield _each(("answered",), "a known answer", gate.answered, missing)
    if gate.evidence is not None:
        yield _backed(("evidence",), "evidence", gate.evidence, case, verdict, lambda s: _has_evidence(case, s))
    if gate.confidence is not None:
        least = gate.confidence.at_least
        what = f"confidence {least} or more"
        yield _backed(("confidence",), what, gate.confidence.of, case, verdict, lambda s: _is_confident(case, s, least))
    if gate.min_respondents is not None:
        people = sorted({a.by for answers in case.answers.values() for a in answers if a.by})
        wanted, found = f"at least {gate.min_respondents}", f"{len(people)}"
        yield compared(("min_respondents",), "people named", wanted, found, len(people) >= gate.min_respondents)
    if gate.agreement is not None:
        differ = tuple(d.signal for d in verdict.disagreements)
        met = (not differ) == (gate.agreement == "yes")
        told = f"no, they differ on {', '.join(differ)}" if differ else "yes"
        sentence = f"respondents agree: wanted {gate.agreement}, found {told}"
        yield Demand(("agreement",), met, gate.agreement, told, sentence, differ)


def _others(verdict: Verdict) -> list[str]:
    return [name for name in verdict.possible if name != verdict.technique]


def _has_evidence(case: Case, signal: str) -> bool:
    return any(a.evidence for a in case.answers.get(signal, ()) if a.answer != UNKNOWN)


def _is_confident(case: Case, signal: str, least: str) -> bool:
    stated = [a.confidence for a in case.answers.get(signal, ()) if a.answer != UNKNOWN]
    return bool(stated) and all(c and CONFIDENCES.index(c) >= CONFIDENCES.index(least) for c in stated)


def _each(path: tuple[str, ...], what: str, asked: Sequence[str], missing: tuple[str, ...]) -> Demand:
    wanted = f"{what} for {', '.join(asked)}"
    actual = f"missing for {', '.join(missing)}" if missing else "there"
    return Demand(path, not missing, wanted, actual, f"{wanted}: {actual}", missing)


def _backed(
    path: tuple[str, ...],
    what: str,
    of: str | tuple[str, ...],
    case: Case,
    verdict: Verdict,
    has: Callable[[str], bool],
) -> Demand:
    """Whether what is asked for backs the answers meant by `of`; for one reason the nearest one is told."""
    if isinstance(of, tuple):
        return _each(path, what, of, tuple(signal for signal in of if not has(signal)))
    if of == "all":
        known = [signal for signal in case.answers if case.value_of(signal) != UNKNOWN]
        missing = tuple(signal for signal in known if not has(signal))
        return _of_many(path, f"{what} for every known answer", missing)
    if not verdict.reasons:
        wanted = f"{what} for {'a reason' if of == 'one_reason' else 'all reasons'} of the verdict"
        return Demand(
            path, False, wanted, "the answers exclude nothing yet", f"{wanted}: the answers exclude nothing yet"
        )
    lacking = [tuple(signal for signal in reason if not has(signal)) for reason in verdict.reasons]
    if of == "one_reason":
        return _of_many(path, f"{what} for every answer of at least one reason of the verdict", min(lacking, key=len))
    every = dict.fromkeys(signal for missing in lacking for signal in missing)
    return _of_many(path, f"{what} for every answer in the verdict's reasons", tuple(every))


def _of_many(path: tuple[str, ...], wanted: str, missing: tuple[str, ...]) -> Demand:
    actual = f"missing for {', '.join(missing)}" if missing else "there"
    return Demand(path, not missing, wanted, actual, f"{wanted}: {actual}", missing)
