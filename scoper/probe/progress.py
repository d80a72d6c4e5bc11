"""What the stages of a probe have come to so far, and one baseline more of it."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scoper.baselines import Baseline, Outcome
from scoper.domain.empirical import Played
from scoper.domain.episodes import Exploration
from scoper.domain.findings import Finding
from scoper.domain.probe_statistics import DecisionSummary
from scoper.domain.robustness import RobustnessSummary
from scoper.domain.text import shown
from scoper.modelling.faults import EnvironmentFault, OutOfTime
from scoper.probe import result as assemble
from scoper.probe.places import place_of_error
from scoper.probe.prepare import Prepared
from scoper.probe.session import Session


@dataclass
class Progress:
    """Outcomes by name, the names by kind, what was decided of every learner, and what was cut short."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    learners: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    planners: list[str] = field(default_factory=list)
    decisions: dict[str, DecisionSummary] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    limits: assemble.Limits = field(default_factory=assemble.Limits)
    exploration: Exploration | None = None
    played: Mapping[str, Played] = field(default_factory=dict)
    robustness: RobustnessSummary | None = None
    used_deep: bool = False

    @property
    def is_decided(self) -> bool:
        """Whether some learner is shown to do better than the floors."""
        return any(decision.outcome == "better" for decision in self.decisions.values())

    def keep(self, session: Session, prepared: Prepared, baseline: Baseline, found: Mapping[str, Outcome]) -> None:
        """Keep outcomes, with intervals within what is possible, and send their returns."""
        self.update_limits(prepared)
        names = {"learner": self.learners, "reference": self.references, "planner": self.planners}.get(baseline.kind)
        for name, whole in found.items():
            outcome = assemble.within(whole, self.limits)
            self.outcomes[name] = outcome
            if names is not None and name not in names:
                names.append(name)
            if baseline.kind == "learner":
                made_with = baseline.extra if outcome.extra is None else outcome.extra
                self.used_deep = self.used_deep or made_with in ("deep", "contrib")
            if outcome.note and outcome.note not in self.notes:
                self.notes.append(outcome.note)
            session.measured(name, outcome.summary)

    def update_limits(self, prepared: Prepared) -> None:
        """Take the rewards seen so far into account, unless limits are proved."""
        if prepared.seen is not None and not self.limits.proved and prepared.task.evaluation_discount == 1.0:
            self.limits = assemble.Limits(*prepared.seen.bounds(prepared.task.horizon))


def run_baseline(session: Session, prepared: Prepared, baseline: Baseline) -> Mapping[str, Outcome]:
    """The baseline's outcomes; a learner that fails by its own fault gives none and a finding.

    Raises what the environment's own code raises, for the child to name the line.
    """
    try:
        return baseline.run(prepared.task, session)
    except (EnvironmentFault, OutOfTime, MemoryError):
        raise
    except Exception as error:
        if _came_from_environment(error) or baseline.kind != "learner":
            raise
        session.found(_learner_failed(baseline, error))
        return {}


def _came_from_environment(error: BaseException) -> bool:
    """Whether the environment was being asked when `error` was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return any(Path(frame.filename).parts[-2:] == ("probe", "watched.py") for frame in frames)


def _learner_failed(baseline: Baseline, error: Exception) -> Finding:
    place = place_of_error(error, Path())
    where = f", at {place}" if place else ""
    return Finding(
        code="learner_failed",
        severity="caution",
        claim=f"{baseline.id} cannot learn here: {type(error).__name__}: {shown(str(error), 200)}{where}",
        remedy="wrap the environment's spaces into what the learner takes",
    )
