"""What a check of a simulator came to beside its deviations: a hidden variable, notes, what it could see; as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from scoper.numerics.clues import Clue
from scoper.numerics.dependence import Dependence
from scoper.numerics.deviation import REWARD, SPREAD
from scoper.services.conform_causes import OtherAction
from scoper.services.conform_deviations import deviations, verdict
from scoper.services.conform_tests import clue_words, odds_words, outcome_words
from scoper.services.conforming import Checked
from scoper.services.numbers import count, number, share


def notes(checked: Checked) -> tuple[str, ...]:
    """What could not be tested, or differs without being a deviation."""
    column, horizon = checked.code.sample.column, checked.spec.horizon
    found = list(checked.collected.notes)
    cut = np.flatnonzero((column["truncated"] != 0) & (column["terminated"] == 0))
    longest = int(column["timestep"].max(initial=-1)) + 1
    if horizon is None and cut.size:
        after = int(column["timestep"][cut[0]]) + 1
        found.append(f"the simulator truncates after {count(after)} timesteps; the spec has no horizon")
    if horizon is not None and longest > horizon and not cut.size:
        found.append(
            f"the simulator went on beyond the horizon of {count(horizon)} timesteps without truncating: whoever "
            "trains with it has to add the time limit"
        )
    elif horizon is not None and longest < horizon:
        found.append(f"no episode reached the horizon of {count(horizon)} timesteps: truncation was not seen")
    if checked.spec.available is not None and not checked.collected.has_masks:
        found.append("the simulator tells no action_mask: what it does with forbidden actions was not tried")
    if not checked.collected.in_time:
        found.append("the budget ended before all timesteps were taken")
    compared = int((checked.found.transition >= 0).sum())
    if not compared:
        found.append("no step could be compared, so rewards were not tested")
    elif checked.unpaid:
        names = ", ".join(f"'{name}'" for name in checked.unpaid)
        which = "no step" if compared == checked.code.action.size else f"none of the {count(compared)} comparable steps"
        found.append(f"{which} paid {names}: nothing about {'it' if len(checked.unpaid) == 1 else 'them'} was tested")
    skipped = checked.code.action.size - checked.code.used.size
    if skipped:
        found.append(f"{count(skipped)} steps began in a state that the spec does not have, and were left out")
    return tuple(found)


RESOLVED = 0.3
"""A total-variation distance at which a pair's law would have been rejected counts as resolved from here on."""


@dataclass(frozen=True)
class Hidden:
    """The strongest candidate for a hidden variable."""

    claim: str
    outcome: str
    variable: str
    lag: int
    kind: str
    share: float | None
    p: float | None
    remedy: str


def hidden_variable(checked: Checked) -> Hidden | None:
    """What the next state or the reward depends on beside the spec's state and action, if anything was found."""
    other = checked.other_action
    strongest = _strongest(checked.dependences)
    if other is not None and other.lag and (strongest is None or strongest.clue.kind != "told"):
        return _delay(other, strongest)
    if strongest is None:
        return None
    return _hidden(strongest)


def _delay(other: OtherAction, strongest: Dependence | None) -> Hidden:
    """An action that works later."""
    steps = "one timestep" if other.lag == 1 else f"{other.lag} timesteps"
    outcome = "the next state" if strongest is None else outcome_words(strongest.outcome)
    before = clue_words(Clue("previous_action", other.name, np.zeros(0), other.lag))
    claim = f"{outcome} depends on {before}: the simulator applies {other.name} {steps} later than the spec"
    claim += f"; with that delay impossible steps go from {share(other.before[0])} to {share(other.impossible)}, "
    claim += f"the surprise from {number(other.before[1])} to {number(abs(other.surprise))} nats a step"
    portion, p = (strongest.share, strongest.adjusted) if strongest else (None, None)
    name = strongest.outcome if strongest else ""
    remedy = _pipeline(other.name, other.lag)
    return Hidden(claim, name, other.name, other.lag, "previous_action", portion, p, remedy)


def _pipeline(name: str, lag: int) -> str:
    return f"add {name} on its way to the state: {lag} variable{'s' if lag > 1 else ''}, the newest with `next: {name}`"


