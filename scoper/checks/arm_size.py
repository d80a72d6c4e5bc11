"""How many decisions each alternative needs before a difference can be told."""

from __future__ import annotations

from scoper.checks import Check, Given, Param
from scoper.domain.checks import Fault, Listing, Outcome, Quantity
from scoper.domain.numbers import count, number, share
from scoper.errors import Problem, UsageError
from scoper.numerics.proportions import per_arm, per_arm_of_means


def run(given: Given) -> Outcome:
    """Decisions per arm and in all, and the days they take."""
    arms, error, power = int(given.number("arms")), given.number("error"), given.number("power")
    gain, base, sd = given.number("gain"), given.get("base"), given.get("sd")
    if (base is None) == (sd is None):
        message = "either --base (a share) or --sd (of a number) is needed"
        raise UsageError(Problem("check-option", message))
    if base is not None and not 0.0 < base + gain < 1.0:
        message = f"--base {base:g} and --gain {gain:g} together are no share: {base + gain:g}"
        raise UsageError(Problem("check-option", message, remedy="--gain is in the same unit: 2 points are 0.02"))

    def size(difference: float) -> int:
        if base is not None:
            return per_arm(base, base + difference, error=error, power=power, comparisons=arms - 1)
        return per_arm_of_means(difference, float(sd), error=error, power=power, comparisons=arms - 1)

    each = size(gain)
    words = (
        f"{arms - 1} comparisons with today's share the error of {share(error)}"
        if arms > 2
        else f"Chance of a false alarm {share(error)}"
    ) + f"; {share(power)} of such tests show it."
    quantities = [
        Quantity(name="decisions per arm", value=float(each), unit="decisions", basis="extrapolated", words=words),
        Quantity(name="decisions in all", value=float(each * arms), unit="decisions", basis="extrapolated"),
    ]
    faults = []
    per_day = given.get("per_day")
    if per_day:
        days = each * arms / per_day
        quantities.append(
            Quantity(name="days", value=days, unit="days", basis="extrapolated", words="All decisions used.")
        )
        most = given.get("most_days")
        if most is not None and days > most:
            claim = f"{number(days)} days are needed, {number(most)} are there"
            remedy = "fewer arms, a larger difference to look for, or an outcome that varies less"
            faults.append(Fault(code="too_slow", severity="blocker", claim=claim, remedy=remedy))
    factors = [f for f in (0.5, 0.75, 1.0, 1.5, 2.0) if base is None or 0.0 < base + f * gain < 1.0]
    rows = [(number(f * gain), count(size(f * gain)), count(arms * size(f * gain))) for f in factors]
    listing = Listing(title="By difference", header=("difference", "per arm", "in all"), rows=tuple(rows))
    headline = f"{count(each)} decisions per arm, {count(each * arms)} in all, tell a difference of {number(gain)}."
    return Outcome(headline=headline, quantities=tuple(quantities), listings=(listing,), faults=tuple(faults))


CHECK = Check(
    id="arm_size",
    technique="contextual_bandit",
    summary="Decisions per arm until a difference of a share or a mean can be told, and the days they take.",
    question="How many decisions does each alternative need?",
    inputs=(),
    params=(
        Param("gain", "number", "The difference worth finding, in the unit of the outcome.", required=True, low=1e-9),
        Param("base", "share", "Today's share, where the outcome is yes or no.", open_ends=True),
        Param("sd", "number", "The standard deviation of the outcome, where it is a number.", low=0, open_ends=True),
        Param("arms", "whole", "Alternatives, today's included.", 2, low=2, high=1_000),
        Param("error", "share", "Chance to see a difference where there is none.", 0.05, open_ends=True),
        Param("power", "share", "Chance to see the difference where it is.", 0.8, open_ends=True),
        Param("per_day", "number", "Decisions a day.", low=0, open_ends=True),
        Param("most_days", "number", "Days that there are.", low=0, open_ends=True),
    ),
    run=run,
    formula=(
        "Shares: (z_a sqrt(2 m (1 - m)) + z_b sqrt(p (1 - p) + q (1 - q)))^2 / (p - q)^2, m the mean "
        "of p and q; numbers: "
        "2 ((z_a + z_b) sd / difference)^2. The error is shared among the comparisons (Bonferroni)."
    ),
    source="Fleiss, Levin, Paik (2003), eq. 4.14, without continuity correction; normal approximation",
    shows_not=(
        "what an adaptive bandit needs, which sends fewer decisions to bad arms and tells "
        "differences less surely; nor that "
        "each group of customers differs alike."
    ),
    example="bandit arm-size --base 0.10 --gain 0.05 --per-day 200",
)
