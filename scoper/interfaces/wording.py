"""Plain words for the vocabulary's ids, the same on every surface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scoper.domain.decision import UNDECIDED, Flip, NextQuestion
from scoper.domain.text import shown

SETTLED = "settled: no open answer can change the technique"
UNSETTLED = "not settled: open answers can still change the technique"
STILL_ABOUT = "how ready it is and what belongs around it"
"""What questions can still change once the technique is settled."""

READINESS = {"go": "go", "go_if": "go, if the conditions are met", "not_yet": "not yet", "no": "no"}

EFFORTS = {
    "answer": "only to be found out",
    "minutes": "minutes of work",
    "days": "days of work",
    "weeks": "weeks of work",
    "fixed": "a fact, not a choice",
}

_NAMES = {
    "reinforcement_learning": "reinforcement learning",
    "llm_orchestration": "LLM orchestration",
    "plain_automation": "plain automation",
    "supervised_learning": "supervised learning",
    "contextual_bandit": "contextual bandit",
    "classical_optimisation": "classical optimisation",
    "offline_rl": "offline RL",
    "multi_agent_rl": "multi-agent RL",
    "model_based": "model-based RL",
    "value_based": "value-based RL",
    "policy_based": "policy-based RL",
}


def words(identifier: str) -> str:
    """An id as people say it."""
    return _NAMES.get(identifier, identifier.replace("_", " "))


def unsaved_notes(evidence: str | None, confidence: str | None) -> Iterator[str]:
    """What was noted for an answer that never came, a sentence each."""
    noted = [f"the note '{shown(evidence, 200)}'"] if evidence else []
    for each in (*noted, *([f"the confidence '{confidence}'"] if confidence else [])):
        yield f"Not saved, as no answer followed it: {each}."


def bar(share: float, width: int = 20) -> str:
    """A share of 0 to 1 as a bar of text."""
    filled = round(share * width)
    return "#" * filled + "." * (width - filled)


def worth(question: NextQuestion) -> str:
    """What an open answer is worth: how likely it alone changes the verdict, what it tells, what finding out costs."""
    parts = []
    if question.may_change:
        what = "the kind within the technique" if question.matters == "family" else "the verdict"
        parts.append(f"{share(question.may_change)} likely to change {what} alone")
    elif question.matters in ("technique", "family"):
        parts.append("changes the verdict only with others")
    if question.matters == "conditions":
        parts.append("sharpens the conditions")
    if question.gain >= 0.005:
        doubt = " should a given answer be wrong" if question.matters == "conditions" else ""
        parts.append(f"tells {question.gain:.2f} bits{doubt}")
    if not parts:
        parts.append("sharpens the conditions")
    if question.effort:
        parts.append(EFFORTS[question.effort])
    return ", ".join(parts)


def share(probability: float) -> str:
    """A probability in whole percent; what is not quite nothing or everything is not shown as such."""
    if 0.0 < probability < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 <= probability < 1.0 else f"{probability:.0%}"


def telling(flips: Sequence[Flip]) -> tuple[Flip, ...]:
    """The first change to each technique, then the first to none, then the others as they came."""
    first = {flip.to: flip for flip in reversed(flips)}
    heads = sorted((flip for flip in flips if flip is first[flip.to]), key=lambda flip: flip.to == UNDECIDED)
    return (*heads, *(flip for flip in flips if flip is not first[flip.to]))
