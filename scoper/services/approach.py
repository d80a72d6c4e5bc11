"""How to go about a verdict: rung, sub-type, methods, what is missing, and the risk register, as one frozen value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scoper.domain.approach import Approach, Entry, Fact, Selection
from scoper.domain.decision import TECHNIQUES, UNDECIDED, Verdict
from scoper.domain.questionnaire import Case, Question
from scoper.errors import InputError
from scoper.reasoning.world import World
from scoper.services.affordances import affording_world, known_world
from scoper.services.approach_files import NOT_YET
from scoper.services.follow_ups import any_question
from scoper.services.guide import Guide, guide_of
from scoper.services.ladder import LADDER, lowest_rung, rung_of
from scoper.services.library import Library
from scoper.services.methods import WITH_METHODS, select_methods
from scoper.services.selecting import select

if TYPE_CHECKING:
    from scoper.domain.mdp import Spec
    from scoper.domain.probe import ProbeResult

NOT_READY = ("not_yet", "no")


def approach_of(
    case: Case,
    library: Library,
    verdict: Verdict,
    *,
    spec: Spec | None = None,
    result: ProbeResult | None = None,
    with_risks: bool = True,
) -> Approach:
    """What the verdict means for the work. `result` counts as a probe of `spec` and of nothing else.

    Without `with_risks` the register is left out; its files take longer to read than all others together.

    Raises InputError with every fault of the files that are needed for this verdict.
    """
    guide = guide_of(library)
    world = known_world(case, verdict, guide)
    facts: tuple[Fact, ...] = ()
    missing = guide.sub_types(NOT_YET) if verdict.technique == UNDECIDED or verdict.readiness in NOT_READY else ()
    selections = [select("missing", NOT_YET, missing, world, guide)] if missing else []
    for technique in core_techniques(verdict):
        if technique == LADDER and guide.ladder:
            selections.append(lowest_rung(world, guide))
        elif options := guide.sub_types(technique):
            selections.append(select("sub_type", technique, options, world, guide))
        if technique in WITH_METHODS and guide.methods:
            afforded = affording_world(world, guide, spec, result)
            selections.append(select_methods(technique, verdict, afforded, guide))
            facts = capability_facts(afforded, guide)
    register = _register(verdict, selections, world, guide) if with_risks else ()
    return Approach(selections=tuple(selections), risks=register, facts=facts)


def _register(verdict: Verdict, selections: list[Selection], world: World, guide: Guide) -> tuple[Entry, ...]:
    ladder = next((each for each in selections if each.kind == "rung"), None)
    around = [name for name in verdict.surroundings if name in TECHNIQUES]
    concerned = list(dict.fromkeys([*core_techniques(verdict), *around]))
    from scoper.services.risk_files import RUNGS
    from scoper.services.risk_register import risk_register

    with_rung = world.with_facts({"rung": RUNGS}, {"rung": rung_of(ladder)}, {})
    return risk_register(guide.risks, concerned, with_rung)


def with_approach(verdict: Verdict, approach: Approach) -> dict[str, Any]:
    """The verdict as plain JSON, with how to go about it under `approach`, without the risk register."""
    document: dict[str, Any] = verdict.model_dump(mode="json")
    return document | {"approach": approach.model_dump(mode="json", exclude={"risks"})}


def core_techniques(verdict: Verdict) -> list[str]:
    """The verdict's technique, or the two best that are still possible while it is undecided."""
    if verdict.technique != UNDECIDED:
        return [verdict.technique]
    return [entry.technique for entry in verdict.ranking if entry.technique in verdict.possible][:2]


def open_questions(case: Case, library: Library, approach: Approach) -> tuple[Question, ...]:
    """What is still worth asking to narrow an approach down: its own questions, then those that decide open risks.

    Questions that the case answers with unknown are not asked again.
    """
    names = [ask.id for selection in approach.selections if not selection.settled for ask in selection.asks]
    names += [fact for entry in approach.risks if entry.standing == "open" for fact in entry.facts]
    names += [ask.id for selection in approach.selections if selection.settled for ask in selection.asks]
    found = (any_question(name, library.questions) for name in dict.fromkeys(names) if name not in case.answers)
    return tuple(question for question in found if question is not None)


def capability_facts(world: World, guide: Guide) -> tuple[Fact, ...]:
    """What the environment affords in each respect, with where that is known from."""
    return tuple(
        Fact(
            id=name,
            values=tuple(level for level in capability.levels if level in world.allowed[name]),
            basis=world.basis.get(name, "declared"),
        )
        for name, capability in guide.capabilities.items()
    )


def spec_of(text: str | None, name: str | None) -> Spec | None:
    """The spec in `text`; None where there is none or where lines of it are still open or wrong."""
    from scoper.services.specs import parse_spec

    if text is None:
        return None
    try:
        return parse_spec(text, name or "mdp.yaml", outline=True)
    except InputError:
        return None
