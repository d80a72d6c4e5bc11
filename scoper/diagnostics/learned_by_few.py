"""Did some seeds surely learn it, though the learner as a whole is not shown to?

A policy that training found and that returns more than every floor on fresh episodes is there, however many other
seeds found none: as with any search that is begun anew several times. It says that the reward can be learned from, and
nothing of what a further seed would do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoper.diagnostics import Diagnostic, Evidence, Method
from scoper.diagnostics.learner_beats_floors import beats_floors, every_floor, floors_to_beat
from scoper.domain.findings import Finding
from scoper.domain.numbers import count, number
from scoper.domain.numbers import share as share_words
from scoper.numerics.betting import lower_bound
from scoper.numerics.needed import trials_to_see

ERROR = 0.01
"""Greatest chance that any policy at all is called better than the floors though it is not."""
_MOST_POLICIES = 500  # that a probe trains: rungs of timesteps times seeds times learners, whatever they return
_SURE = 0.05  # chance that so many further seeds all fail again


@dataclass(frozen=True)
class Few:
    """Seeds of a learner that surely do better than the floors.

    mean: return of the best of them on its `n_episodes` fresh episodes, surely more than `low`, which is more than
    `bar`, the most that any floor returns.
    """

    learner: str
    n_learned: int
    n_seeds: int
    n_episodes: int
    mean: float
    low: float
    bar: float

    @property
    def does(self) -> str:
        """The verb for so many seeds."""
        return "learns it" if self.n_learned == 1 else "learn it"

    @property
    def remedy(self) -> str:
        """What to do: how many seeds to train so that one at least learns it but for 5 %, if they come as these did."""
        if self.n_learned == self.n_seeds:
            return "train more seeds: so few that all learned it may all be lucky ones"
        wanted = trials_to_see(self.n_learned / self.n_seeds, _SURE)
        return (
            f"train about {count(wanted)} seeds and keep the best, chosen on other episodes than it is reported on; a "
            "shaped reward or more timesteps may spare that"
        )


def learned_by_few(evidence: Evidence) -> Few | None:
    """The learner most of whose seeds surely do better than the floors; None without any, or where one is shown."""
    floors = [evidence.returns[name] for name in floors_to_beat(evidence)]
    if not floors or any(beats_floors(evidence, learner) for learner in evidence.learners):
        return None
    seen = [value for seeds in evidence.of_seeds.values() for episodes in seeds for value in episodes]
    low = min([evidence.lowest, *seen])
    if not math.isfinite(low):
        return None
    found = []
    for learner, seeds in evidence.of_seeds.items():
        decision = evidence.decisions.get(learner)
        known = [floor.high for floor in floors]
        bar = max(known if decision is None else [*known, decision.bar_high])
        measured = [np.asarray(episodes) for episodes in seeds if episodes and np.isfinite(episodes).all()]
        sure = [(episodes, lower_bound(episodes, low, ERROR / _MOST_POLICIES)) for episodes in measured]
        above = [(float(episodes.mean()), least, episodes.size) for episodes, least in sure if least > bar]
        if above:
            mean, least, n_episodes = max(above)
            found.append(Few(learner, len(above), len(seeds), n_episodes, mean, least, bar))
    return max(found, key=lambda few: (few.n_learned / few.n_seeds, few.mean), default=None)


def inspect(evidence: Evidence) -> Sequence[Finding]:
    """A caution with the seeds that learned it, and how many it takes."""
    few = learned_by_few(evidence)
    if few is None:
        return []
    return [
        Finding(
            code="learned_by_few",
            severity="caution",
            claim=f"{count(few.n_learned)} of {count(few.n_seeds)} seeds of {few.learner} {few.does}: the best returns "
            f"{number(few.mean)} on {count(few.n_episodes)} fresh episodes, surely more than {number(few.low)} (error "
            f"{share_words(ERROR)} over all policies, if no reward is below those seen), and {every_floor(evidence)} "
            f"returns at most {number(few.bar)}; of a further seed it is not shown",
            evidence={
                "learner": few.learner,
                "learned": few.n_learned,
                "seeds": few.n_seeds,
                "best": few.mean,
                "low": few.low,
                "bar": few.bar,
                "error": ERROR,
                "basis": "measured",
            },
            remedy=few.remedy,
        )
    ]


DIAGNOSTIC = Diagnostic(
    id="learned_by_few",
    question="Did some seeds surely learn it, where a typical one is not shown to?",
    summary="Bounds the return of every trained policy from below, on episodes that chose nothing.",
    inspect=inspect,
    group="learn",
    method=Method(
        formula="the lower bound of a policy's mean return over its fresh episodes is above the upper bound of every "
        "floor; the error is shared over the most policies that a probe trains (Bonferroni)",
        source="Waudby-Smith and Ramdas 2024 (betting), Bonferroni 1936",
        inputs=("learner", "episodes"),
        threshold="1 % over all policies of a probe; holds for any law of returns while no reward is below those seen",
        failure="a rare charge that no episode met; few episodes, and rewards that may fall far, show little",
    ),
)