def _strongest(found: tuple[Dependence, ...]) -> Dependence | None:
    """The strongest about a next state, whose consequence a reward may be; its mean before its spread."""
    for kind in (
        [d for d in found if not d.outcome.endswith(SPREAD) and d.outcome != REWARD],
        [d for d in found if d.outcome == REWARD],
    ):
        if kind:
            return kind[0]
    return found[0] if found else None


def _hidden(d: Dependence) -> Hidden:
    clue = d.clue
    claim = f"{outcome_words(d.outcome)} depends on {clue_words(clue)}: it explains {share(d.share)} of the variance"
    claim += " that state and action"
    claim += f" leave ({odds_words(d.adjusted)}, {count(d.n)} steps)"
    ends = sorted(d.effects, key=lambda e: e[1])
    if len(ends) > 1 and not d.outcome.endswith(SPREAD):
        low, high = ends[0], ends[-1]
        claim += f"; {number(low[1])} on average near {low[0]:g}, {number(high[1])} near {high[0]:g}"
    remedy = {
        "previous_state": f"add the previous {clue.name} as a state variable, with `next: {clue.name}`",
        "previous_action": f"add the previous {clue.name} as a state variable, with `next: {clue.name}`",
        "state": "",
        "action": "",
        "timestep": "add the timestep as a state variable that counts up",
        "period": f"add a state variable phase from 0 to {clue.lag - 1}, with `next: (phase + 1) % {clue.lag}`",
        "episode": "the simulator changes from episode to episode: find what reset does not reset",
        "repeated": f"add the previous {clue.name} as a state variable, with `next: {clue.name}`",
        "previous_reward": "add what the reward tells of the past as a state variable",
        "recent": f"add a state variable that remembers {clue.name}, such as a running mean in steps",
        "since": f"add the timesteps since the last {clue.name} as a state variable",
        "told": f"add {clue.name} as a state variable",
    }[clue.kind]
    return Hidden(claim, d.outcome, clue.name, clue.lag, clue.kind, d.share, d.adjusted, remedy)


def cause(checked: Checked) -> str:
    """What would explain deviating transitions and is no hidden variable; empty where nothing does."""
    other = checked.other_action
    if other is None or other.lag:
        return ""
    return f"the simulator behaves as if {other.name} were always {other.constant}: it seems to ignore {other.name}"


def document(checked: Checked) -> dict[str, Any]:
    """The check as `scoper conform --json` prints it."""
    found, code = checked.found, checked.code
    visited, there = checked.coverage
    hidden = hidden_variable(checked)
    return {
        "format": 1,
        "spec": {"name": checked.spec.name, "digest": checked.digest},
        "simulator": checked.simulator,
        "verdict": verdict(checked),
        "deviations": [asdict(d) for d in deviations(checked)],
        "hidden_variable": None if hidden is None else asdict(hidden),
        "cause": cause(checked) or None,
        "steps": int(code.action.size),
        "episodes": int(code.begins.size),
        "coverage": {"pairs_visited": visited, "pairs_reachable": there, "share": visited / max(1, there)},
        "detectable": {**detectable(checked), "level": found.level},
        "tests": {"count": len(found.tests), "rejected": len(found.rejected), "family_wise_error": found.level},
        "mapping": dict(checked.collected.sources),
        "action_codes": dict(checked.collected.actions),
        "notes": list(notes(checked)),
        "seed": checked.seed,
        "basis": "measured",
    }


def detectable(checked: Checked) -> dict[str, Any]:
    """What would have been shown: shifts of means, the total-variation distance of pairs, and unlikely transitions."""
    found = checked.found
    names = [name for name in found.residual_names[:-1] if not name.endswith(SPREAD)]
    shifts = {f"next.{name}": float(shift) for name, shift in zip(names, found.shifts, strict=True)}
    visits = found.visits[found.visits > 0]
    median = float(np.median(visits)) if visits.size else 0.0
    resolved = int((found.resolution[found.visits > 0] <= RESOLVED).sum())
    best = found.resolution[found.visits > 0]
    return {
        "mean_shift": shifts,
        "median_visits": median,
        "pairs_resolved": resolved / max(1, checked.coverage[1]),
        "pairs_resolved_at": RESOLVED,
        "pair_distance_median": float(np.median(best)) if best.size else 1.0,
        "pair_distance_best": float(best.min()) if best.size else 1.0,
        "unexpected_transition": min(1.0, 3.0 / median) if median else 1.0,
    }
