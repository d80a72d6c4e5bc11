"""When what disturbances leave of an advantage is worth a word."""

from __future__ import annotations

from typing import Any

import pytest

from scoper.diagnostics import Evidence
from scoper.diagnostics.robustness import DIAGNOSTIC
from scoper.domain.findings import Finding
from scoper.domain.robustness import RobustnessRow, RobustnessSummary


def row(share: float, *, level: Any = "mild", challenge: Any = "action_failure", half: float = 0.0) -> RobustnessRow:
    return RobustnessRow(
        challenge=challenge,
        strength="as told",
        level=level,
        mean=share,
        share=share,
        low=share - half,
        high=share + half,
        n=1,
        basis="proved",
    )


def found(*rows: RobustnessRow, is_best: bool = True) -> list[Finding]:
    summary = RobustnessSummary(policy="p", mean=1.0, floor="random", floor_return=0.0, rows=rows, is_best=is_best)
    return list(DIAGNOSTIC.inspect(Evidence(robustness=summary)))


def test_without_a_table_of_disturbances_nothing_is_said() -> None:
    assert list(DIAGNOSTIC.inspect(Evidence())) == []


def test_a_mild_disturbance_that_leaves_less_than_half_is_a_caution_with_share_and_remedy() -> None:
    (finding,) = found(row(0.3), row(0.9, challenge="dynamics"))

    assert (finding.code, finding.severity, finding.defect) == ("not_robust", "caution", None)
    assert "30.0 %" in finding.claim
    assert finding.evidence == {"action_failure": 0.3}
    assert finding.remedy


def test_the_worst_of_several_is_named_first_and_the_others_are_told() -> None:
    (finding,) = found(row(0.4), row(0.1, challenge="dynamics"))

    assert finding.claim.index("10.0 %") < finding.claim.index("actions fail")
    assert set(finding.evidence) == {"action_failure", "dynamics"}


@pytest.mark.parametrize("share", [0.5, 0.7, 1.2])
def test_where_half_or_more_is_left_nothing_is_said(share: float) -> None:
    assert found(row(share)) == []


def test_what_episodes_cannot_tell_from_half_is_not_said() -> None:
    assert found(row(0.4, half=0.2)) == []
    assert len(found(row(0.4, half=0.05))) == 1


def test_a_delay_of_one_timestep_is_a_note_and_a_strong_disturbance_nothing() -> None:
    (finding,) = found(row(-0.1, level="moderate", challenge="action_delay"))

    assert (finding.code, finding.severity) == ("not_robust_to_delay", "info")
    assert "nothing of it is left" in finding.claim
    assert found(row(0.0, level="strong")) == []


def test_of_a_policy_that_is_not_the_best_one_known_it_is_only_a_note() -> None:
    (finding,) = found(row(0.3), is_best=False)

    assert finding.severity == "info"
    assert "not the best one known" in finding.claim
