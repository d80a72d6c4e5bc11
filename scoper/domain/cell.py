"""One cell of a sweep: a part of a probe that is measured on its own and joined with others afterwards.

Either one seed of one learner, or all that is no learning: floors, exact solution, what applies. The values hold no
time and nothing of the machine, so that the same cell is the same bytes wherever it was measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from scoper.domain.findings import Finding
from scoper.domain.probe_progress import Event
from scoper.domain.questionnaire import Value
from scoper.domain.returns import ReturnSummary


class CellPlan(Value):
    """Which part: seed number `seed` (from 0) of `learner`; without a learner, all that is no learning."""

    learner: str | None = None
    seed: int = 0


class Bounds(Value):
    """What learners are measured between: the return of everything that does not learn.

    floors and planners: names in `returns`. optimal: the proved optimum. lowest, highest: returns beyond which none is
    possible, where known. target: a return declared as solved. pace: see `SeedReturn`. learners: ids that apply, the
    first choices; others: ids that apply as well; missing: first choices that would apply if their extra were
    installed. note: why it ended before all of that was measured.
    """

    kind: Literal["bounds"] = "bounds"
    returns: Mapping[str, ReturnSummary]
    floors: tuple[str, ...] = ()
    planners: tuple[str, ...] = ()
    optimal: float | None = None
    lowest: float | None = None
    highest: float | None = None
    target: float | None = None
    pace: float | None = None
    learners: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    criterion: str = ""
    findings: tuple[Finding, ...] = ()
    note: str = ""


class SeedReturn(Value):
    """What one seed of a learner came to: its mean return, that of its last checkpoint, its curve, timesteps taken.

    objective: the owner's number, higher being better. policy: what was done, in words. note: why it ended early.
    pace: the environment's class of speed in timesteps/s, which decides how much is measured; None where it is fast.
    """

    kind: Literal["seed"] = "seed"
    mean: float
    last: float | None = None
    steps: int = 0
    curve_steps: tuple[int, ...] = ()
    curve_returns: tuple[float, ...] = ()
    objective: float | None = None
    policy: str = ""
    note: str = ""
    pace: float | None = None


class NotMeasured(Value):
    """There is nothing to measure here, for a reason that is no fault. fits: whether the learner could learn here."""

    kind: Literal["nothing"] = "nothing"
    reason: str
    fits: bool = True


class Fault(Value):
    """The cell could not be measured: a stable code, one sentence with the place where there is one, a remedy."""

    kind: Literal["fault"] = "fault"
    code: str
    claim: str
    remedy: str = ""


Measurement = Annotated[Bounds | SeedReturn | NotMeasured | Fault, Field(discriminator="kind")]


class CellMeasured(Event):
    """The last event of a cell. versions: packages that the measurement was made with."""

    kind: Literal["cell"] = "cell"
    measurement: Measurement
    versions: Mapping[str, str] = {}
