"""From known answers to a `Verdict`: the one place where reasoning's parts come together. Pure; no files."""

from __future__ import annotations

from collections.abc import Mapping

from scoper.domain.decision import (
    FAMILIES,
    TECHNIQUES,
    UNDECIDED,
    Cell,
    Conflict,
    Family,
    Readiness,
    Technique,
    Verdict,
)
from scoper.reasoning import explain, questions
from scoper.reasoning.flips import Lever, flips
from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.pack import RulePack
from scoper.reasoning.trace import certain_hits, open_signals, trace

RL = "reinforcement_learning"
CLOSE_BELOW = 0.6
TO_FIND_OUT = "Find out what could still stand in the way: "
"""How the condition begins that only names open signals."""
_DIGITS = 6
_READINESS: tuple[Readiness, ...] = ("go", "go_if", "not_yet", "no")


def decide(knowledge: Knowledge, levers: Mapping[str, Lever], *, explained: bool = True) -> Verdict:
    """The verdict of what is known; without `explained`, its costly parts (reasons, flips, exclusions) are left out."""
    ranking, subsets = rank(knowledge), explain.Subsets(knowledge)
    technique = knowledge.technique
    readiness, conditions = _readiness(knowledge, technique)
    entries = trace(knowledge, technique)
    open_questions = questions.ranked_questions(knowledge)
    return Verdict(
        technique=technique,
        ranking=ranking,
        possible=tuple(t for t in (*TECHNIQUES, UNDECIDED) if t in knowledge.possible),
        settled=knowledge.settled,
        close_to=ranking[1].technique if technique != UNDECIDED and ranking[0].support < CLOSE_BELOW else None,
        readiness=readiness,
        conditions=conditions,
        family=_families(knowledge)[0].family if technique == RL else None,
        family_ranking=_families(knowledge) if technique == RL else (),
        qualifiers=tuple(dict.fromkeys(r.then for r in certain_hits(knowledge, technique, "qualifier"))),
        surroundings=tuple(dict.fromkeys(r.then for r in certain_hits(knowledge, technique, "surrounding"))),
        hits=tuple(entry.rule for entry in entries if entry.status == "hit"),
        reasons=explain.reasons(subsets) if explained else (),
        flips=flips(knowledge, levers) if explained else (),
        next_questions=open_questions,
        skipped=_skipped(knowledge, {q.signal for q in open_questions}),
        raise_confidence=questions.unsure_answers(knowledge) if explained else (),
        why_not=_why_not(subsets, technique) if explained else {},
        conflicts=_conflicts(knowledge, technique),
        trace=entries,
        cells=_cells(knowledge),
    )


def headline(knowledge: Knowledge) -> tuple[str, str | None, Readiness]:
    """Technique, family (of reinforcement learning only) and readiness, as `decide` has them, and nothing else."""
    technique = knowledge.technique
    readiness, _ = _readiness(knowledge, technique)
    return technique, _families(knowledge)[0].family if technique == RL else None, readiness


def rank(knowledge: Knowledge) -> tuple[Technique, ...]:
    """All six techniques by support; ties by the best support that taking back any one answer would give."""
    support = knowledge.technique_support
    nearness = dict.fromkeys(TECHNIQUES, 0.0)
    tied = len({round(support[t], _DIGITS) for t in TECHNIQUES}) < len(TECHNIQUES)
    for signal in explain.relevant_signals(knowledge) if tied else ():
        if signal in knowledge.facts:
            freed = knowledge.with_fact(signal, "unknown").technique_support
            nearness = {t: max(nearness[t], freed[t]) for t in TECHNIQUES}
    order = sorted(TECHNIQUES, key=lambda t: (-round(support[t], _DIGITS), -nearness[t], TECHNIQUES.index(t)))
    return tuple(Technique(technique=t, support=round(support[t], _DIGITS)) for t in order)


def _families(knowledge: Knowledge) -> tuple[Family, ...]:
    mass = {family: knowledge.verdict_support.get(f"{RL}/{family}", 0.0) for family in FAMILIES}
    total = sum(mass.values()) or 1.0
    order = sorted(FAMILIES, key=lambda family: (-mass[family], FAMILIES.index(family)))
    return tuple(Family(family=family, support=round(mass[family] / total, _DIGITS)) for family in order)


def _readiness(knowledge: Knowledge, technique: str) -> tuple[Readiness, tuple[str, ...]]:
    hits = certain_hits(knowledge, technique, "readiness")
    conditions = tuple(rule.advice for rule in sorted(hits, key=lambda r: -_READINESS.index(r.then)))
    worst = max((_READINESS.index(rule.then) for rule in hits), default=0)
    if technique != UNDECIDED and not knowledge.settled:
        others = [name for name in (*TECHNIQUES, UNDECIDED) if name in knowledge.possible and name != technique]
        words = ", ".join(name.replace("_", " ").replace("llm", "LLM") for name in others)
        conditions += (f"Settle the open questions first: the answers so far also allow {words}.",)
        worst = max(worst, _READINESS.index("go_if"))
    still_open = open_signals(knowledge, technique, "readiness") if technique != UNDECIDED else ()
    if still_open:
        conditions += (f"{TO_FIND_OUT}{', '.join(still_open)}.",)
        worst = max(worst, _READINESS.index("go_if"))
    return _READINESS[worst], conditions


def _skipped(knowledge: Knowledge, mattering: set[str]) -> tuple[str, ...]:
    return tuple(s for s in knowledge.pack.questions if s not in knowledge.facts and s not in mattering)


def _why_not(subsets: explain.Subsets, technique: str) -> dict[str, tuple[str, ...]]:
    knowledge = subsets.knowledge
    answers: dict[str, tuple[str, ...]] = {}
    for other in TECHNIQUES:
        if other == technique:
            continue
        sets = explain.exclusions(subsets, other)
        if other in knowledge.possible:
            share = knowledge.technique_support[other]
            answers[other] = (
                f"still possible: {share:.0%} of the probability, by the prior over what is open or unsure",
            )
        else:
            answers[other] = tuple(" and ".join(f"{s} = {knowledge.facts[s]}" for s in chosen) for chosen in sets)
    return answers


def _conflicts(knowledge: Knowledge, technique: str) -> tuple[Conflict, ...]:
    return tuple(
        Conflict(rule=rule.id, kind=rule.then, signals=tuple(rule.when), advice=rule.advice)
        for rule in certain_hits(knowledge, technique, "conflict")
    )


def _cells(knowledge: Knowledge) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            row=cell.row,
            signal=cell.signal,
            technique=cell.technique,
            mark=cell.mark,
            basis=cell.basis,
            answer=knowledge.facts.get(cell.signal, "unknown"),
            spoke=_spoke(cell.mark, knowledge.facts.get(cell.signal)),
            reason=cell.reason,
        )
        for cell in knowledge.pack.cells
    )


def _spoke(mark: str, answer: str | None) -> bool:
    if answer == "yes":
        return mark in ("needs", "favours", "excludes", "redirects")
    return answer == "no" and mark == "needs"


def pack_size(pack: RulePack) -> tuple[int, int]:
    """The number of answer vectors without unknowns, and the nodes of all diagrams."""
    vectors = 1
    for signal in pack.questions:
        vectors *= len(pack.known_values(signal))
    nodes = pack.verdict_diagram.n_nodes + sum(d.n_nodes for d in pack.facet_diagrams.values())
    return vectors, nodes
