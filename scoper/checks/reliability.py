"""A chain of dependent steps: what each must reach for the whole to reach its target, and what retries bring."""

from __future__ import annotations

from scoper.checks import Check, Given, Param
from scoper.domain.checks import Fault, Listing, Outcome, Quantity
from scoper.domain.numbers import share

_LENGTHS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 50)


def per_step(target: float, steps: int) -> float:
    """T^(1/n): what each of n independent steps must reach, all of them having to succeed."""
    return float(target ** (1.0 / steps))


def with_retries(p: float, caught: float, retries: int) -> float:
    """The chance that a step ends right when a share `caught` of its errors is noticed and tried again.

    p sum over i <= retries of ((1 - p) caught)^i: geometric, attempts independent (own).
    """
    again = (1.0 - p) * caught
    return p * sum(again**i for i in range(retries + 1))


def most_steps(p: float, target: float, longest: int = 100_000) -> int:
    """How many steps of chance p may depend on each other before the whole falls below the target."""
    steps, whole = 0, 1.0
    while steps < longest and whole * p >= target - 1e-12:
        whole *= p
        steps += 1
    return steps


def run(given: Given) -> Outcome:
    """What the chain needs, and what it has where the steps' rate is known."""
    steps, target = int(given.number("steps")), given.number("target")
    needed = per_step(target, steps)
    quantities = [
        Quantity(
            name="each step must succeed in",
            value=needed,
            unit="share",
            basis="proved",
            words=f"{share(target)} to the power of 1/{steps}; steps fail independently, all must succeed.",
        ),
        Quantity(
            name="failures allowed per 1,000 runs of a step",
            value=1000.0 * (1.0 - needed),
            basis="proved",
            words="",
        ),
    ]
    p = given.get("per_step")
    listing = _table(target, p, given)
    if p is None:
        headline = f"For {share(target)} over {steps} dependent steps each step has to succeed in {_fine(needed)}."
        return Outcome(headline=headline, quantities=tuple(quantities), listings=(listing,))
    caught, retries = given.number("caught"), int(given.number("retries"))
    reached = with_retries(p, caught, retries)
    whole = reached**steps
    quantities += [
        Quantity(
            name="one step with retries", value=reached, unit="share", basis="declared", words=_retried(caught, retries)
        ),
        Quantity(
            name="the whole chain",
            value=whole,
            unit="share",
            basis="declared",
            words=f"{_fine(reached)} to the power of {steps}.",
        ),
        Quantity(
            name="longest chain that reaches the target",
            value=float(most_steps(reached, target)),
            unit="steps",
            basis="declared",
        ),
    ]
    if whole >= target:
        headline = f"{steps} steps of {_fine(reached)} reach {share(whole)}, the target being {share(target)}."
        return Outcome(headline=headline, quantities=tuple(quantities), listings=(listing,))
    headline = (
        f"{steps} steps of {_fine(reached)} reach {share(whole)} only; {share(target)} needs {_fine(needed)} each."
    )
    fault = Fault(
        code="below_target",
        severity="caution",
        claim=headline.rstrip("."),
        remedy=(
            "fewer dependent steps, a check after a step that catches its errors, or a better step; measure it first"
        ),
    )
    return Outcome(headline=headline, quantities=tuple(quantities), listings=(listing,), faults=(fault,))


def _retried(caught: float, retries: int) -> str:
    return f"{retries} retries, each when the step's own check notices the error ({share(caught)} of errors)."


def _fine(value: float) -> str:
    return share(value) if value < 0.995 else f"{100 * value:.3f} %"


def _table(target: float, p: float | None, given: Given) -> Listing:
    reached = None if p is None else with_retries(p, given.number("caught"), int(given.number("retries")))
    header = ("steps", "each must reach", *(() if reached is None else (f"at {_fine(reached)} each",)))
    rows = tuple(
        (str(n), _fine(per_step(target, n)), *(() if reached is None else (share(reached**n),))) for n in _LENGTHS
    )
    return Listing(title=f"For {share(target)} in all", header=header, rows=rows)


CHECK = Check(
    id="reliability",
    technique="llm_orchestration",
    summary="What each of several dependent steps has to reach for the whole to reach its target, retries included.",
    question="How good must each step be for the whole chain to be good enough?",
    inputs=(),
    params=(
        Param("steps", "whole", "How many steps depend on each other.", required=True, low=1, high=100_000),
        Param("target", "share", "What the whole has to reach.", 0.95, open_ends=True),
        Param("per_step", "share", "What one step reaches, from your own measurement."),
        Param("caught", "share", "Share of a step's errors that a program notices at once.", 0.0),
        Param("retries", "whole", "How often a noticed error is tried again.", 0, low=0, high=100),
    ),
    run=run,
    formula=(
        "p = T^(1/n) for n steps that fail independently and all have to succeed; with r retries of errors that are "
        "noticed with chance c a step ends right with p (1 + (1 - p) c + ... + ((1 - p) c)^r)."
    ),
    source="series systems as in Barlow and Proschan (1965); the sum for retries is geometric, own",
    shows_not=(
        "what a step reaches: measure it. Errors that come together (one hard case fails everywhere) "
        "make the product too "
        "low, errors that lead to others make it too high; pass-k measures whole tasks."
    ),
    example="llm reliability --steps 8 --target 0.95 --per-step 0.97",
)
