"""Checks for labelled data, bandits, solvers and `not yet` against figures that follow from how the files were made."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from scoper.errors import InputError, UsageError
from scoper.numerics.programme import is_network
from scoper.services.check_programme import read_programme
from tests.checks.conftest import Run, codes, quantity

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def labelled(n: int, seed: int, *, leak: bool = False, noise: float = 0.1) -> str:
    rng = random.Random(seed)
    rows = ["colour,size" + (",closed_as" if leak else "") + ",label"]
    for _ in range(n):
        colour, size = rng.choice("rgb"), rng.randrange(4)
        good = (colour == "r") != (rng.random() < noise)
        extra = f",{'G' if good else 'B'}" if leak else ""
        rows.append(f"{colour},{size}{extra},{'good' if good else 'bad'}")
    return "\n".join(rows) + "\n"


def test_the_noise_of_labels_is_the_ceiling_and_a_column_that_knows_them_leaks(run: Run) -> None:
    clean = run("supervised_data", cases=labelled(900, 1))
    leaking = run("supervised_data", cases=labelled(900, 1, leak=True))
    ceiling = quantity(clean, "ceiling from identical inputs")

    assert ceiling.low is not None
    assert ceiling.high is not None
    assert ceiling.low - 0.01 <= 0.9 <= ceiling.high + 0.01
    assert "leakage" not in codes(clean)
    assert [fault.evidence["column"] for fault in leaking.outcome.faults if fault.code == "leakage"] == ["closed_as"]
    assert [said.answer for said in clean.outcome.speaks] == ["yes"]
    assert leaking.outcome.speaks == ()


def test_a_skewed_label_is_named(run: Run) -> None:
    rows = "\n".join(f"{i % 5},{'rare' if i % 50 == 0 else 'usual'}" for i in range(400))

    assert {"skewed", "rare_labels"} <= set(codes(run("supervised_data", cases=f"a,label\n{rows}\n")))


def test_a_learning_curve_is_flat_where_one_column_tells_all_and_its_interval_is_wide_on_few_cases(run: Run) -> None:
    flat = run("learning_curve", cases=labelled(1500, 2), worth="0.03")
    few = run("learning_curve", cases=labelled(40, 2), worth="0.03")

    assert codes(flat) == ["flat"]
    width = [(quantity(r, "accuracy with").high or 0) - (quantity(r, "accuracy with").low or 0) for r in (flat, few)]
    assert width[1] > width[0]


def logged(n: int, seed: int, *, wrong: bool = False) -> str:
    """Segments a and b, actions x and y; x earns 0.2 and 0.4, y 0.5 and 0.1: always x earns 0.3."""
    rng = random.Random(seed)
    means = {"ax": 0.2, "ay": 0.5, "bx": 0.4, "by": 0.1}
    rows = ["segment,action,propensity,outcome"]
    for _ in range(n):
        segment = rng.choice("ab")
        chance = 0.7 if segment == "a" else 0.4
        action = "x" if rng.random() < chance else "y"
        said = chance if action == "x" else 1 - chance
        rows.append(f"{segment},{action},{0.2 if wrong else said},{int(rng.random() < means[segment + action])}")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", ["new policy, IPS", "new policy, SNIPS", "new policy, DR"])
def test_every_estimator_covers_what_the_new_policy_really_earns(run: Run, seed: int, name: str) -> None:
    found = quantity(run("off_policy", log=logged(4000, seed), always="x"), name)

    assert found.low is not None
    assert found.high is not None
    assert found.low - 0.01 < 0.3 < found.high + 0.01


def test_the_logged_policy_evaluated_on_its_own_log_earns_what_it_earned(run: Run) -> None:
    # With new chances equal to the logged ones every weight is 1, so IPS is the mean itself.
    rows = [line.split(",") for line in logged(500, 4).split()[1:]]
    text = "segment,action,propensity,outcome,new_x,new_y\n"
    for segment, action, chance, outcome in rows:
        x = float(chance) if action == "x" else 1 - float(chance)
        text += f"{segment},{action},{chance},{outcome},{x:.6f},{1 - x:.6f}\n"
    result = run("off_policy", log=text)

    assert quantity(result, "new policy, IPS").value == pytest.approx(np.mean([float(row[3]) for row in rows]))
    assert quantity(result, "effective sample size").value == pytest.approx(500, rel=1e-4)
    assert codes(result) == []


def test_wrong_chances_a_fixed_policy_and_untried_actions_are_blockers(run: Run) -> None:
    fixed = "segment,action,propensity,outcome\n" + "\n".join(f"a,{'xy'[i % 2]},1,{i % 3}" for i in range(40)) + "\n"
    unseen = "action,propensity,outcome,new_x,new_z\n" + "\n".join("x,0.9,1,0.5,0.5" for _ in range(40)) + "\n"

    assert "weights_off" in codes(run("off_policy", log=logged(2000, 1, wrong=True), always="x"))
    assert "no_randomness" in codes(run("off_policy", log=fixed, always="x"))
    assert "no_support" in codes(run("off_policy", log=unseen))


def test_chances_outside_zero_and_one_are_refused_with_their_place(run: Run) -> None:
    text = logged(30, 1).replace("0.7", "1.7", 1)
    with pytest.raises(InputError) as caught:
        run("off_policy", log=text, always="x")

    assert "1.7" in str(caught.value)
    assert caught.value.problems[0].column == 5
    with pytest.raises(UsageError, match="never taken"):
        run("off_policy", log=logged(30, 1), always="w")


def test_686_decisions_an_arm_tell_ten_from_fifteen_percent(run: Run) -> None:
    # Fleiss, Levin, Paik (2003): 686 per group at 5 % two-sided and 80 % power, without continuity correction.
    result = run("arm_size", base="0.10", gain="0.05", per_day="200", most_days="5")

    assert quantity(result, "decisions per arm").value == 686
    assert codes(result) == ["too_slow"]


def test_means_need_sixteen_times_the_squared_ratio(run: Run) -> None:
    # 2 (1.960 + 0.842)^2 = 15.7 times (sd / difference)^2 (Lehr 1992 rounds it to 16).
    assert quantity(run("arm_size", sd="2", gain="1"), "decisions per arm").value == 63
    with pytest.raises(UsageError, match="either --base"):
        run("arm_size", gain="1")


KNAPSACK = "row,sense,rhs,a,b,c\ngain,max,,60,100,120\nweight,<=,50,10,20,30\nkind,type,,bin,bin,bin\n"


def test_the_textbook_knapsack_has_220_by_a_solver_160_by_greed_and_240_without_whole_numbers(run: Run) -> None:
    # Cormen et al., Introduction to Algorithms, section 16.2, figure 16.2.
    result = run("programme", programme=KNAPSACK)

    assert quantity(result, "best plan").value == pytest.approx(220)
    assert quantity(result, "greedy plan").value == pytest.approx(160)
    assert quantity(result, "integrality gap").value == pytest.approx(20 / 220)
    assert [said.signal for said in result.outcome.speaks] == ["solver_formulation"]


def test_contradicting_rows_are_named_without_the_innocent_one(run: Run) -> None:
    text = "row,sense,rhs,x,y\ncost,min,,1,1\nfew,<=,3,1,0\nmany,>=,5,1,0\nspare,<=,9,0,1\n"
    result = run("programme", programme=text)

    assert codes(result) == ["infeasible"]
    assert "few, many" in result.outcome.headline
    assert "spare" not in result.outcome.headline


def test_a_goal_without_end_is_named(run: Run) -> None:
    assert "unbounded" in codes(run("programme", programme="row,sense,rhs,x,y\ngain,max,,1,1\nlimit,<=,3,1,0\n"))


def test_an_assignment_is_a_network_and_an_odd_ring_is_none(tmp_path: Path) -> None:
    def read(rows: str) -> bool:
        path = tmp_path / "p.csv"
        path.write_text(rows)
        return is_network(read_programme(path))

    assign = "row,sense,rhs,a1,a2,b1,b2\ng,min,,1,2,3,4\na,=,1,1,1,,\nb,=,1,,,1,1\none,=,1,1,,1,\ntwo,=,1,,1,,1\n"
    ring = "row,sense,rhs,x,y,z\ng,max,,1,1,1\na,<=,1,1,1,\nb,<=,1,,1,1\nc,<=,1,1,,1\n"
    assert read(assign)
    assert not read(ring)


def test_mps_says_the_same_as_the_table(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "knapsack.mps"
    path.write_text(
        "NAME k\nOBJSENSE\n    MAX\nROWS\n N gain\n L weight\nCOLUMNS\n a gain 60 weight 10\n b gain 100 weight 20\n"
        " c gain 120 weight 30\nRHS\n RHS weight 50\nBOUNDS\n BV BND a\n BV BND b\n BV BND c\nENDATA\n"
    )

    assert quantity(run("programme", programme=path), "best plan").value == pytest.approx(220)
    path.write_text(path.read_text().replace("c gain 120 weight 30", "c gian 120 weight x"))
    with pytest.raises(InputError, match="did you mean 'gain'") as caught:
        run("programme", programme=path)
    assert [problem.line for problem in caught.value.problems] == [10, 10]


def test_what_to_measure_first_lists_open_questions_of_the_case(run: Run) -> None:
    case = "scoper: 1\ntitle: Something new\nanswers: {language_and_tools: no}\n"
    result = run("measure_first", case=case)

    assert result.outcome.listings[0].rows
    assert "no_evidence" in codes(result)
    settled = run("measure_first", case=EXAMPLES / "invoice_approval.yaml")
    assert "nothing has to be measured" in settled.outcome.headline
