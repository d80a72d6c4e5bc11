"""The audit in the plain text of a probe: short, the worst of each level, or why there is nothing."""

from __future__ import annotations

from typing import Any

from scoper.domain.conduct import Conduct
from scoper.domain.probe import ProbeResult
from scoper.domain.robustness import RobustnessRow, RobustnessSummary
from scoper.interfaces.cli._audit_text import audit_lines


def row(share: float, level: Any, challenge: Any = "action_failure") -> RobustnessRow:
    return RobustnessRow(
        challenge=challenge,
        strength="as told",
        level=level,
        mean=share,
        share=share,
        low=share,
        high=share,
        n=1,
        basis="proved",
    )


def told(*rows: RobustnessRow, left_out: tuple[str, ...] = (), conduct: Conduct | None = None) -> str:
    known = RobustnessSummary(policy="p", mean=1.0, floor="random", floor_return=0.0, rows=rows, left_out=left_out)
    result = ProbeResult(spec={}, verdict="feasible", criterion="c", behaviour=conduct, robustness=known)
    return " ".join(" ".join(audit_lines(result)).split())


def test_the_worst_row_of_every_level_is_told() -> None:
    text = told(row(0.9, "mild"), row(0.7, "mild", "drift"), row(0.2, "moderate", "action_delay"))

    assert "70.0 % where the world drifts" in text
    assert "20.0 % where actions take effect late" in text
    assert "90.0 %" not in text


def test_why_nothing_was_measured_is_told() -> None:
    assert "Robustness was not measured: too dear" in told(left_out=("too dear",))


def test_some_sentences_on_the_policy_are_told_with_their_basis() -> None:
    sentences = tuple(f"sentence {number}" for number in range(9))
    text = told(conduct=Conduct(policy="p", basis="measured", sentences=sentences))

    assert text.startswith("What the reward asks for (measured): - sentence 0 - sentence 1")
    assert "sentence 8" not in text


def test_a_result_that_was_not_audited_says_nothing() -> None:
    assert list(audit_lines(ProbeResult(spec={}, verdict="feasible", criterion="c"))) == []
