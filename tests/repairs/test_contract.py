"""Every repair keeps to the contract: one file, one constant, kinds of defect that there are."""

from pathlib import Path

import pytest

import scoper.repairs
from scoper.domain.findings import DEFECTS
from scoper.repairs import discover

FOLDER = Path(scoper.repairs.__file__).parent


@pytest.mark.parametrize("repair", discover(), ids=lambda repair: repair.id)
def test_a_repair_is_named_like_its_file_and_says_in_a_sentence_what_it_does(repair):
    assert (FOLDER / f"{repair.id}.py").is_file()
    assert repair.summary.endswith(".")
    assert len(repair.summary) <= 120


@pytest.mark.parametrize("repair", discover(), ids=lambda repair: repair.id)
def test_a_repair_mends_known_kinds_of_defect(repair):
    assert set(repair.mends) <= {*DEFECTS, "ill_formed_reward"}
    assert repair.mends or repair.pays


def test_every_kind_of_defect_that_has_a_repair_is_covered():
    # what is left has none in the spec: the goal, the task or the number of samples must change
    without = {
        "unreachable_goal",
        "hard_exploration",
        "deceptive_local_optimum",
        "constant_reward",
        "policy_independent_return",
        "actions_no_effect",
        "noise_dominated",
        "non_stationary",
    }
    made_for = {kind for repair in discover() for kind in repair.mends}
    by_any_pay = scoper.repairs.MISPAID

    assert set(DEFECTS) - made_for - by_any_pay == without
