"""How much is left to gain over the rules that the owner already has?"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.domain.findings import Finding
from scoper.domain.numbers import number

LITTLE = 0.02


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """For the best named rule: what the optimum adds; a caution when that is hardly anything, or random is better."""
    name, random, blind = evidence.owners_rule, evidence.returns.get("random"), evidence.blind
    if name is None or random is None or blind is None:
        return []
    rule = evidence.returns[name]
    if rule.high < random.low - 1e-9 * evidence.scale():
        return [_below_random(name, rule.mean, random.mean)]
    if evidence.optimal is None or evidence.optimal <= random.mean:
        return []
    return [_left_to_gain(name, rule.mean, evidence.optimal, evidence.optimal - blind, 1e-9 * evidence.scale())]


def _below_random(name: str, rule: float, random: float) -> Finding:
    return Finding(
        code="reference_below_random",
        severity="caution",
        claim=f"the rule '{name}' returns {number(rule)}, less than random actions ({number(random)}): "
        "it does worse than deciding nothing at all",
        evidence={"rule": name, "return": rule, "random": random},
        remedy="check that the rule stands in the spec as it is used; if it does, leaving it already is a gain",
    )


def _left_to_gain(name: str, rule: float, optimal: float, span: float, rounding: float) -> Finding:
    """What the rule leaves, as a share of `span`: the way from the best that looks neither at the state nor ahead."""
    left = max(0.0, optimal - rule)
    little = left <= max(LITTLE * span, rounding)
    numbers = {"rule": name, "return": rule, "optimal": optimal}
    return Finding(
        code="reference_optimal" if little else "reference_gap",
        severity="caution" if little else "info",
        claim=f"the rule '{name}' returns {number(rule)} of at most {number(optimal)}: {number(left)} is left to gain",
        evidence=numbers | ({"share_left": left / span} if span > rounding else {}),
        remedy="weigh this gain against the cost of learning and running a policy",
    )


DIAGNOSTIC = Diagnostic(
    id="reference_optimal",
    question="How much is left to gain over the rules that exist?",
    summary="Compares the owner's best rule with the exact optimum.",
    inspect=inspect,
    group="sure",
    method=Method(
        formula="optimum - return of the owner's best rule, as a share of optimum - best of random, idle and constant",
        source="own",
        inputs=("arrays", "episodes"),
        threshold="a caution at or below 2 % left, a convention; below random, by intervals that stand apart",
        failure="silent where no rule is declared; below an optimum that is not proved only the comparison with "
        "random is made",
    ),
)
