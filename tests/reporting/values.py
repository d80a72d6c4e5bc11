"""Hand-built questions, case, verdicts, probe result and precedents, with hostile texts wherever a user can write."""

from __future__ import annotations

from collections.abc import Mapping

from scoper.domain.decision import (
    Cell,
    Conflict,
    Family,
    Flip,
    NextQuestion,
    RespondentVerdict,
    Technique,
    TraceEntry,
    Verdict,
)
from scoper.domain.findings import Finding
from scoper.domain.precedent import AnswerDifference, PrecedentMatch
from scoper.domain.probe import (
    Cost,
    GapShare,
    LearningCurve,
    MdpSummary,
    ObjectiveSummary,
    ProbeResult,
    ReturnSummary,
    SolutionSummary,
    StepsRange,
)
from scoper.domain.questionnaire import Answer, Case, Question
from tests.reporting.hostile import HOSTILE


def _question(order: int, identifier: str, row: int | None = None, text: str = "") -> Question:
    return Question(
        id=identifier,
        section="s",
        kind="graded",
        text=text or f"Is {identifier} so?",
        why="It matters.",
        example="e",
        counter_example="c",
        meanings={"yes": f"{identifier} holds.", "partly": "in part", "no": f"{identifier} fails.", "unknown": "open"},
        source="hand-built",
        row=row,
        effort="days",
        find_out=f"Look {identifier} up.",
        order=order,
    )


QUESTIONS: Mapping[str, Question] = {
    q.id: q
    for q in (
        _question(10, "reward_measurable", 1),
        _question(20, "cheap_simulation", 2),
        _question(30, "language_and_tools", 4, "Hostile question | with <b>markup</b> and *stars*?"),
        _question(40, "known_rules", 5),
        _question(50, "goal_shifts"),
    )
}

CASE = Case(
    title=f"Title {HOSTILE}",
    summary="First line\n\n# not a heading\n- not a list",
    answers={
        "reward_measurable": (Answer(answer="yes", evidence=f"Ledger {HOSTILE}", by="Ana | B", confidence="high"),),
        "cheap_simulation": (Answer(answer="yes"),),
        "language_and_tools": (Answer(answer="no", by="Ana"), Answer(answer="yes", by="Ben", evidence="no")),
    },
)


def verdict_for(technique: str) -> Verdict:
    """One for a technique of the article, with something in every field that it can have."""
    order = [
        technique,
        *(t for t in ("reinforcement_learning", "llm_orchestration", "plain_automation") if t != technique),
    ]
    order += ["supervised_learning", "contextual_bandit", "classical_optimisation"]
    learns = technique == "reinforcement_learning"
    return Verdict(
        technique=technique,
        ranking=tuple(
            Technique(technique=t, support=s) for t, s in zip(order, (0.82, 0.1, 0.05, 0.029, 0.001, 0.0), strict=True)
        ),
        possible=tuple(order[:3]),
        settled=False,
        close_to=order[1],
        readiness="go_if",
        conditions=(f"Check it | first {HOSTILE}",),
        family="value_based" if learns else None,
        family_ranking=(Family(family="value_based", support=0.75), Family(family="policy_based", support=0.25))
        if learns
        else (),
        qualifiers=("research_grade",),
        surroundings=("plain_automation",) if technique != "plain_automation" else (),
        hits=("a-rule",),
        reasons=(("cheap_simulation", "reward_measurable"),),
        flips=(
            Flip(change={"reward_measurable": "no"}, to="undecided", effort="fixed"),
            Flip(change={"known_rules": "yes"}, to="plain_automation", effort="answer"),
        ),
        next_questions=(
            NextQuestion(
                signal="known_rules", gain=0.314, may_change=0.25, matters="technique", effort="days", find_out="Look."
            ),
        ),
        skipped=("goal_shifts",),
        why_not={order[1]: ("language_and_tools = no and known_rules = no", f"Free words {HOSTILE}.")},
        notes=(f"A note {HOSTILE}", "Both cannot be."),
        conflicts=(
            Conflict(
                rule="c", kind="contradiction", signals=("known_rules", "cheap_simulation"), advice="Both cannot be."
            ),
        ),
        respondents=(
            RespondentVerdict(by="Ana | B", technique=technique, support=0.6),
            RespondentVerdict(by="Ben", technique=order[1] if learns else technique, support=0.5),
        ),
        trace=(
            TraceEntry(
                rule="a-rule",
                table="technique",
                status="hit",
                concludes=technique,
                because="because | so",
                source="A (2020)",
                basis="cited",
            ),
            TraceEntry(
                rule="maybe",
                table="sequence",
                status="open",
                concludes="strong",
                because="b",
                source="B (2021)",
                basis="inferred",
            ),
            TraceEntry(
                rule="around",
                table="surrounding",
                status="hit",
                concludes="plain_automation",
                because="x",
                source="C",
                basis="cited",
                advice="Keep rules in code.",
            ),
        ),
        cells=tuple(
            Cell(
                row=row,
                signal=signal,
                technique=column,
                mark=mark,
                basis="stated",
                answer=CASE.value_of(signal),
                spoke=mark == "needs",
                reason="it | says so",
            )
            for row, signal in ((1, "reward_measurable"), (2, "cheap_simulation"), (4, "language_and_tools"))
            for column, mark in (
                ("reinforcement_learning", "needs"),
                ("llm_orchestration", "silent"),
                ("plain_automation", "excludes"),
            )
        ),
    )


