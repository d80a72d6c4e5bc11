"""How many faults a file has, in one sentence."""

import pytest

from scoper.checks._headlines import fault_headline
from scoper.domain.checks import Fault

FAULTS = {
    severity: Fault(code=f"{severity}_kind", severity=severity, claim="It is so.") for severity in ("blocker", "info")
}


@pytest.mark.parametrize(
    ("severities", "parts", "said"),
    [
        ((), 1, "No fault in 1 step."),
        (("blocker",), 1, "1 fault in 1 step, a blocker: blocker kind."),
        (("info",), 2, "1 fault in 2 steps, no blocker: info kind."),
        (("blocker", "info", "info"), 4, "3 faults in 4 steps, 1 of them a blocker: blocker kind, info kind."),
        (("blocker", "blocker"), 4, "2 faults in 4 steps, 2 of them blockers: blocker kind."),
        (("info", "info"), 4, "2 faults in 4 steps, 0 of them blockers: info kind."),
    ],
)
def test_faults_are_counted_in_words_that_fit_their_number_and_every_kind_is_named_once(severities, parts, said):
    assert fault_headline([FAULTS[severity] for severity in severities], parts, "step") == said
