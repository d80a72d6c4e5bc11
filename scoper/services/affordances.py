"""What is known of a case as facts that methods, rungs, sub-types and risks are judged by.

From answers and follow-up answers; from the verdict; for capabilities also from the spec (declared) and from a probe of
it (proved or measured), which come before the answers. Speeds are left out: they depend on the machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING

from scoper.domain.decision import Verdict
from scoper.domain.questionnaire import Case
from scoper.reasoning.world import World, with_capabilities
from scoper.services.approach_files import VERDICT_FACTS
from scoper.services.guide import Guide

if TYPE_CHECKING:
    from scoper.domain.mdp import Spec, Variable
    from scoper.domain.probe import ProbeResult

LISTED, FEW, NUMBERS = 1_000_000, 50, 50
"""What the questions on states and actions say: states that can be listed, few actions, few numbers."""

Known = dict[str, tuple[frozenset[str], str]]
_SETTABLE = ("simulator", "generative", "model")


def known_world(case: Case, verdict: Verdict, guide: Guide) -> World:
    """Answers and what the verdict says; an open answer may still be anything."""
    allowed = {name: _allowed(case.value_of(name), values) for name, values in guide.answers.items()}
    said = {
        "technique": verdict.technique,
        "readiness": verdict.readiness,
        "settled": "yes" if verdict.settled else "no",
        "pulls_apart": _pull(verdict),
    }
    return World(dict(guide.answers), allowed).with_facts(
        VERDICT_FACTS, {name: frozenset((value,)) for name, value in said.items()}, {}
    )


def affording_world(world: World, guide: Guide, spec: Spec | None, result: ProbeResult | None) -> World:
    """The world with what the environment affords: from answers, then the spec, then the probe of that spec."""
    derived = with_capabilities(world, tuple(guide.capabilities.values()))
    for known in (_of_spec(spec, derived), _of_result(result, derived)):
        fitting = {
            name: (levels, basis)
            for name, (levels, basis) in known.items()
            if name in guide.capabilities and levels <= set(derived.values[name])
        }
        derived = derived.with_facts(
            {}, {name: levels for name, (levels, _) in fitting.items()}, {name: b for name, (_, b) in fitting.items()}
        )
    return derived


def _allowed(answer: str, values: tuple[str, ...]) -> frozenset[str]:
    return frozenset((answer,)) if answer in values else frozenset(values)


def _pull(verdict: Verdict) -> str:
    kinds = {conflict.kind for conflict in verdict.conflicts}
    return "contradiction" if "contradiction" in kinds else "precedence" if kinds else "no"


def _of_spec(spec: Spec | None, world: World) -> Known:
    if spec is None:
        return {}
    from scoper.domain.mdp import MdpSpec  # 5 ms that cases without a spec do not need

    if not isinstance(spec, MdpSpec):
        left = world.allowed["dynamics"] & frozenset(_SETTABLE) if "dynamics" in world.allowed else frozenset()
        return {"dynamics": (left or frozenset(("simulator",)), "declared")}
    found = {
        "dynamics": "model",
        "states": _state_kind(spec.state),
        "actions": _action_kind(spec.actions),
        "course": "one_step" if spec.horizon == 1 else "sequence",
    }
    if not spec.observation:
        found["observation"] = "full"
    return {name: (frozenset((level,)), "declared") for name, level in found.items()}


def _of_result(result: ProbeResult | None, world: World) -> Known:
    if result is None:
        return {}
    found: Known = {}
    approximate = "optimal" in result.returns and result.returns["optimal"].basis == "extrapolated"
    if not approximate and any(solution.converged for solution in result.solutions):
        found |= {"dynamics": (frozenset(("model",)), "proved"), "states": (frozenset(("enumerable",)), "proved")}
        if result.mdp and result.mdp.n_actions and result.mdp.n_actions <= FEW:
            found["actions"] = (frozenset(("discrete_small",)), "proved")
    hides = any(f.defect == "non_markov_observation" and f.severity != "info" for f in result.findings)
    if hides and "observation" in world.allowed:
        less = world.allowed["observation"] - {"full"}
        found["observation"] = (less or frozenset(("hidden", "from_history")), "measured")
    return found


def _state_kind(variables: Mapping[str, Variable]) -> str:
    if any(v.kind == "continuous" and v.points is None for v in variables.values()):
        return "continuous" if len(variables) <= NUMBERS else "high_dimensional"
    return "enumerable" if prod(map(_size, variables.values())) <= LISTED else "large_discrete"


def _action_kind(variables: Mapping[str, Variable]) -> str:
    if any(v.kind == "continuous" and v.points is None for v in variables.values()):
        return "continuous"
    return "discrete_small" if prod(map(_size, variables.values())) <= FEW else "discrete_large"


def _size(variable: Variable) -> int:
    if variable.points is not None:
        return variable.points
    if variable.kind == "integer" and variable.low is not None and variable.high is not None:
        return int(variable.high - variable.low) + 1
    return max(1, len(variable.values))