def _return(mean: float, spread: float = 0.0, n: int = 3, basis: str = "measured", policy: str = "") -> ReturnSummary:
    return ReturnSummary(mean=mean, low=mean - spread, high=mean + spread, n=n, basis=basis, policy=policy)


RESULT = ProbeResult(
    spec={"name": f"Spec {HOSTILE}", "digest": "spec-1"},
    verdict="feasible_with_conditions",
    because=f"Q-learning covers the gap {HOSTILE}",
    criterion="mean discounted return (0.99) from the start state, without a time limit",
    findings=(
        Finding(code="note", severity="info", claim="A note", evidence={"steps": 12000, "rate": 0.5}),
        Finding(
            code="reward-gap",
            defect="misaligned",
            severity="blocker",
            claim=f"The reward pays | {HOSTILE}",
            evidence={"pairs": {"b": [1, 2.5], "a": HOSTILE}, "share": 0.123456, "names": ["x", "y"], "none": None},
            remedy=f"Change it {HOSTILE}",
        ),
    ),
    returns={
        "random": _return(-3.25, 0.5, n=100),
        "optimal": _return(12.5, basis="proved", n=1),
        f"rule {HOSTILE}": _return(9.0, n=1, basis="proved"),
        "q_learning": _return(11.75, 0.25, policy="greedy"),
    },
    gap_share=GapShare(
        estimate=0.952, low=0.94, high=0.971, n_seeds=3, learner="q_learning", floor="random", ceiling="optimal"
    ),
    objective=ObjectiveSummary(of_best_reward_policy=4.0, of_random=1.0, of_best_objective_policy=5.0),
    cost=Cost(steps_per_s=41234.5, steps_to_target=StepsRange(low=10_000, high=20_000), hours_to_target=0.123),
    solutions=(
        SolutionSummary(
            method="value_iteration", value=12.5, converged=True, iterations=321, residual=9.8e-10, error_bound=9.7e-8
        ),
    ),
    curves=tuple(
        LearningCurve(
            learner="q_learning", seed=seed, steps=(1000, 2000, 3000), returns=(-3.0, 5.0 + seed, 11.5 + seed / 8)
        )
        for seed in range(3)
    ),
    mdp=MdpSummary(
        name=f"MDP {HOSTILE}",
        states="stock",
        actions="order",
        transitions="table",
        reward="sum",
        discount=0.99,
        n_states=231,
    ),
    policy=((f"stock 1 {HOSTILE}", "order 2"),),
    provenance={
        "budget": "quick",
        "seed": 0,
        "versions": {"numpy": "2.4", "gymnasium": "1.4"},
        "wall_s": 12.3,
        "host": "secret",
    },
)


def _precedent(identifier: str, worked: str, distance: float) -> PrecedentMatch:
    return PrecedentMatch(
        id=identifier,
        title=f"Project {identifier} {HOSTILE}",
        domain=f"domain {HOSTILE}",
        year=2021,
        source=f"https://example.org/{identifier} {HOSTILE}",
        source_seen=identifier == "p1",
        problem=f"A problem {HOSTILE}",
        worked=worked,
        family="policy_based" if worked == "reinforcement_learning" else None,
        arguable=identifier == "p2",
        lesson=f"A lesson {HOSTILE}",
        distance=distance,
        same=("known_rules", "goal_shifts", "language_and_tools", "reward_measurable"),
        different=(AnswerDifference(signal="cheap_simulation", ours="yes", theirs="no"),) if distance else (),
        uncompared=("horizon",),
        disputed=("state_space",),
    )


PRECEDENTS = (_precedent("p1", "reinforcement_learning", 0.2), _precedent("p2", "plain_automation", 0.25))
