"""The methods of reinforcement learning and of bandits, ranked for a case from answers, spec and probe."""

from __future__ import annotations

from scoper.domain.approach import Selection
from scoper.domain.decision import Verdict
from scoper.reasoning.methods import ranked_methods
from scoper.reasoning.world import World
from scoper.services.guide import Guide
from scoper.services.selecting import asked

SOLVES = "dynamic_programming"
WITH_METHODS = ("reinforcement_learning", "contextual_bandit")


def select_methods(technique: str, verdict: Verdict, world: World, guide: Guide) -> Selection:
    """The methods of a technique, best first; `world` holds the capabilities.

    The family is the verdict's, except where the spec was solved exactly: then a table decides, whatever was answered.
    """
    solved = world.basis.get("dynamics") == "proved"
    family = (SOLVES if solved else verdict.family) if technique == "reinforcement_learning" else None
    choices = ranked_methods([m for m in guide.methods if technique in m.techniques], world, family)
    possible = tuple(choice.id for choice in choices if choice.standing != "excluded")
    open_needs = {fact for choice in choices if choice.standing == "open" for g in choice.open for fact in g.facts}
    facts = [
        name
        for capability in guide.capabilities.values()
        if capability.id in open_needs
        for name in capability.inputs
        if world.known(name) is None
    ]
    return Selection(
        kind="methods",
        technique=technique,
        chosen=possible[0] if possible else None,
        settled=bool(choices) and choices[0].standing != "open",
        possible=possible,
        choices=choices,
        asks=asked(list(dict.fromkeys(facts)), guide),
    )
