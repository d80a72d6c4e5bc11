"""Which learners fit a spec, where that is known before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scoper.domain.mdp import MdpSpec, Spec
from scoper.domain.probe import ProbePlan
from scoper.domain.tabular import TabularMdp


@dataclass(frozen=True)
class Unfit:
    """Learners that cannot learn on the spec of that name, and those that can, first choices first."""

    spec: str
    learners: tuple[str, ...]
    fitting: tuple[str, ...]


def unfit_of(plans: Iterable[ProbePlan], learners: Sequence[str]) -> tuple[Unfit, ...]:
    """What is known of `learners`: nothing of environments, whose spaces only their code tells."""
    found = []
    for plan in plans if learners else ():
        fitting = _fitting(plan.spec)
        wrong = tuple(learner for learner in learners if fitting is not None and learner not in fitting)
        if fitting and wrong:
            found.append(Unfit(plan.spec.name, wrong, fitting))
    return tuple(found)


def _fitting(spec: Spec) -> tuple[str, ...] | None:
    """Ids of the learners that apply to `spec`; None where its arrays are not all that learners are shown."""
    from scoper.modelling.arrays import has_arrays

    if not isinstance(spec, MdpSpec) or not has_arrays(spec):
        return None
    from scoper.baselines import Task, discover

    task = Task(spec.name, spec.discount, spec.discount, spec.horizon, table=_smallest_table())
    applying = [b for b in discover()[0] if b.kind == "learner" and b.applies_to(task)]
    return tuple(b.id for b in sorted(applying, key=lambda b: (b.fallback, b.id)))


def _smallest_table() -> TabularMdp:
    """A table in the place of the spec's own: that there is one decides who applies, and it takes no time."""
    one = np.ones(1)
    return TabularMdp(
        n_states=1,
        n_actions=1,
        offsets=np.array([0, 1]),
        successor=np.zeros(1, dtype=np.int64),
        probability=one,
        reward=np.zeros(1),
        terminates=np.ones(1, dtype=bool),
        initial=one,
        available=np.ones((1, 1), dtype=bool),
        discount=1.0,
    )
