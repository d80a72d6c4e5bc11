"""Does the reward rank the owner's examples as the owner does?

Preferred and undesired episodes are followed in the problem itself. An undesired one that earns more than a preferred
one shows that the reward pays for something else, unless only its seed was luckier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.domain.certificates import EpisodeTrace
from scoper.domain.findings import Finding
from scoper.domain.numbers import number


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A blocker where an undesired episode earns more, a caution where chance may have done it, else a remark."""
    return list(_all(evidence))


def _all(evidence: Evidence) -> Iterator[Finding]:
    examples = evidence.examples
    if examples.certain:
        yield _reversed(*examples.certain[0], certain=True)
    elif examples.doubtful:
        yield _reversed(*examples.doubtful[0], certain=False)
    elif examples.preferred and examples.undesired:
        least = min(trace.total_reward for trace in examples.preferred)
        most = max(trace.total_reward for trace in examples.undesired)
        how = "more than" if least > most else "as much as"
        claim = (
            f"every preferred episode earns at least {number(least)}, {how} the undesired ones (at most {number(most)})"
        )
        severity = "info" if least > most else "caution"
        yield Finding(code="examples_ranked", severity=severity, claim=claim, evidence={"least": least, "most": most})
    if examples.not_replayed:
        yield Finding(
            code="example_not_replayed",
            severity="caution",
            claim=f"examples of the owner could not be followed: {'; '.join(examples.not_replayed)}",
            remedy="write the actions as this problem takes them",
        )


def _reversed(undesired: EpisodeTrace, preferred: EpisodeTrace, *, certain: bool) -> Finding:
    earned = f"earns {number(undesired.total_reward)}, the preferred one '{preferred.policy}'"
    claim = f"the undesired episode '{undesired.policy}' {earned} {number(preferred.total_reward)}"
    numbers = {
        "undesired_return": undesired.total_reward,
        "preferred_return": preferred.total_reward,
        "undesired_seed": undesired.seed,
        "preferred_seed": preferred.seed,
    }
    if certain:
        return Finding(
            code="undesired_earns_more",
            defect="proxy_true_divergence",
            severity="blocker",
            claim=f"{claim}: the reward ranks them the other way round",
            evidence=numbers,
            remedy="look at which rewards the undesired episode collects, and pay for what tells the two apart",
        )
    return Finding(
        code="undesired_may_earn_more",
        severity="caution",
        claim=f"{claim}, but not with either seed: chance may have done it",
        evidence=numbers,
        remedy="give both examples the same seed",
    )


DIAGNOSTIC = Diagnostic(
    id="objective_examples",
    question="Does the reward rank the owner's examples as the owner does?",
    summary="Follows preferred and undesired episodes and compares their returns.",
    inspect=inspect,
    group="optimum",
    catches=("proxy_true_divergence",),
    method=Method(
        formula="R(undesired) > R(preferred) with the same seed, or with either seed of the two",
        source="preference consistency: Knox et al. 2023; trajectory alignment: Muslimani et al. 2025",
        inputs=("episodes", "objective"),
        threshold="any difference beyond rounding; none is calibrated",
        failure="examples that are short of the episode's end leave out what follows",
    ),
    rank=70,
)
