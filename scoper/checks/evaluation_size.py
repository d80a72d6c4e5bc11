"""How many evaluation cases a claim needs, exactly; and what a result that is there already shows."""

from __future__ import annotations

from scoper.checks import Check, Given, Param
from scoper.domain.checks import Fault, Listing, Outcome, Quantity
from scoper.domain.numbers import count, share
from scoper.errors import Problem, UsageError
from scoper.numerics.proportions import at_most, lower_share, trials_needed, upper_share

_FAILURES = (0, 1, 2, 3, 4, 5, 10, 20)
_ENOUGH = 0.8
_MOST_FAILURES = 5_000


def run(given: Given) -> Outcome:
    """Cases needed for the claim, by failures among them."""
    target, confidence = given.number("target"), given.number("confidence")
    passes, cases = given.get("passes"), given.get("cases")
    try:
        sizes = {k: trials_needed(target, confidence, k) for k in _FAILURES}
    except ValueError as error:
        raise UsageError(Problem("check-option", f"--target {target:g}: {error}")) from None
    claim = f"at least {share(target)} with {share(confidence)} confidence"
    quantities = [
        Quantity(
            name="cases needed, all of them passing",
            value=float(sizes[0]),
            unit="cases",
            basis="proved",
            words=f"The fewest of which every one passing shows {claim}.",
        )
    ]
    listing = Listing(
        title=f"To show {claim}",
        header=("failures among them", "cases needed"),
        rows=tuple((str(k), count(n)) for k, n in sizes.items()),
        note="Decide on the number before looking: adding cases until it fits shows less than it says.",
    )
    headline = (
        f"{count(sizes[0])} of {count(sizes[0])} passing cases show {claim}; one failure takes {count(sizes[1])}."
    )
    if given.get("true") is not None:
        quantities += _planned(given, target, confidence)
    if passes is None and cases is None:
        return Outcome(headline=headline, quantities=tuple(quantities), listings=(listing,))
    given.require("passes", "cases")
    return _judged(int(passes), int(cases), target, confidence, quantities, listing)


def _planned(given: Given, target: float, confidence: float) -> list[Quantity]:
    """The size at which a system of this true rate shows the target in four of five evaluations."""
    true = given.number("true")
    if true <= target:
        message = f"--true {true:g} is not above the target {target:g}, so no number of cases shows it"
        raise UsageError(Problem("check-option", message))
    failures = next((k for k in range(_MOST_FAILURES) if _power(k, target, confidence, true) >= _ENOUGH), None)
    if failures is None:
        message = f"--true {true:g} is too near the target {target:g} to plan for"
        raise UsageError(Problem("check-option", message))
    size = trials_needed(target, confidence, failures)
    chance = share(_power(failures, target, confidence, true))
    words = (
        f"If {share(true)} really pass: {failures} failures are allowed, and {chance} of evaluations show the target."
    )
    return [Quantity(name="cases to plan for", value=float(size), unit="cases", basis="proved", words=words)]


def _power(failures: int, target: float, confidence: float, true: float) -> float:
    """The chance to show the target with the fewest cases that allow so many failures, the best number for them."""
    return at_most(failures, trials_needed(target, confidence, failures), 1.0 - true)


def _judged(
    passes: int, cases: int, target: float, confidence: float, quantities: list[Quantity], listing: Listing
) -> Outcome:
    if passes > cases or cases == 0:
        raise UsageError(Problem("check-option", f"--passes {passes} of --cases {cases} cannot be"))
    low, high = lower_share(passes, cases, confidence), upper_share(passes, cases, confidence)
    quantities.append(
        Quantity(
            name="pass rate",
            value=passes / cases,
            low=low,
            high=high,
            unit="share",
            basis="measured",
            words=f"Each bound alone holds with {share(confidence)} confidence (Clopper and Pearson).",
        )
    )
    if low >= target:
        headline = (
            f"{passes} of {cases} show at least {share(low)} with {share(confidence)} "
            f"confidence: {share(target)} is met."
        )
        return Outcome(headline=headline, quantities=tuple(quantities), listings=(listing,))
    if high < target:
        headline = f"{passes} of {cases} show that {share(target)} is missed: at most {share(high)}."
        fault = Fault(code="target_missed", severity="blocker", claim=headline.rstrip("."))
        return Outcome(headline=headline, quantities=tuple(quantities), listings=(listing,), faults=(fault,))
    need = trials_needed(target, confidence, cases - passes)
    headline = (
        f"{passes} of {cases} show at least {share(low)} only; with {cases - passes} failures {share(target)} takes "
        f"{count(need)} cases."
    )
    fault = Fault(
        code="not_shown",
        severity="caution",
        claim=headline.rstrip("."),
        remedy="plan a new evaluation of fresh cases of that size; do not go on with these until it fits",
    )
    return Outcome(headline=headline, quantities=tuple(quantities), listings=(listing,), faults=(fault,))


CHECK = Check(
    id="evaluation_size",
    technique="llm_orchestration",
    summary="How many cases an evaluation needs for a claim of a pass rate, exactly, by failures among them.",
    question="How many cases must pass to show the target?",
    inputs=(),
    params=(
        Param("target", "share", "The pass rate to show.", 0.95, open_ends=True),
        Param("confidence", "share", "How sure to be.", 0.95, low=0.5, high=1.0, open_ends=True),
        Param("true", "share", "The rate you believe in, to plan a size that shows the target in 80 % of evaluations."),
        Param("passes", "whole", "How many passed, of an evaluation that is there already.", low=0),
        Param("cases", "whole", "How many cases it had.", low=0, high=10_000_000),
    ),
    run=run,
    formula=(
        "The smallest n with P(X <= failures) <= 1 - confidence, X binomial with n cases of failure chance 1 - target."
    ),
    source="Clopper and Pearson (1934), one-sided; without failures Wilks (1941): 59 of 59 for 95 % at 95 %",
    shows_not=(
        "that the cases are like those to come, that the grader is right, or that a case passes every time (pass-k)."
    ),
    example="llm evaluation-size --target 0.95 --passes 57 --cases 60",
)
