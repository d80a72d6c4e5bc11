"""Is the observation enough, or does the past tell what it does not: which variable, and how many frames would do?

By stepping, conditional independence of the past is tested; what only a bound of the observation hides, what does not
bear on the reward, and what a drifting simulator brings about are told apart. On a spec's own arrays with an
`observation` the best rule without memory is searched for and held against the optimum.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._bearing import CLOCKS, bears_on_return, is_gone
from scoper.diagnostics._memoryless import memoryless_loss
from scoper.diagnostics._sampled import END, drift_of, matters, mixture_of, order_of, readable, wander_of
from scoper.domain.empirical import EmpiricalModel
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number, share
from scoper.numerics.markov_order import Dependency

LOSS = 0.05


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution with the variable and what would show it; an info where what is hidden bears on nothing."""
    if evidence.table is not None and evidence.observed is not None:
        return _declared(evidence)
    model = readable(evidence)
    if model is None:
        return []
    found = [d for d in order_of(model).found if not (d.outcome == END and d.kind in CLOCKS)]
    if not found:
        return _per_episode(model)
    if all(d.kind == "first" for d in found) and is_gone(model, found):
        return []
    bears = [d for d in found if bears_on_return(model, d)]
    if not bears:
        return [_harmless(found[0])]
    if _drifts(model) and all(d.kind in ("reward", "first", "observation", "action") for d in bears):
        return []
    return [_caution(model, bears)]


def _per_episode(model: EmpiricalModel) -> Sequence[Finding]:
    """A caution where every episode has a rule of its own that is not shown, and that bears on what to do."""
    effects = [
        effect
        for effect in mixture_of(model)
        if (effect.turns if effect.outcome == "reward" else effect.outcome == END or _used(model, effect.outcome))
    ]
    if not effects or _drifts(model):
        return []
    first = effects[0]
    return [
        Finding(
            code="non_markov_observation",
            defect="non_markov_observation",
            severity="caution",
            claim=f"every episode has something of its own that is not shown: {first.outcome} differs by "
            f"{first.size:.2g} standard deviations from one to the next, with observation and action alike",
            evidence={"basis": "measured", "outcome": first.outcome, "size": first.size, "p": first.p},
            remedy="show what reset draws, or use a policy with memory",
        )
    ]


def _used(model: EmpiricalModel, outcome: str) -> bool:
    return outcome.removeprefix("next ") in matters(model)


def _drifts(model: EmpiricalModel) -> bool:
    return bool(drift_of(model).drifts or wander_of(model).waves)


def _caution(model: EmpiricalModel, bears: list[Dependency]) -> Finding:
    order, first = order_of(model), bears[0]
    what, remedy = _words(first, order.frames)
    claim = (
        f"the observation is not enough: {what} explains {share(first.gain)} of what is left open of {first.outcome}"
    )
    return Finding(
        code="non_markov_observation",
        defect="non_markov_observation",
        severity="caution",
        claim=claim,
        evidence={
            "basis": "measured",
            "timesteps": order.n_rows,
            "frames": order.frames,
            "dependencies": [_row(d) for d in bears],
        },
        remedy=remedy,
    )


def _words(found: Dependency, frames: int | None) -> tuple[str, str]:
    """The clue in words, and what would show it."""
    ago = "one timestep before" if found.lag == 1 else f"{found.lag} timesteps before"
    if found.kind == "observation":
        enough = f"the last {frames} observations" if frames and frames > 1 else "the last few observations"
        speed = f", or the speed of {found.name}" if found.outcome == f"next {found.name}" else ""
        return f"{found.name} {ago}", f"show {enough} (a frame stack){speed}; or use a policy with memory"
    if found.kind == "action":
        return f"the action {ago}", "show the last actions in the observation"
    if found.kind == "timestep":
        return "the timestep", "show the time that is left in the observation"
    if found.kind == "period":
        return f"the time modulo {found.lag}", f"show where in the period of {found.lag} timesteps it is"
    if found.kind == "first":
        return f"{found.name} at the start", f"keep {found.name} of the first observation in every observation"
    return "the last reward", "show the variable that both rewards depend on, or the last reward itself"


def _row(found: Dependency) -> dict[str, object]:
    names = ("outcome", "kind", "name", "lag", "gain", "share", "p")
    return {name: getattr(found, name) for name in names}


def _harmless(found: Dependency) -> Finding:
    what, _ = _words(found, None)
    claim = f"{what} tells more of {found.outcome} than the observation, but nothing that bears on what to do"
    return Finding(code="hidden_but_harmless", severity="info", claim=claim, evidence={"dependencies": [_row(found)]})


def _declared(evidence: Evidence) -> Sequence[Finding]:
    """The best rule without memory that was found, against the optimum of those who see the state."""
    found = memoryless_loss(evidence)
    if found is None or found.share_lost <= LOSS:
        return []
    claim = (
        f"{count(found.n_states)} states look like {count(found.n_observations)}: the best rule found that sees no "
        f"more returns {number(found.reached)}, the state would allow {number(found.best)}"
    )
    return [
        Finding(
            code="non_markov_observation",
            defect="non_markov_observation",
            severity="caution",
            claim=claim,
            evidence={"basis": "measured", "share_lost": found.share_lost, "searches": found.searches},
            remedy="observe what tells these states apart, or use a policy with memory",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="non_markov_observation",
    question="Is the observation enough?",
    summary="Tests whether the past tells what observation and action do not, and whether that bears on the return.",
    inspect=inspect,
    group="observation",
    catches=("non_markov_observation",),
    method=Method(
        formula="covariance of what present observation and action leave of an outcome and of a clue from the past; "
        "on arrays the loss of the best memoryless rule found",
        source="Shah and Peters 2020 (generalised covariance measure), Westfall and Young 1993; own search on arrays",
        inputs=("model", "arrays"),
        threshold="corrected p below 0.01, and the clue explains a tenth of what is open and 2 % of all; on arrays "
        "5 % of the gain over chance. False alarms by simulation (tests/benchmarks/observation_rates.py); dev half.",
        failure="cues that lie further back than four timesteps and are not the first observation; observations "
        "that cannot be read as numbers",
    ),
    rank=42,
)
