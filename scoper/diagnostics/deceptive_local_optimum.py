"""Does the first thing that pays lead away from what pays most?

Whoever improves on random play step by step settles for what random play meets. Where that ends less than half way to
the best known return, and the rest is hardly ever met by chance, learners stop at the lure.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics._rarity import hidden_reward
from scoper.diagnostics.hard_exploration import chance_words, is_deceptive, numbers_of
from scoper.domain.findings import Finding
from scoper.domain.numbers import number, share


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution when the first improvement on random play is lured away from rewards that chance hardly meets."""
    hidden = hidden_reward(evidence, held=False)
    if hidden is None or not is_deceptive(hidden) or hidden.settled is None:
        return []
    claim = (
        f"what improves on random play settles for rewards of {number(hidden.lure)}, "
        f"{share(max(0.0, hidden.settled))} of the way to the best known return; "
        f"rewards of {number(hidden.level)} are met by random actions in {chance_words(hidden)}"
    )
    return [
        Finding(
            code="deceptive_local_optimum",
            defect="deceptive_local_optimum",
            severity="caution",
            claim=claim,
            evidence={**numbers_of(hidden), "lure": hidden.lure, "share_settled_for": hidden.settled},
            remedy="take the lure away or pay less for it, start some episodes beyond it, or pay for the way to the "
            "better goal (potential-based, Ng et al. 1999)",
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="deceptive_local_optimum",
    question="Does the first thing that pays lead away from what pays most?",
    summary="What a first improvement on random play settles for, against the best known policy.",
    inspect=inspect,
    group="reach",
    catches=("deceptive_local_optimum",),
    method=Method(
        formula="share = (J(greedy for Q of random play) - floor) / (J(best) - floor)",
        source="policy improvement, Howard 1960; deceptive rewards as in Lehman and Stanley 2011",
        inputs=("arrays or model", "episodes"),
        threshold="share below 1/2, the lure at least 5 % of the way to the hidden reward, which is hidden as in "
        "hard_exploration; calibrated on the development half",
        failure="learners go on improving: a lure that the second improvement leaves behind is named all the same",
    ),
    rank=29,
)
