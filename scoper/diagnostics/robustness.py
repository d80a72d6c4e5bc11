"""What of the best policy's advantage is left when the world is a little different."""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.domain.findings import Finding, Severity
from scoper.domain.numbers import share
from scoper.domain.robustness import CHALLENGE_WORDS, Level, RobustnessRow

LEFT = 0.5
"""Of the undisturbed way from floor to policy; the finding speaks where surely less is left."""
_DELAYED = "measure the delay where it will run, put the last actions into the observation, and learn under it"
_REMEDIES = {
    "action_delay": _DELAYED,
    "observation_delay": _DELAYED,
    "observation_noise": "learn with noise like that of the sensors, or filter what is observed",
    "drift": "learn in worlds that drift, and measure again after going live",
    "action_failure": "learn with actions that fail as often as they will, and let the observation tell that they did",
    "stuck_action": "learn with actions that stick as often as they will",
    "dynamics": "measure the parameters better, or learn in worlds that differ in them (domain randomisation)",
}


def _inspect(evidence: Evidence) -> Sequence[Finding]:
    summary = evidence.robustness
    if summary is None:
        return ()
    found = []
    levels: tuple[tuple[Level, Severity], ...] = (("mild", "caution"), ("moderate", "info"))
    for level, severity in levels:
        weak = sorted((r for r in summary.rows if r.level == level and r.high < LEFT), key=lambda row: row.share)
        if weak:
            found.append(_finding(weak, severity if summary.is_best else "info", level, summary.is_best))
    return found


def _finding(weak: Sequence[RobustnessRow], severity: Severity, level: Level, is_best: bool) -> Finding:
    worst, size = weak[0], "a mild disturbance" if level == "mild" else "a delay of one timestep"
    whose = "the best policy" if is_best else "the planned policy, which is not the best one known,"
    left = "nothing" if worst.share <= 0.0 else share(worst.share)
    others = [CHALLENGE_WORDS[row.challenge] for row in weak[1:]]
    more = f"; the same holds where {', '.join(dict.fromkeys(others))}" if others else ""
    return Finding(
        code="not_robust" if level == "mild" else "not_robust_to_delay",
        severity=severity,
        claim=f"{size} costs {whose} more than half of its advantage over the floors: {left} of it is left "
        f"where {CHALLENGE_WORDS[worst.challenge]} ({worst.strength}){more}",
        evidence={row.challenge: round(row.share, 4) for row in reversed(weak)},
        remedy=_REMEDIES[worst.challenge],
    )


DIAGNOSTIC = Diagnostic(
    id="robustness",
    question="Does the best policy keep its advantage when the world is a little different?",
    summary="What delays, noise, drift, failing actions and dynamics a tenth off leave of the best policy's advantage.",
    inspect=_inspect,
    group="sure",
    method=Method(
        formula="share left = (return under the disturbance - best floor) / (return without - best floor); where the "
        "dynamics of a declared spec differ, the gap share between floor and optimum of the changed spec",
        source="after Dulac-Arnold et al. 2021, Machine Learning 110; sticking actions: "
        "Machado et al. 2018, section 5.2; the threshold is scoper's own",
        inputs=("arrays", "model", "episodes"),
        threshold="a caution where the interval for a mild disturbance (5 % of actions or observations wrong, a drift, "
        "a parameter 10 % off) lies below one half; a note for a delay of one timestep, "
        "or where a better policy is known that was not disturbed; one half is a convention, not "
        "calibrated",
        failure="the policy is not planned or trained again, so one that knows of the disturbance may keep more; by "
        "stepping it is the planned policy, which may be weaker than what a learner finds; whole numbers among an "
        "environment's arguments are never varied",
    ),
    rank=95,
)
