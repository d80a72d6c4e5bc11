"""Does learning succeed for every seed, or only for lucky ones?"""

from __future__ import annotations

from collections.abc import Sequence

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics.learner_beats_floors import beats_floors, floors_to_beat
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number
from scoper.domain.numbers import share as share_words

WIDE = 0.3
FEW = 0.1
"""Share of seeds that may end no better than a floor without a word."""


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution when over a tenth of the seeds fail, or they lie further apart than 30 % of floor to ceiling."""
    learner = evidence.best_learner
    samples = evidence.samples.get(learner or "", ())
    if learner is None or len(samples) < 2:
        return []
    width, (failed, floor) = _width(evidence, learner, samples), _failed(evidence, learner, samples)
    said = []
    if width > WIDE:
        words = "more than the whole way" if width > 1.0 else f"{share_words(width)} of the way"
        said.append(f"{words} from floor to ceiling apart: luck decides")
    if failed > FEW * len(samples):
        one = "ends" if failed == 1 else "end"
        said.append(f"{count(failed)} of {count(len(samples))} {one} no better than {floor}")
    if not said:
        return []
    return [
        Finding(
            code="seed_dispersion",
            severity="caution",
            claim=f"the {len(samples)} seeds of {learner} return {number(min(samples))} to {number(max(samples))}, "
            f"{'; '.join(said)}",
            evidence={"lowest": min(samples), "highest": max(samples), "share": width, "failed": failed},
            remedy="run more seeds before relying on one; try more steps or a smaller step size",
        )
    ]


def _width(evidence: Evidence, learner: str, samples: Sequence[float]) -> float:
    """How far the seeds are apart, as a share of floor to ceiling; 0 where these are not known."""
    share = evidence.gap_share
    if share is None or share.learner != learner:
        return 0.0
    floor, ceiling = evidence.returns[share.floor].mean, _ceiling(evidence, share.ceiling)
    return (max(samples) - min(samples)) / (ceiling - floor) if ceiling > floor else 0.0


def _failed(evidence: Evidence, learner: str, samples: Sequence[float]) -> tuple[int, str]:
    """How many seeds end no better than the best floor, though the learner as a whole is shown to, and that floor."""
    floors = floors_to_beat(evidence)
    if not floors or not beats_floors(evidence, learner):
        return 0, ""
    floor = max(floors, key=lambda name: evidence.returns[name].mean)
    bar = evidence.returns[floor].mean
    return sum(value <= bar for value in samples), f"{floor} ({number(bar)})"


def _ceiling(evidence: Evidence, name: str) -> float:
    if name in evidence.returns:
        return evidence.returns[name].mean
    if name == "declared target" and evidence.target is not None:
        return evidence.target
    seeds = [sample for learner in evidence.learners for sample in evidence.samples.get(learner, ())]
    return max([*seeds, *(summary.mean for summary in evidence.returns.values())])


DIAGNOSTIC = Diagnostic(
    id="seed_dispersion",
    question="Does learning succeed for every seed?",
    summary="Compares the spread over seeds with the distance from floor to ceiling.",
    inspect=inspect,
    group="learn",
    method=Method(
        formula="(best seed - worst seed) / (ceiling - floor), and the share of seeds that end no better than the "
        "best floor",
        source="own; on few seeds: Agarwal et al. 2021, Deep RL at the edge of the statistical precipice",
        inputs=("learner",),
        threshold="a caution above 30 % apart or above one seed in ten failing; conventions, not calibrated",
        failure="few seeds say little about rare failures; where the ceiling is only the best seed, the spread is a "
        "lower bound",
    ),
)
