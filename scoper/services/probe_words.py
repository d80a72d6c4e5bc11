"""Sentences about what a probe's returns say beyond themselves, for the terminal and the report alike.

No measured time is in them, so that the same plan and seed give the same words.
"""

from __future__ import annotations

from scoper.domain.certificates import EpisodeTrace
from scoper.domain.probe import ProbeResult, ReturnSummary
from scoper.domain.probe_statistics import LEARNING_PAYS, DecisionSummary, ProjectionSummary
from scoper.services.numbers import count, number, share

_OPTIMUM_PAYS = ": the optimum pays over the rule; the exact policy is at hand, so no learner is needed"
_TYPICAL = "more than half of the seeds of"


def decision_sentence(decision: DecisionSummary) -> str:
    """What was decided, after how many seeds, at which error rate, on which assumption, and what it saved."""
    bar = f"{decision.floor} ({number(decision.bar)})"
    whose = f"{_TYPICAL} {decision.learner} return" if decision.claim == "median" else f"{decision.learner} returns"
    said = {
        "better": f"decided: {whose} more than {bar}",
        "not_better": f"decided: {whose} less than {bar} plus {number(decision.margin or 0.0)}, the gain that matters",
        "undecided": f"not decided whether {decision.learner} returns more than {bar}: {decision.why}",
    }[decision.outcome]
    spent = f"after {_seeds(decision.n_seeds)} of at most {count(decision.looks[-1])}"
    if decision.steps:
        spent += f", {count(decision.steps)} timesteps each at most"
    risk = f"wrong in at most {share(decision.error)} of probes; rests on {decision.assumed}"
    why = "taken" if decision.outcome == "undecided" else "needed"
    saved = f"; {share(decision.saved)} of the plan's timesteps were not {why}" if decision.saved >= 0.005 else ""
    return f"{said}, {spent} ({risk}{saved})" if decision.outcome != "undecided" else f"{said}, {spent}{saved}"


def typical_words(result: ProbeResult, policy: str) -> str:
    """A learner's median seed where that was decided on, as a clause beside its mean return; else empty."""
    decision = result.decisions.get(policy, result.decision)
    if decision is None or decision.learner != policy or decision.claim != "median" or policy not in result.returns:
        return ""
    return f"its median seed, which was decided on, returns {number(decision.estimate)}"


def earlier_words(before: ReturnSummary | None, now: ReturnSummary) -> str:
    """What the same policy was said to return before more seeds or timesteps, as a clause; empty without that."""
    if before is None:
        return ""
    when = f"with {_seeds(before.n)} before" if before.n != now.n else "measured before"
    return f"; {when}: {number(before.mean)}"


def needed_sentence(decision: DecisionSummary | None) -> str:
    """What would decide; empty where it is decided."""
    if decision is None or decision.outcome != "undecided":
        return ""
    if decision.needed is None:
        return "no number of further seeds like these would decide it: more timesteps or another learner may"
    total = f", {count(decision.needed * decision.steps)} timesteps in all" if decision.steps else ""
    return f"about {count(decision.needed)} seeds like these would decide it{total} (extrapolated)"


def improvement_sentence(result: ProbeResult) -> str:
    """The chance that a further seed is above the best floor; empty without one."""
    found = result.improvement
    if found is None:
        return ""
    chance = f"{share(found.chance)} (95 % interval {share(found.low)} to {share(found.high)}, {_seeds(found.n)})"
    return f"the chance that one more seed of {found.learner} returns more than {found.floor} is {chance}"


def projection_sentence(found: ProjectionSummary | None) -> str:
    """When the mean learning curve reaches its target, or why that is not said; empty without a target."""
    if found is None:
        return ""
    goal = f"{found.target_name} ({number(found.target)})"
    if found.steps is None:
        return f"no projection to {goal}: {found.why}"
    low, middle, high = (count(steps) for steps in found.steps)
    if found.status == "reached":
        return f"the mean curve stays above {goal} from {middle} timesteps a seed on"
    return f"{goal} is projected after {middle} timesteps a seed ({low} to {high}, {share(found.level)} band)"


def worth_sentence(result: ProbeResult) -> str:
    """Whether more than a rule is worth it; no learner is said to pay where the exact policy is at hand."""
    said = result.worth.sentence if result.worth else ""
    at_hand = any(finding.code == "table_solves_it" for finding in result.findings)
    return said.removesuffix(LEARNING_PAYS) + _OPTIMUM_PAYS if at_hand and said.endswith(LEARNING_PAYS) else said


def _seeds(n: int) -> str:
    return "1 seed" if n == 1 else f"{count(n)} seeds"


def trace_words(trace: EpisodeTrace, most: int = 12) -> str:
    """Seed and actions of an episode on one line, what repeats told once; the end is left out where it is long."""
    actions = [", ".join(map(str, action)) if isinstance(action, tuple) else str(action) for action in trace.actions]
    runs: list[tuple[str, int]] = []
    for action in actions:
        if runs and runs[-1][0] == action:
            runs[-1] = action, runs[-1][1] + 1
        else:
            runs.append((action, 1))
    said = [f"{action} ({times} times)" if times > 1 else action for action, times in runs[:most]]
    rest = len(actions) - sum(times for _, times in runs[:most])
    said += [f"... {rest} more"] if rest else []
    end = "terminated" if trace.terminated else "truncated" if trace.truncated else "left"
    return f"seed {trace.seed}, actions {' · '.join(said)}; {end} after {trace.length} timesteps"
