"""What observations were seen in stepping: the ranges and the spaces that wrappers of the observation need."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoper.domain.mdp import EnvironmentSpec
from scoper.domain.repairs import Proposal
from scoper.domain.tabular import Floats
from scoper.repairs import Case, Repair
from scoper.repairs._pay import wrapped

SPACE = ("space = self.env.observation_space", "size = int(gymnasium.spaces.flatdim(space))")
FLAT = "current = np.asarray(gymnasium.spaces.flatten(self.env.observation_space, observation), dtype=np.float64)"


def ranges(case: Case) -> tuple[Floats, Floats] | None:
    """(d,) the least and the greatest of every component that was seen; None where nothing was stepped."""
    model = case.evidence.model
    if model is None or not model.steps.size:
        return None
    both = np.vstack([model.steps.before, model.steps.after])
    return both.min(axis=0), both.max(axis=0)


def observing(
    case: Case,
    repair: Repair,
    words: str,
    *,
    size: str,
    seen: str,
    init: Sequence[str] = (),
    reset: Sequence[str] = (),
    step: Sequence[str] = (),
) -> list[Proposal]:
    """A wrapper of the observation, where the case has a defect that the repair mends.

    size: code for how many numbers are seen, of `size` before; seen: for the vector.
    `current` is the observation as a vector; lines of reset and step come before `seen`.
    """
    defect = case.named(repair.mends)
    if defect is None or not isinstance(case.spec, EnvironmentSpec):
        return []
    box = f"gymnasium.spaces.Box(-np.inf, np.inf, ({size},), np.float32)"
    close = f"observation = np.asarray({seen}, dtype=np.float32)"
    return [
        wrapped(
            case.spec,
            repair.id,
            defect,
            words,
            init=[*SPACE, f"self.observation_space = {box}", *init],
            reset=[FLAT, *reset, close],
            step=[FLAT, *step, close],
        )
    ]
