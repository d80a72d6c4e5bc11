"""Plain words for the vocabulary's ids, the same on every surface."""

from __future__ import annotations

SETTLED = "settled: no open answer can change the technique"
UNSETTLED = "not settled: open answers can still change the technique"

READINESS = {"go": "go", "go_if": "go, if", "not_yet": "not yet", "no": "no"}

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


def bar(share: float, width: int = 20) -> str:
    """A share of 0 to 1 as a bar of text."""
    filled = round(share * width)
    return "#" * filled + "." * (width - filled)
